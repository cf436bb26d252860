"""The child process of the field report: it loads the library and asks it, question by question.

Started by `confkit.fieldreport.observe` like the worker of the live check and by its rules (see `confkit.live.worker`):
orders as one JSON object on the command line, "library", "choice", "calls" and "directory"; messages as JSON objects,
one on each line; after the last one it waits to be killed.

    {"stage": "loading" | "initialising" | "listing slots" | "calling" | "finalising"}   before each step
    {"client": {...}}                                what C_GetInfo says
    {"slot": {..., "token": {...}}}                  what C_GetSlotInfo and C_GetTokenInfo say, one for each slot
    {"group": number}                                the slot of the HA group
    {"answer": {"question": "group" | "wrong slot" | "other slot", "slot", "rv", "seconds", "filling", "written" (hex)}}
    {"done": true} | {"failed": message} | {"bug": traceback}
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import queue
import resource
import sys
import threading
import time
import traceback
from typing import TYPE_CHECKING, Any

from confkit.core.errors import UnavailableError
from confkit.live import abi
from confkit.live.client import LibraryClient, SlotError, find_slot
from confkit.live.worker import listen, take_over_standard_streams

if TYPE_CHECKING:
    from collections.abc import Callable

    Say = Callable[[dict[str, Any]], None]

_MOST_SLOTS = 64  # to describe; a network HSM client shows a few
_FAR = 1000  # from the last slot to one that there is none of


def main() -> None:
    """Carry out the orders in sys.argv[1]; see the module."""
    orders = json.loads(sys.argv[1])
    incoming, outgoing = take_over_standard_streams()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no core file when a library crashes
    unread: queue.SimpleQueue[float | None] = queue.SimpleQueue()  # the parent sends nothing, it only ends
    listener = threading.Thread(target=listen, args=(incoming, unread, orders["directory"]), daemon=True)
    listener.start()

    def say(message: dict[str, Any]) -> None:
        outgoing.write(json.dumps(message) + "\n")
        outgoing.flush()

    with contextlib.suppress(BrokenPipeError):
        say(outcome(orders, say))
    listener.join()


def outcome(orders: dict[str, Any], say: Say) -> dict[str, Any]:
    """Ask everything, and give the last message."""
    try:
        ask(orders, say)
    except UnavailableError as error:
        return {"failed": error.message}
    except BrokenPipeError:
        raise
    except Exception:  # noqa: BLE001 - a bug of ours must not be taken for a crash of the library
        return {"bug": traceback.format_exc()}
    return {"done": True}


def ask(orders: dict[str, Any], say: Say) -> None:
    """Load the library and ask it everything, the usual first: what comes last may end the process."""
    say({"stage": "loading"})
    client = LibraryClient(orders["library"])
    raw = ctypes.CDLL(orders["library"])  # it is loaded already: this is another handle on it
    say({"stage": "initialising"})
    client.initialise()
    say({"client": _info(raw)})
    say({"stage": "listing slots"})
    numbers = client.slot_numbers()
    for shown in numbers[:_MOST_SLOTS]:
        say({"slot": _slot(raw, shown)})
    group, others = _group(client, orders["choice"], numbers)
    if group is not None:
        say({"group": group})
    questions = [("group", group)] * orders["calls"] + [("wrong slot", max(numbers, default=0) + _FAR), *others]
    for index, (question, number) in enumerate(questions):
        if number is not None:
            say({"stage": "calling"})
            say({"answer": {"question": question, **_call(client, number, abi.FILLINGS[index % 2])}})
    say({"stage": "finalising"})
    client.finalise()


def _group(
    client: LibraryClient, choice: int | str | None, numbers: list[int]
) -> tuple[int | None, list[tuple[str, int]]]:
    """Return the slot of the group, None where it is unclear, and the first other slot as a question."""
    groups = {slot.number for slot in client.ha_slots()}
    others = [("other slot", number) for number in numbers if number not in groups][:1]
    try:
        return find_slot(client, choice).number, others
    except SlotError:
        return None, others


def _call(client: LibraryClient, number: int, filling: int) -> dict[str, Any]:
    started = time.monotonic()
    result, answer = client.ha_state(number, filling)
    seconds = time.monotonic() - started
    return {"slot": number, "rv": result, "seconds": seconds, "filling": filling, "written": answer.written.hex()}


def _info(raw: ctypes.CDLL) -> dict[str, Any] | None:
    """Call C_GetInfo; None where there is none, or it refuses."""
    structure = abi.structure(
        "CK_INFO",
        abi.NATIVE,
        [
            ("cryptokiVersion", ctypes.c_ubyte * 2),
            ("manufacturerID", ctypes.c_ubyte * 32),
            ("flags", ctypes.c_ulong),
            ("libraryDescription", ctypes.c_ubyte * 32),
            ("libraryVersion", ctypes.c_ubyte * 2),
        ],
    )
    info: Any = structure()
    if not hasattr(raw, "C_GetInfo") or _result(raw.C_GetInfo, ctypes.byref(info)):
        return None
    return {
        "cryptoki_version": _version(info.cryptokiVersion),
        "library_version": _version(info.libraryVersion),
        "manufacturer": _text(info.manufacturerID),
        "description": _text(info.libraryDescription),
    }


def _slot(raw: ctypes.CDLL, number: int) -> dict[str, Any]:
    info: Any = abi.slot_info(abi.NATIVE)()
    result = _result(raw.C_GetSlotInfo, ctypes.c_ulong(number), ctypes.byref(info))
    return {
        "slot": number,
        "rv": result,
        "description": _text(info.slotDescription),
        "manufacturer": _text(info.manufacturerID),
        "flags": int(info.flags),
        "hardware_version": _version(info.versions[:2]),
        "firmware_version": _version(info.versions[2:]),
        "token": _token(raw, number),
    }


def _token(raw: ctypes.CDLL, number: int) -> dict[str, Any]:
    info: Any = abi.token_info(abi.NATIVE)()
    result = _result(raw.C_GetTokenInfo, ctypes.c_ulong(number), ctypes.byref(info))
    return {
        "rv": result,
        "label": _text(info.label),
        "serial": _text(info.serialNumber),
        "model": _text(info.model),
        "manufacturer": _text(info.manufacturerID),
        "flags": int(info.flags),
        "firmware_version": _version(info.versions[2:]),
    }


def _result(function: Any, *arguments: Any) -> int:  # noqa: ANN401 - a function of the library, and C values
    function.restype = ctypes.c_ulong
    return int(function(*arguments))


def _version(field: Any) -> str:  # noqa: ANN401 - two bytes
    return f"{field[0]}.{field[1]}"


def _text(field: Any) -> str:  # noqa: ANN401 - a ctypes array
    """Read a text field: up to a NUL, without padding."""
    return bytes(field).split(b"\0")[0].decode("utf-8", "replace").strip()
