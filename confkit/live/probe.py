"""Timed status calls in a child process: what is measured, and how every ending of that child is told apart.

A call into a vendor's library cannot be cancelled and may end its process, so `confkit.live.worker` makes it, and this
module watches with a deadline for every call and for the whole. The worker is killed at the end in any case, with all
that it has started (`reaper`); should this process be killed, the worker notices and kills its group itself, too.

What is measured. The library wants its calls one after the other. Each is therefore intended for a random (exponential)
time after the last one came back and the slot was found again, and its time runs from that intended start: it holds all
that delays the call (a late wake-up, a busy machine) and nothing that the call before it took. A library that stalls
shows as one slow call, not as many: the result is a share of calls, not of time. Calls at random distances also cannot
fall into step with anything periodic in the library.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from confkit.live import abi
from confkit.live.calls import Call, FoundGroup, MemberStatus, ProbeFailure, ProbeResult, Run
from confkit.live.child import Child
from confkit.live.client import STATUS_CALL, Slot
from confkit.live.interpreter import interpreter

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from confkit.live.target import ProbeTarget, Schedule

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Appended, not prepended, and -P keeps the current folder out: nothing there may replace a module of ours or Python's.
# The package is entered without its __init__, which imports all that edits files: half of the start of a worker.
_START = (
    f"import sys, types; sys.path.append({_ROOT!r}); "
    f"package = types.ModuleType('confkit'); package.__path__ = [{os.path.join(_ROOT, 'confkit')!r}]; "
    "sys.modules['confkit'] = package; "
    "from confkit.live.worker import main; main()"
)

_DOING = {
    "starting": "the start of the worker process",
    "loading": "its loading (dlopen)",
    "initialising": "C_Initialize",
    "finding slot": "the search for the slot of the HA group",
    "call": STATUS_CALL,
    "finalising": "C_Finalize",
}
_REPORT = "Report it with the version of the Luna client to confkit and to the vendor."
_STOPPED_SECONDS = 1.0  # longer than this between two looks: this process was stopped (Ctrl-Z, a paused container)


def run(
    target: ProbeTarget,
    schedule: Schedule,
    random_source: random.Random,
    on_progress: Callable[[str, int], None] = lambda _stage, _calls: None,
    enough: Callable[[Sequence[Call]], bool] = lambda _calls: False,
) -> ProbeResult:
    """Make the calls of `schedule` and tell how it went. No child process is left, whatever happens.

    `random_source` draws the gaps. `on_progress` is called at each change with the stage (see ProbeFailure) and the
    number of calls made; `enough` is asked after each call whether the calls so far will do. Raise RuntimeError, with
    the traceback, for a bug in the worker.
    """
    library = os.path.abspath(target.library)
    orders = {
        "library": library,
        "choice": target.choice,
        "folder": target.private_folder,
        "session": target.session,
    }
    outcome = ProbeResult(library, Run(schedule.limit_seconds, (), schedule.calls, session=target.session))
    command = interpreter("-c", _START, json.dumps(orders))
    try:
        child = Child(command, {**os.environ, **target.environment}, target.private_folder or "")
    except OSError as error:
        reason = f"{sys.executable} cannot be started as a child process ({error.strerror}). Check this Python."
        return replace(outcome, failure=ProbeFailure("starting", reason))
    probe = _Probe(child, schedule, random_source, outcome, enough)
    try:
        probe.watch(on_progress)
    finally:
        child.kill()
    return replace(probe.outcome, run=replace(outcome.run, calls=tuple(probe.calls)))


class _Probe:
    """One worker, and what is known of its run so far."""

    def __init__(
        self,
        child: Child,
        schedule: Schedule,
        random_source: random.Random,
        outcome: ProbeResult,
        enough: Callable[[Sequence[Call]], bool],
    ) -> None:
        self.outcome = outcome  # all but the calls
        self.calls: list[Call] = []
        self._child = child
        self._schedule = schedule
        self._random = random_source
        self._enough = enough
        self._clock = schedule.clock
        self._layout: abi.Layout | None = None
        self._looked = self._clock()
        self._budget_end = self._looked + schedule.budget_seconds
        self._start_end = self._looked + schedule.start_seconds
        self._initialised = self._looked
        self._intended = 0.0  # of the call that runs or is about to
        self._was_stopped = False  # during that call
        self._enter("starting", 0)

    def watch(self, tell: Callable[[str, int], None]) -> None:
        """Follow the worker until it is done, fails, ends, or runs out of time."""
        told = ("", 0)
        while not self._child.closed:
            lines = self._child.lines(max(0.0, self._deadline - self._clock()))
            self._allow_for_stop()
            for line in lines:
                over = self._take(line)
                state = (self._stage, len(self.calls))
                if state != told:
                    tell(*state)
                told = state
                if over:
                    return
            self._allow_for_stop()
            if not self._child.closed and self._looked >= self._deadline:
                self._time_is_up()
                return
        who = "The worker process" if self._stage == "starting" else "The library"
        message = f"{who} {self._child.ending()} during {self._doing}. {_REPORT}"
        if self._stage.startswith("call"):
            self._add_lost_call(message, is_cut_off="ended" not in message and "crashed" not in message)
        self._fail(message)

    def _allow_for_stop(self) -> None:
        """Move every deadline by the time for which this process was stopped; a call that ran then does not count.

        In a paused container the worker was stopped, too, and the call lasted as much longer.
        """
        now = self._clock()
        stopped = now - self._looked
        self._looked = now
        if stopped > _STOPPED_SECONDS:
            self._budget_end += stopped
            self._start_end += stopped
            self._deadline += stopped
            self._was_stopped = self._stage.startswith("call")

    def _add_lost_call(self, problem: str, *, is_cut_off: bool) -> None:
        """Add the call that was on its way and never came back; none if it had not begun.

        `is_cut_off`: it might have come back; where its limit was over even that does not matter any more.
        """
        lasted = self._clock() - self._intended
        if lasted >= 0:
            cut_off = is_cut_off and lasted < self._schedule.limit_seconds
            age = max(0.0, self._intended - self._initialised)
            lost = Call(self._intended, self._intended, None, None, (), cut_off, age, "" if cut_off else problem)
            self.calls.append(lost)

    def _take(self, line: bytes) -> bool:
        """Take in one message of the worker (they are listed there); True when nothing more is wanted."""
        try:
            message = json.loads(line)
            if "stage" in message:
                self._enter(message["stage"], float(message.get("intended", 0)))
            elif "slot" in message:
                self._take_slot(Slot(**message["slot"]), str(message["library_state"]))
            elif "call" in message:
                return self._take_call(message["call"])
            elif "failed" in message:
                self.outcome = replace(self.outcome, candidates=tuple(Slot(**slot) for slot in message["candidates"]))
                return self._fail(message["failed"])
            elif "bug" in message:
                raise RuntimeError(message["bug"])
            else:
                return bool(message["done"])
        except (ValueError, KeyError, TypeError, RecursionError):
            message = f"What comes from the worker process is garbled: the library broke its memory. {_REPORT}"
            if self._stage.startswith("call"):  # left out, those that went well would be all that counts
                self._add_lost_call(message, is_cut_off=False)
            return self._fail(message)
        return False

    def _enter(self, stage: str, intended: float) -> None:
        self._doing = _DOING[stage]
        self._stage = f"call {len(self.calls) + 1}" if stage == "call" else stage
        self._stage_began = self._clock()
        self._intended = intended
        self._deadline = self._budget_end if self.calls else min(self._budget_end, self._start_end)
        if stage == "call":
            self._was_stopped = False
            killed = intended + self._schedule.limit_seconds + self._schedule.grace_seconds
            self._deadline = min(self._budget_end, killed)
        if stage == "finalising":
            self._deadline = min(self._stage_began, self._budget_end) + self._schedule.grace_seconds

    def _take_slot(self, slot: Slot, library_state: str) -> None:
        group = FoundGroup(slot.label, slot.serial, slot.number)
        self.outcome = replace(self.outcome, group=group, library_state=library_state)
        self._order()

    def _order(self) -> None:
        """Tell the worker when to make its next call, or that there is none."""
        if len(self.calls) < self._schedule.calls and not self._enough(self.calls):
            self._child.send(json.dumps(self._random.expovariate(1) * self._schedule.mean_gap_seconds))
        else:
            self._child.send("null")

    def _take_call(self, made: dict[str, Any]) -> bool:
        members: tuple[MemberStatus, ...] = ()
        problem = ""
        if made["rv"] == 0:  # otherwise PKCS#11 leaves open what is in the buffer
            try:
                members = self._read(abi.Answer(made["filling"], bytes.fromhex(made["written"])), made["slot"])
            except abi.AnswerError as error:
                problem = f"{error.message}. {_REPORT}"
        self._initialised = float(made["initialised"])
        intended, started, returned = (float(made[name]) for name in ("intended", "started", "returned"))
        age = started - self._initialised
        if not self._was_stopped:
            self.calls.append(
                Call(
                    intended,
                    started,
                    returned,
                    int(made["rv"]),
                    members,
                    censored=False,
                    age_seconds=age,
                    problem=problem,
                )
            )
        self._enter("finding slot", 0)
        self._order()
        return False

    def _read(self, answer: abi.Answer, slot: int) -> tuple[MemberStatus, ...]:
        """Read an answer in the layout of the first one, and keep what it says of the group."""
        layout = self._layout or abi.recognise(answer)
        state = abi.decode(answer, layout)
        self._layout = layout
        known = self.outcome.group or FoundGroup("", "", slot)
        group = FoundGroup(known.label, state.group_serial or known.serial, slot)
        self.outcome = replace(self.outcome, layout=layout.name, group=group)
        return tuple(MemberStatus(member.serial, member.status) for member in state.members)

    def _time_is_up(self) -> None:
        lasted = self._clock() - self._stage_began
        # A later search for the slot may be cut off by the end of the budget without being slow.
        hangs = self._stage != "finding slot" or not self.outcome.group or lasted >= self._schedule.grace_seconds
        advice = "Look at its log, and at the network to the members; if it only needs longer, raise --budget."
        if self._stage.startswith("call"):
            lasted = self._clock() - self._intended
            if lasted < 0:  # the budget was spent before the call began
                return
            hangs = self._deadline < self._budget_end
            advice = f"Its limit is statusTimeout, {self._schedule.limit_seconds} s. {_REPORT}"
        message = f"The library had not come back from {self._doing} after {lasted:.1f} s, and was killed. {advice}"
        if self._stage.startswith("call"):
            self._add_lost_call(message, is_cut_off=True)
        if hangs:
            self._fail(message)

    def _fail(self, message: str) -> bool:
        self.outcome = replace(self.outcome, failure=ProbeFailure(self._stage, message))
        return True
