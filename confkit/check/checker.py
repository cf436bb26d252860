"""The live check from beginning to end: session, probe, the runs that explain failures, verdict.

Which run comes next is decided in `next_run`, from all that has been seen; this module makes the runs and keeps the
time. A process that crashes or hangs in a call has made a failed call, and another process goes on.
"""

from __future__ import annotations

import random
import socket
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from confkit.check.conclusion import Ending, conclude
from confkit.check.evidence import gather
from confkit.check.next_run import NextRun, is_enough, needed_seconds, next_run, wants_ceiling
from confkit.check.readings import CKR_OK
from confkit.check.request import CheckResult, Progress
from confkit.core.errors import FileError, UnavailableError, UsageError
from confkit.core.view import groups
from confkit.live import probe
from confkit.live.calls import Run
from confkit.live.session import open_session, target
from confkit.live.target import Schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    from confkit.check.evidence import Evidence
    from confkit.check.request import CheckRequest
    from confkit.live.calls import Call, FoundGroup, ProbeFailure, ProbeResult
    from confkit.live.session import LiveSession
    from confkit.live.target import ProbeTarget

    class Prober(Protocol):
        """What makes the calls: `confkit.live.probe.run`, or a simulation of it."""

        def __call__(
            self,
            target: ProbeTarget,
            schedule: Schedule,
            random_source: random.Random,
            on_progress: Callable[[str, int], None],
            enough: Callable[[Sequence[Call]], bool],
        ) -> ProbeResult:
            """Make the calls of `schedule`; see `confkit.live.probe.run`."""
            ...


MIN_SECONDS = 1.0  # a child that has less would not come to its first call
MAX_RESTARTS = 3  # processes in a row that end without a call that came back
MAX_RUNS = 10
SETTLING_CALLS = 1000
SESSION_CALLS = 3  # that fail at once for every member before a session is tried


@dataclass(frozen=True)
class Clock:
    """Where the time comes from, so that a test need not wait for it; and what it is called outside."""

    monotonic: Callable[[], float] = time.monotonic
    time: Callable[[], float] = time.time


def check(
    request: CheckRequest,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    *,
    prober: Prober = probe.run,
    clock: Clock = Clock(),
) -> CheckResult:
    """Make the calls and give the verdict; always answers, within the budget and a grace of 5 s.

    Raise UsageError where there are several HA groups and none was chosen, FileError where there is no configuration.
    The user's file is only read, and nobody logs in.
    """
    session = open_session(request.config_path, request.library, request.choice)
    result = CheckResult(
        session.seconds,
        session.line,
        session.library,
        None,
        None,
        None,
        "",
        (),
        config_path=session.path,
        config_digest=session.digest,
        is_last=request.plan.is_last,
        began=clock.monotonic(),
        host=socket.gethostname(),
        started=clock.time(),
    )
    try:
        seconds, _ = session.usable()
    except UnavailableError as error:
        return replace(result, reason=str(error), finished=clock.time())
    checking = _Checking(request, session, seconds, prober, clock, on_progress)
    interrupted = False
    try:
        checking.make_runs()
    except KeyboardInterrupt:
        if not checking.has_calls:
            raise
        interrupted = True
    result = replace(
        result,
        layout=checking.layout,
        group=checking.group,
        library_state=checking.library_state,
        runs=tuple(checking.runs),
        finished=clock.time(),
        interrupted=interrupted,
        modified=checking.modified,
        needed_budget=checking.needed_budget,
    )
    return conclude(request, result, checking.ending())


