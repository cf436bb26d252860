"""The edits of a fix as other programs apply them: by lines and columns from 1, in characters, of the file as read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.core.syntax.document import BYTE_ORDER_MARK
from confkit.core.syntax.lines import line_end

if TYPE_CHECKING:
    from confkit.core.syntax import Edit
    from confkit.lint.diagnostics import Fix
    from confkit.lint.source import Source


MAX_TEXT = 10_000  # characters that the edits of one fix may write; a hostile line is megabytes long


class TextEdit(NamedTuple):
    """What stands from (line, column) up to (end_line, end_column) becomes `text`.

    Behind a last line with a line ending stands one more, empty, line. A byte order mark is no character.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


def text_edits(fix: Fix, source: Source) -> tuple[TextEdit, ...]:
    """Return the edits of a fix; none at all where one of them cannot be handed on.

    That is so where it would repeat a secret, is longer than `MAX_TEXT`, touches a byte order mark, or stands in a line
    that is not UTF-8: `confkit lint --fix`, which works on bytes, makes it all the same.
    """
    if sum(len(edit.text) for edit in fix.edits) > MAX_TEXT:
        return ()
    found = [_text_edit(edit, source) for edit in fix.edits]
    whole = [edit for edit in found if edit is not None]
    return tuple(whole) if len(whole) == len(found) else ()


def _text_edit(edit: Edit, source: Source) -> TextEdit | None:
    number = edit.line
    if not source.has(number) and source.lines and not line_end(source.lines[-1]):
        number -= 1  # what goes behind such a line goes to its end
        edit = edit._replace(start=len(source.lines[-1]), end=len(source.lines[-1]))
    line = source.lines[number - 1] if source.has(number) else b""
    start, end, new = _with_whole_line_end(edit, line)
    marks = len(BYTE_ORDER_MARK) if number == 1 and line.startswith(BYTE_ORDER_MARK) else 0
    if start < marks:
        return None
    try:
        line.decode()
        first, last = _place(number, line, marks, start), _place(number, line, marks, end)
        text = new.decode()
    except UnicodeDecodeError:
        return None
    return TextEdit(*first, *last, text) if source.hide(text) == text else None


def _with_whole_line_end(edit: Edit, line: bytes) -> tuple[int, int, bytes]:
    """Return start, end and text of an edit, made wider where it takes only one of CR LF: no column lies in between."""
    width = len(line) - len(line_end(line))
    start, end, new = edit.start, edit.end, edit.text
    if width < start < len(line):
        start, new = width, line[width:start] + new
    if width < end < len(line):
        end, new = len(line), new + line[end:]
    return start, end, new


def _place(number: int, line: bytes, marks: int, offset: int) -> tuple[int, int]:
    """Return a byte offset as line and column; behind the line end it is the start of the next line."""
    if offset == len(line) > len(line) - len(line_end(line)):
        return number + 1, 1
    return number, len(line[marks:offset].decode()) + 1
