"""Evidence of an earlier check, read from its JSON output, so that further calls continue it.

It has to be about the same question: the same tolerated share and confidence, the same HA group, timeout and library.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from confkit.core.errors import FileError, UsageError
from confkit.live.calls import Call, MemberStatus, Run
from confkit.live.returncodes import value_of

if TYPE_CHECKING:
    from confkit.check.results import CheckPlan
    from confkit.live.session import LiveSession

SUPPORTED_VERSION = 2
_SETTLED = 3600.0


def earlier_runs(path: str, plan: CheckPlan, session: LiveSession) -> tuple[Run, ...]:
    """Return the runs in the file at `path`. FileError where it cannot be read, UsageError where it does not fit."""
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
        runs = tuple(_run(one) for one in found["runs"])
        bound = found["bound"] or {}
        same = {
            "tolerated share": (bound.get("tolerated", plan.tolerated), plan.tolerated),
            "confidence": (bound.get("confidence", plan.confidence), plan.confidence),
            "statusTimeout": (found["configured_seconds"], session.seconds),
            "library": (found["library"]["path"], session.library),
            "file": (found["config_path"], session.path),
        }
    except OSError as error:
        raise FileError(
            f"cannot be read ({error.strerror}). Name the JSON output of an earlier check.", path=path
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError("is not the JSON output of confkit check (version 2).", path=path) from error
    for name, (before, now) in same.items():
        if before != now:
            raise UsageError(
                f"{path} is about another question: its {name} is {before}, and now {now}. Start anew without --resume"
            )
    return runs


def _run(found: dict[str, Any]) -> Run:
    failed = {one["call"]: one for one in found["failed"]}
    serials = list(found["statuses"])
    place, calls = 0.0, []
    for index, elapsed in enumerate(found["times"]):
        one = failed.get(index)
        members = tuple(MemberStatus(serial, 0) for serial in serials)
        code: int | None = 0
        if one is not None:
            members = tuple(MemberStatus(serial, _value(name)) for serial, name in one["statuses"].items())
            code = None if one["return_code"] == "none" else _value(one["return_code"])
        age = _SETTLED if index >= found["settled_from"] else 0.0
        returned = None if elapsed is None else place + elapsed
        censored = bool(one and one["censored"])
        calls.append(Call(place, place, returned, code, members, censored, age))
        place += (elapsed or found["limit_seconds"]) + 0.1
    return Run(found["limit_seconds"], tuple(calls), len(calls), found["purpose"], found["session"])


def _value(name: str) -> int:
    return int(name, 16) if name.startswith("0x") else value_of(name)
