"""Apply the fixes of findings to the bytes of a file, until there is nothing left to apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.syntax import Edit, parse
from confkit.core.syntax.document import splice
from confkit.lint.linter import lint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confkit.lint.diagnostics import Diagnostic
    from confkit.lint.rule import Rule

# A fix may uncover the next one: a line that is split, then its entries. Far fewer rounds than this are ever needed.
_MOST_ROUNDS = 20

_Place = tuple[int, int, int]  # line, start and end of the bytes that an edit replaces


def fixed(source: bytes, name: str, rules: Sequence[Rule], *, unsafe: bool) -> tuple[bytes, list[Diagnostic]]:
    """Return the source with the fixes of all findings applied, and the findings they belong to, in that order.

    Without `unsafe` only safe fixes are applied. Of fixes that touch the same bytes the first one is applied; then the
    file is looked at again. The positions in a finding are those of the text that it was found in, which is `source`
    for those of the first look. Fixing what this returns again changes nothing.
    """
    applied: list[Diagnostic] = []
    for _ in range(_MOST_ROUNDS):
        document = parse(source, name)
        found = [each for each in lint(document, name, rules) if each.fix and (unsafe or each.fix.safe)]
        chosen = _without_conflicts(found)
        result = splice(document.lines, _edits(chosen))
        if result == source:
            break
        source = result
        applied += chosen
    return source, applied


def _without_conflicts(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics, in their order, whose fixes can be made together."""
    taken: dict[int, list[Edit]] = {}
    chosen = []
    for diagnostic in diagnostics:
        edits = diagnostic.fix.edits if diagnostic.fix else ()
        if not any(_conflict(edit, other) for edit in edits for other in taken.get(edit.line, ())):
            chosen.append(diagnostic)
            for edit in edits:
                if not _is_comment(edit):
                    taken.setdefault(edit.line, []).append(edit)
    return chosen


def _conflict(one: Edit, other: Edit) -> bool:
    return one.start == other.start or (one.start < other.end and other.start < one.end)


def _is_comment(edit: Edit) -> bool:
    """Return whether the edit puts a comment in front of a line; any number of them can go in one after the other."""
    return edit.start == edit.end and edit.text.startswith((b"#", b"//", b"/*")) and edit.text.endswith(b"\n")


def _edits(diagnostics: Iterable[Diagnostic]) -> list[Edit]:
    """Return the edits of all fixes; comments for one place are put together in the order of the findings."""
    edits: dict[_Place, Edit] = {}
    for edit in (edit for diagnostic in diagnostics if diagnostic.fix for edit in diagnostic.fix.edits):
        place = edit.line, edit.start, edit.end
        before = edits.get(place)
        edits[place] = edit._replace(text=before.text + edit.text) if before else edit
    return list(edits.values())
