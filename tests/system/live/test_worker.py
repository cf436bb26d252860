from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from confkit.live import worker
from confkit.live.reaper import remove_folder
from testing.hostile import hostile_library
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Orders for a fresh copy of the library, so that it has made no calls yet."""
    monkeypatch.delenv("HOSTILE", raising=False)
    library = tmp_path / "lib.so"
    shutil.copy(hostile_library(), library)
    return {"library": str(library), "choice": None, "folder": None}


def told(orders: dict[str, Any], gaps: list[float]) -> list[dict[str, Any]]:
    """Let the worker serve `orders` with `gaps`, and give all that it tells."""
    messages: list[dict[str, Any]] = []
    waiting = iter([*gaps, None])
    messages.append(worker.outcome(orders, lambda: next(waiting), messages.append))
    return messages


def test_a_run_tells_every_stage_in_order(orders: dict[str, Any]) -> None:
    messages = told(orders, [0.0, 0.01])

    keys = [message.get("stage") or next(iter(message)) for message in messages]
    once = ["finding slot", "call", "call"]
    assert keys == ["loading", "initialising", "finding slot", "slot", *once, *once, "finalising", "done"]


def test_a_call_starts_when_it_was_intended_to_or_later_and_fills_in_turns(orders: dict[str, Any]) -> None:
    calls = [message["call"] for message in told(orders, [0.01] * 3) if "call" in message]

    assert [call["filling"] for call in calls] == [0xA5, 0x5A, 0xA5]
    for call in calls:
        assert call["intended"] <= call["started"] <= call["returned"]
        assert (call["rv"], call["slot"]) == (0, 5)
        assert len(bytes.fromhex(call["written"])) == 1056


def test_an_error_of_the_users_is_a_failure(orders: dict[str, Any]) -> None:
    messages = told({**orders, "choice": "third"}, [])

    assert "third" in messages[-1]["failed"]
    assert messages[-1]["candidates"] == []


def test_several_groups_are_listed(orders: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTILE", "two-groups")

    candidates = told(orders, [])[-1]["candidates"]

    assert [slot["label"] for slot in candidates] == ["first", "second\ufffd[31m"]


def test_a_missing_library_is_a_failure_without_candidates(orders: dict[str, Any]) -> None:
    message = told({**orders, "library": "/nowhere.so"}, [])[-1]

    assert "/nowhere.so" in message["failed"]
    assert message["candidates"] == []


def test_a_bug_of_ours_comes_with_its_traceback() -> None:
    assert "KeyError: 'library'" in told({}, [])[-1]["bug"]


def test_a_parent_that_has_gone_is_no_bug(orders: dict[str, Any]) -> None:
    def say(_message: dict[str, Any]) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        worker.outcome(orders, lambda: None, say)


def test_the_whole_worker_serves_from_its_pipes_and_waits_for_the_end_of_its_parent(
    orders: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    abandoned: list[str | None] = []
    (in_read, in_write), (out_read, out_write) = os.pipe(), os.pipe()
    streams = os.fdopen(in_read, encoding="utf-8"), os.fdopen(out_write, "w", encoding="utf-8")
    monkeypatch.setattr(worker, "take_over_standard_streams", lambda: streams)
    monkeypatch.setattr(worker, "abandon", abandoned.append)  # it would kill this test
    monkeypatch.setattr(sys, "argv", ["worker", json.dumps({**orders, "folder": "private"})])
    thread = threading.Thread(target=worker.main)
    with os.fdopen(out_read, encoding="utf-8") as answers:
        with os.fdopen(in_write, "w", encoding="utf-8") as commands:
            thread.start()
            commands.write("0.001\nnull\n")
            commands.flush()
            messages: list[dict[str, Any]] = []
            while not messages or "done" not in messages[-1]:
                messages.append(json.loads(answers.readline()))
            assert thread.is_alive()
            assert abandoned == []
        thread.join()
        for stream in streams:
            stream.close()

    assert sum("call" in message for message in messages) == 1
    assert abandoned == ["private"]


def test_the_end_of_the_parent_in_the_middle_of_a_line_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    abandoned: list[str | None] = []
    monkeypatch.setattr(worker, "abandon", abandoned.append)
    read, write = os.pipe()
    os.write(write, b"0.5\n[")
    os.close(write)
    gaps: queue.SimpleQueue[float | None] = queue.SimpleQueue()

    with os.fdopen(read, encoding="utf-8") as incoming, pytest.raises(json.JSONDecodeError):
        worker.listen(incoming, gaps, "private")

    assert gaps.get() == 0.5
    assert abandoned == ["private"]


def test_abandoning_removes_the_private_folder_and_kills_the_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, outside = tmp_path / "private", tmp_path / "outside"
    folder.mkdir()
    outside.write_text("stays")
    (folder / "Chrystoki.conf").write_text("Luna = {\n}\n")
    (folder / "link").symlink_to(outside)
    (folder / "cache" / "inside").mkdir(parents=True)
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "killpg", lambda group, number: killed.append((group, number)))
    monkeypatch.setattr(os, "_exit", lambda _code: None)

    abandon: Callable[[str], object] = worker.abandon  # here it comes back
    abandon(str(folder))

    assert killed == [(0, 9)]
    assert not folder.exists()
    assert outside.read_text() == "stays"
    remove_folder(str(folder))  # gone already: no error


def test_what_a_library_writes_to_the_standard_descriptors_comes_to_nobody() -> None:
    program = (
        f"import os, sys; sys.path.append({str(REPOSITORY)!r}); from confkit.live import worker\n"
        "incoming, outgoing = worker.take_over_standard_streams()\n"
        "[os.write(descriptor, b'noise') for descriptor in (0, 1, 2)]\n"
        "assert os.read(0, 10) == b''\n"
        "outgoing.write(incoming.readline()); outgoing.flush()\n"
    )

    done = subprocess.run([sys.executable, "-P", "-c", program], input=b"orders\n", capture_output=True, check=True)

    assert (done.stdout, done.stderr) == (b"orders\n", b"")


def test_the_worker_loads_nothing_heavy() -> None:
    program = (  # whatever a tool such as coverage has loaded into the process before is not ours
        f"import sys; sys.path.append({str(REPOSITORY)!r}); before = set(sys.modules); import confkit.live.worker\n"
        "print(*set(sys.modules) - before)"
    )

    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, check=True, text=True)

    heavy = {"dataclasses", "inspect", "asyncio", "subprocess", "pydantic", "rich", "typer", "shutil", "tempfile"}
    assert not heavy & set(done.stdout.split())
