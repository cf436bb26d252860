"""A library that does everything wrong, at every moment of a check: the right verdict, and nothing is left.

Every case is a `confkit check` of its own with the hostile library of testing/hostile.c. The cases mostly wait, so many
run at a time; the whole table runs in the short profile, too. How long a check takes is looked at in a few cases, two at
a time: one that shares its processors with 31 others says nothing about that.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from testing.hostile import hostile_library
from testing.live_cases import all_cases
from testing.live_runs import Case, Ending, run, server

if TYPE_CHECKING:
    from pathlib import Path

CASES = all_cases()
_AT_A_TIME = 32
_GRACE = 5.0  # seconds beyond the budget: docs/reference/specification.md
_GIVEN_UP = [f"{deed}-{place}" for deed in ("hang", "stop") for place in ("load", "initialize", "slots", "status1")]


@pytest.fixture(scope="module")
def endings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ending]:
    """What came of every case whose test was selected."""
    library, folder = hostile_library(), tmp_path_factory.mktemp("live")
    chosen = [case for case in CASES if any(item.name.endswith(f"[{case.name}]") for item in request.session.items)]
    with server() as running, ThreadPoolExecutor(_AT_A_TIME) as pool:
        work = partial(run, running, library)
        chosen.sort(key=lambda case: -case.budget)  # those that wait longest do so beside all others
        folders = [folder / f"{number}-{_as_file_name(case.name)}" for number, case in enumerate(chosen)]
        return dict(zip((case.name for case in chosen), pool.map(work, chosen, folders), strict=True))


def _as_file_name(name: str) -> str:
    return re.sub("[^A-Za-z0-9@-]", "-", name)


def test_there_are_as_many_cases_as_promised() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 200


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_check_ends_with_the_right_verdict_and_leaves_nothing(endings: dict[str, Ending], case: Case) -> None:
    ending = endings[case.name]
    assert ending.code in case.codes, ending.output
    assert ending.verdict in case.verdicts, ending.output
    if case.hit is None:
        assert ending.descriptors == ()
    assert ending.processes == ()
    assert ending.temporary == ()
    assert ending.strangers == ()
    assert ending.is_untouched


def test_a_library_that_hangs_is_given_up_within_the_budget_and_the_grace(tmp_path: Path) -> None:
    """What a check costs that does not wait, its start above all, is measured beside and allowed on top."""
    library = hostile_library()
    at_once = [case for case in CASES if case.name == "exit-load"]
    chosen = at_once + [case for case in CASES if case.name in _GIVEN_UP] + at_once
    assert len(chosen) == len(_GIVEN_UP) + 2
    with server() as running, ThreadPoolExecutor(2) as pool:
        folders = [tmp_path / f"{number}-{case.name}" for number, case in enumerate(chosen)]
        made = list(pool.map(partial(run, running, library), chosen, folders))
    cost = max(made[0].seconds, made[-1].seconds)
    late = {
        case.name: ending.seconds
        for case, ending in zip(chosen[1:-1], made[1:-1], strict=True)
        if ending.seconds > case.budget + _GRACE + cost
    }
    assert late == {}, f"a check that does not wait takes {cost:.1f} s"
    assert {ending.verdict for ending in made} == {"unavailable"}
