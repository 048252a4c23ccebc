"""Is the HTML report one well-formed file, whatever records, `dot' and the folder are like?

    html_test.py HEDDLE

What a reader sees of it in a browser is in browser/.

SPDX-License-Identifier: MIT
"""

import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
VOID = {"meta", "link", "br", "img", "input", "hr"}
# All that the report is made of: nothing that loads, and nothing that submits.
ELEMENTS = set("""html head meta title style script body a header h1 h2 h3 h4 nav div main section p
dl dt dd table thead tbody tr th td span code strong ul ol li details summary article noscript pre
footer svg g path polygon polyline ellipse text""".split())
ATTRIBUTES = set("""aria-label class colspan content data-file data-kind data-label data-program
data-root data-run data-status href http-equiv id lang charset name open role scope tabindex title
type viewbox width height transform d points cx cy rx ry text-anchor font-size x y xmlns""".split())

# What a dot that wishes us ill, or that has had enough, could write.
EVIL_SVG = """<?xml version="1.0"?><!-- </script> --><svg width="9pt" onload="alert(1)">
<script>alert(2)</script><image href="http://evil.example/x"/><a xlink:href="javascript:alert(3)">
<g id="x" class="node thread" style="background:url(http://evil.example)"><title>n</title>
<text x="1" onclick="alert(4)">kept &lt;b&gt;</text></g></a><foreignObject><p>in</p></foreignObject>
</svg>"""


class Page(html.parser.HTMLParser):
    """What a page consists of; a mistake in it is one in `mistakes`."""

    def __init__(self, text):
        super().__init__()
        self.open, self.mistakes, self.ids, self.links = [], [], [], []
        self.records, self.texts, self.rows = [], [], 0
        self.feed(text)
        self.close()
        self.mistakes += [f"<{name}> is not closed" for name in self.open]
        self.mistakes += [f"two ids {name}" for name in set(self.ids) if self.ids.count(name) > 1]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.rows += tag == "tr"
        if tag not in ELEMENTS:
            self.mistakes.append(f"there is a <{tag}>")
        self.mistakes += [f"<{tag}> has {name}" for name in attrs if name not in ATTRIBUTES]
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.links += [attrs["href"]] if "href" in attrs else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(f"</{tag}> at {self.getpos()} closes nothing")
        self.texts += [" "] if tag in ("td", "th") else []

    def handle_data(self, data):
        if self.open and self.open[-1] == "script" and data.lstrip()[:1] in "{[":
            self.records.append(json.loads(data))
        elif self.open and self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    def text(self):
        return re.sub(r"\s+", " ", "".join(self.texts))


