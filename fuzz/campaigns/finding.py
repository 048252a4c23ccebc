"""Findings, each kept once: by identity, over all targets and flavours.

    findings/<identity>/finding.json            what it is, where it was seen, how to see it again
    findings/<identity>/<flavour>/original      the input that showed it first
    findings/<identity>/<flavour>/input         the smallest one that still does, once it is shrunk
    findings/<identity>/<flavour>/report.txt    what was written about it
    findings/<identity>/<flavour>/record.json   Heddle's record, of its own findings

Files are moved, and nothing is deleted before finding.json says what is kept: whenever the process
is killed, a finding is where a target wrote it, or here. finding.json can be made anew.

SPDX-License-Identifier: MIT
"""

import dataclasses
import datetime
import os
import pathlib
import re
import shlex

from campaigns import durable, sanitizer_report

IDENTITY = re.compile(r"^[0-9a-f]{16}$")
_DROPPED = re.compile(r"^(?P<target>.+)-(?P<identity>[0-9a-f]{16})\.(?P<part>input|json|txt)$")
_PARTS = {"input": "original", "txt": "report.txt", "json": "record.json"}

# What has become of the reproducer of one flavour.
TO_SHRINK = "to shrink"
MINIMAL = "minimal"
AS_FOUND = "as found"  # shrinking found nothing smaller, or failed
NOT_AGAIN = "not reproduced"
NO_INPUT = "no input"

UNKNOWN = "unknown"  # the kind of what has lost its record and its report

_OF_MEMORY = ("data-race", "use-after-free", "crash")


def now_text():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclasses.dataclass
class Sighting:
    """That a target showed a finding, and the files that show it, which are taken over."""

    identity: str
    kind: str
    title: str
    target: object
    files: dict  # "input", "txt", "json" to paths, of what there is
    state: str = TO_SHRINK
    elapsed: float = 0.0


class Findings:
    """All findings of a campaign's folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.records = {}
        self.rebuilt = []  # identities whose finding.json was lost or damaged

    def load(self, is_mending=True):
        """Reads all from disk; what is damaged is made anew from what lies beside it."""
        if is_mending:
            self.folder.mkdir(parents=True, exist_ok=True)
        for entry in sorted(self.folder.iterdir()):
            if not IDENTITY.match(entry.name):
                continue
            record = _read(entry)
            if record is None:
                record = _rebuild(entry)
                if record is None:
                    continue
                if is_mending:
                    durable.write_json(entry / "finding.json", record)
                    self.rebuilt.append(entry.name)
            self.records[entry.name] = record

    def path(self, identity, flavour, name):
        return self.folder / identity / flavour / name

    def reproducer(self, identity, flavour):
        """The smallest input there is; None if there is none."""
        for name in ("input", "original"):
            path = self.path(identity, flavour, name)
            if path.is_file():
                return path
        return None

    def add(self, sighting):
        """Takes a sighting over; whether the finding is new."""
        target = sighting.target
        is_new = sighting.identity not in self.records
        record = self.records.get(sighting.identity) or _new_record(sighting)
        folder = self.folder / sighting.identity / target.flavour
        folder.mkdir(parents=True, exist_ok=True)
        is_wanted = self._is_wanted(record, sighting)
        # What is missing is taken in any case: a kill may have come between two of its files.
        for part, path in sighting.files.items():
            place = folder / _PARTS[part]
            if os.path.exists(path) and (is_wanted or not place.exists()):
                durable.move(path, place)
        _follow_input(folder, sighting)
        if record["kind"] == UNKNOWN:
            record["kind"], record["title"] = sighting.kind, sighting.title
        if is_wanted:
            (folder / "input").unlink(missing_ok=True)
            has_input = (folder / "original").is_file()
            record["flavours"][target.flavour] = {
                "target": target.name,
                "path": target.path,
                "state": sighting.state if has_input else NO_INPUT,
                "replay": None,
            }
        record["sightings"] += 1
        if target.key not in record["targets"]:
            record["targets"].append(target.key)
        known = record["flavours"][target.flavour]
        if not known["target"]:
            known["target"], known["path"] = target.name, target.path
        self.records[sighting.identity] = record
        self.save(sighting.identity)
        for path in sighting.files.values():
            pathlib.Path(path).unlink(missing_ok=True)
        return is_new

    def _is_wanted(self, record, sighting):
        """Whether its files replace what there is of this flavour: an input beats none, and a
        smaller one what shrinking has not made small."""
        flavour = sighting.target.flavour
        known = record["flavours"].get(flavour)
        if known is None:
            return True
        if "input" not in sighting.files or not os.path.exists(sighting.files["input"]):
            return False
        have = self.reproducer(sighting.identity, flavour)
        if have is None or known["state"] in (NO_INPUT, NOT_AGAIN):
            return True
        size = os.path.getsize(sighting.files["input"])
        return known["state"] != MINIMAL and size < have.stat().st_size

    def save(self, identity):
        durable.write_json(self.folder / identity / "finding.json", self.records[identity])

    def of_target(self, key):
        """The records of what a target showed, in the order found."""
        own = [record for record in self.records.values() if key in record["targets"]]
        return sorted(own, key=lambda record: (record["first_elapsed"], record["identity"]))

    def to_shrink(self):
        """Each (identity, flavour) whose reproducer has not been shrunk yet."""
        for identity, record in sorted(self.records.items()):
            for flavour, known in sorted(record["flavours"].items()):
                if known["state"] == TO_SHRINK:
                    yield identity, flavour


def _follow_input(folder, sighting):
    """A report of Heddle's target has the command that replays its input: from where it is now."""
    report, old = folder / "report.txt", os.fsencode(sighting.files.get("input", ""))
    if old and report.is_file():
        text = report.read_bytes()
        if old in text:
            durable.write(report, text.replace(old, os.fsencode(folder / "original")))


