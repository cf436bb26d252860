"""All pages: `python -m tools.rule_pages docs/rules` writes those of the linter and of preflight."""

from __future__ import annotations

import sys

from confkit.lint.page import write
from confkit.lint.rules import RULES
from confkit.preflight.run import RULES as HOST_RULES

ALL_RULES = (*RULES, *HOST_RULES)

if __name__ == "__main__":
    write(sys.argv[1], ALL_RULES)
