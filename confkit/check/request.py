"""What is asked of a check, what it says while it runs, and what comes of it: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from confkit.check.earlier import NOTHING

if TYPE_CHECKING:
    from confkit.check.earlier import Earlier
    from confkit.check.results import CheckPlan, VerdictResult
    from confkit.live.calls import FoundGroup, Purpose, Run

DEFAULT_BUDGET_SECONDS = 600.0

SessionUse = Literal["auto", "always", "never"]


@dataclass(frozen=True)
class CheckRequest:
    """What to check. `choice`: a slot number, the label of an HA group, or None for the only one; seconds for times.

    `thorough` makes the calls at 60 s that a recommendation at full confidence needs. `session`: whether a public
    session is opened on the slot; "auto" tries it where all members fail at once. `over_seconds` spreads the calls at
    random over a period. `earlier` is evidence of the same question, group and library, which this check continues.
    `given_path` is the path for commands that are printed: as the user gave it, or the one that the environment led to,
    for another shell may have another environment; None is the usual place. `saved_as` is the file to which the
    evidence goes, for those as well.
    """

    config_path: str
    plan: CheckPlan
    library: str | None = None
    choice: int | str | None = None
    budget_seconds: float = DEFAULT_BUDGET_SECONDS
    thorough: bool = False
    session: SessionUse = "auto"
    over_seconds: float = 0.0
    earlier: Earlier = NOTHING
    given_path: str | None = None
    saved_as: str | None = None


@dataclass(frozen=True)
class CheckResult:
    """What came of a check. `verdict` is None where the live side could not answer at all; `reason` says why or what.

    `configured_line` is the line of the file that sets the timeout, None for the client's default of 3 s. `started` and
    `finished` are seconds since 1970, `began` is the start on the monotonic clock of the calls. `interrupted`: it was
    ended early, by Ctrl-C; `modified`: the file was modified meanwhile. `needed_budget`: seconds that would do, where
    the budget was too small. `runs` are all runs made, also where there is no verdict. `config_digest` and
    `library_state` are those of `LiveSession` and `ProbeResult`, `is_last` that of the plan.
    """

    configured_seconds: int | None
    configured_line: int | None
    library: str | None
    layout: str | None
    group: FoundGroup | None
    verdict: VerdictResult | None
    reason: str
    runs: tuple[Run, ...]
    config_path: str = ""
    config_digest: str = ""
    library_state: str = ""
    is_last: bool = False
    host: str = ""
    began: float = 0.0
    started: float = 0.0
    finished: float = 0.0
    interrupted: bool = False
    modified: bool = False
    needed_budget: int | None = None


@dataclass(frozen=True)
class Progress:
    """Where a check is: the run, what the library is at, how many of about how many calls are made.

    `failing` are the members that failed so far, in the order in which they did. Seconds since the start, and the
    budget.
    """

    purpose: Purpose
    limit_seconds: int
    stage: str
    made: int
    planned: int
    elapsed_seconds: float = 0.0
    budget_seconds: float = 0.0
    failing: tuple[str, ...] = ()
