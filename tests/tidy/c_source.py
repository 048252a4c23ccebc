"""Reading C well enough for the rules: comments apart from code, functions, declarations, calls.

This is no parser. It knows comments, strings, preprocessor lines and braces, and the layout that
clang-format gives; on code that does not compile its answers mean nothing.
"""

import re

TOKEN = re.compile(
    r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def without_comments(text):
    """The text with all comments, strings and character constants blanked: offsets stay true."""

    def keep_quotes(match):
        token = match.group(0)
        if token[0] == "/":
            return blank(match)
        return token[0] + re.sub(r"[^\n]", " ", token[1:-1]) + token[-1]

    return TOKEN.sub(keep_quotes, text)


def code_only(text):
    """Without comments and without preprocessor lines; `extern "C" {` is no block."""
    code = DIRECTIVE.sub(blank, without_comments(text))
    return re.sub(r'extern\s+"[ C]*"\s*\{', blank, code)


def statements(text):
    """What stands outside all braces: (start, end, body), body the (start, end) of a block."""
    code = code_only(text)
    found = []
    depth, start, body = 0, 0, None
    for offset, char in enumerate(code):
        if char == "{":
            if depth == 0:
                body = offset
            depth += 1
        elif char == "}":
            depth = max(0, depth - 1)
            if depth == 0 and body is not None and is_function_head(code[start:body]):
                found.append((skip_blanks(code, start), offset + 1, (body, offset + 1)))
                start, body = offset + 1, None
            elif body is None:
                start = offset + 1  # closes an extern "C"
        elif char == ";" and depth == 0:
            span = (body, offset) if body is not None else None
            found.append((skip_blanks(code, start), offset + 1, span))
            start, body = offset + 1, None
    return code, found


def skip_blanks(code, offset):
    while offset < len(code) and code[offset].isspace():
        offset += 1
    return offset


def is_function_head(head):
    return re.search(r"\)\s*(const|noexcept)?\s*$", head) is not None and "=" not in head


def functions(text):
    """(name, first line, last line, (start, end) of the body) of each function defined here."""
    code, found = statements(text)
    result = []
    for start, end, body in found:
        if body is None or not is_function_head(code[start:body[0]]):
            continue
        offset = parameters_start(code, body[0])
        name = re.search(r"(\w+)\s*$", code[start:offset])
        if name:
            first = first_line(code, line_of(code, start + name.start()))
            result.append((name.group(1), first, line_of(code, end - 1), body))
    return result


def parameters_start(code, end):
    """The offset of the `(' of the last `(...)' before `end`."""
    depth, offset = 0, code.rindex(")", 0, end)
    while offset > 0:
        depth += {")": 1, "(": -1}.get(code[offset], 0)
        if depth == 0:
            break
        offset -= 1
    return offset


def first_line(code, line):
    """The line where the head begins whose name stands in `line`: its type may stand above."""
    lines = code.split("\n")
    while line > 1 and re.fullmatch(r"[\w\s*]*\w[\w\s*]*", lines[line - 2]):
        line -= 1
    return line


def declarations(text):
    """Each function that a header offers: (name, line, head, the comment above it or "")."""
    code, found = statements(text)
    result = []
    for start, end, body in found:
        head = code[start:body[0] if body else end - 1]
        match = re.search(r"\b(hd_\w+)\s*\(", head)
        if not match or head.startswith("typedef") or (body and not is_function_head(head)):
            continue
        result.append((match.group(1), line_of(text, start), head, comment_above(text, start)))
    return result


def comment_above(text, offset):
    """The comment that ends on the line right above."""
    before = text[:offset].rstrip(" \t")
    match = re.search(r"/\*(?:(?!\*/).)*\*/\n$", before, re.DOTALL)
    return match.group(0) if match else ""


def head_comment(text):
    """The comment that opens the file, or ""."""
    match = re.match(r"/\*.*?\*/", text, re.DOTALL)
    return match.group(0) if match else ""


def labels(comment):
    """The labels of a comment: `Word  text', or `Word, Word  text' where one text serves both."""
    rows = re.findall(r"^ \* ([A-Z][a-z]+(?:, [A-Z][a-z]+)*)(?:  |$)", comment, re.MULTILINE)
    return {label for row in rows for label in row.split(", ")}


def calls(text, pattern):
    """(line, name, whole call) for each call of a function whose name matches."""
    code = without_comments(text)
    for match in re.finditer(rf"(?<![\w.>])({pattern})\s*\(", code):
        depth, end = 0, match.end() - 1
        while end < len(code):
            depth += {"(": 1, ")": -1}.get(code[end], 0)
            end += 1
            if depth == 0:
                break
        yield line_of(text, match.start()), match.group(1), text[match.start():end]
