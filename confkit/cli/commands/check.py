"""confkit check: whether the configured statusTimeout suffices for the HA group."""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli import group_options
from confkit.cli.options import Colour, Config, config_path, warn
from confkit.cli.output import wants_colour, write_out
from confkit.cli.signals import ending_on_sigterm
from confkit.core.errors import ConfkitError, UsageError
from confkit.core.storage.locate import VARIABLE

if TYPE_CHECKING:
    from confkit.check.request import CheckRequest, CheckResult
    from confkit.reports.check.models import CheckView

EXAMPLES = """Examples:

confkit check

confkit check --quick

confkit check --label signing --tolerate 0.01 --over 2h

confkit check --format nagios --budget 50

confkit check --format html > check.html
"""

INTERRUPTED = 130  # as a shell has it: 128 and SIGINT
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


class CheckFormat(StrEnum):
    """What the verdict is printed as."""

    TEXT = "text"
    JSON = "json"
    NAGIOS = "nagios"
    PROMETHEUS = "prometheus"
    HTML = "html"


class SessionChoice(StrEnum):
    """Whether a public session is opened on the slot of the HA group."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def command(
    config: Config = None,
    library: group_options.Library = None,
    slot: group_options.SlotNumber = None,
    label: group_options.Label = None,
    calls: Annotated[
        int | None, typer.Option(metavar="N", help="Make at most this many calls at statusTimeout.", show_default="400")
    ] = None,
    tolerate: Annotated[
        float,
        typer.Option(metavar="P", help="Share of calls that may report a failure although every member is alive."),
    ] = 0.05,
    confidence: Annotated[float, typer.Option(metavar="C", help="How sure the answer has to be.")] = 0.95,
    budget: Annotated[
        float | None,
        typer.Option(metavar="S", help="Stop after this many seconds (plus up to 5 s of cleanup).", show_default="600"),
    ] = None,
    over: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="Spread the calls at random over a period, such as 30m or 2h."),
    ] = None,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Make the calls that a recommendation at full confidence needs.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Say who is down now, within statusTimeout + 2 s; no statistics.")
    ] = False,
    session: Annotated[
        SessionChoice,
        typer.Option(help="Open a public session on the slot, never a login; auto: if all members fail at once."),
    ] = SessionChoice.AUTO,
    resume: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Continue the evidence in FILE, an earlier check's JSON output. It may be missing if --save names it.",
        ),
    ] = None,
    save: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the JSON output to FILE too, for --resume; replaces no other file."),
    ] = None,
    output: Annotated[
        CheckFormat, typer.Option("--format", help="Text, JSON, a Nagios plug-in's line, metrics, or an HTML page.")
    ] = CheckFormat.TEXT,
    color: Colour = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> int:
    """Make live status calls, and say with stated confidence whether the configured statusTimeout suffices.

    The verdict is sufficient, tight (passes, but not with 20 % of head-room), insufficient (a member that answers at
    60 s fails), member_down, inconclusive or unavailable. Nobody logs in, and no file is changed. Calls are made until
    the answer is certain enough, so a healthy group takes 66 calls, and one that always fails a few.

    Ctrl-C ends the check and prints what is known until then (exit code 130).

    Exit codes: 0 sufficient or tight, 1 insufficient or member_down, 2 wrong usage, 3 inconclusive or unavailable. With
    --format nagios: 0 sufficient, 1 tight, 2 insufficient or member_down, 3 the rest, wrong usage among it.
    """
    from confkit.check.request import DEFAULT_BUDGET_SECONDS, CheckRequest  # noqa: PLC0415 - this command alone
    from confkit.check.results import plan_for  # noqa: PLC0415
    from confkit.reports.check import evidence_file, nagios  # noqa: PLC0415
    from confkit.reports.check import models as check_models  # noqa: PLC0415

    try:
        if quick:
            _refuse_with_quick(thorough=thorough, over=over, calls=calls, resume=resume)
        choice = group_options.chosen(slot, label)
        spread = 0.0 if over is None else seconds_of(over)
        if budget is None:
            budget = DEFAULT_BUDGET_SECONDS + 2 * spread
        if not 0 < budget < float("inf"):
            raise UsageError(f"--budget is {budget:g}. Give a number of seconds greater than 0")
        if output is CheckFormat.PROMETHEUS:
            from confkit.reports.check.metrics import need_client  # noqa: PLC0415 - for this format alone

            need_client("--format prometheus")
        plan = plan_for(tolerate, confidence, calls)
        if resume is not None or save is not None:
            plan = replace(plan, is_last=quick)  # some of the certainty is kept for the calls that continue it
        path = config_path(config)
        if save is not None:
            evidence_file.inspect(save)
        request = CheckRequest(
            path,
            plan,
            library,
            choice,
            budget,
            thorough=thorough,
            session=session.value,
            over_seconds=spread,
            given_path=path if config is None and VARIABLE in os.environ else config,
            saved_as=save,
        )
        if resume is not None and (resume != save or os.path.exists(resume)):
            request = _continued(request, resume)
        result = _made(request, quick=quick, quiet=quiet or output is CheckFormat.NAGIOS)
    except ConfkitError as error:
        if output is not CheckFormat.NAGIOS:
            raise
        write_out(nagios.unknown(str(error)) + "\n")  # a monitor reads standard output, and takes 2 for critical
        return nagios.UNKNOWN
    view = check_models.view(request, result)
    return _finish(output, view, result, color, save)


def _refuse_with_quick(**options: object) -> None:
    """Raise UsageError for what --quick, which makes one call, would not heed."""
    if given := [f"--{name}" for name, value in options.items() if value]:
        raise UsageError(f"--quick makes one call and takes no {' or '.join(given)}. Leave out one or the other")


def seconds_of(text: str) -> float:
    """Return a duration such as 90, 90s, 30m, 2h or 1d in seconds. UsageError for anything else."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([smhd]?)", text.strip())
    if match is None or float(match[1]) == 0:
        raise UsageError(f"--over is {text!r}. Give a duration such as 90s, 30m or 2h")
    return float(match[1]) * _UNITS[match[2]]


