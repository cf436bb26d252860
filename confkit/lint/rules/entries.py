"""CK2, entries: names, places and values that the catalogue does not know or allow."""

from __future__ import annotations

from confkit.lint.rules import client_versions, entry_names, entry_places, entry_values, ped_server

RULES = (*entry_names.RULES, *entry_places.RULES, *entry_values.RULES, *client_versions.RULES, *ped_server.RULES)
