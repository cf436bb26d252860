"""Libraries that are right but for one thing (odd_library.c), what is true of them, and what a check may say.

A verdict that the truth contradicts is not in the list; "inconclusive" is where the truth cannot be seen.
"""

from __future__ import annotations

import signal
from typing import NamedTuple

from testing.live_runs import Case, Hit

_FEW = ("--tolerate", "0.5")  # five clean calls
_GOOD = frozenset({"sufficient"})
_ALIVE = frozenset({"sufficient", "tight", "inconclusive"})  # where a failure is seen that had another cause
_DOWN = frozenset({"member_down"})
_SLOW = frozenset({"insufficient"})
_OPEN = frozenset({"inconclusive"})
_NONE = frozenset({"unavailable"})
_CODES = {"sufficient": 0, "tight": 0, "insufficient": 1, "member_down": 1, "inconclusive": 3, "unavailable": 3}
_FOUR_MEMBERS = """VirtualToken = {
   VirtualToken00Label = odd;
   VirtualToken00SN = 1154438865287;
   VirtualToken00Members = 154438865287,154438865288,154438865289,154438865290;
}
"""


class Kind(NamedTuple):
    """One kind of library. `said` is in the text that the check prints; `define` is what the library is compiled with."""

    case: Case
    said: str = ""
    define: str = ""


def _kind(
    name: str,
    verdicts: frozenset[str],
    *arguments: str,
    deeds: str | None = None,
    said: str = "",
    seconds: int = 3,
    more: str = "",
    define: str = "",
    hit: Hit | None = None,
    budget: float = 170,
) -> Kind:
    codes = frozenset(_CODES[verdict] for verdict in verdicts)
    deeds = name if deeds is None else deeds
    case = Case(name, deeds, codes, verdicts, budget, arguments or _FEW, hit, status_timeout=seconds, more=more)
    return Kind(case, said, define)


_AMPLE = 20
"""A statusTimeout in seconds that no living member misses on a busy machine."""

KINDS = (
    # C_Initialize and the functions
    _kind("no-locking", _GOOD, seconds=_AMPLE),
    _kind("bad-arguments", _GOOD, seconds=_AMPLE),
    _kind("initialised-already", _GOOD, seconds=_AMPLE),
    _kind("slow-initialise", _GOOD, seconds=_AMPLE),
    _kind("function list only", _GOOD, deeds="", seconds=_AMPLE, define="FUNCTION_LIST_ONLY"),
    # slots
    _kind("late-slots", _GOOD, seconds=_AMPLE),
    _kind("growing-slots", _GOOD, seconds=_AMPLE),
    _kind("empty-ha-slots", _GOOD, seconds=_AMPLE),
    _kind("other-description", _GOOD, seconds=_AMPLE),
    _kind("unknown slot", _NONE, deeds="other-description,other-model", said="name it with --slot"),
    _kind("unknown slot, named", _GOOD, "--slot", "5", *_FEW, deeds="other-description,other-model", seconds=_AMPLE),
    _kind("no-token", _GOOD, seconds=_AMPLE),
    _kind("renumbering", _GOOD, seconds=_AMPLE),
    _kind("control-characters", _GOOD, seconds=_AMPLE),
    # answers
    _kind("zero-padded", _GOOD, seconds=_AMPLE),
    _kind("changing-group-serial", _GOOD, seconds=_AMPLE),
    _kind("listed-twice", frozenset({"sufficient", "inconclusive"}), said="listed more than once", seconds=_AMPLE),
    _kind("half-a-status", _NONE | _OPEN),
    _kind("an empty list once", _ALIVE, "--tolerate", "0.1", deeds="no-list-3@1", seconds=_AMPLE),
    _kind("an error once", _ALIVE, "--tolerate", "0.1", deeds="error-3@1", seconds=_AMPLE),
    _kind("a hang once", _ALIVE, "--tolerate", "0.1", deeds="hang-3@1"),
    _kind("a fork in a call", _GOOD, deeds="fork-2", seconds=_AMPLE),
    _kind("error", _NONE, said="CKR_FUNCTION_FAILED"),
    _kind("unsupported", _NONE, said="CKR_FUNCTION_NOT_SUPPORTED"),
    # members
    _kind("connecting", _ALIVE, "--tolerate", "0.2", seconds=_AMPLE),
    _kind("wants-a-session", _GOOD, said="A public session was opened", seconds=_AMPLE),
    _kind("no-session", _DOWN, said="The group is lost"),
    _kind("slow", _SLOW),
    _kind("too small a budget", _OPEN | _SLOW, deeds="slow,at-the-limit", said="s are enough", budget=50),
    _kind("stalled", _ALIVE, "--tolerate", "0.1"),
    _kind("at-the-limit", frozenset({"tight"}), seconds=3),
    _kind("gone", _DOWN, said="2 of 2 at 60 s"),
    _kind("silent", _DOWN, said="at 60 s"),
    _kind("all-gone", _DOWN, said="The group is lost"),
    _kind("all-silent", _DOWN, said="The group is lost"),
    _kind("all silent, a budget of 50 s", _DOWN, deeds="all-silent", said="The group is lost", budget=50),
    _kind("lost-with-code", _DOWN, said="The group is lost"),
    _kind("lost-without-list", _DOWN, said="The group is lost"),
    _kind("a member that the file names is never listed", _DOWN, deeds="", more=_FOUR_MEMBERS, said="Not listed"),
    _kind("joins", _ALIVE | _DOWN, "--tolerate", "0.05"),
    _kind("leaves", _DOWN | _OPEN, "--tolerate", "0.05"),
    _kind("flapping", _DOWN | _OPEN, "--tolerate", "0.05"),
    _kind("one slow, one gone", _SLOW, "--tolerate", "0.05", deeds="slow,gone-first"),
    # the limit
    _kind("own-limit", _OPEN, deeds="own-limit,slow", said="did not apply the timeout"),
    _kind("own limit, silent", _OPEN, deeds="own-limit,silent", said="did not apply the timeout"),
    _kind("other-file", _OPEN, deeds="other-file,slow", said="did not apply the timeout", seconds=10),
    # what is left behind
    _kind("daemon", _GOOD, seconds=_AMPLE),
    _kind("daemon-cleared", _GOOD, seconds=_AMPLE),
    _kind("daemon-hidden", _GOOD, seconds=_AMPLE),
    _kind("daemon-subreaper", _GOOD, seconds=_AMPLE),
    _kind("fills its directory", _SLOW, deeds="slow,fills-directory@2,daemon-cleared@2"),
    _kind("edits-file", _OPEN, said="was modified during the check", seconds=_AMPLE),
    # what befalls confkit meanwhile
    _kind("Ctrl-Z for 2 s", _GOOD, deeds="reached-2", seconds=_AMPLE, hit=Hit(signal.SIGSTOP, 2.0)),
)