@dataclass
class _Checking:
    """The runs of one check: they share the budget, the file, the library and the group."""

    request: CheckRequest
    session: LiveSession
    seconds: int
    prober: Prober
    clock: Clock
    tell: Callable[[Progress], None]
    runs: list[Run] = field(default_factory=list)
    layout: str | None = None
    group: FoundGroup | None = None
    library_state: str = ""
    failure: ProbeFailure | None = None
    obstacle: str = ""  # why no further run could be made
    needed_budget: int | None = None
    modified: bool = False
    uses_session: bool = False
    tried_session: bool = False
    _failing: dict[str, None] = field(default_factory=dict)
    _random: random.Random = field(default_factory=random.SystemRandom)

    def __post_init__(self) -> None:
        self.began = self.clock.monotonic()
        self.ends = self.began + self.request.budget_seconds
        earlier = self.request.earlier
        self.runs = list(earlier.runs)
        self.group, self.layout, self.library_state = earlier.group, earlier.layout, earlier.library_state
        self.uses_session = self.request.session == "always"

    @property
    def has_calls(self) -> bool:
        return any(run.calls for run in self.runs)

    @property
    def left(self) -> float:
        return self.ends - self.clock.monotonic()

    @property
    def telling_runs(self) -> list[Run]:
        """The runs that count: where a session made the difference, those with one."""
        empty = [Run(self.seconds, (), self.request.plan.calls)]
        with_session = [run for run in self.runs if run.session]
        if not self.tried_session or any(_lists_the_living(run) for run in self.runs if not run.session):
            return self.runs or empty
        if not any(run.calls for run in with_session):
            return empty if self.uses_session else self.runs or empty
        return with_session if any(map(_lists_the_living, with_session)) else self.runs

    def evidence(self) -> Evidence:
        return gather(self.request.plan, self.telling_runs, self.expected)

    @property
    def expected(self) -> tuple[str, ...]:
        return expected_members(self.session, self.group)

    def make_runs(self) -> None:
        """Make one run after the other until all is said, the budget is spent, or the library cannot be used."""
        restarts = 0
        while len(self.runs) < len(self.request.earlier.runs) + MAX_RUNS:
            evidence = self.evidence()
            following = next_run(evidence, self.left, thorough=self.request.thorough)
            if following is None:
                self.needed_budget = needed_seconds(evidence) if wants_ceiling(evidence) else None
                return
            made = len(self.runs)
            try:
                outcome = self._probe(following)
            except (FileError, UnavailableError) as error:  # there is no copy of the file with this timeout
                del self.runs[made:]
                self.obstacle = str(error)
                return
            if outcome.candidates:
                raise UsageError(_choose(outcome))
            self.failure = outcome.failure
            self.modified = self.session.modified()
            came_back = any(call.returned is not None for call in outcome.run.calls)
            restarts = 0 if came_back else restarts + 1
            if self.modified or not self._can_go_on() or restarts >= MAX_RESTARTS or self.left < MIN_SECONDS:
                return
            self._try_a_session()

    def _can_go_on(self) -> bool:
        """Return whether another process may learn more: not where the library could not be used at all."""
        if self.failure is not None and self.failure.stage == "finalising":
            self.failure = None  # the calls are whole all the same
        if self.failure is not None and not self.failure.stage.startswith("call"):
            if not (self.tried_session and self.uses_session):
                return False
            self.uses_session, self.failure = False, None  # it cannot be opened: that is all that was to be learnt
        return not self._gives_no_list()

    def _gives_no_list(self) -> bool:
        """Return whether no call ever said anything of members, nor that the group is lost: no further one will."""
        evidence = self.evidence()
        made = [*evidence.main, *evidence.ceiling_calls]
        enough = SESSION_CALLS - 1 if self.tried_session else 2 * SESSION_CALLS
        return len(made) >= enough and self._is_silent()

    def _is_silent(self) -> bool:
        evidence = self.evidence()
        return all(reading.silent for reading in (*evidence.main, *evidence.ceiling_calls))

    def _try_a_session(self) -> None:
        """Open a session from now on where every member failed at once: it tells whether the call needs one."""
        if self.uses_session or self.tried_session or self.request.session != "auto":
            return
        read = self.evidence().main
        everybody = frozenset(self.evidence().names)
        at_once = all(one.at_once or (one.silent and one.early) for one in read)
        if len(read) >= SESSION_CALLS - 1 and at_once and all(one.unreachable >= everybody for one in read):
            self.uses_session = self.tried_session = True

    def _probe(self, following: NextRun) -> ProbeResult:
        """Make one run, in a child with a configuration that has its limit."""
        plan = self.request.plan
        gap = Schedule.mean_gap_seconds
        if self.request.over_seconds and following.purpose == "main":
            gap = max(gap, self.request.over_seconds / plan.fewest_calls)
        schedule = Schedule(
            calls=following.calls + SETTLING_CALLS,  # `enough` ends it: calls while members connect do not count
            limit_seconds=following.limit,
            budget_seconds=min(following.seconds, self.left),
            mean_gap_seconds=gap,
            clock=self.clock.monotonic,
        )
        planned = plan.fewest_calls if following.purpose != "ceiling" else 5
        earlier = sum(len(run.calls) for run in self.runs if run.purpose == following.purpose)
        place = len(self.runs)
        empty = Run(following.limit, (), following.calls, following.purpose, self.uses_session)
        self.runs.append(empty)

        def tell(stage: str, made: int) -> None:
            self.tell(
                Progress(
                    following.purpose,
                    following.limit,
                    stage,
                    earlier + made,
                    max(planned, earlier + made),
                    self.clock.monotonic() - self.began,
                    self.request.budget_seconds,
                    tuple(self._failing),
                )
            )

        def enough(calls: Sequence[Call]) -> bool:
            self.runs[place] = replace(empty, calls=tuple(calls))
            for member in (member for call in calls[-1:] for member in call.members if member.status):
                self._failing.setdefault(member.serial)
            return bool(calls) and is_enough(self.evidence(), following.purpose, thorough=self.request.thorough)

        with target(self.session, following.limit) as found:
            made = self.prober(
                replace(found, session=self.uses_session),
                schedule,
                self._random,
                tell,
                enough,
            )
        self.runs[place] = replace(empty, calls=made.run.calls)
        self.request.earlier.must_fit(made.group, made.library_state)
        self.layout = made.layout or self.layout
        self.library_state = made.library_state or self.library_state
        self.group = made.group or self.group
        return made

    def ending(self) -> Ending:
        """Return how the runs ended."""
        has_session = self.uses_session and any(run.session for run in self.telling_runs)
        return Ending(
            telling=self.telling_runs,
            expected=self.expected,
            is_silent=self.has_calls and self._is_silent(),
            failure=self.failure,
            obstacle=self.obstacle,
            needed_session=self.tried_session and has_session,
        )


def _lists_the_living(run: Run) -> bool:
    return any(member.status == CKR_OK for call in run.calls for member in call.members)


def expected_members(session: LiveSession, group: FoundGroup | None) -> tuple[str, ...]:
    """Return the members that the file names for the group: by its serial number, its label, or as the only one."""
    named = groups(session.document)
    if group is not None and len(named) > 1:
        number = group.serial.lstrip("0")
        same = [one for one in named if one.serial and one.serial.lstrip("0") == number]
        named = tuple(same or [one for one in named if one.label == group.label])
    if len(named) != 1:
        return ()
    (found,) = named
    return tuple(serial for serial in found.members if serial not in found.standby and serial.isdigit())


def _choose(outcome: ProbeResult) -> str:
    found = "; ".join(f"slot {slot.number}, label {slot.label}" for slot in outcome.candidates)
    return f"there are several HA groups: {found}. Name one with --label or --slot"
