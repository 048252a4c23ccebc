"""The corpus of one target: seeds taken over, minimised now and then, swapped in one step.

`corpus' is a symbolic link to the generation that is in use. A merge writes the next generation,
and a rename of the link puts it in place: a campaign killed at any moment has one or the other,
whole. A generation that nothing points to is deleted when the campaign goes on. While a target's
corpus is merged the target does not run.

SPDX-License-Identifier: MIT
"""

import hashlib
import os
import pathlib
import shutil
import zipfile

from campaigns import durable

# What libFuzzer begins with where there are no seeds. It does not write that into the corpus, and
# what nothing else covers would be gone in the next slice.
LIBFUZZER_FIRST = b"\n"

MERGE_UNITS = 200  # a smaller corpus is not worth a merge
MERGE_GROWTH = 1.5  # nor one that has grown by less since the last


def is_due(units, units_merged):
    """Whether a corpus is to be merged, that had so many units after the last merge."""
    return units >= max(MERGE_UNITS, MERGE_GROWTH * units_merged)


class Corpus:
    """In the folder of a target."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.link = self.folder / "corpus"

    def recover(self):
        """Makes the folder fit to be used, whatever happened the last time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.link.is_dir() and not self.link.is_symlink():
            os.replace(self.link, self.folder / f"corpus.{self._last_number() + 1}")
        if not self.link.is_dir():
            self._point_to(self._largest())
        used = os.readlink(self.link)
        for path in [*self.folder.glob("corpus.*"), *self.folder.glob("libFuzzerTemp.*")]:
            if path.name != used:
                _remove(path)

    def _generations(self):
        paths = self.folder.glob("corpus.*")
        return [path for path in paths if path.suffix[1:].isdecimal() and path.is_dir()]

    def _last_number(self):
        return max([int(path.suffix[1:]) for path in self._generations()], default=-1)

    def _largest(self):
        """What to use when the link is lost, or has become a folder: a copy may not know links."""
        first = self.folder / "corpus.0"
        if not self._generations():
            first.mkdir()
        return max(self._generations(), key=lambda path: len(os.listdir(path)))

    def _point_to(self, generation):
        beside = self.folder / "corpus.link"
        beside.unlink(missing_ok=True)
        beside.symlink_to(generation.name)
        os.replace(beside, self.link)
        durable.sync_folder(self.folder)

    def units(self):
        with os.scandir(self.link) as entries:
            return sum(1 for _ in entries)

    def add(self, data):
        """Adds an input under libFuzzer's own name for it; whether it is new."""
        path = self.link / hashlib.sha1(data).hexdigest()
        if path.exists():
            return False
        durable.write(path, data, is_forced=False)
        return True

    def drop(self, data):
        """Removes an input, as one that crashes the target before it can begin."""
        (self.link / hashlib.sha1(data).hexdigest()).unlink(missing_ok=True)

    def take_seeds(self, folders, archive):
        """Copies seeds from folders, and from an archive if there is one; how many were new."""
        count = self._copy_seeds(folders, archive)
        if self.units() == 0:
            self.add(LIBFUZZER_FIRST)
        return count

    def _copy_seeds(self, folders, archive):
        count = 0
        for folder in folders:
            for path in sorted(pathlib.Path(folder).rglob("*")):
                if path.is_file():
                    count += self.add(path.read_bytes())
        if archive and os.path.isfile(archive):
            with zipfile.ZipFile(archive) as seeds:
                for name in seeds.namelist():
                    count += 0 if name.endswith("/") else self.add(seeds.read(name))
        return count

    def next_generation(self):
        """An empty folder to merge into."""
        number = int(os.readlink(self.link).rpartition(".")[2]) + 1
        path = self.folder / f"corpus.{number}"
        _remove(path)
        path.mkdir()
        return path

    def swap(self, generation):
        """Puts the next generation in place; the last one is gone then."""
        for path in generation.iterdir():
            with open(path, "rb") as file:
                os.fsync(file.fileno())
        durable.sync_folder(generation)
        last = self.folder / os.readlink(self.link)
        self._point_to(generation)
        _remove(last)


def _remove(path):
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
