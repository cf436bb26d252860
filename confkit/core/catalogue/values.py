"""Whether a value fits what the catalogue knows of its entry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from confkit.core.catalogue.loader import EntryFacts

_MOST_DIGITS = 19  # what a signed integer of 64 bits holds, and far below the length at which int() refuses
_LAST_PORT = 65535
_NUMBERS = {"integer": "a whole number", "port": "a port"}
_UNITS = {"s": "of seconds", "ms": "of milliseconds", "bytes": "of bytes"}
# A label of a host name (RFC 1123), with the underscore that container networks use.
_HOST_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"{_HOST_LABEL}(?:\.{_HOST_LABEL})*\.?")
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*"


class ValueFault(NamedTuple):
    """What is wrong with a value. The value itself is not in here: it may be a secret."""

    message: str
    """What follows the name of the entry in a sentence: must be a whole number of seconds from 3 to 60"""
    field: str
    """The fact that the value breaks: type, minimum, maximum or choices"""
    certain: bool
    """A vendor text gives this fact; otherwise no rule may make an error of the fault"""


def fault(facts: EntryFacts, value: str) -> ValueFault | None:
    """Return what is wrong with `value` (without surrounding spaces) for the entry of `facts`, or None."""
    field = _broken_field(facts, value)
    if field is None:
        return None
    message = f"must be {expected(facts)}" if value else "must not be empty"
    if facts.type == "integer" and len(value) > _MOST_DIGITS:
        message += f", of at most {_MOST_DIGITS} digits"
    return ValueFault(message, field, certain=facts.evidence == "documented" and field not in facts.undocumented)


def expected(facts: EntryFacts) -> str:
    """Say which values the entry of `facts` takes, to follow "must be": "a whole number of seconds from 3 to 60"."""
    if facts.choices:
        return _alternatives(facts.choices)
    if facts.type in _NUMBERS:
        return " ".join(filter(None, (_NUMBERS[facts.type], _UNITS.get(facts.unit or ""), limits(facts))))
    return _WORDS[facts.type]


def limits(facts: EntryFacts) -> str:
    """Say between which bounds a number of the entry of `facts` lies: "from 3 to 60"; empty where there are none."""
    minimum, maximum = (1, _LAST_PORT) if facts.type == "port" else (facts.minimum, facts.maximum)
    if minimum is None:
        return "" if maximum is None else f"up to {maximum}"
    return f"from {minimum} upward" if maximum is None else f"from {minimum} to {maximum}"


def _broken_field(facts: EntryFacts, value: str) -> str | None:
    if not value:
        return None if facts.may_be_empty else "type"
    if facts.choices and value not in facts.choices:
        return "choices"
    if not _SHAPES[facts.type](value):
        return "type"
    return _broken_bound(facts, value) if facts.type == "integer" else None


def _broken_bound(facts: EntryFacts, value: str) -> str | None:
    number = int(value)
    if facts.minimum is not None and number < facts.minimum:
        return "minimum"
    if facts.maximum is not None and number > facts.maximum:
        return "maximum"
    return None


def _alternatives(choices: tuple[str, ...]) -> str:
    return " or ".join([", ".join(choices[:-1]), choices[-1]])


def _is_digits(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _is_integer(value: str) -> bool:
    digits = value[1:] if value.startswith("-") else value
    return len(digits) <= _MOST_DIGITS and _is_digits(digits)


def _is_port(value: str) -> bool:
    return _is_integer(value) and 1 <= int(value) <= _LAST_PORT


def _is_host(value: str) -> bool:
    if ":" in value or value.replace(".", "").isdigit():
        return _is_address(value)
    return len(value) <= 253 and _HOST.fullmatch(value) is not None


def _is_address(value: str) -> bool:
    # only a value that looks like an address comes here
    from ipaddress import ip_address  # noqa: PLC0415

    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def _is_list(value: str) -> bool:
    return all(part.strip() for part in value.split(","))


def _is_url(value: str) -> bool:
    scheme, _, rest = value.partition("://")
    return bool(re.fullmatch(_SCHEME, scheme) and rest and rest[0] not in "/?#" and not any(map(str.isspace, rest)))


def _is_text(value: str) -> bool:
    return bool(value)


_SHAPES: dict[str, Callable[[str], bool]] = {
    "integer": _is_integer,
    "boolean": lambda value: value in {"0", "1"},
    "string": _is_text,
    "path": _is_text,
    "host": _is_host,
    "port": _is_port,
    "list": _is_list,
    "enum": _is_text,
    "serial": _is_digits,
    "url": _is_url,
}

_WORDS = {
    "boolean": "0 or 1",
    "string": "a text",
    "path": "a path",
    "host": "a host name or an IP address",
    "list": "a list separated by commas, with no empty part",
    "enum": "a name",
    "serial": "a serial number, digits only",
    "url": "an address such as https://host.example",
}
