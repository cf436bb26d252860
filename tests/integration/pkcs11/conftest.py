from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from confkit.emulator.group import running_group
from confkit.emulator.plans import MemberPlan
from testing.programs import needs
from testing.softhsm import needs_softhsm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.emulator.group import EmulatedGroup


@pytest.fixture
def group() -> Iterator[EmulatedGroup]:
    """A group of three with cryptography, whose client reconnects soon and gives a hanging member up soon."""
    needs("cc")
    needs_softhsm()
    plans = [MemberPlan(latency_ms=(1,))] * 3
    with running_group(plans, crypto=True, reconnect_interval_ms=50, receive_timeout_ms=1000) as running:
        yield running
