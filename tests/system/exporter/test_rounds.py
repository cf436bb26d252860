"""Rounds over an emulated group, and over a library that misbehaves."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confkit.check.request import CheckRequest
from confkit.check.results import plan_for
from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan
from confkit.exporter import rounds
from confkit.live.calls import ProbeResult, Run
from testing.hostile import hostile_library, left_behind
from testing.programs import needs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _compiler() -> None:
    needs("gcc")


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A text in the environment of every process that a test starts; none of them may outlive it."""
    text = f"confkit-test-{uuid.uuid4()}"
    monkeypatch.setenv("MARK", text)
    yield text
    monkeypatch.undo()
    assert left_behind(text) == []


def request(config: str, **more: str) -> CheckRequest:
    return CheckRequest(config, plan_for(), **more)  # type: ignore[arg-type]


def written(folder: Path, text: str, name: str = "Chrystoki.conf") -> CheckRequest:
    (folder / name).write_text(text)
    return request(str(folder / name))


def test_a_round_of_a_group_with_a_failing_member() -> None:
    with running_group([MemberPlan(), MemberPlan(fault=Fault("refuse"))], status_timeout=5, report_early=True) as group:
        made = rounds.make(request(group.config_path))
        opened = group.counters(0)["sessions_opened"]
    assert (made.configured_seconds, made.group, made.failure) == (5, group.label, None)
    assert len(made.calls) == rounds.CALLS
    assert [[member.status == 0 for member in call.members] for call in made.calls] == [[True, False]] * 3
    assert opened == 0


def test_an_edited_file_and_a_file_of_another_name_count(tmp_path: Path) -> None:
    with running_group(2, report_early=True) as group:
        copy = tmp_path / "other.conf"
        copy.write_bytes(Path(group.config_path).read_bytes() + b"HAConfiguration = {\n   statusTimeout = 7;\n}\n")
        made = rounds.make(request(str(copy)))
    assert (made.configured_seconds, made.failure) == (7, None)


@pytest.mark.parametrize(
    ("deed", "stage"), [("segv-load", "loading"), ("exit-initialize", "initialising"), ("segv-status", "call 1")]
)
def test_a_library_that_crashes_fails_its_round_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str, deed: str, stage: str
) -> None:
    asked = written(tmp_path, f"Chrystoki2 = {{\n   LibUNIX64 = {hostile_library()};\n}}\n")
    monkeypatch.setenv("HOSTILE", deed)
    made = rounds.make(asked)
    assert made.failure is not None
    assert made.failure.stage == stage
    monkeypatch.setenv("HOSTILE", "")
    assert rounds.make(asked).failure is None
    assert mark


def test_a_library_that_crashes_at_its_end_has_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    monkeypatch.setenv("HOSTILE", "segv-finalize")
    made = rounds.make(written(tmp_path, f"Chrystoki2 = {{\n   LibUNIX64 = {hostile_library()};\n}}\n"))
    assert (made.failure, len(made.calls)) == (None, 3)
    assert mark


def test_a_round_without_the_time_for_a_call_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    monkeypatch.setattr(rounds, "_START_SECONDS", -1000)
    made = rounds.make(written(tmp_path, f"Chrystoki2 = {{\n   LibUNIX64 = {hostile_library()};\n}}\n"))
    assert made.failure is not None
    assert made.calls == ()
    assert mark


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("HAConfiguration = {\n   statusTimeout = soon;\n}\n", "statusTimeout on line 2"),
        ("Misc = {\n}\n", "--library"),
        ("Chrystoki2 = {\n   LibUNIX64 = /no/such/library.so;\n}\n", "/no/such/library.so"),
    ],
)
def test_a_file_that_cannot_be_used_fails_the_round(tmp_path: Path, text: str, message: str) -> None:
    failure = rounds.make(written(tmp_path, text)).failure
    assert failure is not None
    assert message in failure.message


def test_a_file_that_has_gone_fails_the_round(tmp_path: Path) -> None:
    made = rounds.make(request(str(tmp_path / "Chrystoki.conf")))
    assert made.failure is not None
    assert (made.failure.stage, made.configured_seconds) == ("configuration", None)


def test_several_groups_to_choose_from_fail_the_round() -> None:
    with running_group(1, groups=2, report_early=True) as group:
        failure = rounds.make(request(group.config_path)).failure
        chosen = rounds.make(request(group.config_path, choice="emulated-2"))
    assert failure is not None
    assert "--label" in failure.message
    assert (chosen.group, chosen.failure) == ("emulated-2", None)


def test_a_round_whose_time_ended_between_two_steps_has_failed() -> None:
    made = rounds._made(ProbeResult("/lib.so", Run(3, (), rounds.CALLS)))
    assert made.failure is not None
    assert made.failure.stage == "starting"
