"""The command line of the benchmarks: what is run when nothing, or something, is named."""

from __future__ import annotations

import sys

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks.measure import Comparison


@pytest.mark.parametrize(
    ("words", "expected"), [([], (list(benchmarks.NAMES), 9)), (["live", "--rounds", "3"], (["live"], 3))]
)
def test_what_is_run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    expected: tuple[list[str], int],
) -> None:
    asked: list[tuple[list[str], int]] = []

    def run(names: list[str], rounds: int) -> list[Comparison]:
        asked.append((names, rounds))
        return []

    monkeypatch.setattr(sys, "argv", ["benchmarks", *words])
    monkeypatch.setattr(benchmarks, "run", run)
    benchmarks.main()
    assert asked == [expected]
    assert capsys.readouterr().out.startswith("| what | ours | theirs | ratio | goal | met | note |")


def test_another_name_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks", "fast"])
    with pytest.raises(SystemExit):
        benchmarks.main()
    assert "'fast' is none of parsing, " in capsys.readouterr().err
