"""How the tests are run: tiers, workers, profiles of hypothesis, and the line that names what was skipped.

`--hypothesis-profile=thorough` looks a hundred times as long, and `--hypothesis-profile=fresh` as long as usual; both look
elsewhere every time. `--campaign=long` is for a night (tests/campaign).
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from testing.skipped import skipped_line

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler.worksteal import WorkStealingScheduling

    from testing.host import Host

TIERS = ("unit", "system", "integration", "campaign")
# Most tests wait for processes and for deadlines, and few compute: this many workers per core keep the cores busy.
WORKERS_PER_CORE = 4

# A shell that starts the tests in the background makes them, and all they start, deaf to an interrupt and to quit, and
# nohup to the end of the terminal; what is tested here has to hear them.
signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGQUIT, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)

# No deadline: a busy machine is not a fault of the code. The usual run tries the same examples every time: what fails in
# it is a matter of the change, and not of luck.
settings.register_profile("usual", deadline=None, derandomize=True)
settings.register_profile("fresh", deadline=None, print_blob=True)
settings.register_profile(
    "thorough", deadline=None, max_examples=10_000, suppress_health_check=list(HealthCheck), print_blob=True
)
settings.load_profile("usual")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--campaign",
        choices=("short", "long"),
        default="short",
        help="how long the tests under tests/campaign run: short (minutes, in every run) or long (hours)",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return what `-n auto` stands for."""
    return WORKERS_PER_CORE * len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else [0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> WorkStealingScheduling | None:
    """Let an idle worker take tests from a busy one: those that wait longest are collected last, side by side."""
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler.worksteal import WorkStealingScheduling  # noqa: PLC0415 - only where xdist is

    return WorkStealingScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test with its tier, the directory below tests/ that it lies in."""
    here = Path(__file__).parent
    for item in items:
        tier = item.path.relative_to(here).parts[0]
        assert tier in TIERS, f"{item.path} lies in none of {TIERS}"
        item.add_marker(tier)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what was skipped, and how to enable it."""
    reports = terminalreporter.stats.get("skipped", [])
    line = skipped_line(report.longrepr[2] for report in reports if isinstance(report.longrepr, tuple))
    if line:
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture(scope="session")
def long_campaign(request: pytest.FixtureRequest) -> bool:
    """Whether the campaign runs at full length (`--campaign=long`)."""
    return bool(request.config.getoption("--campaign") == "long")


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host on which nothing is wrong."""
    from testing.host import Host  # noqa: PLC0415 - needs cryptography, which the other tests do without

    return Host(tmp_path)
