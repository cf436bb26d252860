"""More than forty kinds of library that misbehave: no verdict that the truth contradicts, an end, and nothing left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from testing.hostile import odd_library
from testing.live_runs import run, server
from testing.odd_kinds import KINDS

if TYPE_CHECKING:
    from testing.live_runs import Ending
    from testing.odd_kinds import Kind

_AT_A_TIME = 12
_NAMES = [kind.case.name for kind in KINDS]


@pytest.fixture(scope="module")
def endings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ending]:
    """What came of every kind whose test was selected."""
    folder = tmp_path_factory.mktemp("kinds")
    names = {item.name.partition("[")[2][:-1] for item in request.session.items}
    chosen = sorted((kind for kind in KINDS if kind.case.name in names), key=lambda kind: -kind.case.budget)
    libraries = {kind.define: odd_library(kind.define) for kind in chosen}
    with server() as running, ThreadPoolExecutor(_AT_A_TIME) as pool:
        started = [
            pool.submit(run, running, libraries[kind.define], kind.case, folder / str(number))
            for number, kind in enumerate(chosen)
        ]
        return {kind.case.name: made.result() for kind, made in zip(chosen, started, strict=True)}


def test_there_are_as_many_kinds_as_promised() -> None:
    assert len(set(_NAMES)) == len(KINDS) >= 40


@pytest.mark.parametrize("kind", KINDS, ids=_NAMES)
def test_the_truth_does_not_contradict_the_verdict_and_nothing_is_left(endings: dict[str, Ending], kind: Kind) -> None:
    ending = endings[kind.case.name]
    assert ending.verdict in kind.case.verdicts, ending.output
    assert ending.code in kind.case.codes, ending.output
    assert kind.said in ending.output
    assert ending.descriptors == ()
    assert ending.processes == ()
    assert ending.temporary == ()
    assert ending.strangers == ()
    assert ending.is_untouched or kind.case.name == "edits-file"
