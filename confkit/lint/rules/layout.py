"""CK1, layout: what the parser stumbles on, whatever the entries mean."""

from __future__ import annotations

from confkit.lint.rules import braces, comments, encoding, semicolons, strays, tabs, values

RULES = (
    *semicolons.RULES,
    *braces.RULES,
    *strays.RULES,
    *comments.RULES,
    *values.RULES,
    *tabs.RULES,
    *encoding.RULES,
)
