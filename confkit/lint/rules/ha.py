"""CK3, HA: groups, their members and labels, and the settings that they need."""

from __future__ import annotations

from confkit.lint.rules import (
    ha_groups,
    ha_identity,
    ha_labels,
    ha_limits,
    ha_log,
    ha_members,
    ha_settings,
    ha_sizes,
    ha_standby,
)

RULES = (
    *ha_groups.RULES,
    *ha_identity.RULES,
    *ha_members.RULES,
    *ha_sizes.RULES,
    *ha_labels.RULES,
    *ha_standby.RULES,
    *ha_limits.RULES,
    *ha_settings.RULES,
    *ha_log.RULES,
)
