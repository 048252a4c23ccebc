"""Are the graphs that `heddle report' writes what Graphviz reads, with every edge of the records?

The names in them are hostile: quotes, backslashes, entities, newlines, braces, what is not ASCII.

    dot_test.py HEDDLE

SPDX-License-Identifier: MIT
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ["plain", 'quo"te\\', "back\\slash \\N \\n", "<b>&amp;{a|b}</b>", "é世界🧵", "new\nline",
         "1.5", "/../../etc/passwd"]


def records():
    """A ring of locks in a program whose name is no file's, and a deadlock of two threads."""
    order = [{"held": held, "held_at": f"a.c:{i}", "wanted": wanted, "wanted_at": f"b.c:{i} \"x\"",
              "threads": [1]} for i, (held, wanted) in enumerate(zip(NAMES, NAMES[1:] + NAMES[:1]))]
    run = {"format": 2, "record": "run", "program": "../a b/\"c\"", "flavour": "explore",
           "verdict": "clean", "findings": [], "lock_order": order}
    places = [{"thread": me, "text": "waits", "file": "a.c", "line": me,
               "waits_for": {"object": NAMES[me], "held_by": [3 - me]}} for me in (1, 2)]
    finding = {"format": 2, "record": "finding", "identity": "0123", "kind": "deadlock",
               "program": "../a b/\"c\"", "places": places,
               "threads": [{"id": 1, "name": "thread 1"}, {"id": 2, "name": 'thread "2"\\'}]}
    return [run, dict(run, lock_order=order[:1]), dict(run, program="none", lock_order=[]), finding]


def drawn(path):
    """The edges that Graphviz makes of a file, as pairs of labels."""
    done = subprocess.run(["dot", "-Tsvg", path], capture_output=True, check=False)
    if done.returncode != 0 or done.stderr:
        sys.exit(f"dot {path.name}: exit {done.returncode}\n{done.stderr.decode()}")
    root = xml.etree.ElementTree.fromstring(done.stdout)
    labels = {}
    edges = set()
    for group in root.iter(f"{SVG}g"):
        title = group.findtext(f"{SVG}title")
        text = "\n".join(node.text or "" for node in group.findall(f"{SVG}text"))
        if group.get("class", "").startswith("node"):
            labels[title] = text.replace("\u00a0", " ")
        elif group.get("class", "").startswith("edge"):
            edges.add((*title.split("->"), text.replace("\u00a0", " ")))
    return {(labels[a], labels[b], text) for a, b, text in edges}


def flat(name):
    return name.replace("\n", " ")


def main():
    heddle = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "in").mkdir()
        for number, record in enumerate(records()):
            (root / "in" / f"{number}.json").write_text(json.dumps(record), encoding="ascii")
        subprocess.run([heddle, "report", root / "in", "--format", "dot", "--output", root / "out"],
                       check=True, capture_output=True)
        graphs = {str(path.relative_to(root / "out")): drawn(path)
                  for path in (root / "out").rglob("*") if path.is_file()}
    ring = {(flat(held), flat(wanted), f'b.c:{i} "x"')
            for i, (held, wanted) in enumerate(zip(NAMES, NAMES[1:] + NAMES[:1]))}
    wanted = {
        "graphs/lock_order..._a_b__c_.explore.dot": ring,
        "graphs/lock_order..._a_b__c_.explore_2.dot": {edge for edge in ring if edge[0] == "plain"},
        "graphs/waits..._a_b__c_.0123.dot": {
            ("thread 1", flat(NAMES[1]), "waits at a.c:1"),
            (flat(NAMES[1]), 'thread "2"\\', "held by"),
            ('thread "2"\\', flat(NAMES[2]), "waits at a.c:2"),
            (flat(NAMES[2]), "thread 1", "held by")},
    }
    if graphs != wanted:
        sys.exit(f"written: {json.dumps({k: sorted(v) for k, v in graphs.items()}, indent=1)}\n"
                 f"wanted: {json.dumps({k: sorted(v) for k, v in wanted.items()}, indent=1)}")


if __name__ == "__main__":
    main()
