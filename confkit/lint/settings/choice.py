"""What the settings file and what was asked for mean together: which rules run, and from which severity it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.lint.settings.selection import checked_codes, selected
from confkit.lint.settings.settings import checked_version, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confkit.core.severity import Severity
    from confkit.lint.rule import Rule
    from confkit.lint.settings.ignores import Ignores


class RequestedSettings(NamedTuple):
    """What the command line asks for; empty, or None, where it says nothing. Codes may be lists with commas."""

    settings: str | None = None
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    fail_on: Severity | None = None
    client_version: str | None = None


class Choice(NamedTuple):
    """What is in force. `settings` is the settings file that was read, `skipped` one that another user owns."""

    rules: tuple[Rule, ...]
    ignores: Ignores
    fail_on: Severity
    settings: str | None
    skipped: str | None = None
    client_version: str | None = None


def choose(asked: RequestedSettings, directory: str, rules: Sequence[Rule]) -> Choice:
    """Return what is in force in `directory`: what was asked for replaces what its settings say.

    UsageError and FileError as `confkit.lint.settings.settings` and `confkit.lint.settings.selection` say.
    """
    said = load_settings(asked.settings, directory, rules)
    chosen = checked_codes(_codes(asked.select), rules, "--select") or said.select
    ignored = checked_codes(_codes(asked.ignore), rules, "--ignore") or said.ignore
    level: Severity = asked.fail_on or said.fail_on or "error"
    version = said.client_version if asked.client_version is None else checked_version(asked.client_version)
    return Choice(selected(rules, chosen, ignored), said.ignores, level, said.file, said.skipped, version)


def _codes(given: Iterable[str]) -> Iterable[str]:
    return (code for each in given for code in each.split(","))
