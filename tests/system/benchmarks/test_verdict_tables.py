"""The tables of docs/explanation/verdict.md are what their commands print."""

from __future__ import annotations

import pytest

from benchmarks import check_seconds, verdict_table
from benchmarks.check_seconds import Situation
from testing.programs import REPOSITORY

PAGE = (REPOSITORY / "docs" / "explanation" / "verdict.md").read_text()
QUICK = (
    "one member always takes 3.3 s",
    "one member fails at once",
    "one member is silent",
    "all members fail at once",
)
GOALS = {  # seconds, of the design
    "0 % of answers take 5 s": 10,
    "one member always takes 3.3 s": 45,
    "one member is silent": 80,
    "all members are silent": 80,
}


def test_the_exact_table() -> None:
    assert verdict_table.table() in PAGE


def test_the_table_of_seconds_has_every_situation() -> None:
    rows = PAGE.partition(check_seconds.HEAD)[2].lstrip("\n").partition("\n\n")[0].splitlines()
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [one.name for one in check_seconds.situations()]


@pytest.mark.parametrize("situation", check_seconds.situations(), ids=lambda one: one.name)
def test_the_seconds(situation: Situation, long_campaign: bool) -> None:
    if situation.name not in QUICK and not long_campaign:
        (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| {situation.name} |")]
    else:
        row = check_seconds.row(situation)
        assert row in PAGE
    if situation.name in GOALS:
        assert float(row.split(" | ")[3].removesuffix(" s")) <= GOALS[situation.name]
