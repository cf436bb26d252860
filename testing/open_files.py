"""Files that are open in an editor, without an editor; and what an editor makes of the edits that it is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lsprotocol import types

from confkit.lsp.open_file import OpenFile
from confkit.lsp.text_lines import split


def open_file(text: str, name: str = "Chrystoki.conf", **more: Any) -> OpenFile:
    """Return a file with this text; `more` are other fields of it."""
    path = f"/nowhere/{name}"
    return OpenFile(
        **{"uri": f"file://{path}", "path": path, "language": "chrystoki", "version": 1, "lines": split(text), **more}
    )


def text_edits(edit: types.WorkspaceEdit | None, uri: str | None = None) -> list[types.TextEdit]:
    """Return the edits of the one file that an edit is about, in either form; `uri`: that file."""
    assert edit is not None
    if edit.document_changes is None:
        assert edit.changes is not None
        ((name, plain),) = edit.changes.items()
        edits = [*plain]
    else:
        assert edit.changes is None
        (change,) = edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        name = change.text_document.uri
        edits = [each for each in change.edits if isinstance(each, types.TextEdit)]
    assert uri in {None, name}
    return edits


def applied(text: str, edits: Sequence[types.TextEdit]) -> str:
    """Return a text after edits; it has no characters that take two UTF-16 units."""
    lines = split(text)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]

    def offset(place: types.Position) -> int:
        return int(min(starts[min(place.line, len(lines))] + place.character, len(text)))

    for edit in sorted(edits, key=lambda each: offset(each.range.start), reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text
