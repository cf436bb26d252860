"""The worker of the report, asked in this process; tests/fieldreport/test_report.py has it in its own."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from confkit.emulator.group import running_group
from confkit.fieldreport import worker
from testing.hostile import hostile_library
from testing.programs import needs

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Orders for a fresh copy of the library, so that it has made no calls yet."""
    monkeypatch.delenv("HOSTILE", raising=False)
    library = tmp_path / "lib.so"
    shutil.copy(hostile_library(), library)
    return {"library": str(library), "choice": None, "calls": 3, "directory": None}


def told(orders: dict[str, Any]) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    messages.append(worker.outcome(orders, messages.append))
    return messages


def answers(messages: list[dict[str, Any]]) -> list[tuple[str, int]]:
    found = [message["answer"] for message in messages if "answer" in message]
    return [(answer["question"], answer["filling"]) for answer in found]


def test_everything_is_asked_in_order_and_the_unusual_last(orders: dict[str, Any]) -> None:
    messages = told(orders)
    stages = [message["stage"] for message in messages if "stage" in message]
    assert stages == ["loading", "initialising", "listing slots", *["calling"] * 5, "finalising"]
    assert answers(messages) == [
        ("group", 0xA5),
        ("group", 0x5A),
        ("group", 0xA5),
        ("wrong slot", 0x5A),
        ("other slot", 0xA5),
    ]
    assert messages[-1] == {"done": True}
    assert next(message for message in messages if "client" in message) == {"client": None}  # it has no C_GetInfo
    slots = {message["slot"]["slot"]: message["slot"] for message in messages if "slot" in message}
    group = next(message["group"] for message in messages if "group" in message)
    assert slots[group]["description"] == "HA Virtual Card Slot"
    assert slots[group]["token"]["serial"] == "1154438865287"


def test_a_group_that_is_not_there_leaves_the_other_questions(orders: dict[str, Any]) -> None:
    messages = told({**orders, "choice": "third"})
    assert not any("group" in message for message in messages)
    assert [question for question, _filling in answers(messages)] == ["wrong slot", "other slot"]


def test_endings(orders: dict[str, Any]) -> None:
    assert "/nowhere.so" in told({**orders, "library": "/nowhere.so"})[-1]["failed"]
    assert "KeyError: 'library'" in told({})[-1]["bug"]

    def gone(_message: dict[str, Any]) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        worker.outcome(orders, gone)


def test_what_the_library_says_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("gcc")
    with running_group(1) as group:
        for name, value in group.environment().items():
            monkeypatch.setenv(name, value)
        messages = told({"library": group.library, "choice": None, "calls": 1, "directory": None})
    client = next(message["client"] for message in messages if "client" in message)
    assert client == {
        "cryptoki_version": "2.20",
        "library_version": "10.7",
        "manufacturer": "Safenet, Inc.",
        "description": "confkit emulated Luna client",
    }


def test_the_whole_worker_answers_on_its_pipe_and_waits_for_the_end_of_its_parent(
    orders: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    abandoned: list[str | None] = []
    (in_read, in_write), (out_read, out_write) = os.pipe(), os.pipe()
    streams = os.fdopen(in_read, encoding="utf-8"), os.fdopen(out_write, "w", encoding="utf-8")
    monkeypatch.setattr(worker, "take_over_standard_streams", lambda: streams)
    monkeypatch.setattr("confkit.live.worker.abandon", abandoned.append)  # it would kill this test
    monkeypatch.setattr(sys, "argv", ["worker", json.dumps({**orders, "directory": "private"})])
    thread = threading.Thread(target=worker.main)
    messages: list[dict[str, Any]] = []
    with os.fdopen(out_read, encoding="utf-8") as said:
        thread.start()
        while not messages or "done" not in messages[-1]:
            messages.append(json.loads(said.readline()))
        assert thread.is_alive()
        assert abandoned == []
        os.close(in_write)
        thread.join()
        for stream in streams:
            stream.close()
    assert sum("answer" in message for message in messages) == 5
    assert abandoned == ["private"]
