"""Which findings are known, and which are suppressed: two files that users keep with their code.

The baseline has a line for each finding that was there before; only others are new:

    6f1c0a9be2d47735  data-race: increment lost_update.c:17  ~0f3a86b1c94e72d5
    data-race:*lost_update.c*

The first word is an identity, or a pattern, as a shell has them, for the title without its
spaces; the rest is for people. The word behind `~', which `heddle baseline update' writes, is
for `heddle' alone: the fingerprint of the code, by which it knows a finding whose lines have
moved. Here such a finding is new until that command has put its identity of now into the line.

Suppressions are findings that somebody answers for, until a day:

    6f1c0a9be2d47735  owner=ada  expires=2027-03-01  reason="the statistics may be off by one"

A suppression that lacks one of these is an error. One whose day has passed suppresses no more.

Words are apart by blanks, tabs and carriage returns. ci/report/known_file.c reads the same files
for `heddle report' and `heddle baseline'; tests/report/baseline_test.py compares the two readers.

SPDX-License-Identifier: MIT
"""

import dataclasses
import datetime
import fnmatch
import os
import re
import shlex
import stat

from campaigns.outcome import UsageError, reason_of

NEW = "new"
KNOWN = "known"
SUPPRESSED = "suppressed"

_FIELDS = ("owner", "expires", "reason")
_BLANKS = " \t\r"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _matches(pattern, record):
    if pattern == record["identity"]:
        return True
    title = record["title"].replace(" ", "")
    return any(letter in pattern for letter in "*?[") and fnmatch.fnmatchcase(title, pattern)


@dataclasses.dataclass
class Entry:
    """One line of either file."""

    where: str  # file:line
    pattern: str
    owner: str = ""
    reason: str = ""
    expires: object = None
    is_used: bool = False

    def is_expired(self, today):
        return self.expires is not None and today > self.expires


def _lines(path, what):
    try:
        mode = os.stat(path).st_mode
        # To open a pipe waits, and some devices have no end; a folder has its own error.
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise UsageError(f"{path}: the {what} cannot be read: it is no regular file")
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        if "\0" in text:
            raise ValueError
    except ValueError as problem:
        text = f"{path}: the {what} cannot be read: it is no text in UTF-8"
        raise UsageError(text) from problem
    except OSError as problem:
        raise UsageError(f"{path}: the {what} cannot be read: {reason_of(problem)}") from problem
    for number, line in enumerate(text.split("\n"), 1):
        content = line.lstrip(_BLANKS)
        if content and not content.startswith("#"):
            yield f"{path}:{number}", content


def read_baseline(path):
    return [Entry(where, first_word(line)) for where, line in _lines(path, "baseline")]


def first_word(line):
    return re.split(f"[{_BLANKS}]", line.lstrip(_BLANKS), maxsplit=1)[0]


def read_suppressions(path):
    return [_suppression(where, line) for where, line in _lines(path, "suppressions")]


def _suppression(where, line):
    try:
        pattern, *words = shlex.split(line)
    except ValueError as problem:
        raise UsageError(f"{where}: {problem}; quote as a shell does") from problem
    fields = {}
    for word in words:
        name, equals, value = word.partition("=")
        if name not in _FIELDS or not equals:
            raise UsageError(f"{where}: `{word}' is none of owner=, expires=, reason=\"...\"")
        fields[name] = value.strip(_BLANKS)
    missing = [f"{name}=" for name in _FIELDS if not fields.get(name)]
    if missing:
        raise UsageError(f"{where}: `{pattern}' lacks {', '.join(missing)}")
    try:
        expires = datetime.date.fromisoformat(_DATE.fullmatch(fields["expires"])[0])
    except (ValueError, TypeError) as problem:
        text = f"{where}: expires={fields['expires']} is no date such as 2027-03-01"
        raise UsageError(text) from problem
    return Entry(where, pattern, fields["owner"], fields["reason"], expires)


class Judge:
    """Says of each finding whether it is new, known or suppressed, and what is stale."""

    def __init__(self, baseline, suppressions, today=None):
        self.baseline = read_baseline(baseline) if baseline else []
        self.suppressions = read_suppressions(suppressions) if suppressions else []
        self.today = today or datetime.date.today()

    def status(self, record):
        """NEW, KNOWN or SUPPRESSED, and the entry that says so."""
        result = NEW, None
        for entry in self.suppressions:
            if _matches(entry.pattern, record):
                entry.is_used = True
                if not entry.is_expired(self.today) and result[0] == NEW:
                    result = SUPPRESSED, entry
        for entry in self.baseline:
            if _matches(entry.pattern, record):
                entry.is_used = True
                if result[0] == NEW:
                    result = KNOWN, entry
        return result

    def complaints(self):
        """What is to mend in the suppressions; to be asked after all findings were judged."""
        lines = []
        for entry in self.suppressions:
            if entry.is_expired(self.today):
                lines.append(
                    f"{entry.where}: expired on {entry.expires}, and suppresses no more: "
                    f"{entry.pattern} ({entry.owner}: {entry.reason})"
                )
            if not entry.is_used:
                lines.append(
                    f"{entry.where}: unused, no finding matches: {entry.pattern} ({entry.owner})"
                )
        return lines


def baseline_line(record):
    return f"{record['identity']}  {record['title']}"
