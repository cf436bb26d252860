"""The combinations of the campaign: what a library can do wrong, crossed with the moments of a check."""

from __future__ import annotations

import signal
from itertools import product
from typing import TYPE_CHECKING

from confkit.check.results import EXIT_CODES
from testing.live_runs import Case, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.check.results import Verdict

# The moments of a run of three calls, in the order in which they come.
_BEFORE_CALLS = ("load", "initialize", "slots", "info", "token")
_CALLS = ("status1", "again", "status2", "status3")  # again: the slot is looked at before every call but the first
_LATER_CALLS = ("status2", "status3")  # after one that went well
_LAST = "finalize"
_NEVER = ("functions", "unload")  # confkit calls by symbol name, and a library is never unloaded: its process is killed

_ENDING = ("exit", "quit", "abort", "segv", "kill", "killgroup", "exec", "closeall", "garble", "flood")
_HANGING = ("hang", "stop")
_HARMLESS = (
    *("slow", "child", "daemon", "print", "closestd"),
    *("exhaust", "signals", "alarm", "allocate", "surroundings"),
)
_ANSWERS = (
    *("untouched", "overrun", "smash", "no-status", "no-serial"),
    *("letters", "lost", "many", "other-layout", "refused"),
)

_AMPLE = 30  # seconds: no wake-up of a busy machine is so late
_GOOD = frozenset({"sufficient", "tight"})
_TIMES_OUT = ("--calls", "4", "--tolerate", "0.2", "--confidence", "0.6")  # 2 at T, 1 at 60 s, 2 at T
_LONG = 150.0  # seconds of budget: a run at 60 s needs room; only who hangs needs about half of them
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL)
_INTERRUPTED = frozenset({130})


def _good(name: str, deeds: str, budget: float = 60) -> Case:
    return Case(name, deeds, frozenset({0}), _GOOD, budget, status_timeout=_AMPLE)


def _unavailable(name: str, deeds: str, budget: float = 60) -> Case:
    return Case(name, deeds, frozenset({3}), frozenset({"unavailable"}), budget)


def _inconclusive(name: str, deeds: str, budget: float = 60) -> Case:
    """Give a case of a call that fails beside others that do not: neither proof nor refutation."""
    return Case(name, deeds, frozenset({3}), frozenset({"inconclusive"}), budget)


def in_the_main_run() -> Iterator[Case]:
    """Give every misdeed of a process at every moment of the run."""
    for deed, place in product((*_ENDING, *_HANGING, *_HARMLESS), (*_BEFORE_CALLS, *_CALLS, _LAST, *_NEVER)):
        name = f"{deed}-{place}"
        if deed in _HARMLESS or place == _LAST or place in _NEVER:
            yield _good(name, name)
        elif place in _LATER_CALLS:  # a failed call; another process goes on
            yield _inconclusive(name, name)
        elif deed in _HANGING:
            yield _unavailable(name, name, 10 if place in _CALLS else 4)
        else:
            yield _unavailable(name, name)
    for place in (*_BEFORE_CALLS, *_CALLS):  # slow: so that the crash comes before the run is over
        case = _inconclusive if place in _LATER_CALLS else _unavailable
        yield case(f"late-{place}", f"late-{place},slow-status,slow-{place}")
    yield _good("late-finalize", "late-finalize")
    for deed in _HANGING:  # exit runs the library's own end, which hangs
        yield _inconclusive(f"exit-status2,{deed}-unload", f"exit-status2,{deed}-unload")


def in_an_answer() -> Iterator[Case]:
    """Give every wrong answer in the first, the middle and the last call."""
    for answer, place in product(_ANSWERS, ("status1", "status2", "status3")):
        name = f"{answer}-{place}"
        if answer == "smash" and place == "status1":  # ends every process in its first call
            yield _unavailable(name, f"fill-only,{name}")
        else:
            yield _inconclusive(name, name if answer == "refused" else f"fill-only,{name}")


