"""What a file says, whatever its layout or form: for `diff`, and for `convert` to prove itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.core.catalogue import entry_facts, is_secret

if TYPE_CHECKING:
    from confkit.core.syntax import Document


class Difference(NamedTuple):
    """One entry that two files do not agree on: their values (all of them, in order) and the lines these stand on."""

    section: str
    key: str
    values: tuple[tuple[str, ...], tuple[str, ...]]
    lines: tuple[tuple[int, ...], tuple[int, ...]]

    @property
    def secret(self) -> bool:
        """Tell whether the values may not be shown."""
        return is_secret(self.key)


def differences(one: Document, other: Document) -> list[Difference]:
    """Return the entries whose values differ, in the order of `one`, then what `other` has besides.

    Sections without entries mean nothing. Where one of the two is of the Windows form, the case of names is ignored,
    and an entry that the platforms spell differently is one entry.
    """
    fold = one.windows or other.windows
    left, right = _entries(one, fold=fold), _entries(other, fold=fold)
    nothing = _Values("", "", (), ())
    found = []
    for name in {**left, **right}:
        first, second = left.get(name, nothing), right.get(name, nothing)
        if first.values != second.values:
            shown = first if first.values else second
            pair = (first.values, second.values), (first.lines, second.lines)
            found.append(Difference(shown.section, shown.key, *pair))
    return found


class _Values(NamedTuple):
    section: str
    key: str
    values: tuple[str, ...]
    lines: tuple[int, ...]


def spelling(section: str, key: str, *, windows: bool) -> str:
    """Return the name that this platform has for an entry, where the catalogue knows that the platforms differ."""
    facts = entry_facts(section, key)
    platform = "windows" if windows else "unix"
    if facts is None or facts.other_platform is None or facts.platform in {platform, None}:
        return key
    return facts.other_platform


def _entries(document: Document, *, fold: bool) -> dict[tuple[str, str], _Values]:
    found: dict[tuple[str, str], _Values] = {}
    for section in document.sections:
        for entry in section.entries:
            key = spelling(section.name, entry.name, windows=True) if fold else entry.name
            name = (section.name.lower(), key.lower()) if fold else (section.name, key)
            before = found.get(name, _Values(section.name, entry.name, (), ()))
            values, lines = (*before.values, entry.value), (*before.lines, entry.line)
            found[name] = before._replace(values=values, lines=lines)
    return found
