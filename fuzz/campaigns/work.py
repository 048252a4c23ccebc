"""The working folder of one target: where it keeps its corpus, and where it leaves what it finds.

    targets/<flavour>/<name>/corpus      see corpus.py
    targets/<flavour>/<name>/artifacts/  inputs that libFuzzer saved
    targets/<flavour>/<name>/dropped/    findings that Heddle's targets leave (HEDDLE_FINDINGS)
    targets/<flavour>/<name>/again/      the same, of inputs that are run again
    targets/<flavour>/<name>/last.log    the output of the last slice
    runs/<flavour>.<name>.run.json       how far it came: see run_record.py
    targets/<flavour>/<name>/program/    a link to the target, if its path has spaces or the like

SPDX-License-Identifier: MIT
"""

import os
import pathlib
import shlex

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
        self.run = pathlib.Path(top) / "runs" / f"{target.flavour}.{target.name}.run.json"
        self.load_seconds = 0.0  # that the last slice took to read the corpus

    def recover(self, seed_folders):
        """Makes the folders, or fit to be used again; how many seeds were new."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.artifacts, self.dropped, self.again, self.run.parent):
            folder.mkdir(exist_ok=True)
        self.corpus.recover()
        archive = f"{self.target.path}_seed_corpus.zip"
        return self.corpus.take_seeds(self.target.seed_folders(seed_folders), archive)

    def for_shell(self, command):
        """
        libFuzzer gives its own command to a shell, without quotes, where it starts itself again (to
        merge, to minimise). The same command as words that need none, and the folder in which it
        means that; None if it is any.
        """
        words = [str(word) for word in command]
        if all(shlex.quote(word) == word for word in words):
            return words, None
        program = self.folder / "program" / self.target.name
        program.parent.mkdir(exist_ok=True)
        program.unlink(missing_ok=True)
        program.symlink_to(self.target.path)
        return [self._from_here(word) for word in [str(program), *words[1:]]], self.folder

    def _from_here(self, word):
        option, equals, path = word.partition("=") if word.startswith("-") else ("", "", word)
        if not os.path.isabs(path):
            return word
        end = "/" if path.endswith("/") else ""
        return f"{option}{equals}{os.path.relpath(path, self.folder)}{end}"

    def saved(self):
        """The inputs that libFuzzer saved because they crash, hang or need too much memory."""
        prefixes = ("crash-", "leak-", "timeout-", "oom-")
        paths = sorted(self.artifacts.iterdir())
        return [path for path in paths if path.name.startswith(prefixes)]
