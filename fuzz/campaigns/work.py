"""The working folder of one target: where it keeps its corpus, and where it leaves what it finds.

    targets/<flavour>/<name>/corpus      see corpus.py
    targets/<flavour>/<name>/artifacts/  inputs that libFuzzer saved
    targets/<flavour>/<name>/dropped/    findings that Heddle's targets leave (HEDDLE_FINDINGS)
    targets/<flavour>/<name>/again/      the same, of inputs that are run again
    targets/<flavour>/<name>/last.log    the output of the last slice

SPDX-License-Identifier: MIT
"""

import pathlib

from campaigns.corpus import Corpus


class Work:
    def __init__(self, top, target):
        self.target = target
        self.folder = pathlib.Path(top) / "targets" / target.flavour / target.name
        self.corpus = Corpus(self.folder)
        self.artifacts = self.folder / "artifacts"
        self.dropped = self.folder / "dropped"
        self.again = self.folder / "again"
        self.log = self.folder / "last.log"

    def recover(self, seed_folders):
        """Makes the folders, or fit to be used again; how many seeds were new."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.artifacts, self.dropped, self.again):
            folder.mkdir(exist_ok=True)
        self.corpus.recover()
        archive = f"{self.target.path}_seed_corpus.zip"
        return self.corpus.take_seeds(self.target.seed_folders(seed_folders), archive)

    def saved(self):
        """The inputs that libFuzzer saved because they crash, hang or need too much memory."""
        prefixes = ("crash-", "leak-", "timeout-", "oom-")
        paths = sorted(self.artifacts.iterdir())
        return [path for path in paths if path.name.startswith(prefixes)]
