"""What is wrong with the value of one entry: one verdict, so that no value is reported by two rules.

Carried into modules that run on Python 3.8.
"""

# ruff: noqa: FA100 - the annotations of a NamedTuple, as strings, would be compiled at import, each by itself

import re
from typing import Literal, NamedTuple, Optional

from confkit.core.catalogue.loader import EntryFacts
from confkit.core.catalogue.values import fault
from confkit.core.comments import comment_in
from confkit.core.ha import unquoted
from confkit.core.placeholders import placeholder
from confkit.core.severity import Severity

Kind = Literal["placeholder", "comment", "empty", "type", "bounds", "choice", "unit", "factor"]

_NUMBER = re.compile("[0-9]{1,19}")
# In a path or a text the sign of a comment may be meant; a number or a host has none.
_MAY_HOLD_A_SIGN = frozenset({"path", "string", "url"})
# Words that some program may well take for 0 or 1: ShowEmptySlots is yes or no, haLogStatus enabled or disabled.
_SWITCH_WORDS = frozenset({"yes", "no", "true", "false", "on", "off", "enabled", "disabled"})
_SECTIONS_OF_TIMEOUTS = ("Luna", "LunaSA Client")
_NEAR = 5  # how many times the default a value may be, or the default the value, to be taken for the one meant
_FAR = 10


class Verdict(NamedTuple):
    """What is wrong with a value; `message` follows the name of the entry."""

    kind: Kind
    message: str
    severity: Severity
    right: Optional[str] = None
    """The value that was meant, where that can be told"""


def severity_of(facts: EntryFacts, field: str) -> Severity:
    """Return how severe a finding may be that rests on this field of the catalogue."""
    if facts.evidence == "recalled":
        return "info"
    return "error" if facts.evidence == "documented" and field not in facts.undocumented else "warning"


def verdict(facts: EntryFacts, written: str) -> Optional[Verdict]:
    """Return what is wrong with the value `written` of the entry of `facts`, or None."""
    value = unquoted(written)
    early = _not_filled_in(facts, value) or _comment(facts, value)
    if early is not None:
        return early
    number = int(value) if _NUMBER.fullmatch(value) else 0
    found = fault(facts, value)
    if found is None:
        return _unusual(facts, number)
    if not value:
        return Verdict("empty", "has no value", severity_of(facts, "type"))
    if found.field in {"minimum", "maximum"}:
        return _unit_slip(facts, number, found.field) or Verdict(
            "bounds", found.message, severity_of(facts, found.field)
        )
    if found.field == "choices" or _may_be_switch(facts, value):
        return Verdict("choice", found.message, severity_of(facts, "choices"))
    return Verdict("type", found.message, _severity_of_type(facts))


def _not_filled_in(facts: EntryFacts, value: str) -> Optional[Verdict]:
    found = placeholder(value)
    if found is None or value in facts.choices:
        return None
    if facts.secret:  # of a real one nothing may be shown, and any characters may be in it
        return Verdict("placeholder", "was not filled in", "error") if found == value else None
    return Verdict("placeholder", f"was not filled in: {found}", "error")


def _comment(facts: EntryFacts, value: str) -> Optional[Verdict]:
    """Return a verdict where a comment behind the value has become a part of it."""
    match = comment_in(value)
    if match is None:
        return None
    real = value[: match.start()]
    severity: Severity = "warning" if facts.type in _MAY_HOLD_A_SIGN else "error"
    if facts.evidence == "recalled":
        severity = "info"
    return Verdict("comment", f"holds a comment: the client reads all of {match[1]} and what follows", severity, real)


def _may_be_switch(facts: EntryFacts, value: str) -> bool:
    """Return whether some program may take `value` for 0 or 1: the verdict is then "choice", not "type"."""
    number = _NUMBER.fullmatch(value.lstrip("-"))
    return facts.type == "boolean" and (number is not None or value.lower() in _SWITCH_WORDS)


def _severity_of_type(facts: EntryFacts) -> Severity:
    """Return the severity: a port `abc` is of no use to anybody, whoever says it is a port; an empty part may be."""
    if facts.evidence == "recalled":
        return "info"
    return "warning" if facts.type == "list" or "type" in facts.undocumented else "error"


def _unusual(facts: EntryFacts, number: int) -> Optional[Verdict]:
    """Return a verdict for a number that is allowed but far from the vendor's default; 0 may mean something else."""
    if facts.default is None or facts.unit not in {"s", "ms"} or number == 0:
        return None
    slip = _unit_slip(facts, number, None)
    default = int(facts.default)
    if slip or facts.section not in _SECTIONS_OF_TIMEOUTS or default < number * _FAR < default * _FAR * _FAR:
        return slip
    return Verdict("factor", f"is {number} {facts.unit}, the usual value is {default} {facts.unit}", "info")


def _unit_slip(facts: EntryFacts, number: int, broken: Optional[str]) -> Optional[Verdict]:
    """Return a verdict where the number makes sense in the other unit of time: 3000 for 3 s, 20 for 20000 ms."""
    if facts.unit == "s" and number >= 1000 and (broken == "maximum" or facts.maximum is None):
        meant, other = -(-number // 1000), "milliseconds"
    elif facts.unit == "ms":
        meant, other = number * 1000, "seconds"
    else:
        return None
    if not _makes_sense(facts, meant):
        return None
    takes = {"s": "seconds", "ms": "milliseconds"}[facts.unit]
    message = f"takes {takes}, and {number} looks like {other}: write {meant}"
    return Verdict("unit", message, severity_of(facts, broken) if broken else "warning", str(meant))


def _makes_sense(facts: EntryFacts, number: int) -> bool:
    if facts.maximum is not None:
        return (facts.minimum or 0) <= number <= facts.maximum
    default = int(facts.default or 0)
    return default <= number * _NEAR <= default * _NEAR * _NEAR
