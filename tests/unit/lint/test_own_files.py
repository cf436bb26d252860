"""What confkit itself writes has no finding: the files of the emulator, and the good samples elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confkit.emulator.settings import ClientSettings, chrystoki_conf, ha_groups
from testing.linting import diagnose

SETTINGS = ClientSettings(
    layout="serial20",
    report="at-timeout",
    timeout_outside_range="as-is",
    status_timeout=3,
    ha_only=True,
    receive_timeout_ms=20_000,
    reconnect_interval_ms=None,
    second_ms=1000,
    other_slot_return=0x54,
    all_down_return=0,
    recovery="activeBasic",
    empty_ha_slots=0,
    empty_slots=0,
)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("members", [2, 3, 32])
def test_the_file_of_an_emulated_group(members: int, count: int) -> None:
    groups = ha_groups("demo", members, count)
    for settings in (SETTINGS, replace(SETTINGS, status_timeout=None), replace(SETTINGS, reconnect_interval_ms=500)):
        text = chrystoki_conf("/tmp/emulated/libcryptoki.so", groups, range(40_000, 40_000 + members), settings, None)
        assert diagnose(text) == []
