"""Evidence of an earlier check, read from its JSON output, so that further calls continue it.

It has to be about the same question (tolerated share and confidence), host, file and content of the file, library and
HA group. The last, and whether the library is still the same, shows when the library has been asked.
"""

from __future__ import annotations

import socket
import time
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from confkit.check.earlier import Earlier, must_be_same
from confkit.core.errors import FileError, UsageError
from confkit.core.storage.reader import read_bounded
from confkit.live.calls import Call, MemberStatus, Run
from confkit.live.returncodes import value_of
from confkit.reports.check.models import CheckView

if TYPE_CHECKING:
    from confkit.check.results import CheckPlan
    from confkit.live.session import LiveSession
    from confkit.reports.check.models import FailedCall, RunView

LARGEST_BYTES = 64 << 20
_LONG_AGO = 3600.0  # seconds since C_Initialize, of calls of which only that they were settled is known


def earlier_evidence(path: str, plan: CheckPlan, session: LiveSession) -> Earlier:
    """Return the evidence in the file at `path`.

    Raise FileError where it cannot be read or is damaged, UsageError where it is about something else.
    """
    seen = parsed(path, read_bounded(path, LARGEST_BYTES))
    if not seen.continuable:
        raise UsageError(
            f"{path} cannot be continued: that check had spent its certainty (--quick, or --calls without --save), or "
            "its file was modified meanwhile. Leave out --resume to start anew"
        )
    bound = seen.bound
    must_be_same(
        path,
        {
            "share tolerated": (bound.tolerated if bound else plan.tolerated, plan.tolerated),
            "confidence": (bound.confidence if bound else plan.confidence, plan.confidence),
            "host": (seen.host, socket.gethostname()),
            "file": (seen.config_path, session.path),
            "statusTimeout": (seen.configured_seconds, session.seconds),
            "library": (seen.library.path, session.library),
        },
    )
    if seen.config_sha256 != session.digest:
        raise UsageError(
            f"{path} is evidence of another check: the content of {session.path} has changed since then. Leave out "
            "--resume to start anew"
        )
    try:
        began = datetime.fromisoformat(seen.started_at).timestamp() - time.time() + time.monotonic()
        runs = tuple(_run(one, began) for one in seen.runs)
    except (ValueError, OverflowError) as error:
        raise _damaged(path) from error
    return Earlier(path, runs, seen.group, seen.library.layout, seen.library.state or "")


def parsed(path: str, data: bytes) -> CheckView:
    """Return the result that the content of the file `path` is. FileError where it is none."""
    try:
        return CheckView.model_validate_json(data)
    except (ValidationError, ValueError, RecursionError) as error:
        raise _damaged(path) from error


def _damaged(path: str) -> FileError:
    return FileError(
        "is not, or not wholly, the JSON output of confkit check (version 2). Leave out --resume to start anew.",
        path=path,
    )


def _run(found: RunView, began: float) -> Run:
    """Return the run; ValueError where its parts do not fit each other."""
    failed = {one.call: one for one in found.failed}
    if not found.calls == len(found.times) == len(found.starts) or not failed.keys() <= set(range(found.calls)):
        raise ValueError("the numbers of calls differ")
    usual = tuple(MemberStatus(serial, 0) for serial in found.members)
    calls = []
    for index, (start, elapsed) in enumerate(zip(found.starts, found.times, strict=True)):
        one = failed.get(index)
        intended = began + start
        returned = None if elapsed is None else intended + elapsed
        age = _LONG_AGO if index >= found.settled_from else 0.0
        if one is None:
            if returned is None or not usual:
                raise ValueError("a call that did not come back is no clean one")
            calls.append(Call(intended, intended, returned, 0, usual, censored=False, age_seconds=age))
        else:
            code = None if one.return_code == "none" else _value(one.return_code)
            members = _members(one)
            calls.append(Call(intended, intended, returned, code, members, one.censored, age, one.problem))
    if any(call.returned is None and call.rv is not None for call in calls):
        raise ValueError("a call has a return code and has not returned")
    return Run(found.limit_seconds, tuple(calls), len(calls), found.purpose, found.session)


def _members(found: FailedCall) -> tuple[MemberStatus, ...]:
    return tuple(
        MemberStatus(serial, _value(name)) for serial, names in found.statuses.items() for name in names.split(", ")
    )


def _value(name: str) -> int:
    return int(name, 16) if name.startswith("0x") else value_of(name)
