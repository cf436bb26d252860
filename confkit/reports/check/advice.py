"""What to do after a check: one sentence, with a command that can be run as it is printed."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confkit.check.request import CheckRequest, CheckResult
    from confkit.check.results import VerdictResult

_HAGROUP = "lunacm: hagroup listgroups"


def advice(request: CheckRequest, result: CheckResult) -> str:
    """Return the sentence that says what to do."""
    found = result.verdict
    if found is None or found.verdict == "unavailable":
        return f"Fix this, then run: {command(request, 'check')}"
    if found.verdict == "sufficient":
        return "Nothing to do."
    if found.verdict == "member_down":
        return _bring_back(request, found)
    if found.verdict == "inconclusive":
        return _look_again(request, result, found)
    return _raise(request, result, found)


def command(request: CheckRequest, *words: str) -> str:
    """Return a command line of confkit for the file of `request`, quoted for a shell."""
    where = () if request.given_path is None else ("-c", request.given_path)
    return shlex.join(("confkit", *words, *where))


def _group(request: CheckRequest) -> tuple[str, ...]:
    """Return the options that ask the same question of the same group and library again."""
    shares = {"--tolerate": (request.plan.tolerated, 0.05), "--confidence": (request.plan.confidence, 0.95)}
    asked = [(option, repr(share)) for option, (share, usual) in shares.items() if share != usual]
    if request.library:
        asked.append(("--library", request.library))
    if request.choice is not None:
        asked.append(("--slot" if isinstance(request.choice, int) else "--label", str(request.choice)))
    return tuple(word for pair in asked for word in pair)


def _bring_back(request: CheckRequest, found: VerdictResult) -> str:
    again = command(request, "check", *_group(request))
    down = ", ".join(member.serial for member in found.members if member.verdict == "down")
    missing = ", ".join(member.serial for member in found.members if member.verdict == "not_listed")
    if down or not missing:
        return f"Bring back {down or 'all members'} ({_HAGROUP}), then run: {again}"
    return f"Find out whether {missing} is still a member ({_HAGROUP}) and correct the file, then run: {again}"


def _raise(request: CheckRequest, result: CheckResult, found: VerdictResult) -> str:
    configured = result.configured_seconds or 0
    if found.recommended_seconds is not None and found.recommended_seconds > configured:
        return f"Run: {command(request, 'set-timeout', str(found.recommended_seconds))}"
    if found.at_least_seconds is not None and found.at_least_seconds > configured:
        seconds = found.at_least_seconds
        thorough = command(request, "check", "--thorough", *_group(request))
        return (
            f"Set at least {seconds} s ({found.at_least_reason}); `{thorough}` recommends a value at full confidence. "
            f"Run: {command(request, 'set-timeout', str(seconds))}"
        )
    return f"No longer timeout can be recommended: {found.recommendation_reason}."


def _look_again(request: CheckRequest, result: CheckResult, found: VerdictResult) -> str:
    if result.modified:
        return f"Run: {command(request, 'check', *_group(request))}"
    if result.needed_budget is not None:
        return f"Run: {command(request, 'check', '--budget', str(result.needed_budget), *_group(request))}"
    further = found.bound.further_calls_needed
    if further:
        kept = request.saved_as or "evidence.json"
        keep = command(request, "check", "--save", kept, "--resume", kept, *_group(request))
        if request.saved_as is None:
            return f"Further calls decide; a run with --resume continues the calls that --save kept. Run: {keep}"
        return f"Further calls decide. Run: {keep}"
    again = command(request, "check", *_group(request))
    if found.calls.completed < request.plan.fewest_calls and not found.calls.exceeded:
        return f"Allow more calls. Run: {again}"
    return f"Fix the cause, then run: {again}"
