"""The list of rules as JSON: what `confkit rules --format json` prints."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from confkit.core.severity import Severity  # noqa: TC001 - the schema of the report is made from it
from confkit.lint.linter import page_of
from confkit.reports.explain.explained import summary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confkit.lint.rule import Rule


@dataclass(frozen=True)
class RuleView:
    """One rule of the linter."""

    code: str
    """Stable, such as CK101"""
    name: str
    """Such as missing-semicolon"""
    severity: Severity
    """The most severe that its findings are"""
    summary: str
    """What it finds, in one sentence"""
    url: str
    """Its page"""


@dataclass(frozen=True)
class RulesReport:
    """All rules of the linter, by code."""

    version: Literal[1]
    rules: tuple[RuleView, ...]


def report(rules: Iterable[Rule]) -> str:
    """Return the rules as JSON."""
    views = tuple(
        RuleView(code=rule.code, name=rule.name, severity=rule.severity, summary=summary(rule), url=page_of(rule))
        for rule in rules
    )
    return json.dumps(asdict(RulesReport(1, views)), indent=2) + "\n"
