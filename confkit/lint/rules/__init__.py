"""All rules, by family: CK1 layout, CK2 entries, CK3 HA, CK4 network, CK5 security, CK6 readers, CK7 environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.lint.rules import entries, environment, file_kinds, ha, layout, network, path_variables, readers, security

if TYPE_CHECKING:
    from confkit.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    *layout.RULES,
    *file_kinds.RULES,
    *entries.RULES,
    *ha.RULES,
    *network.RULES,
    *security.RULES,
    *readers.RULES,
    *environment.RULES,
    *path_variables.RULES,
)