def report(heddle, folder, *arguments, path=None, code=0):
    """The page, made from records/; `path` is where programs are looked for."""
    environment = dict(os.environ, **({} if path is None else {"PATH": str(path)}))
    done = subprocess.run([heddle, "report", "--format=html", "--output", folder, *arguments],
                          cwd=HERE, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != code:
        sys.exit(f"{arguments}: exit {done.returncode}, not {code}\n{done.stderr}")
    if code != 0:
        return done.stderr
    return Page((pathlib.Path(folder) / "report.html").read_text(encoding="utf-8"))


def fake_dot(folder, script):
    folder.mkdir()
    (folder / "dot").write_text("#!/bin/sh\n" + script)
    (folder / "dot").chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


def records():
    return [json.loads(path.read_text()) for path in (HERE / "records").glob("*.json")]


def written(path, **more):
    """A record that has nothing but this."""
    path.write_text(json.dumps({"format": 2, **more}))
    return path


def well_formed(heddle, folder):
    page = report(heddle, folder / "plain", "records")
    yield from page.mistakes
    wanted = {each["identity"]: each for each in records() if each["record"] == "finding"}
    found = {each["identity"]: each for each in page.records if isinstance(each, dict)}
    for identity, record in wanted.items():
        if {key: found.get(identity, {}).get(key) for key in record} != record:
            yield f"the record of {identity} is not in the page as it was"
        if f"finding-{identity}" not in page.ids or f"#finding-{identity}" not in page.links:
            yield f"nothing leads to {identity}"
    ids = {f"#{name}" for name in page.ids}
    yield from (f"{link} leads nowhere" for link in page.links
                if link.startswith("#") and link not in ids)
    if report(heddle, folder / "again", "records").texts != page.texts:
        yield "two reports of the same records differ"


def links(heddle, folder):
    """Within a repository they climb to its root; to elsewhere there are none."""
    tree = folder / "tree"
    (tree / ".git").mkdir(parents=True)
    cases = [
        (["--root", tree], tree / "a/b", "../../scenarios/race/lost_update.c#L31"),
        (["--root", tree], tree, "./scenarios/race/lost_update.c#L31"),
        (["--root", "https://host.example/x"], folder / "far",
         "https://host.example/x/scenarios/race/lost_update.c#L31"),
        (["--root", tree], folder / "far", None),
        (["--root", folder / "tr"], tree / "c", None),
    ]
    (folder / "tr").mkdir()
    for arguments, output, wanted in cases:
        page = report(heddle, output, "records", *arguments)
        outward = [link for link in page.links if not link.startswith("#")]
        if (wanted not in outward) if wanted else outward:
            yield f"{arguments} in {output.name}: {wanted} is not in {outward[:2]}"
        bad = [link for link in outward if re.search(r"[^-A-Za-z0-9._~/%#:]", link)]
        if bad:
            yield f"addresses that are not escaped: {bad}"
    done = subprocess.run([heddle, "report", HERE / "records", "--format=html"], cwd=tree,
                          capture_output=True, check=False)
    page = Page((tree / "heddle-report/report.html").read_text(encoding="utf-8"))
    if done.returncode != 0 or "../scenarios/race/lost_update.c#L31" not in page.links:
        yield "the repository that one is in is not found"


def drawings(heddle, folder):
    """Without a drawing the edges are text; and nothing in a drawing is more than a picture."""
    (folder / "empty").mkdir()
    failed = "the program dot (of the package graphviz) failed"
    cases = [
        (folder / "empty", "install the package graphviz"),
        (fake_dot(folder / "fails", "exit 3"), failed),
        (fake_dot(folder / "ends", "kill -9 $$"), failed),
        (fake_dot(folder / "cut", "echo '<svg width=\"'"), failed),
    ]
    for number, (path, wanted) in enumerate(cases):
        page = report(heddle, folder / f"dot{number}", "records", path=path)
        yield from page.mistakes
        if wanted not in page.text() or "svg" in page.text():
            yield f"{path}: it does not say `{wanted}'"
        if "state.a → state.b scenarios/deadlock/ab_ba.c:35" not in page.text():
            yield f"{path}: the edges are not there as text"
    evil = fake_dot(folder / "evil", f"cat <<'E'\n{EVIL_SVG}\nE\n")
    page = report(heddle, folder / "drawn", "records", path=evil)
    yield from page.mistakes
    if "kept <b>" not in page.text():
        yield "the drawing is not there"
    order = [{"held": "a", "wanted": f"b{number}", "wanted_at": "x.c:1"} for number in range(200)]
    page = report(heddle, folder / "many", written(folder / "many.json", record="run",
                                                   lock_order=order), path=evil)
    if "it has too many edges" not in page.text() or "a → b199" not in page.text():
        yield "a graph of 200 edges is not text"


def long(heddle, folder):
    """Of a schedule that nobody would read the middle is left out, and how much, said."""
    rows = [{"thread": number % 9, "file": "x.c", "line": number, "code": f"step_{number}();"}
            for number in range(1000)]
    page = report(heddle, folder, written(folder / "long.json", record="finding", identity="a",
                                          rows=rows))
    text = page.text()
    if "600 rows not shown" not in text or page.rows > 420:
        yield f"of 1,000 rows {page.rows} are shown"
    if not all(f"step_{number}();" in text for number in (0, 199, 800, 999)):
        yield "the ends of the schedule are not there"


def surprises(heddle, folder):
    """Programs that did not give what they owe are the headline, and the first of the runs."""
    runs = [written(folder / f"{name}.json", record="run", program=name, verdict="clean",
                    owes=owes, is_as_owed=owes == "clean", is_complete=owes == "clean")
            for name, owes in (("a", "clean"), ("b", "deadlock"), ("c", "clean"))]
    text = report(heddle, folder / "out", *runs).text()
    for wanted in ("1 program did not give what it owes", "1 of 3 programs did not give what they",
                   "b clean, but owes deadlock cut short", "a clean as owed"):
        if wanted not in text:
            yield f"it does not say `{wanted}'"
    if text.find("b clean") > text.find("a clean"):
        yield "what is wrong does not come first"


def damaged(heddle, folder):
    """What cannot be read is said, and what cannot be written leaves nothing half written."""
    (folder / "half").mkdir()
    (folder / "half/x.json").write_text('{"format": 2, "record": "finding", "ident')
    page = report(heddle, folder / "some", "records", folder / "half")
    if "this report is not complete" not in page.text():
        yield "that a record could not be read is not said"
    full = folder / "full"
    full.mkdir()
    (full / "report.html.new").symlink_to("/dev/full")
    complaint = report(heddle, full, "records", code=3)
    if "No space left" not in complaint or (full / "report.html").exists():
        yield f"a full disk: {complaint!r}, and the file is there: {list(full.iterdir())}"


def main():
    heddle = pathlib.Path(sys.argv[1]).resolve()
    found = []
    for check in (well_formed, links, drawings, long, surprises, damaged):
        with tempfile.TemporaryDirectory() as folder:
            found += [f"{check.__name__}: {each}" for each in check(heddle, pathlib.Path(folder))]
    if found:
        sys.exit("\n".join(found) + "\nreproduce: python3 tests/report/html_test.py " + sys.argv[1])


if __name__ == "__main__":
    main()
