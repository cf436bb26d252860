"""The child process of the live check: one library, one HA group, one status call at a time, as the parent orders.

Started by `confkit.live.probe` with its orders as one JSON object on the command line: "library" (path), "choice"
(slot number, label or null), "folder" (a private configuration directory to remove should the parent die, or null) and
"session" (whether to open a public session on the slot).
Standard input brings one line before each call, the seconds to wait, and null to end the run. To what was standard
output go JSON objects, one on each line; times are seconds of time.monotonic:

    {"stage": "loading" | "initialising" | "finding slot" | "finalising"}   before each step
    {"slot": {"number", "description", "label", "model", "serial"}, "library_state"}   the group; ready for a line
    {"stage": "call", "intended"}                                           before each call
    {"call": {"slot", "initialised", "intended", "started", "returned", "rv", "filling", "written" (hex)}}   ready
    {"done": true} | {"failed": message, "candidates": [slot, ...]} | {"bug": traceback}      nothing follows

After the last message it waits to be killed: whoever outlives the other can then clean up. A library may write to the
standard descriptors, so they lead to /dev/null before it is loaded. Light modules only: this starts in every check.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import resource
import signal
import sys
import threading
import time
import traceback
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from confkit.core.errors import UnavailableError
from confkit.live import abi
from confkit.live.client import LibraryClient, SlotError, find_again, wait_for_slot
from confkit.live.reaper import remove_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    Say = Callable[[dict[str, Any]], None]


def main() -> None:
    """Carry out the orders in sys.argv[1]; see the module."""
    orders = json.loads(sys.argv[1])
    incoming, outgoing = take_over_standard_streams()
    # No core file in the user's folder when a library crashes.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gaps: queue.SimpleQueue[float | None] = queue.SimpleQueue()
    listener = threading.Thread(target=listen, args=(incoming, gaps, orders["folder"]), daemon=True)
    listener.start()

    own = os.getpid()

    def say(message: dict[str, Any]) -> None:
        if os.getpid() != own:  # a library that forks returns twice: the copy has nothing to say
            os._exit(0)
        outgoing.write(json.dumps(message) + "\n")
        outgoing.flush()

    with contextlib.suppress(BrokenPipeError):  # the parent is dead: the listener is about to notice, too
        say(outcome(orders, gaps.get, say))
    listener.join()


def outcome(orders: dict[str, Any], next_gap: Callable[[], float | None], say: Say) -> dict[str, Any]:
    """Serve the orders to the end and give the last message."""
    try:
        serve(orders, next_gap, say)
    except UnavailableError as error:
        candidates = error.candidates if isinstance(error, SlotError) else ()
        return {"failed": error.message, "candidates": [slot._asdict() for slot in candidates]}
    except BrokenPipeError:
        raise
    except Exception:  # noqa: BLE001 - a bug of ours must not be taken for a crash of the library
        return {"bug": traceback.format_exc()}
    return {"done": True}


def take_over_standard_streams() -> tuple[TextIO, TextIO]:
    """Give standard input and output under new descriptors, and lead 0, 1 and 2 to /dev/null.

    The new descriptors are closed in programs that the library starts (PEP 446).
    """
    incoming, outgoing = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    return incoming, outgoing


def listen(incoming: TextIO, gaps: queue.SimpleQueue[float | None], folder: str | None) -> None:
    """Pass on the lines of the parent; when they end the parent has died, and everything here must go."""
    try:
        for line in incoming:
            gaps.put(json.loads(line))
    finally:
        abandon(folder)


def abandon(folder: str | None) -> NoReturn:
    """Remove the private configuration `folder`, then kill this process with whatever the library has started."""
    if folder is not None:
        remove_folder(folder)
    os.killpg(0, signal.SIGKILL)
    os._exit(1)  # never reached where the kill is delivered at once


def serve(orders: dict[str, Any], next_gap: Callable[[], float | None], say: Say) -> None:
    """Load the library, find the group, and make a call after each gap that `next_gap` gives, until it gives None."""
    say({"stage": "loading"})
    client = LibraryClient(orders["library"])
    state = file_state(orders["library"])
    say({"stage": "initialising"})
    client.initialise()
    initialised = time.monotonic()
    say({"stage": "finding slot"})
    slot = wait_for_slot(client, orders["choice"])
    if orders.get("session"):
        client.open_session(slot.number)
    say({"slot": slot._asdict(), "library_state": state})
    number = 0
    while (gap := next_gap()) is not None:
        say({"stage": "finding slot"})
        slot = find_again(client, slot)
        made = timed_call(client, slot.number, gap, abi.FILLINGS[number % len(abi.FILLINGS)], say)
        say({"call": {**made, "initialised": initialised}})
        number += 1
    say({"stage": "finalising"})
    client.finalise()


def file_state(path: str) -> str:
    """Return size and time of modification of a file; empty where it has gone."""
    try:
        found = os.stat(path)
    except OSError:
        return ""
    return f"{found.st_size} bytes, {found.st_mtime_ns} ns"


def timed_call(client: LibraryClient, number: int, gap: float, filling: int, say: Say) -> dict[str, Any]:
    """Make one call `gap` seconds from now. Finding the slot is done by then, so it costs the call no time."""
    intended = time.monotonic() + gap
    say({"stage": "call", "intended": intended})
    made = client.ha_state_at(intended, number, filling)
    return {
        "slot": number,
        "intended": intended,
        "started": made.started,
        "returned": made.returned,
        "rv": made.result,
        "filling": filling,
        "written": made.answer.written.hex(),
    }
