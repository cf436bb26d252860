"""What other programs make of the edits in a report must be what `--fix` makes of them."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from confkit.core.syntax import Edit, parse
from confkit.core.syntax.document import BYTE_ORDER_MARK, splice
from confkit.lint.diagnostics import Fix
from confkit.lint.source import Source
from confkit.reports.lint.edits import TextEdit, text_edits
from testing.configuration_files import any_bytes
from testing.findings import made, reported, result_of


def edits_of(source: bytes, *edits: Edit) -> tuple[TextEdit, ...]:
    return text_edits(Fix("", safe=True, edits=edits), Source(parse(source)))


def applied(source: str, edits: list[dict[str, Any]], unit: str = "utf-32-le", width: int = 4) -> str:
    """Apply edits as an editor does, with columns in units of `width` bytes of the encoding `unit`."""
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z|(?<![^\r\n])\Z", source)

    def offset(line: int, column: int) -> int:
        assert line <= len(lines)
        assert (column - 1) * width <= len(lines[line - 1].rstrip("\r\n").encode(unit))
        return len("".join(lines[: line - 1]).encode(unit)) + (column - 1) * width

    result = source.encode(unit)
    for edit in sorted(edits, key=lambda edit: (edit["line"], edit["column"]), reverse=True):
        start, end = offset(edit["line"], edit["column"]), offset(edit["end_line"], edit["end_column"])
        result = result[:start] + edit["text"].encode(unit) + result[end:]
    return result.decode(unit)


def edits_in_json(source: bytes, *edits: Edit) -> list[dict[str, Any]]:
    result = result_of(source, made(fix=Fix("Do it", safe=True, edits=edits)))
    found: list[dict[str, Any]] = json.loads(reported("json", result))["diagnostics"][0]["fix"]["edits"]
    return found


def edits_in_sarif(source: bytes, *edits: Edit) -> list[dict[str, Any]]:
    """The replacements of a SARIF log, in the terms of our JSON report."""
    result = result_of(source, made(fix=Fix("Do it", safe=True, edits=edits)))
    fixes = json.loads(reported("sarif", result, rules=()))["runs"][0]["results"][0]["fixes"]
    names = {"line": "startLine", "column": "startColumn", "end_line": "endLine", "end_column": "endColumn"}
    return [
        {name: each["deletedRegion"][theirs] for name, theirs in names.items()} | each["insertedContent"]
        for fix in fixes
        for each in fix["artifactChanges"][0]["replacements"]
    ]


@st.composite
def edited_files(draw: st.DrawFn) -> tuple[bytes, Edit]:
    astral = st.sampled_from([b"", "\U0001f512é = 1;\r\n".encode(), b"\xef\xbb\xbf"])
    source = draw(astral) + draw(any_bytes)
    lines = parse(source).lines
    line = draw(st.integers(1, len(lines) + 1))
    width = len(lines[line - 1]) if line <= len(lines) else 0
    start = draw(st.integers(0, width))
    new = draw(st.sampled_from([b"", b";", b"\n", b"x = 1;\r\n", "日\U0001f512".encode(), b"\xff"]))
    return source, Edit(line, start, draw(st.integers(start, width)), new)


@given(edited_files())
@example((b"a = 1\r\nb", Edit(1, 5, 6, b"")))  # the CR of CR LF
@example((b"a = 1\r\nb", Edit(1, 6, 7, b"")))  # the LF
@example((b"a = 1\r\nb", Edit(1, 6, 6, b"x")))  # between them
@example((b"a = 1\nb\n", Edit(1, 0, 6, b"")))  # a whole line
@example((b"a = 1\n", Edit(2, 0, 0, b"x")))  # behind the last line
def test_an_edit_does_to_the_text_what_it_does_to_the_bytes(case: tuple[bytes, Edit]) -> None:
    source, edit = case
    document = parse(source)
    in_json, in_sarif = edits_in_json(source, edit), edits_in_sarif(source, edit)
    if source.isascii() and edit.text.isascii():
        assert in_json
    assert bool(in_json) == bool(in_sarif)
    assume(in_json)
    try:
        marks = len(BYTE_ORDER_MARK) if source.startswith(BYTE_ORDER_MARK) else 0
        text, wanted = source[marks:].decode(), splice(document.lines, [edit])[marks:].decode()
    except UnicodeDecodeError:  # another line is not UTF-8
        return
    assert applied(text, in_json) == wanted
    assert applied(text, in_sarif, "utf-16-le", 2) == wanted


def test_lines_and_columns_count_from_one_in_characters() -> None:
    source = "a = 1;\né日 = 2;\n".encode()
    assert edits_of(source, Edit(2, 8, 9, b"3")) == (TextEdit(2, 6, 2, 7, "3"),)
    assert edits_of(source, Edit(1, 0, 7, b"")) == (TextEdit(1, 1, 2, 1, ""),)


def test_no_edit_is_handed_on_where_one_cannot_be() -> None:
    fine = Edit(1, 0, 1, b"x")
    assert edits_of(b"abc\n\xff = 1;\n", fine, Edit(2, 5, 6, b"2")) == ()
    assert edits_of(b"abc\nd\xc3\xa9\n", fine, Edit(2, 2, 3, b"")) == ()  # half a character
    assert edits_of(b"abc\n", fine, Edit(1, 2, 3, b"\xff")) == ()
    assert edits_of(b"\xef\xbb\xbfabc\n", Edit(1, 0, 3, b"")) == ()  # the byte order mark
    assert edits_of(b"\xef\xbb\xbfabc\n", Edit(1, 3, 4, b"x")) == (TextEdit(1, 1, 1, 2, "x"),)
    assert edits_of(b"# AuthTokenClientSecret = hunter2;\n", Edit(1, 0, 2, b""), Edit(2, 0, 0, b"x = hunter2;")) == ()
