"""A library that does everything wrong, at every moment of a check: the right verdict, and nothing is left.

Every case is a `confkit check` of its own with the hostile library of testing/hostile.c. The cases mostly wait, so many
run at a time; the whole table runs in the short profile, too. How long a check takes is not looked at: it shares its
processors with 31 others.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from testing.hostile import hostile_library
from testing.live_cases import all_cases
from testing.live_runs import Case, Ending, run, server

CASES = all_cases()
_AT_A_TIME = 32


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
