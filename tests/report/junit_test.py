"""Is junit.xml what Jenkins, GitLab and GitHub's actions read, and does it say how each run went?

What is checked is the structure that their readers know (the schema of Jenkins' xUnit plugin, and
`file' and `line', which the others look at), that no bytes of a record make invalid XML, and the
result of each kind of run and finding.

    junit_test.py HEDDLE

SPDX-License-Identifier: MIT
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

# Elements with the children and attributes that they may have, and those that they must have.
COUNTS = {"name", "tests", "failures", "errors", "skipped", "time"}
STRUCTURE = {
    "testsuites": ({"testsuite"}, COUNTS, COUNTS),
    "testsuite": ({"testcase"}, COUNTS, COUNTS),
    "testcase": ({"failure", "error", "skipped", "system-out"},
                 {"name", "classname", "time", "file", "line"}, {"name", "classname", "time"}),
    "failure": (set(), {"message", "type"}, {"message", "type"}),
    "error": (set(), {"message", "type"}, {"message", "type"}),
    "skipped": (set(), {"message", "type"}, {"message"}),
    "system-out": (set(), set(), set()),
}
# Names of types that GitLab's reader would convert a text to.
CONVERTED = {"symbol", "date", "datetime", "duration", "integer", "float", "decimal", "boolean",
             "string", "yaml", "base64Binary", "hexBinary", "file", "array", "hash"}

# All that is hard in XML: what it cannot have at all, what ends its constructs, what it normalizes.
HOSTILE = "".join(map(chr, range(1, 0x20))) + (
    "\x7f\x80\x9f \ufdd0\ufffe\uffff\U0001fffe \U0001f9f5 é ]]> <![CDATA[ --> &amp; &#0; %s ' \" "
    "<?x ?>")

FINDING = {
    "format": 2, "record": "finding", "kind": "data-race", "class": None, "message": "it races",
    "function": "f", "file": "src/a.c", "line": 7, "program": "p", "flavour": "explore",
    "replay": "heddle replay p", "is_owed": None, "places": [], "threads": [], "rows": [],
    "steps": [],
}
RUN = {
    "format": 2, "record": "run", "program": "p", "flavour": "explore", "verdict": "clean",
    "owes": None, "is_as_owed": None, "conclusion": "clean: 10 executions", "seconds": 0.25,
    "command": "heddle verify p", "findings": [], "warnings": [],
}


def written(heddle, records, extra=(), known=""):
    """junit.xml of these records, parsed. `extra' are files as they are: names and bytes."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "in").mkdir()
        for number, record in enumerate(records):
            (root / "in" / f"{number:03}.json").write_text(json.dumps(record), encoding="ascii")
        for name, data in extra:
            (root / "in" / name).write_bytes(data)
        (root / "known").write_text(known)
        done = subprocess.run([heddle, "report", root / "in", "--format", "junit", "--output", root,
                               "--baseline", root / "known"], check=False, capture_output=True)
        if done.returncode != (0 if records or extra else 3):
            sys.exit(f"heddle report: exit {done.returncode}\n{done.stderr.decode()}")
        return xml.etree.ElementTree.fromstring((root / "junit.xml").read_bytes())


def structure_mistakes(node):
    children, may, must = STRUCTURE[node.tag]
    for name in node.keys():
        if name not in may:
            yield f"<{node.tag}> has the attribute {name}"
    for name in must - set(node.keys()):
        yield f"<{node.tag}> has no {name}"
    if node.tag in ("testsuites", "testsuite"):
        cases = node.findall(".//testcase")
        for count, wanted in (("tests", "."), ("failures", "failure"), ("errors", "error"),
                              ("skipped", "skipped")):
            there = sum(1 for case in cases if wanted == "." or case.find(wanted) is not None)
            if int(node.get(count)) != there:
                yield f"<{node.tag}> says {count}={node.get(count)}, and has {there}"
    if node.tag == "testcase" and len([x for x in node if x.tag != "system-out"]) > 1:
        yield f"{node.get('name')} has two results: readers show the first"
    if "time" in may and not re.fullmatch(r"\d+\.\d{3}", node.get("time", "")):
        yield f"time={node.get('time')}"
    if node.get("type") in CONVERTED:
        yield f"type={node.get('type')} is the name of a type"
    for child in node:
        if child.tag not in children:
            yield f"<{child.tag}> within <{node.tag}>"
        yield from structure_mistakes(child)


def name_mistakes(root):
    seen = set()
    for case in root.iter("testcase"):
        called = case.get("classname"), case.get("name")
        if called in seen:
            yield f"two are called {called}"
        seen.add(called)


def results(root):
    """What became of each case, by its name: the result, its message, its text, what is beside."""
    found = {}
    for case in root.iter("testcase"):
        result = next((child for child in case if child.tag != "system-out"), None)
        found[case.get("name")] = (
            "passed" if result is None else result.tag,
            "" if result is None else result.get("message"),
            "" if result is None else result.text or "",
            case.findtext("system-out") or "")
    return found


def verdict_mistakes(heddle):
    root = written(heddle, [
        dict(FINDING, identity="01"),
        dict(FINDING, identity="02", is_owed=True, message="it is owed"),
        dict(FINDING, identity="03", message="it is alone", line=9),
        dict(FINDING, identity="04", is_owed=True, message="owed and alone", line=10),
        dict(FINDING, identity="05", message="another", kind="deadlock"),
        dict(FINDING, identity="0000000000000006", message="known and alone", line=11),
        dict(FINDING, identity="0000000000000007", message="known of a run", line=12),
        dict(RUN, program="old", findings=["0000000000000007"], verdict="data-race"),
        dict(RUN, program="races", findings=["01", "05"], verdict="data-race"),
        dict(RUN, program="owed", findings=["02"], owes="data-race", is_as_owed=True),
        dict(RUN, program="missed", owes="data-race", is_as_owed=False),
        dict(RUN, program="clean"),
        dict(RUN, program="cut", conclusion="inconclusive: interrupted"),
        dict(RUN, program="unjudged", owes="data-race"),
        dict(RUN, program="lost", findings=["99"], verdict="data-race"),
        dict(RUN, program="clean", flavour="tsan"),
        dict(RUN, program="clean", strategy="pct"),
    ], [("broken.json", b'{"format": 2, "rec')], "0000000000000006\n0000000000000007\n")
    yield from structure_mistakes(root)
    yield from name_mistakes(root)
    wanted = {
        "races": ("failure", "it races; and 1 more", "it races\n"),
        "owed": ("passed", "", ""),
        "missed": ("failure", "owes data-race, but was clean", "clean: 10 executions\n"),
        "clean": ("passed", "", ""),
        "clean (2)": ("passed", "", ""),
        "cut": ("error", "inconclusive: interrupted", "inconclusive"),
        "unjudged": ("error", "clean: 10 executions", ""),
        "lost": ("error", "the record of its finding 99 is not here", ""),
        "p: data-race src/a.c:9": ("failure", "it is alone", "it is alone\n"),
        "p: data-race src/a.c:10": ("skipped", "owed: owed and alone", ""),
        "p: data-race src/a.c:11": ("skipped", "known: known and alone", ""),
        "old": ("passed", "", ""),
        "records that could be read": ("error", "1 files, or parts of them, could not be read: "
                                       "what is in them is not known", "heddle report"),
    }
    found = results(root)
    for name in sorted(wanted.keys() ^ found.keys()):
        yield f"{name}: {found.get(name, 'is missing')}"
    for name in sorted(wanted.keys() & found.keys()):
        result, message, text, _ = found[name]
        if (result, message) != wanted[name][:2] or not text.startswith(wanted[name][2]):
            yield f"{name}: {found[name]}, and not {wanted[name]}"
    for name, part in (("races", "another"), ("races", "replay: heddle replay p"),
                       ("races", "run again: heddle verify p")):
        if part not in found[name][2]:
            yield f"{name}: its text has no `{part}'"
    for name, part in (("old", "known: known of a run"), ("owed", "owed: it is owed"),
                       ("owed", "replay: heddle replay p"),
                       ("p: data-race src/a.c:10", "owed and alone")):
        if part not in found[name][3]:
            yield f"{name}: its output has no `{part}'"


