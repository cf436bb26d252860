"""The pytest fixture `luna_ha_group`: an emulated HA group for the tests of any application.

    @pytest.mark.luna_ha_group(members=2, status_timeout=5)  # optional: the arguments of running_group
    def test_failover(luna_ha_group: EmulatedGroup) -> None:
        application = start(module=luna_ha_group.library, token=luna_ha_group.token_label, pin=luna_ha_group.pin)
        luna_ha_group.stop_member(0)
        ...

Where SoftHSM2 is installed it does the cryptography; `crypto=True` in the marker makes a machine without it an error,
and `crypto=False` leaves it out. ChrystokiConfigurationPath names the group while the test runs, so the application
finds it by itself.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.emulator.group import EmulatedGroup


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "luna_ha_group(...): arguments of running_group for the fixture luna_ha_group")


@pytest.fixture
def luna_ha_group(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmulatedGroup]:
    """Run an emulated HA group of three members during the test; the marker `luna_ha_group` takes other arguments."""
    # Imported late: pytest loads this module in every run on a machine where confkit is installed.
    from confkit.core.errors import UnavailableError  # noqa: PLC0415
    from confkit.emulator.group import running_group  # noqa: PLC0415

    marker = request.node.get_closest_marker("luna_ha_group")
    arguments = {"crypto": "if-available", **(marker.kwargs if marker else {})}
    with ExitStack() as stack:
        try:
            group = stack.enter_context(running_group(**arguments))
        except UnavailableError as reason:
            pytest.fail(f"no emulated HA group: {reason}", pytrace=False)
        for name, value in group.environment().items():
            monkeypatch.setenv(name, value)
        yield group
