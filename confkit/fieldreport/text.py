"""JSON for people: what fits on one line is on one line."""

from __future__ import annotations

import json

_WIDTH = 120  # characters, without the indentation


def pretty(value: object, indent: str = "") -> str:
    """Return `value` as JSON; a list or an object that is too long for a line has each of its parts on its own."""
    line = json.dumps(value, ensure_ascii=False)
    deeper = indent + "  "
    if len(line) <= _WIDTH or not isinstance(value, (dict, list, tuple)):
        return line
    if isinstance(value, dict):
        parts = [f"{json.dumps(name)}: {pretty(part, deeper)}" for name, part in value.items()]
        first, last = "{", "}"
    else:
        parts = [pretty(part, deeper) for part in value]
        first, last = "[", "]"
    return first + ",".join(f"\n{deeper}{part}" for part in parts) + f"\n{indent}{last}"
