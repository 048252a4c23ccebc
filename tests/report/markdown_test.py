"""Is summary.md below the limits of GitHub and GitLab, and is what it quotes text, whatever it is?

The text is read as GitHub Flavored Markdown has it, as far as it is used: fences, code, escapes,
links, comments and tables. What a record says must not be markup outside of these.

    markdown_test.py HEDDLE

SPDX-License-Identifier: MIT
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

GITHUB = 1024 * 1024
GITLAB = 1_000_000

HOSTILE = ("<b>*x*</b> _y_ [a](b) ![c](d) `code` ``two`` | | @user #12 !3 ~label %4 $x$ &amp; \\ "
           "http://a.b :bug: `p'`q`<i>' "
           "- + 1. \u202e\u2066 \x1b[31m \ufffe\n# no heading\n```\n</details>\n"
           "~~~\n<script>")
# The same where a file is named, which is in this tree.
HOSTILE_FILE = "src/" + HOSTILE

# What the format itself writes as HTML.
OWN = re.compile(r"</?details( open)?>|</?summary>")

FINDING = {
    "format": 2, "record": "finding", "kind": "data-race", "message": "it races", "function": "f",
    "file": "src/a.c", "line": 7, "program": "p", "flavour": "explore", "is_owed": None,
    "replay": "heddle replay p", "threads": [{"id": 1, "name": "thread 1", "function": "f"}],
    "places": [{"text": "thread 1 writes `x'", "file": "src/a.c", "line": 7, "thread": 1,
                "stack": [], "locks": []}],
    "rows": [{"function": "f", "file": "src/a.c", "line": 7, "code": "x = 1;", "thread": 1,
              "action": "write", "is_marked": True, "left_out_before": 0}],
}
RUN = {
    "format": 2, "record": "run", "program": "p", "flavour": "explore", "verdict": "clean",
    "owes": None, "is_as_owed": None, "conclusion": "clean: 10 executions", "findings": [],
}


def written(heddle, records):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "in").mkdir()
        for number, record in enumerate(records):
            (root / "in" / f"{number:05}.json").write_text(json.dumps(record), encoding="ascii")
        done = subprocess.run([heddle, "report", root / "in", "--format", "markdown", "--output",
                               root], check=False, capture_output=True)
        if done.returncode != (0 if records else 3):
            sys.exit(f"heddle report: exit {done.returncode}\n{done.stderr.decode()}")
        return (root / "summary.md").read_text(encoding="utf-8")


def parts(text):
    """The lines outside of blocks, and the blocks: their languages and texts."""
    lines = []
    blocks = []
    fence = None
    for line in text.split("\n"):
        if fence is None and re.match(r"`{3,}", line):
            fence = re.match(r"`+", line).group()
            blocks.append([line[len(fence):]])
        elif fence is not None and re.fullmatch(f"`{{{len(fence)},}} *", line):
            fence = None
        elif fence is not None:
            blocks[-1].append(line)
        else:
            lines.append(line)
    if fence is not None:
        sys.exit("a block does not end")
    return lines, [(block[0], "\n".join(block[1:])) for block in blocks]


def without_code(line, has_escaped):
    """A line without its code and comments; and without what is escaped, so that markup is left."""
    left = ""
    at = 0
    while at < len(line):
        if line[at] == "\\" and at + 1 < len(line) and not line[at + 1].isalnum():
            left += line[at + 1] if has_escaped else "\0"
            at += 2
        elif line.startswith("<!-- -->", at):
            left += "\0"
            at += len("<!-- -->")
        elif line[at] == "`":
            ticks = re.match("`+", line[at:]).group()
            end = re.search(f"(?<!`){ticks}(?!`)", line[at + len(ticks):])
            if end is None:
                return left + line[at:]
            at += len(ticks) + end.end()
            left += "C"
        else:
            left += line[at]
            at += 1
    return left


def text_mistakes(summary):
    """What is markup though the format did not write it."""
    lines, _ = parts(summary)
    for line in lines:
        left = without_code(line, False)
        if line.startswith("|") and len(re.findall(r"(?<!\\)\|", line)) not in (5, 6):
            yield f"cells: {line}"
        text = re.sub(r"\(\S*\)", "", without_code(line, True))
        if re.search(r"[@#!~%$&](?=\w)|://|:\w+:", text):
            yield f"a reference: {text!r}"
        left = re.sub(r"\[C\]\((?:[\w./~-]|%[0-9A-F]{2})+#L\d+\)", "", OWN.sub("", left))
        left = re.sub(r"^(\||#{2,4} |> \*\*How far to believe it:\*\*|- )", "", left)
        left = left.replace("**not as owed**", "")
        if re.search(r"[`*_<>\[\]~$]|^ *(#|\d+\)|[-+] )", left):
            yield f"markup: {left!r}"
    for character in "\u202e\u2066\x1b\ufffe":
        if character in summary:
            yield f"U+{ord(character):04X} is as it was"


def hostile_mistakes(heddle):
    place = {"text": HOSTILE, "file": HOSTILE_FILE, "line": 3, "thread": 1, "is_cause": False,
             "stack": [{"function": HOSTILE, "file": HOSTILE_FILE, "line": 1}],
             "locks": [{"name": HOSTILE, "acquired": HOSTILE}], "object": None}
    row = {"function": HOSTILE, "file": HOSTILE_FILE, "line": 3, "code": HOSTILE, "thread": 1,
           "action": HOSTILE, "is_marked": True, "left_out_before": 1}
    finding = dict(FINDING, identity="01", message=HOSTILE, function=HOSTILE, file=HOSTILE_FILE,
                   program=HOSTILE, flavour=HOSTILE, replay=HOSTILE, places=[place], rows=[row],
                   sanitizer=HOSTILE, noticed_by=HOSTILE, strategy=HOSTILE)
    note = {"format": 2, "record": "note", "identity": "n", "program": HOSTILE, "message": HOSTILE}
    run = dict(RUN, program=HOSTILE, flavour=HOSTILE, verdict=HOSTILE, owes=HOSTILE,
               conclusion=HOSTILE, is_as_owed=False)
    text = written(heddle, [finding, dict(finding, identity="02", is_owed=True), note, run])
    yield from text_mistakes(text)
    _, blocks = parts(text)
    shown = HOSTILE.translate({0x1b: "\u241b", 0x202e: "\ufffd", 0x2066: "\ufffd",
                               0xfffe: "\ufffd"})
    if ("sh", shown) not in blocks:
        yield f"the replay command is not among {[text for kind, text in blocks if kind == 'sh']}"


def content_mistakes(heddle):
    text = written(heddle, [
        dict(FINDING, identity="01", message="owed", is_owed=True),
        dict(FINDING, identity="02", message="fresh", kind="leak"),
        dict(FINDING, identity="03", message="outside", kind="stall", file="/usr/include/x.h"),
        dict(RUN, program="missed", owes="data-race", is_as_owed=False), dict(RUN),
    ])
    lines, blocks = parts(text)
    for wanted in ("## Heddle: 2 new findings, 1 program not as owed",
                   "- thread 1 writes `x`, [`src/a.c:7`](src/a.c#L7)",
                   "| `missed` | explore | clean, **not as owed** | data-race "
                   "| clean: 10 executions |",
                   "| owed | owed | [`src/a.c:7`](src/a.c#L7) | `p` |",
                   "`/usr/include/x.h:7` in `f`, program `p`, flavour explore"):
        if wanted not in lines:
            yield f"no line `{wanted}'"
    if ("sh", "heddle replay p") not in blocks:
        yield "no replay command"
    if not any(kind == "text" and re.search(r"^ +7 \* x = 1; +write$", block, re.MULTILINE)
               for kind, block in blocks):
        yield "no lanes"
    if text.index("fresh") > text.index("| owed | owed |") or "#### owed: owed" not in lines:
        yield "what is new is not first"
    yield from text_mistakes(text)


def thinning_mistakes(heddle):
    """Of very many rows those are shown that are near the marked ones, and all others counted."""
    count = 500
    rows = [dict(FINDING["rows"][0], line=i + 1, code=f"row_{i + 1};", action="", thread=i % 2 + 1,
                 is_marked=i in (100, 450), left_out_before=int(i == 200)) for i in range(count)]
    text = written(heddle, [dict(FINDING, identity="01", rows=rows)])
    lines = next(block for kind, block in parts(text)[1] if kind == "text").split("\n")
    shown = [int(number) for line in lines for number in re.findall(r"row_(\d+);", line)]
    left_out = [int(number) for line in lines for number in re.findall(r"\.\.\. (\d+) more", line)]
    if len(shown) + sum(left_out) != count + 1 or len(left_out) != 3:
        yield f"{len(shown)} rows are shown and {left_out} are left out, of {count + 1}"
    if not {90, 101, 110, 440, 451, 460} <= set(shown) or not 60 <= len(shown) <= 80:
        yield f"the rows {shown} are shown"


def size_mistakes(heddle):
    """Many findings, and a very long one: the limits are kept, and what is missing is counted."""
    count = 300
    long_text = "x" * 300 + "\n"
    many = [dict(FINDING, identity=f"{i:04}", sanitizer=long_text * 20, line=i)
            for i in range(count)]
    many.append(dict(FINDING, identity="long", sanitizer=long_text * 20000))
    many += [dict(FINDING, identity=f"o{i:04}", is_owed=True, line=i) for i in range(count)]
    many += [dict(RUN, program=f"program_{i}") for i in range(count)]
    text = written(heddle, many)
    size = len(text.encode())
    lines, _ = parts(text)
    if size > min(GITHUB, GITLAB) or size < 0.9 * GITLAB:
        yield f"the summary has {size} bytes"
    said = re.search(r"\*\*(\d+) more findings or programs are left out", text)
    shown = sum(1 for line in lines if re.match(r"#### \d|\| `program_|\| owed ", line))
    if said is None or int(said.group(1)) + shown != len(many):
        yield f"{shown} of {len(many)} are shown, and {said and said.group()}"
    if "bytes more" not in text:
        yield "the long one is not shortened"
    if text.count("<details") != text.count("</details>"):
        yield "a fold does not end"


def main():
    heddle = pathlib.Path(sys.argv[1]).resolve()
    found = [*content_mistakes(heddle), *hostile_mistakes(heddle), *thinning_mistakes(heddle),
             *size_mistakes(heddle)]
    empty = written(heddle, [])
    if empty != "## Heddle: nothing new found\n\n":
        found.append(f"a report of nothing: {empty!r}")
    sys.exit("\n".join(found[:20]) or None)


if __name__ == "__main__":
    main()
