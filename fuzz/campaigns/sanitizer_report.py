"""What a sanitizer, or libFuzzer itself, wrote about a crash: its kind, its places, its identity.

The identity of a finding is its kind and the places where it happened, never an address, a process
number or a column: the same bug has the same identity in another run, another target, another
flavour. Places are the top frames of the report's first stacks that are not the sanitizer's,
libc's or libFuzzer's. Of a time-out and of too much memory the top frames are chance, where the
program happened to be; there it is the outermost frames of the target.

Heddle's own findings come with an identity and are not read here.

SPDX-License-Identifier: MIT
"""

import dataclasses
import hashlib
import os
import re

FRAMES_PER_STACK = 3
PLACE_STACKS = 2

_FRAME = re.compile(r"^\s*#(\d+) (?:0x[0-9a-f]+ in )?(.+)$")
_MODULE = re.compile(r"^(.*?)\s*\(([^()]*?)\+(0x[0-9a-f]+)\)(?: \(BuildId: [0-9a-f]+\))?$")
_SOURCE = re.compile(r"^(.*) (\S+?):(\d+)(?::\d+)?$")
_NOT_OURS = re.compile(
    r"^(__(asan|tsan|ubsan|lsan|msan|sanitizer|interceptor|interception)\w*|"
    r"__(libc|GI|pthread|restore_rt)\w*|"
    r"___interceptor_\w+|_?_?(abort|raise|assert\w*|kill|pthread_kill)|gsignal|"
    r"(malloc|calloc|realloc|free|mem(cpy|set|move|cmp|chr)|str\w+|operator (new|delete).*))$"
)
_DRIVER = re.compile(r"^(LLVMFuzzerTestOneInput|fuzzer::.*|main|_start|__libc_start\w*|<null>)$")
_HEADS = (
    (re.compile(r"ERROR: AddressSanitizer: ([a-zA-Z-]+)"), "asan"),
    (re.compile(r"WARNING: ThreadSanitizer: ([a-zA-Z -]+?)(?: \(pid=\d+\))?$"), "tsan"),
    (re.compile(r"ERROR: LeakSanitizer: detected (memory leaks)"), "lsan"),
    (re.compile(r"^(\S+:\d+):\d+: runtime error: (.+)$"), "ubsan"),
    (re.compile(r"ERROR: libFuzzer: (deadly signal|timeout|out-of-memory|[a-z -]+)"), "libfuzzer"),
)
_VOLATILE = re.compile(r"0x[0-9a-f]+|-?\d+")


@dataclasses.dataclass
class Frame:
    function: str
    file: str  # its name alone; of unknown source "module+offset"
    line: int

    def place(self):
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{self.function} {where}".strip()


@dataclasses.dataclass
class Report:
    kind: str  # "heap-buffer-overflow", "data-race", "timeout" ...
    stacks: list
    text: str

    def is_of_chance(self):
        return self.kind in ("timeout", "out-of-memory")

    def places(self):
        """The frames that make the identity: per stack a tuple, in an order of their own."""
        if self.is_of_chance():
            return [tuple(frame.place() for frame in stack[-2:]) for stack in self.stacks[:1]]
        count = PLACE_STACKS if self.kind == "data-race" else 1
        places = [
            tuple(frame.place() for frame in stack[:FRAMES_PER_STACK])
            for stack in self.stacks[:count]
        ]
        return sorted(places)

    def identity(self, target):
        """16 digits; a report that has no place, or one of chance, is of its target: the outermost
        frames of all targets that one program runs are the same."""
        places = [place for place in self.places() if place]
        words = [self.kind, *("|".join(place) for place in places)]
        if not places or self.is_of_chance():
            words.append(target)
        return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]

    def title(self):
        tops = [place[0] for place in self.places() if place]
        return f"{self.kind}: {', '.join(tops)}" if tops else self.kind


def read(text):
    """The first report in an output; None if there is none."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for pattern, who in _HEADS:
            head = pattern.search(line)
            if head:
                return Report(_kind(who, head), _stacks(lines[number:]), text)
    return None


def _kind(who, head):
    if who == "ubsan":
        return "undefined: " + _VOLATILE.sub("N", head.group(2))
    kind = head.group(1).strip().replace(" ", "-")
    return {"memory-leaks": "leak"}.get(kind, kind)


def _stacks(lines):
    """The stacks that have a frame of the program, each without what is not its own."""
    stacks = []
    frames = []
    for line in [*lines, ""]:
        match = _FRAME.match(line)
        if match and int(match.group(1)) == 0 and frames:
            stacks.append(frames)
            frames = []
        if match:
            frames.append(_frame(match.group(2)))
        elif frames:
            stacks.append(frames)
            frames = []
    return [own for own in map(_own, stacks) if own]


def _own(frames):
    """From the innermost frame that is the program's to where libFuzzer calls it."""
    own = []
    for frame in frames:
        if frame.function == "LLVMFuzzerTestOneInput":
            return [*own, frame]
        if _DRIVER.match(frame.function):
            if own:
                return own
        elif own or not _is_foreign(frame):
            own.append(frame)
    return own


def _is_foreign(frame):
    return bool(_NOT_OURS.match(frame.function)) or frame.file.startswith(("libc.so", "libpthread"))


def _frame(text):
    module = _MODULE.match(text)
    rest = module.group(1) if module else text
    source = _SOURCE.match(rest)
    if source:
        function, path, line = source.group(1), source.group(2), int(source.group(3))
        return Frame(function.split("(")[0], os.path.basename(path), line)
    if module:
        name = os.path.basename(module.group(2))
        return Frame(rest.split("(")[0], "" if rest else f"{name}+{module.group(3)}", 0)
    return Frame(rest.split("(")[0], "", 0)
