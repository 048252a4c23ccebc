"""A mark of work left to do names the issue that owns it, as in TODO(#12)."""

import re

import c_source

MARK = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))")


def check(tree):
    for path in tree.files("c", "python", "shell", "cmake"):
        if path.startswith("tests/tidy/rules/"):
            continue  # their BAD trees hold such marks
        for match in MARK.finditer(tree.texts[path]):
            line = c_source.line_of(tree.texts[path], match.start())
            yield path, line, f"{match.group(1)} without an issue: write {match.group(1)}(#number)"


BAD = [{"primitives/x.c": "/* TODO: later */\n"}, {"ci/run": "#!/bin/sh\n# FIXME\n"}]
GOOD = [{"primitives/x.c": "/* TODO(#12): later */\n"}]
