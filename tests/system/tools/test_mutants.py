"""The mutation runner, and the list of mutants that no test can see."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from testing.programs import REPOSITORY
from tools import mutants
from tools.mutants import Tally, apply, enough, listed, report

SOURCE = '''"""A docstring with 1 < 2."""
from __future__ import annotations
from typing import Literal
LIMIT = 3
"""What a limit is, and not 4."""

def within(value: Literal[1], text: str = "x") -> bool:
    """Return True."""
    return not value and value < LIMIT or text in f"{value} and"
'''


def test_tokens_that_mean_something_are_changed_and_no_others() -> None:
    found = [(each.line, each.change) for each in mutants.mutants(SOURCE)]
    assert found == [
        (4, "3 -> 4"),
        (7, "\"x\" -> 'x~'"),
        (9, "not -> (nothing)"),
        (9, "and -> or"),
        (9, "< -> <="),
        (9, "or -> and"),
        (9, "in -> not in"),
    ]


def test_one_token_is_changed() -> None:
    changed = next(each for each in mutants.mutants(SOURCE) if each.change == "< -> <=")
    assert apply(SOURCE, changed) == SOURCE.replace("value < LIMIT", "value <= LIMIT")


def test_the_tests_of_a_module_are_its_own_or_those_of_its_package() -> None:
    assert mutants.tests_of("confkit/core/timeout.py") == ["tests/unit/core/test_timeout.py"]
    assert "tests/unit/core/test_escape.py" in mutants.tests_of("confkit/core/no_such_module.py")
    assert mutants.tests_of("confkit/no_such_package/module.py") == []


def test_a_module_that_is_tested_well_loses_every_mutant() -> None:
    """The whole runner, on every sixth mutant of a small module; it fails where mutants are not in force at all."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.mutants", "--every", "6", "confkit/core/timeout.py"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    tried = len(mutants.mutants((REPOSITORY / "confkit/core/timeout.py").read_text())[::6])
    assert tried >= 3
    assert done.stdout.split()[1:] == [str(tried), "of", str(tried), "killed,", "100.0%"]


def test_a_change_that_the_tests_do_not_see_survives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blind = tmp_path / "test_blind.py"
    blind.write_text("def test_nothing():\n    pass\n")
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setattr(mutants, "tests_of", lambda _module: [str(blind)])
    tally = mutants.try_module("confkit/core/timeout.py", jobs=1, every=9)
    assert len(tally.survivors) == tally.tried >= 2


def test_survivors_are_printed_as_the_list_wants_them_and_count_unless_they_are_listed() -> None:
    survivor = mutants.mutants(SOURCE)[0]
    tally = Tally("confkit/core/x.py", 10, (survivor,))
    lines = list(report(tally, {}))
    assert lines[1:] == [
        "[[survivor]]",
        'module = "confkit/core/x.py" # line 4',
        'line = "LIMIT = 3"',
        'change = "3 -> 4"',
        'reason = ""',
    ]
    assert not enough(tally, {})  # nine of ten in core, where 95 % are wanted
    assert enough(tally._replace(module="confkit/lint/x.py"), {})
    reasons = {("confkit/core/x.py", "LIMIT = 3", "3 -> 4"): "why"}
    assert enough(tally, reasons)
    assert len(list(report(tally, reasons))) == 1


@pytest.mark.parametrize(("key", "reason"), listed().items(), ids=lambda value: str(value)[:60])
def test_what_is_listed_is_a_mutant_that_there_is_with_a_reason(key: tuple[str, str, str], reason: str) -> None:
    module, line, change = key
    there = {(each.text, each.change) for each in mutants.mutants((REPOSITORY / module).read_text())}
    assert (line, change) in there
    assert len(reason) > 10
