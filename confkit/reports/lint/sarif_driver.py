"""The linter as SARIF describes a tool: its name, its version, and every rule with its page."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from confkit.lint.linter import page_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.core.severity import Severity
    from confkit.lint.rule import Rule

LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_GITHUB: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "recommendation"}
_FAMILIES = {"1": "layout", "2": "entries", "3": "ha", "4": "network", "5": "security", "6": "readers"}
_HOME = "https://github.com/luna-confkit/confkit"
_WHY = re.compile(r"^## Why\s+(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_LONGEST_DESCRIPTION = 1024  # GitHub shows no more


def driver(rules: Sequence[Rule], version: str) -> dict[str, Any]:
    """Return the `toolComponent` of the linter with all its rules."""
    return {
        "name": "confkit",
        "version": version,
        "informationUri": _HOME,
        "rules": [_rule(rule) for rule in rules],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    page = cleandoc(rule.find.__doc__ or rule.name)
    summary = page.partition("\n")[0]
    why = _WHY.search(page)
    full = " ".join([summary, *why[1].split()]) if why else summary
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": full[:_LONGEST_DESCRIPTION]},
        "help": {"text": page, "markdown": page},
        "helpUri": page_of(rule),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": _tags(rule), "problem.severity": _GITHUB[rule.severity]},
    }


def _tags(rule: Rule) -> list[str]:
    family = _FAMILIES.get(rule.code.removeprefix("CK")[:1])
    return ["configuration", family] if family else ["configuration"]
