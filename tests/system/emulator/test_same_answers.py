"""A C program that calls the library directly, and confkit, get the same answers, in every layout."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, get_args

import pytest

from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan
from confkit.emulator.settings import Layout
from confkit.live import probe
from confkit.live.target import ProbeTarget, Schedule
from testing.application import OK, expected_buffer

if TYPE_CHECKING:
    from testing.emulator import StartApplication


@pytest.mark.parametrize("layout", get_args(Layout))
@pytest.mark.parametrize("members", [1, 3, 32])
def test_same_group_serials_and_statuses(start: StartApplication, layout: Layout, members: int) -> None:
    plans = [
        MemberPlan((1,), fault=Fault("status", 0x80000024) if index % 3 == 1 else None) for index in range(members)
    ]
    with running_group(plans, layout=layout, report_early=True) as group:
        direct = start(group, initialised=True).state()
        target = ProbeTarget(group.library, environment=group.environment())
        outcome = probe.run(target, Schedule(2, 3, 60.0), random.Random(1))
    assert outcome.failure is None
    assert (outcome.layout, direct.rv) == (layout, OK)
    assert outcome.group is not None
    for call in outcome.run.calls:
        seen = {member.serial: member.status for member in call.members}
        assert list(seen) == list(group.groups[0].members)
        assert direct.buffer == expected_buffer(layout, outcome.group.serial, seen, len(direct.buffer))
