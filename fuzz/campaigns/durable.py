"""Files that survive a crash: a reader sees the old text or the new one, never a part.

What is replaced is written beside it, forced to disk, and renamed: after a power cut the name
stands for one of both.

SPDX-License-Identifier: MIT
"""

import json
import os
import pathlib
import shutil


def sync_folder(folder):
    """Forces the names in a folder to disk: a rename is durable only then."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path, data, is_forced=True):
    """Replaces the file by these bytes (or this text), all or nothing."""
    path = pathlib.Path(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    data = data.encode() if isinstance(data, str) else data
    try:
        with open(beside, "wb") as file:
            file.write(data)
            file.flush()
            if is_forced:
                os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    if is_forced:
        sync_folder(path.parent)


def write_json(path, value, is_forced=True):
    write(path, json.dumps(value, indent=1) + "\n", is_forced)


def read_json(path):
    """The value, or ValueError if the file is no JSON."""
    try:
        return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except UnicodeDecodeError as problem:
        raise ValueError(str(problem)) from problem


def move(source, destination):
    """Moves a file to another folder of the disk; its bytes are there when it has the name."""
    descriptor = os.open(source, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(source, destination)
    sync_folder(pathlib.Path(destination).parent)


def size_of_tree(top):
    """The bytes on disk below a folder; what disappears meanwhile counts nothing."""
    total = 0
    folders = [str(top)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            continue
    return total


def free_bytes(folder):
    return shutil.disk_usage(folder).free
