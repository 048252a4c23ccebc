"""The root CMakeLists.txt stays below 100 lines: a folder's own file says what it holds."""

MOST = 99


def check(tree):
    lines = tree.texts.get("CMakeLists.txt", "").count("\n")
    if lines > MOST:
        yield "CMakeLists.txt", lines, f"{lines} lines; the most is {MOST}"


BAD = [{"CMakeLists.txt": "#\n" * 100}]
GOOD = [{"CMakeLists.txt": "#\n" * 99}]
