"""A group under chaos: `python -m testing.live_chaos SECONDS SEED`, in a network namespace of its own.

Several groups of three members, each in a thread, are put into known states, one after the other; in each a check is
made, in some the state changes while the check runs, and everything is restored. First comes a tour of all conditions;
after it states are drawn until SECONDS are over. Every check is printed as one JSON object on a line: `before` and
`after` (states), `flip` (seconds after which the one became the other, null for never), `verdict`, `members` (their
verdicts), `code`, `seconds`, `reason`.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from confkit.check.readings import HEAD_ROOM
from confkit.emulator.group import running_group
from testing.live_truth import LONG_DOWN, OK, QUICKLY_DOWN, SLOW, TIGHT, State, drawn
from testing.programs import unmeasured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.emulator.group import EmulatedGroup

_MEMBERS = 3
_STATUS_TIMEOUT = (3, 12, 3, 3, 3, 3)  # seconds, of each group; the tight member of the second has 2 s to spare
_CHECK = ("check", "--format", "json", "--calls", "4", "--tolerate", "0.5", "--confidence", "0.9", "--budget", "300")

# What every run begins with, one tour for each group: the states, and after how many seconds each becomes the next.
_TOURS: tuple[tuple[tuple[State, float | None], ...], ...] = (
    (((OK, OK, OK), None), ((SLOW, OK, OK), None)),
    (((OK, TIGHT, OK), None), ((OK, OK, SLOW), 2.0), ((OK, OK, OK), None)),
    (*((((condition, OK, OK)), None) for condition in QUICKLY_DOWN), (("paused",) * 3, None)),
    ((("cut", "killed", "paused"), None), ((OK, OK, OK), 1.2), (("paused", OK, OK), 1.5), ((OK, OK, OK), None)),
    (((OK, SLOW, "cut"), None),),
    (((OK, OK, OK), 1.3), ((OK, "cut", OK), 6.0), ((OK, OK, OK), 1.2), ((OK, "killed", OK), 2.0), ((OK, OK, OK), None)),
)


def steps(number: int) -> Iterator[tuple[State, State, float | None]]:
    """Yield what group `number` goes through: a state, the next one, and after how many seconds of the check it comes.

    None: only when the check has ended.
    """
    tour = _TOURS[number]
    for (state, flip), (following, _) in zip(tour, (*tour[1:], tour[0]), strict=True):
        yield state, (state if flip is None else following), flip


def drawn_steps(source: random.Random) -> Iterator[tuple[State, State, float | None]]:
    """Yield random states without an end; the truth changes in one check of four."""
    conditions = (SLOW, SLOW, TIGHT, *QUICKLY_DOWN, *LONG_DOWN)
    state = drawn(source, _MEMBERS, conditions)
    while True:
        following = drawn(source, _MEMBERS, conditions)
        if source.random() < 0.25:
            yield state, following, source.uniform(0.3, 15.0)
        else:
            yield state, state, None
        state = following


def fault(condition: str, status_timeout: int) -> str:
    """Give the fault that makes a condition; of a tight member one that answers just after T/1.2, however busy we are."""
    milliseconds = {SLOW: 1000 * status_timeout + 500, TIGHT: int(1000 * status_timeout / HEAD_ROOM) + 50}
    return f"slow:{milliseconds[condition]}" if condition in milliseconds else condition


def put(group: EmulatedGroup, index: int, old: str, new: str, status_timeout: int) -> None:
    """Bring a member from one condition into another."""
    if old != new:
        _restore(group, index, old)
        if new == "paused":
            group.pause_member(index)
        elif new == "killed":
            group.stop_member(index)
        elif new == "cut":
            _packets("-A", group.members[index].port)
        elif new != OK:
            group.set_fault(index, fault(new, status_timeout))


def _restore(group: EmulatedGroup, index: int, old: str) -> None:
    if old == "paused":
        group.resume_member(index)
    elif old == "killed":
        group.start_member(index)
    elif old == "cut":
        _packets("-D", group.members[index].port)
    elif old != OK:
        group.set_fault(index, None)


def _packets(action: str, port: int) -> None:
    """Drop all packets from and to a port, or no longer. -w: another thread may be at the same table."""
    for side in ("--dport", "--sport"):
        rule = [action, "INPUT", "-p", "tcp", side, str(port), "-j", "DROP"]
        subprocess.run(["iptables", "-w", *rule], check=True)


def move(group: EmulatedGroup, old: State, new: State, status_timeout: int) -> None:
    for index in range(_MEMBERS):
        put(group, index, old[index], new[index], status_timeout)


def check(group: EmulatedGroup, before: State, after: State, flip: float | None, status_timeout: int) -> dict[str, Any]:
    """Make one check of a group that is in the state `before`, and becomes `after` while it runs."""
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "confkit", *_CHECK],
        env={**unmeasured(), **group.environment()},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if flip is not None:
            time.sleep(flip)
            move(group, before, after, status_timeout)
        assert process.stdout is not None
        answer = json.loads(process.stdout.read())
    return {
        "before": before,
        "after": after,
        "flip": flip,
        "code": process.returncode,
        "verdict": answer["verdict"],
        "members": [member["verdict"] for member in answer["members"]],
        "seconds": time.monotonic() - began,
        "reason": answer["reason"],
    }


def torment(number: int, ends: float, seed: int) -> None:
    """Take one group through its tour, and then through drawn states until the time `ends`."""
    status_timeout = _STATUS_TIMEOUT[number]
    with running_group(
        _MEMBERS, status_timeout=status_timeout, receive_timeout_ms=1000, reconnect_interval_ms=200, report_early=True
    ) as group:
        now: State = (OK,) * _MEMBERS
        source = random.Random(seed)
        for place, (before, after, flip) in enumerate(_all_steps(number, source)):
            if place >= len(_TOURS[number]) and time.monotonic() > ends:
                break
            move(group, now, before, status_timeout)
            print(json.dumps(check(group, before, after, flip, status_timeout)), flush=True)
            now = after
        move(group, now, (OK,) * _MEMBERS, status_timeout)


def _all_steps(number: int, source: random.Random) -> Iterator[tuple[State, State, float | None]]:
    yield from steps(number)
    yield from drawn_steps(source)


def main() -> None:
    seconds, seed = float(sys.argv[1]), int(sys.argv[2])
    ends = time.monotonic() + seconds
    with ThreadPoolExecutor(len(_TOURS)) as pool:
        runs = [pool.submit(torment, number, ends, seed + number) for number in range(len(_TOURS))]
    for run in runs:
        run.result()


if __name__ == "__main__":
    main()
