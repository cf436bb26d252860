"""The pytest fixture `luna_ha_group`: an emulated HA group for the tests of any application.

    @pytest.mark.luna_ha_group(members=2, status_timeout=5)  # optional: the arguments of running_group
    def test_failover(luna_ha_group):
        luna_ha_group.set_fault(0, "hang")
        ...

ChrystokiConfigurationPath names the group while the test runs, so the application finds it by itself.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.emulator.group import Group


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "luna_ha_group(...): arguments of running_group for the fixture luna_ha_group")


@pytest.fixture
def luna_ha_group(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Group]:
    """Run an emulated HA group of three members, or what the marker `luna_ha_group` says, during the test."""
    # Imported late: pytest loads this module in every run on a machine where confkit is installed.
    from confkit.core.errors import UnavailableError  # noqa: PLC0415
    from confkit.emulator.group import running_group  # noqa: PLC0415

    marker = request.node.get_closest_marker("luna_ha_group")
    arguments = marker.kwargs if marker else {}
    with ExitStack() as stack:
        try:
            group = stack.enter_context(running_group(**arguments))
        except UnavailableError as reason:
            pytest.fail(f"no emulated HA group: {reason}", pytrace=False)
        for name, value in group.environment().items():
            monkeypatch.setenv(name, value)
        yield group
