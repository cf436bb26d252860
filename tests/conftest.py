"""How the property tests and the campaign are run.

`--hypothesis-profile=thorough` looks a hundred times as long, and elsewhere every time; `--campaign=long` is for a night
(tests/campaign).
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from pathlib import Path

    from testing.host import Host

# A shell that starts the tests in the background makes them, and all they start, deaf to an interrupt and to quit, and
# nohup to the end of the terminal; what is tested here has to hear them.
signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGQUIT, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)

# No deadline: a busy machine is not a fault of the code. The usual run tries the same examples every time: what fails in
# it is a matter of the change, and not of luck.
settings.register_profile("usual", deadline=None, derandomize=True)
settings.register_profile("thorough", deadline=None, max_examples=10_000, suppress_health_check=list(HealthCheck))
settings.load_profile("usual")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--campaign",
        choices=("short", "long"),
        default="short",
        help="how long the tests under tests/campaign run: short (minutes, in every run) or long (hours)",
    )


@pytest.fixture(scope="session")
def long_campaign(request: pytest.FixtureRequest) -> bool:
    """Whether the campaign runs at full length (`--campaign=long`)."""
    return bool(request.config.getoption("--campaign") == "long")


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host on which nothing is wrong."""
    from testing.host import Host  # noqa: PLC0415 - needs cryptography, which the other tests do without

    return Host(tmp_path)
