"""The last line of a check: a command that can be run as it is printed."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace

import pytest

from confkit.check.request import CheckResult
from confkit.reports.check.advice import advice
from testing.checks import DOWN, REQUEST, SLOW, SUFFICIENT


@pytest.mark.parametrize("path", ["/etc/Chrystoki.conf", "/a b/it's $HOME;x", "relative"])
@pytest.mark.parametrize("result", [SLOW[1], DOWN[1]], ids=["slow", "down"])
def test_every_printed_command_carries_the_path_as_given(result: CheckResult, path: str) -> None:
    text = advice(replace(REQUEST, given_path=path), result)
    commands = [*re.findall(r"`(confkit .*?)`", text), *re.findall(r"(?:Run|run): (confkit .*)$", text)]
    assert commands
    for command in commands:
        assert shlex.split(command)[-2:] == ["-c", path]


def test_without_a_path_none_is_printed() -> None:
    assert advice(REQUEST, SLOW[1]).count(" -c ") == 0
    assert "confkit set-timeout 5" in advice(REQUEST, SLOW[1])


def test_the_same_group_is_chosen_again() -> None:
    assert "--label 'my group'" in advice(replace(REQUEST, choice="my group"), DOWN[1])


def test_a_budget_that_was_too_small_is_the_advice_and_nothing_else() -> None:
    assert SLOW[1].verdict is not None
    verdict = replace(SLOW[1].verdict, verdict="inconclusive")
    text = advice(REQUEST, replace(SLOW[1], verdict=verdict, needed_budget=100))
    assert text == "Run: confkit check --budget 100"


def test_too_few_calls_to_decide_are_the_advice() -> None:
    assert SLOW[1].verdict is not None
    calls = replace(SLOW[1].verdict.calls, completed=3, exceeded=0)
    bound = replace(SLOW[1].verdict.bound, further_calls_needed=None)
    verdict = replace(SLOW[1].verdict, verdict="inconclusive", calls=calls, bound=bound)
    assert advice(REQUEST, replace(SLOW[1], verdict=verdict)) == "Allow more calls. Run: confkit check"


def test_nothing_is_to_be_done_where_it_suffices() -> None:
    assert advice(REQUEST, SUFFICIENT[1]) == "Nothing to do."