def in_later_runs() -> Iterator[Case]:
    """Give misdeeds in the ceiling run, and when the main run goes on, of a group whose member is slow."""
    deeds = ("exit", "segv", "kill", "hang", "stop", "closeall", "garble", "daemon", "exhaust", "signals")
    for run, deed, place in product((2, 3), deeds, ("load", "initialize", "status1", _LAST)):
        name = f"{deed}-{place}@{run}"
        # Slow is who answers at 60 s and fails at T again; a call that is lost at T has failed, and others follow it.
        verdict: Verdict = "insufficient"
        if deed not in _HARMLESS and place in _BEFORE_CALLS:
            verdict = "unavailable"
        elif deed not in _HARMLESS and place == "status1" and run == 2:
            verdict = "inconclusive"
        verdicts = {verdict}
        if name == "closeall-status1@3":  # killed in its call a second later, which leaves that call open; or it ended
            verdicts = {"insufficient", "inconclusive"}
        codes = frozenset(EXIT_CODES[one] for one in verdicts)
        yield Case(name, f"times-out,{name}", codes, frozenset(verdicts), _LONG, _TIMES_OUT)
    yield Case("slow member", "times-out", frozenset({1}), frozenset({"insufficient"}), _LONG, _TIMES_OUT)


def under_signals() -> Iterator[Case]:
    """Give signals to confkit itself at every moment, also while the library has stopped its own process."""
    places = (*_BEFORE_CALLS, *_CALLS, _LAST)
    for number, deed, place in product(_SIGNALS, _HANGING, places):
        if deed == "stop" and number in {signal.SIGHUP, signal.SIGQUIT}:
            continue
        yield _struck(f"{number.name} at {deed}-{place}", f"{deed}-{place}", number)
    for number, place in product(_SIGNALS, ("load", "initialize", "status1")):
        yield _struck(f"{number.name} at hang-{place}@2", f"times-out,hang-{place}@2", number, _TIMES_OUT)
    for deed in ("child", "daemon", "signals", "exhaust", "surroundings"):
        name = f"SIGKILL at {deed}-initialize,hang-status1"
        yield _struck(name, f"{deed}-initialize,hang-status1", signal.SIGKILL)
    for deed in ("daemon", "exhaust"):
        name = f"SIGKILL at {deed}-load@2,hang-status1@2"
        yield _struck(name, f"times-out,{deed}-load@2,hang-status1@2", signal.SIGKILL, _TIMES_OUT)
    for place in ("load", "status1", _LAST):  # stopped, and gone on with
        name, deeds = f"SIGSTOP at hang-{place}", f"hang-{place}"
        case = _good(name, deeds) if place == _LAST else _unavailable(name, deeds, 10)
        yield case._replace(hit=Hit(signal.SIGSTOP, 1.0))


def _struck(name: str, deeds: str, number: signal.Signals, arguments: tuple[str, ...] | None = None) -> Case:
    """Give a case that a signal ends; where it is an interruption, what was known until then is reported."""
    if number not in {signal.SIGINT, signal.SIGTERM}:
        codes, verdicts = frozenset({-number}), frozenset({""})
    elif deeds.endswith(_LAST):
        codes, verdicts = _INTERRUPTED, _GOOD
    elif deeds.endswith(("again", *_LATER_CALLS)) or arguments is not None:
        codes, verdicts = _INTERRUPTED, frozenset({"inconclusive"})
    else:
        codes, verdicts = _INTERRUPTED, frozenset({""})
    case = Case(name, deeds, codes, verdicts, _LONG, hit=Hit(number))
    if verdicts is _GOOD:
        case = case._replace(status_timeout=_AMPLE)
    return case if arguments is None else case._replace(arguments=arguments)


def all_cases() -> list[Case]:
    return [*in_the_main_run(), *in_an_answer(), *in_later_runs(), *under_signals()]
