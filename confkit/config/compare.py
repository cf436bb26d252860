"""What a file says, whatever its layout or form: for `diff`, and for `convert` to prove itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from typing import TYPE_CHECKING, Literal, NamedTuple

from confkit.core.catalogue import entry_facts
from confkit.core.redact import BY_CONTENT, Redactor
from confkit.core.secret_names import is_secret_name
from confkit.core.syntax.document import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confkit.core.syntax import Document


@dataclass(frozen=True)
class Side:
    """The value of an entry in one of the files; null where it is a secret."""

    value: str | None
    line: int


@dataclass(frozen=True)
class Difference:
    """An entry on which two files do not agree: all its values in each of them, in file order."""

    section: str
    key: str
    secret: bool
    one: tuple[Side, ...]
    other: tuple[Side, ...]


@dataclass(frozen=True)
class DiffReport:
    """The differences of meaning between two files."""

    version: Literal[1]
    paths: tuple[str, str]
    differences: tuple[Difference, ...]


def differences(one: Document, other: Document) -> tuple[Difference, ...]:
    """Return the entries whose values differ, in the order of `one`, then what `other` has besides; without secrets.

    Sections without entries mean nothing. Where one of the two is of the Windows form, the case of names is ignored,
    and an entry that the platforms spell differently is one entry.
    """
    fold = one.windows or other.windows
    left, right = _entries(one, fold=fold), _entries(other, fold=fold)
    nothing = _Values("", "", (), ())
    found: list[tuple[_Values, _Values]] = []
    for name in {**left, **right}:
        first, second = left.get(name, nothing), right.get(name, nothing)
        if first.values != second.values:
            found.append((first, second))
    redactor = Redactor(one.lines, other.lines) if found else BY_CONTENT
    return tuple(_difference(first, second, redactor) for first, second in found)


# Entries that differ from one host to the next on purpose: certificates and keys of the host itself.
HOST_SPECIFIC = (
    "ClientCertFile",
    "ClientPrivKeyFile",
    "ClientAuthFile",
    "LNHServerClientCert[0-9][0-9]",
    "LNHServerClientKey[0-9][0-9]",
    "PartitionCertPath[0-9][0-9]",
    "ServerCertFile",
    "ServerPrivKeyFile",
)


def without_ignored(found: Iterable[Difference], patterns: Sequence[str]) -> tuple[Difference, ...]:
    """Return the differences of which neither KEY nor SECTION/KEY fits one of the patterns (*, ?, [...]; any case)."""
    expressions = [re.compile(translate(pattern.lower())) for pattern in patterns]

    def is_ignored(each: Difference) -> bool:
        names = each.key.lower(), f"{each.section}/{each.key}".lower()
        return any(expression.match(name) for expression in expressions for name in names)

    return tuple(each for each in found if not is_ignored(each))


def _difference(first: _Values, second: _Values, redactor: Redactor) -> Difference:
    shown = first if first.values else second
    return Difference(
        section=readable(redactor.hide(shown.section)),
        key=readable(redactor.hide(shown.key)),
        secret=is_secret_name(shown.key),
        one=_side(first, redactor),
        other=_side(second, redactor),
    )


def _side(found: _Values, redactor: Redactor) -> tuple[Side, ...]:
    shown = (redactor.hide_entry(found.key, value) for value in found.values)
    return tuple(
        Side(None if value is None else readable(value), line) for value, line in zip(shown, found.lines, strict=True)
    )


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
