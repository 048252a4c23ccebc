#!/usr/bin/env python3
"""What the engine supports: checked against what is built, and written down.

    supported.py [--write] <engine library>

The head comment of each file in engine/hooks/ says under labels what becomes of each call in an
execution; a paragraph goes on in indented lines, and may end in a note:

     * Modelled   pthread_cond_wait pthread_cond_signal
     * Refused    pthread_kill: ends the execution; signal 0 only asks.

Checked: each function that the file's object defines stands in its head exactly once (a pattern,
__tsan_read*, stands for several); nothing does that it does not define, but under Unhooked; what is
Unhooked is a function of libc; each of libc's functions on threads stands somewhere; and
docs/SUPPORTED.md says just that. --write writes it.

Exit: 0 all agree; 1 something does not; 2 usage.
"""

import collections
import fnmatch
import pathlib
import re
import subprocess
import sys
import textwrap

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
HOOKS = TOP / "engine" / "hooks"
DOCUMENT = TOP / "docs" / "SUPPORTED.md"
AGAIN = "tests/engine/supported.py --write build/explore/engine/libheddle_engine.a"

MEANINGS = {
    "Modelled": "the engine answers, as libc would; waits and wakes are choices of the exploration",
    "Accepted": "the engine answers, and the call has no effect",
    "Noted": "libc answers, and may block all threads meanwhile: then a warning names the call",
    "Refused": "the call is not carried out; the note says what happens instead",
    "Unhooked": "libc itself answers, and may: it neither blocks nor orders nor takes a thread",
}
LABEL = re.compile(rf"({'|'.join(MEANINGS)})   *(\S.*)")
FAMILIES = re.compile(r"(pthread|sem|mtx|cnd|thrd|tss)_|call_once$")

Entry = collections.namedtuple("Entry", "file label patterns note")


def head_of(path):
    """The lines of the head comment, without the stars."""
    lines = path.read_text().split("*/", 1)[0].split("\n")
    return [re.sub(r"^ \* ?", "", line).rstrip() for line in lines[1:]]


def paragraphs_of(path):
    return [" ".join(p.split("\n")).strip() for p in "\n".join(head_of(path)).split("\n\n")]


def title_of(path):
    """The first sentence of the head comment."""
    return re.split(r"(?<=\w[)\w])\. |(?<!\.)\.$", paragraphs_of(path)[0])[0]


def limits_of(path):
    """What the head comment says is not modelled."""
    return [p for p in paragraphs_of(path) if p.startswith("Not modelled: ")]


def entries_of(path):
    paragraphs = []
    for line in head_of(path):
        label = LABEL.match(line)
        if label:
            paragraphs.append([label.group(1), label.group(2)])
        elif paragraphs and re.match(r" {4,}\S", line) and paragraphs[-1][0]:
            paragraphs[-1][1] += " " + line.strip()
        else:
            paragraphs.append(["", ""])
    for label, text in paragraphs:
        if label:
            names, _, note = text.partition(":")
            yield Entry(path.name, label, names.split(), note.strip())


def nm(*arguments):
    done = subprocess.run(["nm", *arguments], capture_output=True, text=True, check=True)
    return done.stdout.split("\n")


def hooked_by_file(library):
    """By source file: the names that programs can call."""
    hooked = collections.defaultdict(set)
    for line in nm("--defined-only", "-A", library):
        found = re.match(r".*:([a-z0-9_]+\.c)\.o:[0-9a-f]* [TW] (\S+)$", line)
        if found and not found.group(2).startswith(("hde_", "hd_")):
            hooked[found.group(1)].add(found.group(2))
    return hooked


def functions_of_libc():
    done = subprocess.run(["cc", "-print-file-name=libc.so.6"], capture_output=True, text=True)
    functions = set()
    for line in nm("-D", "--defined-only", done.stdout.strip()):
        found = re.match(r"[0-9a-f]+ [TWi] ([^@]+)@@", line)
        if found:
            functions.add(found.group(1))
    return functions


def problems_of(entries, hooked, libc):
    said = collections.Counter()
    for entry in entries:
        names = libc if entry.label == "Unhooked" else hooked[entry.file]
        for pattern in entry.patterns:
            matches = fnmatch.filter(names, pattern)
            said.update(matches)
            if not matches:
                where = "libc" if entry.label == "Unhooked" else "this file"
                yield f"{entry.file}: {entry.label}: {pattern} is no function of {where}"
        if entry.label == "Refused" and not entry.note:
            yield f"{entry.file}: Refused: no note says what happens instead"
    every = {name for names in hooked.values() for name in names}
    for file, names in sorted(hooked.items()):
        yield from (f"{file}: no label says what {n} is" for n in sorted(names) if said[n] == 0)
    family = {name for name in libc - every if FAMILIES.match(name)}
    yield from (f"libc has {n}, and no label says what it is" for n in sorted(family - set(said)))
    yield from (f"{n} stands under several labels" for n in sorted(said) if said[n] > 1)


def item(text):
    return textwrap.wrap(f"- {text}", 100, subsequent_indent="  ", break_on_hyphens=False)


def document(entries):
    yield "# What the engine supports"
    yield ""
    yield "Generated from the head comments of `engine/hooks/*.c`; to write it anew:"
    yield ""
    yield f"    {AGAIN}"
    yield ""
    yield "What becomes of a call that code under test makes in an execution:"
    yield ""
    for label, meaning in MEANINGS.items():
        yield f"- {label.lower()}: {meaning}."
    yield ""
    yield "A function of libc that is not here is unhooked: in an execution it does what it always"
    yield "does, and what it touches is not seen."
    for file in dict.fromkeys(entry.file for entry in entries):
        yield ""
        yield f"## `{file}`: {title_of(HOOKS / file)}"
        yield ""
        for entry in (entry for entry in entries if entry.file == file):
            names = " ".join(f"`{pattern}`" for pattern in entry.patterns)
            note = f": {entry.note}" if entry.note else ""
            yield from item(f"{entry.label.lower()} {names}{note}")
        for limit in limits_of(HOOKS / file):
            yield from item(limit[0].lower() + limit[1:])


def main():
    arguments = sys.argv[1:]
    writes = "--write" in arguments
    arguments = [argument for argument in arguments if argument != "--write"]
    if len(arguments) != 1:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    entries = [entry for path in sorted(HOOKS.glob("*.c")) for entry in entries_of(path)]
    problems = list(problems_of(entries, hooked_by_file(arguments[0]), functions_of_libc()))
    text = "\n".join(document(entries)) + "\n"
    if writes:
        DOCUMENT.write_text(text)
    elif not DOCUMENT.exists() or DOCUMENT.read_text() != text:
        problems.append(f"docs/SUPPORTED.md is not what the hooks say: {AGAIN}")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
