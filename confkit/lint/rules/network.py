"""CK4, network: servers, certificates, and the library that reaches them."""

from __future__ import annotations

from confkit.lint.rules import network_files, network_libraries, network_servers, network_settings

RULES = (*network_servers.RULES, *network_settings.RULES, *network_files.RULES, *network_libraries.RULES)
