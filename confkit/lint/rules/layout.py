"""CK1, layout: what the parser stumbles on, whatever the entries mean."""

from __future__ import annotations

from confkit.lint.rules import (
    braces,
    comments,
    encoding,
    headers,
    line_ends,
    semicolons,
    strays,
    tabs,
    values,
)

RULES = (
    *semicolons.RULES,
    *braces.RULES,
    *headers.RULES,
    *strays.RULES,
    *comments.RULES,
    *values.RULES,
    *tabs.RULES,
    *encoding.RULES,
    *line_ends.RULES,
)
