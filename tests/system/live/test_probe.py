from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import uuid
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from confkit.live.calls import FoundGroup, ProbeResult
from confkit.live.probe import run
from confkit.live.returncodes import names, value_of
from confkit.live.target import ProbeTarget, Schedule
from testing.hostile import hostile_library, left_behind, processes_with, wait_for_folder_to_go
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = FoundGroup("first", "1154438865287", 5)


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A text in the environment of every process that a test starts; none of them may outlive it."""
    monkeypatch.delenv("HOSTILE", raising=False)
    text = f"confkit-test-{uuid.uuid4()}"
    yield text
    assert left_behind(text) == []


def schedule(calls: int = 3, budget: float = 60, *, limit: int = 1, grace: float = 0.5, gap: float = 0.001) -> Schedule:
    return Schedule(calls, limit, budget, mean_gap_seconds=gap, grace_seconds=grace)


def probe(mark: str, deeds: str = "", plan: Schedule | None = None, **more: str) -> ProbeResult:
    """Probe the hostile library that does `deeds`, with further variables `more`."""
    target = ProbeTarget(hostile_library(), environment={"MARK": mark, "HOSTILE": deeds, **more})
    return run(target, plan or schedule(), random.Random(7))


def failed(outcome: ProbeResult) -> str:
    """Give the stage and the message of a failure, as one text."""
    assert outcome.failure is not None
    assert outcome.failure.message.endswith("."), "a message ends with what to do"
    return f"{outcome.failure.stage}: {outcome.failure.message}"


@pytest.mark.parametrize("layout", ["serial20", "serial16", "ulong"])
def test_a_good_library_is_probed_in_every_layout(mark: str, layout: str) -> None:
    outcome = probe(mark, HOSTILE_LAYOUT=layout, HOSTILE_STATUS="0,0x30,0xe0")

    assert outcome.failure is None
    assert (outcome.layout, outcome.group, outcome.candidates) == (layout, FIRST, ())
    assert (outcome.library, outcome.run.limit_seconds, outcome.run.planned) == (hostile_library(), 1, 3)
    for call in outcome.run.calls:
        assert (call.rv, call.censored) == (0, False)
        statuses = [(member.serial, member.status) for member in call.members]
        assert statuses == [("154438865287", 0), ("154438865288", 0x30), ("154438865289", 0xE0)]


def test_calls_follow_each_other_at_the_drawn_distances(mark: str) -> None:
    calls = probe(mark, plan=schedule(12, gap=0.02)).run.calls
    source = random.Random(7)

    gaps = [source.expovariate(1) * 0.02 for _ in calls]
    assert len(calls) == 12
    for earlier, later, gap in zip(calls, calls[1:], gaps[1:], strict=False):
        assert earlier.returned is not None
        assert later.intended >= earlier.returned + gap
    for call in calls:
        assert call.returned is not None
        assert call.intended <= call.started <= call.returned


def test_a_slow_call_is_in_its_own_time_and_not_in_the_next(mark: str) -> None:
    calls = probe(mark, "slow-status").run.calls

    assert [call.elapsed is not None and call.elapsed >= 0.3 for call in calls] == [True] * 3
    for earlier, later in pairwise(calls):
        assert earlier.returned is not None
        assert later.intended >= earlier.returned


def test_progress_tells_stages_and_calls(mark: str) -> None:
    told: list[tuple[str, int]] = []
    target = ProbeTarget(hostile_library(), environment={"MARK": mark})

    run(target, schedule(2), random.Random(7), lambda stage, calls: told.append((stage, calls)))

    assert told == [
        ("loading", 0),
        ("initialising", 0),
        ("finding slot", 0),
        ("call 1", 0),
        ("finding slot", 1),
        ("call 2", 1),
        ("finding slot", 2),
        ("finalising", 2),
    ]


def test_a_run_ends_early_and_whole_when_the_calls_are_enough(mark: str) -> None:
    target = ProbeTarget(hostile_library(), environment={"MARK": mark})
    stages: list[str] = []

    outcome = run(
        target,
        schedule(50),
        random.Random(7),
        lambda stage, _calls: stages.append(stage),
        lambda calls: sum(len(call.members) for call in calls) >= 6,
    )

    assert (outcome.failure, len(outcome.run.calls), outcome.run.planned) == (None, 2, 50)
    assert stages[-1] == "finalising"


def test_every_return_code_is_handed_on(mark: str) -> None:
    codes = [value_of(name) for name in names() if name != "CKR_OK"] + [0x80000999, 2**63]

    outcome = probe(mark, plan=schedule(len(codes), gap=0), HOSTILE_CODES=",".join(map(str, codes)))

    assert outcome.failure is None
    assert [call.rv for call in outcome.run.calls] == codes
    assert {call.members for call in outcome.run.calls} == {()}, "a failed call says nothing of the members"


@pytest.mark.parametrize(
    ("deeds", "words"),
    [
        ("exit-load", r"loading: The library ended with exit code 3 during its loading"),
        ("abort-load", r"loading: The library crashed \(SIGABRT\) during its loading"),
        ("exit-initialize", r"initialising: The library ended with exit code 3 during C_Initialize"),
        ("segv-initialize", r"initialising: The library crashed \(SIGSEGV\) during C_Initialize"),
        ("abort-slots", r"finding slot: The library crashed \(SIGABRT\) during the search for the slot"),
        ("exit-status", r"call 1: The library ended with exit code 3 during CA_GetCurrentHAState"),
        ("abort-status", r"call 1: The library crashed \(SIGABRT\) during CA_GetCurrentHAState"),
        ("segv-status", r"call 1: The library crashed \(SIGSEGV\) during CA_GetCurrentHAState"),
        ("child-status,exit-status", r"call 1: The library ended with exit code 3"),
        ("closeall-status", r"call 1: The library (ended|crashed)"),
        ("garble-status", r"call 1: What comes from the worker process is garbled"),
        ("flood-status", r"call 1: What comes from the worker process is garbled"),
        ("vanish", r"finding slot: The HA group has gone: slot 5 \(label \"first\""),
        ("no-group", r"finding slot: The library shows no HA group"),
        ("no-slots", r"finding slot: C_GetSlotList of .* returned CKR_DEVICE_ERROR"),
        ("many-slots", r"finding slot: C_GetSlotList of .* counts 4611686018427387904 slots"),
    ],
)
def test_every_misdeed_has_its_own_message(mark: str, deeds: str, words: str) -> None:
    outcome = probe(mark, deeds, schedule(grace=60))

    assert re.match(words, failed(outcome))
    assert len(outcome.run.calls) < 3


@pytest.mark.parametrize("deed", ["garble", "flood"])
def test_a_call_whose_message_is_garbled_is_a_failed_call(mark: str, deed: str) -> None:
    outcome = probe(mark, f"{deed}-status2", schedule(grace=60))

    first, second = outcome.run.calls
    assert (first.rv, first.problem) == (0, "")
    assert (second.returned, second.rv, second.censored) == (None, None, False)
    assert f"call 2: {second.problem}" == failed(outcome)


@pytest.mark.parametrize(
    ("deeds", "words"),
    [
        ("letters", r"Byte 24 of the library's answer"),
        ("overrun", r"The library wrote up to byte 4096 .* end at 1056, 792, 528"),
        ("changing", r"The library wrote 792 bytes; a structure in layout serial20 has 1056"),
        ("members-33", r"33 members; at most 32"),
        ("fill-only,no-status", r"The library left out the status of member 154438865287"),
        ("members-9223372036854775808", r"9223372036854775808 members; at most 32"),
        ("no-serial", r"The library left out the serial number of member 1"),
        ("untouched", r"The library wrote nothing into the buffer"),
    ],
)
def test_an_answer_that_cannot_be_read_is_a_failed_call_and_calls_go_on(mark: str, deeds: str, words: str) -> None:
    outcome = probe(mark, deeds, schedule(grace=60))

    assert (outcome.failure, len(outcome.run.calls)) == (None, 3)
    last = outcome.run.calls[-1]
    assert (last.rv, last.members) == (0, ())
    assert re.search(words, last.problem)


def test_an_empty_list_is_a_failed_call_and_calls_go_on(mark: str) -> None:
    outcome = probe(mark, "members-0")

    assert (outcome.failure, [(call.rv, call.members, call.problem) for call in outcome.run.calls]) == (
        None,
        [(0, (), "")] * 3,
    )


def test_a_call_knows_how_old_its_process_is(mark: str) -> None:
    ages = [call.age_seconds for call in probe(mark).run.calls]

    assert ages == sorted(ages)
    assert 0 <= ages[0] < ages[-1] < 5


def test_a_call_during_which_this_process_was_stopped_is_made_again(mark: str) -> None:
    told: list[str] = []

    def stop(stage: str, _calls: int) -> None:
        told.append(stage)
        if told.count("call 2") == 1 and stage == "call 2":
            time.sleep(2.0)  # as after Ctrl-Z: the clock goes on, and nothing is looked at

    target = ProbeTarget(hostile_library(), environment={"MARK": mark, "HOSTILE": "slow-status"})
    outcome = run(target, Schedule(3, 1, 60, 0.001, 0.5), random.Random(7), stop)

    assert outcome.failure is None
    assert [call.rv for call in outcome.run.calls] == [0, 0, 0]
    assert told.count("call 2") == 2


@pytest.mark.parametrize(
    ("deeds", "stage", "words"),
    [
        ("hang-load", "loading", "its loading"),
        ("hang-initialize", "initialising", "C_Initialize"),
        ("child-initialize,hang-slots", "finding slot", "the search for the slot"),
        ("hang-again", "finding slot", "the search for the slot"),
    ],
)
def test_a_library_that_hangs_is_killed_when_the_budget_is_spent(mark: str, deeds: str, stage: str, words: str) -> None:
    outcome = probe(mark, deeds, schedule(3, 2))

    assert failed(outcome).startswith(f"{stage}: The library had not come back from {words}")
    assert "raise --budget" in failed(outcome)
    assert len(outcome.run.calls) == (deeds == "hang-again")


def test_a_call_that_hangs_is_killed_after_its_limit_and_counts(mark: str) -> None:
    outcome = probe(mark, "hang-status")

    assert failed(outcome).startswith("call 1: The library had not come back from CA_GetCurrentHAState")
    assert "statusTimeout, 1 s" in failed(outcome)
    (call,) = outcome.run.calls
    assert (call.returned, call.rv, call.members, call.censored) == (None, None, (), False)


@pytest.mark.parametrize("deeds", ["hang-finalize", "exit-finalize", "abort-finalize"])
def test_a_library_that_does_not_survive_its_end_leaves_a_whole_run(mark: str, deeds: str) -> None:
    outcome = probe(mark, deeds)

    assert failed(outcome).startswith("finalising: The library ")
    assert "C_Finalize" in failed(outcome)
    assert [call.rv for call in outcome.run.calls] == [0, 0, 0]


def test_a_call_cut_off_by_the_budget_before_its_limit_is_censored(mark: str) -> None:
    outcome = probe(mark, "hang-status", schedule(3, 2, limit=60))

    assert outcome.failure is None
    assert [(call.returned, call.censored) for call in outcome.run.calls] == [(None, True)]


def test_a_call_cut_off_by_the_budget_behind_its_limit_is_not_censored(mark: str) -> None:
    outcome = probe(mark, "hang-status", schedule(3, 4, limit=1, grace=30))

    assert outcome.failure is None
    assert [(call.returned, call.censored) for call in outcome.run.calls] == [(None, False)]


def test_a_spent_budget_ends_the_run_without_a_failure(mark: str) -> None:
    outcome = probe(mark, plan=schedule(1_000_000, 2))

    assert outcome.failure is None
    assert 0 < len(outcome.run.calls) < outcome.run.planned


def test_a_budget_spent_while_waiting_for_a_call_adds_no_call(mark: str) -> None:
    outcome = probe(mark, plan=schedule(3, 2, gap=1e6))

    assert (outcome.failure, outcome.run.calls, outcome.group) == (None, (), FIRST)


@pytest.mark.parametrize(
    "deeds", ["print-load,print-initialize,print-status", "child-load,child-status,child-finalize"]
)
def test_noise_and_left_children_do_no_harm(mark: str, capfd: pytest.CaptureFixture[str], deeds: str) -> None:
    outcome = probe(mark, deeds)

    assert (outcome.failure, len(outcome.run.calls)) == (None, 3)
    assert capfd.readouterr() == ("", "")


def test_a_group_that_gets_another_slot_number_is_followed(mark: str) -> None:
    outcome = probe(mark, "renumber")

    assert outcome.failure is None
    assert outcome.group == FoundGroup("first", "1154438865287", 5 + 3 - 1)


def test_two_groups_without_a_choice_are_listed_and_with_one_it_is_taken(mark: str) -> None:
    outcome = probe(mark, "two-groups")

    assert failed(outcome).startswith(
        "finding slot: There is more than one HA group; choose one with --slot or --label."
    )
    assert [(slot.number, slot.label) for slot in outcome.candidates] == [(5, "first"), (6, "second\ufffd[31m")]

    for choice in (6, "second\ufffd[31m"):
        target = ProbeTarget(hostile_library(), choice, {"MARK": mark, "HOSTILE": "two-groups"})
        group = run(target, schedule(), random.Random(7)).group
        assert group is not None
        assert group.slot == 6


def test_a_slot_that_is_no_ha_groups_is_tried_and_its_code_handed_on(mark: str) -> None:
    target = ProbeTarget(hostile_library(), 0, {"MARK": mark})

    assert {call.rv for call in run(target, schedule(), random.Random(7)).run.calls} == {0x54}


@pytest.mark.parametrize("name", ["absent.so", "text.so", "folder.so", "foreign.so"])
def test_a_file_that_is_no_library_for_this_machine_is_a_failure(mark: str, tmp_path: Path, name: str) -> None:
    (tmp_path / "text.so").write_text("this is a text of more than twenty bytes")
    (tmp_path / "folder.so").mkdir()
    foreign = bytearray(Path(hostile_library()).read_bytes())
    foreign[18:20] = b"\x34\x12"
    (tmp_path / "foreign.so").write_bytes(foreign)
    words = {"absent.so": "No such file", "text.so": "no shared library", "folder.so": "a folder", "foreign.so": "4660"}

    outcome = run(ProbeTarget(str(tmp_path / name), environment={"MARK": mark}), schedule(), random.Random(7))

    assert re.match(f"loading: The .*{words[name]}", failed(outcome))


@pytest.mark.parametrize("define", ["NO_INITIALIZE", "NO_STATUS_CALL", "OLD_CLIENT"])
def test_a_library_without_a_function_is_a_failure(mark: str, define: str) -> None:
    outcome = run(ProbeTarget(hostile_library(define), environment={"MARK": mark}), schedule(), random.Random(7))

    function = "C_Initialize" if define == "NO_INITIALIZE" else "CA_GetCurrentHAState"
    assert f"loading: The library {hostile_library(define)} has no function {function}" in failed(outcome)


def test_a_relative_path_means_the_current_folder_and_nothing_there_is_imported(
    mark: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("json", "confkit", "ctypes"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('taken from the current folder')\n")
    (tmp_path / "lib.so").symlink_to(hostile_library())
    monkeypatch.chdir(tmp_path)

    outcome = run(ProbeTarget("lib.so", environment={"MARK": mark}), schedule(), random.Random(7))

    assert (outcome.failure, outcome.library) == (None, str(tmp_path / "lib.so"))


def test_a_python_that_cannot_be_started_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert failed(run(ProbeTarget("lib.so"), schedule(), random.Random(7))).startswith(
        "starting: /nowhere/python cannot"
    )

    monkeypatch.setattr(sys, "executable", "/bin/false")
    outcome = run(ProbeTarget("lib.so"), schedule(), random.Random(7))
    # which of the two processes that such a Python cannot be is noticed first is a matter of microseconds
    worker, reaper = (
        "The worker process ended with exit code 1 during the start",
        "/bin/false cannot be started as a child",
    )
    assert failed(outcome).startswith((f"starting: {worker}", f"starting: {reaper}"))


def test_a_bug_in_the_worker_is_raised_with_its_traceback(mark: str) -> None:
    target = ProbeTarget(hostile_library(), cast("Any", ["no", "choice"]), {"MARK": mark})

    with pytest.raises(RuntimeError, match="TypeError: unhashable"):
        run(target, schedule(), random.Random(7))


def test_an_error_of_the_one_who_watches_leaves_no_process(mark: str) -> None:
    def refuse(stage: str, _calls: int) -> None:
        if stage == "call 1":
            assert processes_with(mark)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(ProbeTarget(hostile_library(), environment={"MARK": mark}), schedule(), random.Random(7), refuse)


PARENT = """
import json, random, sys
orders = json.loads(sys.argv[1])
sys.path.append(orders["root"])
from confkit.live.target import Schedule, ProbeTarget
from confkit.live.probe import run
print("ready", flush=True)
target = ProbeTarget(orders["library"], environment=orders["environment"], private_folder=orders["folder"])
outcome = run(target, Schedule(3, 1, 600, 0.001, 30), random.Random(7), lambda stage, calls: print(stage, flush=True))
print(outcome.failure, len(outcome.run.calls), flush=True)
"""


def parent(mark: str, deeds: str, folder: Path | None = None) -> subprocess.Popen[str]:
    """Start a process that probes, and prints every stage."""
    orders = {
        "root": str(REPOSITORY),
        "library": hostile_library(),
        "environment": {"MARK": mark, "HOSTILE": deeds},
        "folder": None if folder is None else str(folder),
    }
    command = [sys.executable, "-P", "-c", PARENT, json.dumps(orders)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def wait_for(process: subprocess.Popen[str], stage: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(stage):
            return
    pytest.fail(f"the probe ended before it came to {stage}")


STAGES = [
    ("hang-load", "loading"),
    ("child-load,hang-initialize", "initialising"),
    ("hang-slots", "finding slot"),
    ("child-initialize,hang-status", "call 1"),
    ("hang-finalize", "finalising"),
]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(("deeds", "stage"), STAGES)
def test_a_parent_killed_at_any_stage_leaves_no_process_and_no_folder(
    mark: str, tmp_path: Path, number: signal.Signals, deeds: str, stage: str
) -> None:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    (folder / "Chrystoki.conf").write_text("Luna = {\n}\n")
    with parent(mark, deeds, folder) as process:
        wait_for(process, stage)
        process.send_signal(number)

    assert left_behind(mark) == []
    # After an interrupt the parent lives on, kills the worker, and its caller removes the folder.
    assert number == signal.SIGINT or wait_for_folder_to_go(folder)


@pytest.mark.parametrize("milliseconds", [0, 5, 10, 20, 40, 80])
def test_a_parent_killed_at_any_moment_leaves_no_process(mark: str, milliseconds: int) -> None:
    with parent(mark, "child-load,hang-status") as process:
        wait_for(process, "ready")
        time.sleep(milliseconds / 1000)  # whatever it is at by then
        process.kill()

    assert left_behind(mark) == []


def test_a_parent_that_was_stopped_for_a_while_does_not_take_that_for_a_hang(mark: str) -> None:
    with parent(mark, "slow-status") as process:
        assert process.stdout is not None
        wait_for(process, "call 1")
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        time.sleep(1.5)  # longer than the limit of the call
        process.send_signal(signal.SIGCONT)
        *_, last = process.stdout.read().splitlines()

    assert last == "None 3"
