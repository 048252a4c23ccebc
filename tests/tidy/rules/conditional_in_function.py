"""No `#if` between a function's braces: such a difference is a file that the build chooses."""

import re

import c_source

DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b", re.MULTILINE)


def check(tree):
    for path in tree.files("c"):
        text = tree.texts[path]
        plain = c_source.without_comments(text)
        for name, _, _, (start, end) in c_source.functions(text):
            for match in DIRECTIVE.finditer(plain, start, end):
                line = c_source.line_of(text, match.start())
                yield path, line, f"#{match.group(1)} inside {name}()"


BAD = [
    {"primitives/x.c": "int f(void)\n{\n#ifdef A\n    return 1;\n#endif\n    return 0;\n}\n"},
    {"primitives/x.c": "int f(void)\n{\n    return 0\n  #  if A\n+ 1\n#endif\n;\n}\n"},
]
GOOD = [
    {"primitives/x.c": "#if A\nint f(void)\n{\n    return 1;\n}\n#else\nint f(void);\n#endif\n"},
    {"primitives/x.c": "int f(void)\n{\n    /*\n#if is not code here\n     */\n    return 1;\n}\n"},
]
