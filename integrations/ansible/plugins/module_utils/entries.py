# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether an entry may be set to a value, by the table that the build makes of confkit's catalogue.

The rules are those of `confkit set`, whose own modules need Python 3.11; a property test holds both against each other.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any, Dict, Iterable, NamedTuple

from ansible_collections.confkit.luna.plugins.module_utils.catalogue_table import SECTIONS
from ansible_collections.confkit.luna.plugins.module_utils.confkit import timeout
from ansible_collections.confkit.luna.plugins.module_utils.confkit.errors import UsageError

Facts = Dict[str, Any]

_INDEX = "{NN}"
_LABEL = "{label}"
_TWO_DIGITS = re.compile(r"(?<![0-9])[0-9]{2}(?![0-9])")
_LONGEST_NAME = 64  # comparing names takes quadratic time
_INTEGER = "-?[0-9]{1,19}"  # what a signed integer of 64 bits holds
_HOST_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_SHAPES = {
    "integer": re.compile(_INTEGER),
    "port": re.compile(_INTEGER),
    "boolean": re.compile("[01]"),
    "serial": re.compile("[0-9]+"),
    "url": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]\S*"),
}


class Fault(NamedTuple):
    """What is wrong with a value, without the value: it may be a secret. `refused`: it may not be written."""

    message: str
    refused: bool


def checked(section: str, key: str, value: str, *, windows: bool, force: bool) -> list[str]:
    """Return the warnings about setting an entry to `value`; UsageError where it may not be set.

    The bounds of statusTimeout hold with `force` too, and so do those of every entry that the catalogue knows.
    """
    if timeout.is_status_timeout(section, key):
        timeout.seconds_from(value)
        return []
    facts = facts_of(section, key, windows=windows)
    if facts is None:
        if not force:
            raise UsageError(f"{_unknown(section, key, windows=windows)} With force it is set all the same")
        return []
    found = fault(facts, value)
    if found is None:
        return []
    if found.refused:
        raise UsageError(f"{section}/{key} {found.message}. Nothing was changed")
    return [f"{section}/{key} {found.message}, as far as is known ({facts['sure']})"]


def facts_of(section: str, key: str, *, windows: bool) -> Facts | None:
    """Return what the catalogue knows of an entry, or None; numbered and labelled families count."""
    name = _section_name(section, windows=windows)
    if name is None:
        return None
    entries = _ignoring_case(SECTIONS[name]["entries"]) if windows else SECTIONS[name]["entries"]
    key, index = (key.lower(), _INDEX.lower()) if windows else (key, _INDEX)
    found = entries.get(key) or entries.get(_TWO_DIGITS.sub(index, key, count=1))
    return found or _labelled(entries, key)


def fault(facts: Facts, value: str) -> Fault | None:
    """Return what is wrong with `value` for an entry, or None."""
    field = _broken_field(facts, value)
    if field is None:
        return None
    message = f"must be {facts['expected']}" if value else "must not be empty"
    if facts["type"] == "integer" and len(value) > 19:
        message += ", of at most 19 digits"
    # a value of the wrong type is unusable, whoever says so; bounds bind where a text of the vendor gives them
    return Fault(message, field == "type" or field in facts.get("certain", ()))


def _broken_field(facts: Facts, value: str) -> str | None:
    if not value:
        return None if facts.get("may_be_empty") else "type"
    if facts.get("choices") and value not in facts["choices"]:
        return "choices"
    if not _has_shape(facts["type"], value):
        return "type"
    if facts["type"] == "integer":
        for bound, beyond in (("minimum", -1), ("maximum", 1)):
            if bound in facts and (int(value) - facts[bound]) * beyond > 0:
                return bound
    return None


def _has_shape(kind: str, value: str) -> bool:
    if kind == "host":
        return _is_host(value)
    if kind == "list":
        return all(part.strip() for part in value.split(","))
    if kind in _SHAPES and not _SHAPES[kind].fullmatch(value):
        return False
    return kind != "port" or 1 <= int(value) <= 65535


def _is_host(value: str) -> bool:
    if ":" in value or value.replace(".", "").isdigit():
        try:
            ip_address(value)
        except ValueError:
            return False
        return True
    labels = (value[:-1] if value.endswith(".") else value).split(".")
    return len(value) <= 253 and all(re.fullmatch(_HOST_LABEL, label) for label in labels)


def _section_name(section: str, *, windows: bool) -> str | None:
    if section in SECTIONS or not windows:
        return section if section in SECTIONS else None
    return next((name for name in SECTIONS if name.lower() == section.lower()), None)


def _ignoring_case(entries: dict[str, Facts]) -> dict[str, Facts]:
    """Return the entries by names in small letters; of two spellings the one for Windows."""
    found: dict[str, Facts] = {}
    for name, facts in entries.items():
        if found.get(name.lower(), {"platform": "unix"}).get("platform") == "unix":
            found[name.lower()] = facts
    return found


def _labelled(entries: dict[str, Facts], key: str) -> Facts | None:
    for name, facts in entries.items():
        ending = name[len(_LABEL) :]
        if name.startswith(_LABEL) and key.endswith(ending) and key != ending:
            return facts
    return None


def _unknown(section: str, key: str, *, windows: bool) -> str:
    name = _section_name(section, windows=windows)
    if name is None:
        near, what = _near(section, SECTIONS), f"section {section} is not in the catalogue"
    else:
        misspelt = SECTIONS[name]["misspelt"].get(key)
        near = misspelt or _near(key, SECTIONS[name]["entries"])
        what = f"section {section} has no entry {key} in the catalogue"
    return f"{what}; did you mean {near}?" if near else f"{what}."


def _near(name: str, candidates: Iterable[str]) -> str | None:
    if len(name) > _LONGEST_NAME:
        return None
    from difflib import get_close_matches  # noqa: PLC0415 - only a misspelt name comes here

    digits = _TWO_DIGITS.search(name)
    names: dict[str, str] = {}
    for candidate in candidates:
        known = candidate.replace(_INDEX, digits.group()) if digits else candidate
        names.setdefault(known.lower(), known)
    found = get_close_matches(name.lower(), names)
    return names[found[0]] if found else None