def _new_record(sighting):
    return {
        "identity": sighting.identity,
        "kind": sighting.kind,
        "title": sighting.title,
        "first_seen": now_text(),
        "first_elapsed": round(sighting.elapsed, 1),
        "sightings": 0,
        "targets": [],
        "flavours": {},
    }


def _read(folder):
    try:
        record = durable.read_json(folder / "finding.json")
        known = [record["kind"], record["title"], record["first_seen"], record["first_elapsed"]]
        flavours = record["flavours"].values()
        words = [one[name] for one in flavours for name in ("state", "target", "path")]
        is_whole = isinstance(record["sightings"], int) and isinstance(record["targets"], list)
        if None in known or None in words or not is_whole:
            return None
        return record if record["identity"] == folder.name else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _rebuild(folder):
    """What can be said of a finding from its files; None if it has none."""
    record = None
    for flavour in sorted(path for path in folder.iterdir() if path.is_dir()):
        if not any(flavour.iterdir()):
            continue
        kind, title = _words(flavour)
        if record is None:
            target = _Lost("", "", "")
            record = _new_record(Sighting(folder.name, kind, title, target, {}))
            record["sightings"] = 1
        has_input = (flavour / "original").is_file()
        record["flavours"][flavour.name] = {
            "target": "",
            "path": "",
            "state": AS_FOUND if has_input else NO_INPUT,
            "replay": None,
        }
    return record


@dataclasses.dataclass
class _Lost:
    name: str
    flavour: str
    path: str


def _words(folder):
    """Kind and title from Heddle's record, else from the report."""
    kind_and_title = words_of_record(folder / "record.json")
    if kind_and_title is not None:
        return kind_and_title
    try:
        text = (folder / "report.txt").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    report = sanitizer_report.read(text)
    return (report.kind, report.title()) if report else (UNKNOWN, "unknown: its record was lost")


def words_of_record(path):
    """Kind and title of Heddle's record of a finding; None if that cannot be read."""
    try:
        record = durable.read_json(path)
        kind = str(record["kind"])
        of = f" ({record['class']})" if record.get("class") else ""
        stacks = [place["stack"] for place in record.get("places", []) if not place["is_cause"]]
        places = sorted({_place(kind, stack) for stack in stacks if stack})
        words = [kind + of, record["program"] or "", ", ".join(places)]
        return kind, ": ".join(filter(None, words))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None


def _place(kind, stack):
    """Where it happened, or, of a wait and the like, where the program called the primitive."""
    own = [frame for frame in stack if not frame["file"].startswith(("primitives/", "engine/"))]
    frame = stack[0] if kind in _OF_MEMORY or not own else own[0]
    return f"{frame['function']} {os.path.basename(frame['file'])}:{frame['line']}"


def dropped(folder, is_whole=True):
    """
    What targets have put into a folder of findings, as {(target, identity): {part: path}}. While a
    target runs only what is whole is taken: its input and its record.
    """
    found = {}
    for path in sorted(pathlib.Path(folder).iterdir()):
        match = _DROPPED.match(path.name)
        if match:
            key = (match["target"], match["identity"])
            found.setdefault(key, {})[match["part"]] = str(path)
    if is_whole:
        found = {key: parts for key, parts in found.items() if {"input", "json"} <= parts.keys()}
    return found


def replay_of_record(path):
    """The words of the command that replays what Heddle's record tells of; [] without one."""
    try:
        return shlex.split(durable.read_json(path)["replay"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
