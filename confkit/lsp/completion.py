"""What can be typed at a place of the file: sections, entries of the section, values; whole groups and servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from confkit.config.numbering import next_number
from confkit.core import ha
from confkit.core.catalogue import entry_facts, known_section, section_facts, section_names
from confkit.core.errors import FileError
from confkit.core.syntax.document import text
from confkit.reports.explain import explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.catalogue import EntryFacts
    from confkit.core.syntax import Section
    from confkit.lsp.open_file import OpenFile

_INDEX = "{NN}"
_LABEL = "{label}"


class _Place(NamedTuple):
    """Where the cursor is: the line, what stands before and behind the cursor, and the section around it."""

    line: int
    before: bytes
    behind: bytes
    section: Section | None


class _Offer(NamedTuple):
    """What is inserted, as a snippet: `$1` and `${1:text}` are places to fill in."""

    label: str
    snippet: str
    detail: str
    page: str
    kind: types.CompletionItemKind


def completion(file: OpenFile, position: types.Position, *, snippets: bool) -> list[types.CompletionItem]:
    """Return what can be typed at a position; `snippets`: the editor knows places to fill in."""
    place = _place(file, position)
    if place is None:
        return []
    start, offers = _offers(file, place)
    span = types.Range(file.position(place.line, start), position)
    return [_item(offer, span, number, snippets=snippets) for number, offer in enumerate(offers)]


def _place(file: OpenFile, position: types.Position) -> _Place | None:
    """Return the place of a position; None in a comment, where nothing is completed."""
    number, column = file.place(position)
    lines = file.document.lines
    line = lines[number - 1] if number <= len(lines) else b""
    before, behind = line[:column], line[column:].rstrip(b"\r\n")
    if before.lstrip().startswith((b"#", b"//", b"/*", b";")):
        return None
    windows = file.document.windows
    inside = (
        section
        for section in file.document.sections
        if section.open_line < number <= section.end_line - (section.closed and not windows and b"}" in line)
        or (number == len(lines) + 1 and (windows or not section.closed) and section is file.document.sections[-1])
    )
    return _Place(number, before, behind, next(inside, None))


def _offers(file: OpenFile, place: _Place) -> tuple[int, list[_Offer]]:
    """Return the byte at which what is inserted begins, and what can be inserted."""
    windows = file.document.windows
    first = len(place.before) - len(place.before.lstrip())
    if place.section is not None and b"=" in place.before and not place.before.lstrip().startswith(b"["):
        behind_sign = place.before.partition(b"=")[2]
        if b";" in behind_sign and not windows:
            return first, []  # behind the end of the entry
        value_start = len(place.before) - len(behind_sign.lstrip())
        key = text(place.before.partition(b"=")[0].strip())
        return value_start, [*_values(file, place, key)]
    if place.section is None and (b"=" in place.before or b"{" in place.before):
        return first, []  # behind a section's name
    if place.section is None or place.before.lstrip().startswith(b"["):
        return first, [*_sections(file, place), *_whole_group(file)]
    entries = [*_entries(file, place), *_families(file, place.section)]
    return first, entries if not windows or place.before.strip() else [*entries, *_sections(file, place)]


def _sections(file: OpenFile, place: _Place) -> Iterator[_Offer]:
    windows = file.document.windows
    present = {
        ha.folded(file.document, section.name) for section in file.document.sections if section is not place.section
    }
    for name in section_names():
        facts = section_facts(name)
        if facts is None or facts.deprecated or ha.folded(file.document, name) in present:
            continue
        header = f"[{name}" if place.behind.startswith(b"]") else f"[{name}]\n$0"
        snippet = header if windows else f"{_escaped(name)} = {{\n  $0\n\\}}"
        page = explained.section_page(facts)
        yield _Offer(name, snippet, f"{facts.meaning}", page, types.CompletionItemKind.Module)


def _whole_group(file: OpenFile) -> Iterator[_Offer]:
    """Offer all parts of an HA group at once, in a file that has none of their sections."""
    parts = (ha.GROUPS, ha.SYNCHRONIZE, ha.SETTINGS)
    if any(file.document.sections_named(name) for name in parts):
        return
    bodies = (
        _group_lines("00", file),
        [_line(file, "${1:label}", "1")],
        [_line(file, "HAOnly", "1"), _line(file, "reconnAtt", "-1"), _line(file, "AutoReconnectInterval", "60")],
    )
    if file.document.windows:
        snippet = "\n".join("\n".join([f"[{name}]", *body]) for name, body in zip(parts, bodies, strict=True))
    else:
        snippet = "\n".join(
            "\n".join([f"{name} = {{", *(f"  {line}" for line in body), "\\}"])
            for name, body in zip(parts, bodies, strict=True)
        )
    page = "An HA group in all three sections: VirtualToken, HASynchronize, HAConfiguration."
    yield _Offer("HA group", snippet, "all parts of an HA group", page, types.CompletionItemKind.Snippet)


def _group_lines(number: str, file: OpenFile) -> list[str]:
    return [
        _line(file, f"VirtualToken{number}Label", "${1:label}"),
        _line(file, f"VirtualToken{number}SN", "1${2:1234567890123}"),
        _line(file, f"VirtualToken{number}Members", "${2:1234567890123},${3:1234567890124}"),
    ]


def _line(file: OpenFile, key: str, value: str) -> str:
    return f"{key} = {value}" + ("" if file.document.windows else ";")


def _families(file: OpenFile, section: Section) -> Iterator[_Offer]:
    """Offer the next server, or the next HA group, in the section that lists them."""
    document = file.document
    kind = types.CompletionItemKind.Snippet
    if document.same_name(section.name, ha.SERVERS):
        number = _next([server.number for server in ha.servers_of(document)])
        if number is not None:
            lines = [
                _line(file, f"ServerName{number}", "${1:host}"),
                _line(file, f"ServerPort{number}", "${2:1792}"),
                _line(file, f"ServerHtl{number}", "${3:0}"),
            ]
            yield _Offer(f"server {number}", "\n".join(lines), "name, port and HTL", "One more network HSM.", kind)
    if document.same_name(section.name, ha.GROUPS):
        number = _next([group.number for group in ha.groups_of(document)])
        if number is not None:
            page = "One more HA group: its label, its serial number, its members. Name it in HASynchronize too."
            lines = _group_lines(number, file)
            yield _Offer(f"HA group {number}", "\n".join(lines), "label, SN and members", page, kind)


def _next(numbers: list[str]) -> str | None:
    """Return the next free number; None where there is none, or where the numbers have a gap."""
    try:
        number = next_number(numbers, "entries")
    except FileError:
        return None
    return None if number in numbers else number


def _entries(file: OpenFile, place: _Place) -> Iterator[_Offer]:
    assert place.section is not None  # noqa: S101 - the caller's condition
    document = file.document
    name = known_section(place.section.name, windows=document.windows)
    facts = section_facts(name) if name else None
    here = {ha.folded(document, each.name) for each in place.section.entries if each.line != place.line}
    platform = "windows" if document.windows else "unix"
    for each in facts.entries.values() if facts else ():
        if each.platform not in {None, platform} or each.until:
            continue
        for key in _names(file, each):
            if ha.folded(document, key) not in here:
                yield _entry(file, place, key, each)


def _names(file: OpenFile, facts: EntryFacts) -> Iterator[str]:
    """Yield the names that an entry can have: of a numbered one the next, of one with a label one for each group."""
    if _LABEL in facts.name:
        labels = dict.fromkeys(ha.labels(ha.groups_of(file.document)))
        yield from (facts.name.replace(_LABEL, label) for label in labels)
    elif _INDEX in facts.name:
        names = (facts.name.replace(_INDEX, f"{number:02}") for number in range(100))
        yield from [name for name in names if not file.document.entries(facts.section, name)][:1]
    else:
        yield facts.name


def _entry(file: OpenFile, place: _Place, key: str, facts: EntryFacts) -> _Offer:
    value = f"${{1:{_escaped(facts.default)}}}" if facts.default else "$1"
    written = _escaped(key)
    snippet = written if place.behind.strip() else _line(file, written, value)
    return _Offer(key, snippet, _detail(facts), explained.entry_page(facts), types.CompletionItemKind.Property)


def _detail(facts: EntryFacts) -> str:
    known = (facts.type, facts.unit, f"default {facts.default}" if facts.default else None)
    return ", ".join(filter(None, known))


def _values(file: OpenFile, place: _Place, key: str) -> Iterator[_Offer]:
    assert place.section is not None  # noqa: S101 - the caller's condition
    facts = entry_facts(place.section.name, key, windows=file.document.windows)
    if facts is None or facts.secret:
        return
    end = "" if file.document.windows or place.behind.strip() else ";"
    offered: dict[str, str] = {}
    if facts.default is not None:
        offered[facts.default] = "default"
    for choice in facts.choices or (("0", "1") if facts.type == "boolean" else ()):
        offered.setdefault(choice, "")
    for bound, what in ((facts.minimum, "the least"), (facts.maximum, "the most")):
        if bound is not None:
            offered.setdefault(str(bound), what)
    unit = f" {facts.unit}" if facts.unit and facts.unit != "count" else ""
    for value, what in offered.items():
        detail = f"{value}{unit}, {what}" if what else f"{value}{unit}"
        page = explained.entry_page(facts)
        yield _Offer(value, _escaped(value) + end, detail, page, types.CompletionItemKind.Value)


def _item(offer: _Offer, span: types.Range, number: int, *, snippets: bool) -> types.CompletionItem:
    inserted = offer.snippet if snippets else _without_places(offer.snippet)
    return types.CompletionItem(
        label=offer.label,
        kind=offer.kind,
        detail=offer.detail,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, offer.page),
        sort_text=f"{number:04}",
        filter_text=inserted.partition("\n")[0] if inserted.startswith("[") else offer.label,
        insert_text_format=types.InsertTextFormat.Snippet if snippets else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(span, inserted),
    )


def _escaped(value: str) -> str:
    """Return a text as a snippet has it."""
    return value.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")


def _without_places(snippet: str) -> str:
    """Return the text of a snippet, for an editor that fills in nothing."""
    found, rest = "", snippet
    while rest:
        if rest[0] == "\\" and len(rest) > 1:
            found, rest = found + rest[1], rest[2:]
        elif rest.startswith("${"):
            inside, _, rest = rest.partition("}")
            found += inside.partition(":")[2]
        elif rest[0] == "$" and rest[1:2].isdigit():
            rest = rest[2:]
        else:
            found, rest = found + rest[0], rest[1:]
    return found
