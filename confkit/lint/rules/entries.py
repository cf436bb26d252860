"""CK2, entries: names, places and values that the catalogue does not know or allow."""

from __future__ import annotations

from confkit.lint.rules import entry_names, entry_places, entry_values

RULES = (*entry_names.RULES, *entry_places.RULES, *entry_values.RULES)
