"""Which rules run: codes, and prefixes such as CK3 for a whole family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confkit.lint.rule import Rule


def checked_codes(given: Iterable[str], rules: Sequence[Rule], where: str) -> tuple[str, ...]:
    """Return codes and prefixes as they are written in reports.

    UsageError, which begins with `where`, for one that no rule's code begins with.
    """
    codes = tuple(code.strip().upper() for code in given)
    for code in codes:
        if not code or not any(rule.code.startswith(code) for rule in rules):
            raise UsageError(f"{where}: {_unknown(code, rules)}")
    return codes


def selected(rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules that run: those selected (all where `select` is empty) and not ignored.

    The longer of two codes wins: selecting CK301 and ignoring CK3 runs CK301. UsageError where no rule is left.
    """
    chosen = tuple(rule for rule in rules if _length(rule, select or ("",)) > _length(rule, ignore))
    if not chosen:
        raise UsageError("no rule is left to run: all that are selected are ignored. confkit rules lists them")
    return chosen


def _length(rule: Rule, codes: Sequence[str]) -> int:
    """Return the length of the longest code that the rule's begins with, -1 where there is none."""
    return max((len(code) for code in codes if rule.code.startswith(code)), default=-1)


def _unknown(code: str, rules: Sequence[Rule]) -> str:
    if not code:
        return "a code is empty. confkit rules lists them"
    # brings difflib, 10 ms, and only a wrong code comes here
    from confkit.core.catalogue import near_names  # noqa: PLC0415

    near = near_names(code, [rule.code for rule in rules])
    guess = f"; did you mean {' or '.join(near)}?" if near else "."
    return f"there is no rule {code}{guess} confkit rules lists them"
