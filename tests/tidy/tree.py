"""The tree under check: which files there are, what kind each is, and what of them is exempt.

A Tree is built from a folder, or, by the self-test, from a dictionary of paths and texts.
"""

import os
import pathlib
import subprocess

# Corpora, fixtures, vendored and generated files are data to us: nobody here writes them by hand.
EXEMPT_FOLDERS = {"corpus", "fixtures", "golden", "third_party", "generated"}


class Tree:
    """Paths relative to the top, and their texts."""

    def __init__(self, texts):
        self.texts = {p: t for p, t in sorted(texts.items()) if not is_exempt(p)}

    def files(self, *kinds, under=""):
        """The paths of the files of these kinds (any kind if none is named) under a folder."""
        return [
            path
            for path, text in self.texts.items()
            if path.startswith(under) and (not kinds or kind_of(path, text) in kinds)
        ]

    def folders_of_code(self):
        """The folders, but for the top, that hold at least one file of code themselves."""
        files = self.files("c", "python", "shell", "cmake")
        folders = {os.path.dirname(path) for path in files}
        return sorted(f for f in folders if f and not is_hidden(f))

    def subfolders(self, folder):
        """The names of the folders right inside `folder`; "" is the top."""
        prefix = folder + "/" if folder else ""
        rests = [path[len(prefix):] for path in self.texts if path.startswith(prefix)]
        return sorted({r.split("/")[0] for r in rests if "/" in r and not is_hidden(r)})


def is_exempt(path):
    return any(part in EXEMPT_FOLDERS for part in path.split("/")[:-1])


def is_hidden(path):
    return any(part.startswith(".") for part in path.split("/"))


def kind_of(path, text):
    """"c" (also C++), "python", "shell", "cmake", or "" for what is no code."""
    name = os.path.basename(path)
    if path.endswith((".c", ".h", ".cc")):
        return "c"
    if path.endswith(".cmake") or name == "CMakeLists.txt":
        return "cmake"
    first_line = text.split("\n", 1)[0]
    if path.endswith(".py") or (first_line.startswith("#!") and "python" in first_line):
        return "python"
    if path.endswith(".sh") or (first_line.startswith("#!") and "sh" in first_line):
        return "shell"
    return ""


def list_files(top):
    """What git tracks or would track; without git, all that is not hidden or built."""
    command = ["git", "-C", top, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        return sorted({path for path in listing.split("\0") if path})
    except (OSError, subprocess.CalledProcessError):
        paths = pathlib.Path(top).rglob("*")
        names = [p.relative_to(top).as_posix() for p in paths if p.is_file()]
        return sorted(n for n in names if not n.startswith("build/") and not is_hidden(n))


def read_tree(top):
    texts = {}
    for path in list_files(top):
        if is_exempt(path):
            continue
        try:
            texts[path] = (pathlib.Path(top) / path).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue  # not text, or listed by git and deleted since
    return Tree(texts)
