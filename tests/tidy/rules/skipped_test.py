"""No test is skipped, disabled or expected to fail: it would look like one that passed."""

import re

import c_source

CMAKE = re.compile(r"\b(DISABLED|SKIP_RETURN_CODE|SKIP_REGULAR_EXPRESSION|WILL_FAIL)\b")


def check(tree):
    for path in tree.files("c", under="tests/"):
        for line, name, _ in c_source.calls(tree.texts[path], "skip|_skip"):
            yield path, line, f"{name}() skips a test"
    for path in tree.files("cmake"):
        for number, line in enumerate(tree.texts[path].split("\n"), 1):
            match = CMAKE.search(line.split("#")[0])
            if match:
                yield path, number, f"the test property {match.group(1)}"


BAD = [
    {"tests/primitives/x_test.c": "static void f(void **state)\n{\n    skip();\n}\n"},
    {"tests/CMakeLists.txt": "set_tests_properties(x PROPERTIES DISABLED ON)\n"},
]
GOOD = [{"tests/primitives/x_test.c": "int f(void)\n{\n    return no_skip();\n}\n"}]
