"""The pages of all rules, of the linter and of preflight, docs/rules."""

from __future__ import annotations

from confkit.lint.page import index, page_file
from confkit.lint.rules import RULES
from confkit.preflight.run import RULES as HOST_RULES

ALL_RULES = (*RULES, *HOST_RULES)


def pages() -> dict[str, str]:
    """Return the text of each file in docs/rules, by its name."""
    return {**{f"{rule.code}.md": page_file(rule) for rule in ALL_RULES}, "README.md": index(ALL_RULES)}
