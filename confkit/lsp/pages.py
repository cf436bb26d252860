"""What an editor shows about the place under the cursor: the page of an entry or a section, the page of a rule."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lsprotocol import types

from confkit.core.catalogue import entry_facts, known_section, section_facts
from confkit.core.syntax.document import raw
from confkit.lint.page import page
from confkit.lint.rules import RULES
from confkit.lsp.diagnostics import at
from confkit.reports.explain import explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.results import LintedFile
    from confkit.lsp.open_file import OpenFile

_BETWEEN = "\n\n---\n\n"


def hover(file: OpenFile, result: LintedFile | None, position: types.Position) -> types.Hover | None:
    """Return the page of the entry or section at a position, and the page of each rule with a finding there."""
    parts: list[str] = []
    span = None
    for shown, place in _known(file, position) if file.is_configuration else ():
        parts.append(shown)
        span = place
    found = at(file, result.diagnostics, types.Range(position, position)) if result else []
    parts += [rule_page(code) for code in dict.fromkeys(each.code for each in found)]
    if not parts:
        return None
    markup = types.MarkupContent(types.MarkupKind.Markdown, _BETWEEN.join(parts))
    return types.Hover(markup, span or file.range_of(found[0]))


@cache
def rule_page(code: str) -> str:
    """Return the page of a rule as Markdown."""
    return next(page(rule) for rule in RULES if rule.code == code)


def _known(file: OpenFile, position: types.Position) -> Iterator[tuple[str, types.Range]]:
    document = file.document
    line, column = file.place(position)
    for section in document.sections:
        if section.line == line and section.start <= column <= section.end:
            name = known_section(section.name, windows=document.windows)
            facts = section_facts(name) if name else None
            if facts:
                yield explained.section_page(facts), file.range(line, section.start, section.end)
        elif section.line <= line <= section.end_line:
            for entry in section.entries:
                name_end = entry.start + len(raw(entry.name))
                in_value = entry.value_start <= column <= entry.value_end
                if entry.line == line and (entry.start <= column <= name_end or in_value):
                    known = entry_facts(entry.section, entry.name, windows=document.windows)
                    if known:
                        yield explained.entry_page(known), file.range(line, entry.start, name_end)
