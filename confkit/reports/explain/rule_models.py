"""The list of rules as JSON: what `confkit rules --format json` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from confkit.lint.linter import page_of
from confkit.reports.explain.explained import summary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confkit.lint.rule import Rule


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleView(_Model):
    """One rule of the linter."""

    code: str = Field(description="Stable, such as CK101")
    name: str = Field(description="Such as missing-semicolon")
    severity: Literal["error", "warning", "info"] = Field(description="The most severe that its findings are")
    summary: str = Field(description="What it finds, in one sentence")
    url: str = Field(description="Its page")


class RulesReport(_Model):
    """All rules of the linter, by code."""

    version: Literal[1] = 1
    rules: tuple[RuleView, ...]


def report(rules: Iterable[Rule]) -> str:
    """Return the rules as JSON."""
    views = tuple(
        RuleView(code=rule.code, name=rule.name, severity=rule.severity, summary=summary(rule), url=page_of(rule))
        for rule in rules
    )
    return RulesReport(rules=views).model_dump_json(indent=2) + "\n"