def shown(character):
    """What XML shows of a character that it cannot have."""
    code = ord(character)
    if code == 0x7f or (code < 0x20 and character not in "\t\n\r"):
        return chr(0x2421 if code == 0x7f else 0x2400 + code)
    outside = 0x80 <= code < 0xa0 or code & 0xfffe == 0xfffe or 0xfdd0 <= code <= 0xfdef
    return "\ufffd" if outside else character


def hostile_mistakes(heddle):
    finding = dict(FINDING, identity="06", message=HOSTILE, program=HOSTILE, file=HOSTILE,
                   sanitizer=HOSTILE, kind=HOSTILE, noticed_by=HOSTILE, flavour=None)
    run = dict(RUN, program=HOSTILE, flavour=HOSTILE, conclusion=HOSTILE, command=HOSTILE,
               owes=HOSTILE, is_as_owed=False)
    root = written(heddle, [finding, run])
    yield from structure_mistakes(root)
    expected = "".join(map(shown, HOSTILE))
    message = root.find(".//testcase[@file]/failure").get("message")
    if message != expected:
        yield f"the message is {message!r}, and not {expected!r}"
    text = root.find(".//testcase[@file]/failure").text
    if f"\n{expected}\n" not in text:
        yield f"the sanitizer's text is not in {text!r}"


def main():
    heddle = pathlib.Path(sys.argv[1]).resolve()
    found = [*verdict_mistakes(heddle), *hostile_mistakes(heddle)]
    empty = written(heddle, [])
    if len(empty) != 0 or empty.get("tests") != "0":
        found.append("a report of nothing has tests")
    sys.exit("\n".join(found) or None)


if __name__ == "__main__":
    main()