def _continued(request: CheckRequest, path: str) -> CheckRequest:
    """Return the request with the evidence in the file at `path`; as many calls more may be made as were asked for."""
    from confkit.live.session import open_session  # noqa: PLC0415 - as above
    from confkit.reports.check.resume import earlier_evidence  # noqa: PLC0415

    opened = open_session(request.config_path, request.library, request.choice)
    earlier = earlier_evidence(path, request.plan, opened)
    plan = replace(request.plan, calls=request.plan.calls + earlier.main_calls)
    return replace(request, earlier=earlier, plan=plan)


def _made(request: CheckRequest, *, quick: bool, quiet: bool) -> CheckResult:
    """Make the check, with its progress on standard error."""
    from confkit.check.checker import check  # noqa: PLC0415 - as above
    from confkit.check.quick import quick_check  # noqa: PLC0415
    from confkit.cli.check_progress import shown_progress  # noqa: PLC0415
    from confkit.core.timeout import DEFAULT_SECONDS  # noqa: PLC0415
    from confkit.live.session import open_session  # noqa: PLC0415

    if quick:
        opened = open_session(request.config_path, request.library, request.choice)
        with ending_on_sigterm():
            return quick_check(request, opened.seconds or DEFAULT_SECONDS)
    with ending_on_sigterm(), shown_progress(quiet=quiet) as tell:
        return check(request, tell)


def _finish(output: CheckFormat, view: CheckView, result: CheckResult, color: str, save: str | None) -> int:
    """Save and print what was found; it is printed also where it cannot be saved."""
    from confkit.reports.check import evidence_file  # noqa: PLC0415 - as above

    try:
        if save is not None:
            evidence_file.save(save, view)
    except ConfkitError as error:
        code = _print(output, view, result, color)
        if output is not CheckFormat.NAGIOS:
            raise
        warn(str(error))  # for a monitor, the line and the exit code are one
        return code
    return _print(output, view, result, color)


def _print(output: CheckFormat, view: CheckView, result: CheckResult, color: str) -> int:
    from confkit.check.results import EXIT_CODES  # noqa: PLC0415 - as above
    from confkit.reports.check import nagios  # noqa: PLC0415

    if output is CheckFormat.NAGIOS:
        write_out(nagios.line(view) + "\n")
        return nagios.STATES[view.verdict]
    write_out(_document(output, view, result, color) + "\n")
    return INTERRUPTED if result.interrupted else EXIT_CODES[view.verdict]


def _document(output: CheckFormat, view: CheckView, result: CheckResult, color: str) -> str:
    """Return the result in one of the formats that have more than a line; each is imported when it is asked for."""
    if output is CheckFormat.JSON:
        return view.model_dump_json(indent=2)
    if output is CheckFormat.PROMETHEUS:
        from confkit.reports.check import prometheus  # noqa: PLC0415

        return prometheus.page(view, result, time.time()).rstrip("\n")
    if output is CheckFormat.HTML:
        from confkit.reports.check import html  # noqa: PLC0415

        return html.page(view)
    from confkit.reports.check import text as check_text  # noqa: PLC0415
    from confkit.reports.colour import coloured, uncoloured  # noqa: PLC0415

    paint = coloured if wants_colour(color, sys.stdout, os.environ) else uncoloured
    return "\n".join(check_text.lines(view, paint))
