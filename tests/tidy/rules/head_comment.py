"""Every file of code opens with a comment that says what it is; C has its licence line in there.

No author, no date, no file name: git knows these, and they go stale.
"""

import os
import re

import c_source

OPENING = {
    "shell": re.compile(r"#![^\n]*\n# \S"),
    "python": re.compile(r'(#![^\n]*\n)?"""\S'),
    "cmake": re.compile(r"# \S"),
}


def check(tree):
    for path in tree.files("c"):
        for what in mistakes(path, tree.texts[path]):
            yield path, 1, what
    for kind, opening in OPENING.items():
        for path in tree.files(kind):
            text = re.sub(r"^# shellcheck [^\n]*\n", "", tree.texts[path])
            if not opening.match(text) and not re.match(r"# \S", text):
                yield path, 1, "does not open with a comment that says what it is"


def mistakes(path, text):
    head = c_source.head_comment(text)
    if not re.match(r"/\*\n \* \S", head):
        yield "does not open with a head comment (`/*', then ` * What this is ...')"
        return
    if head.count("SPDX-License-Identifier: MIT") != 1:
        yield "the head comment lacks its line `SPDX-License-Identifier: MIT'"
    if re.search(r"@author|@file|@date|Copyright|All rights", head):
        yield "author, date or licence block in the head comment"
    name = os.path.basename(path)
    if re.match(rf"/\*\n \* {re.escape(name)}\b", head):
        yield "the head comment begins with the file's name; say what it is"


SPDX = " *\n * SPDX-License-Identifier: MIT\n */\n"

BAD = [
    {"primitives/x.c": "#include <stdio.h>\n"},
    {"primitives/x.c": "/*\n * X: a thing.\n */\nint x;\n"},
    {"primitives/x.c": "/*\n * x.c - a thing.\n" + SPDX},
    {"primitives/x.c": "/*\n * A thing.\n * @author me\n" + SPDX},
    {"primitives/x.c": "// A thing.\n"},
    {"ci/run": "#!/bin/sh\nset -u\n"},
    {"tests/x/CMakeLists.txt": "add_test(x)\n"},
    {"tests/x/y.py": "import os\n"},
]
GOOD = [
    {
        "primitives/x.c": "/*\n * X: a thing.\n" + SPDX,
        "ci/run": "#!/bin/sh\n# Runs.\n",
        "tests/x/CMakeLists.txt": "# Tests.\n",
        "tests/x/y.py": '"""Does."""\n',
    }
]
