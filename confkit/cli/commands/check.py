"""confkit check: whether the configured statusTimeout suffices for the HA group."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli import group_options
from confkit.cli.options import Config, config_path
from confkit.cli.signals import ending_on_sigterm
from confkit.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confkit.check.checker import CheckResult, Progress
    from confkit.reports.check.models import CheckView

EXAMPLES = """Examples:

confkit check

confkit check --label signing --calls 299 --tolerate 0.01

confkit check --format nagios --budget 50

confkit check --format html > check.html
"""


class CheckFormat(StrEnum):
    """What the verdict is printed as."""

    TEXT = "text"
    JSON = "json"
    NAGIOS = "nagios"
    PROMETHEUS = "prometheus"
    HTML = "html"


def command(
    config: Config = None,
    library: group_options.Library = None,
    slot: group_options.SlotNumber = None,
    label: group_options.Label = None,
    calls: Annotated[
        int | None, typer.Option(metavar="N", help="How many calls; without it what the two shares below need (59).")
    ] = None,
    tolerate: Annotated[
        float, typer.Option(metavar="P", help="The share of calls that may falsely report a failure.")
    ] = 0.05,
    confidence: Annotated[float, typer.Option(metavar="C", help="How sure the answer has to be.")] = 0.95,
    budget: Annotated[float, typer.Option(metavar="S", help="Answer within so many seconds, and 5.")] = 600,
    output: Annotated[
        CheckFormat, typer.Option("--format", help="Text, JSON, a Nagios plug-in's line, metrics, or an HTML page.")
    ] = CheckFormat.TEXT,
) -> int:
    """Make the live call, and say with stated confidence whether the configured statusTimeout suffices.

    The verdict is sufficient, tight (passes, but not with 20 % of head-room), insufficient (a member that answers at
    60 s fails), member_down, inconclusive or unavailable. No session is opened, nobody logs in, and no file is changed.

    Exit codes: 0 sufficient or tight, 1 insufficient or member_down, 3 inconclusive or unavailable. With --format
    nagios: 0 sufficient, 1 tight, 2 insufficient or member_down, 3 the rest.
    """
    from confkit.check.checker import CheckRequest, check  # noqa: PLC0415 - the other commands need none of this
    from confkit.check.results import plan_for  # noqa: PLC0415
    from confkit.reports.check import models as check_models  # noqa: PLC0415
    from confkit.reports.check import nagios  # noqa: PLC0415

    choice = group_options.chosen(slot, label)
    if not 0 < budget < float("inf"):
        raise UsageError(f"--budget is {budget:g}. Give a number of seconds greater than 0")
    if output is CheckFormat.PROMETHEUS:
        from confkit.reports.check.metrics import need_client  # noqa: PLC0415 - for this format alone

        need_client("--format prometheus")
    request = CheckRequest(config_path(config), plan_for(tolerate, confidence, calls), library, choice, budget)
    with ending_on_sigterm(), progress_bar() as tell:
        result = check(request, tell)
    view = check_models.view(request, result)
    if output is CheckFormat.NAGIOS:
        print(nagios.line(view))
        return nagios.STATES[view.verdict]
    print(_document(output, view, result))
    return {"sufficient": 0, "tight": 0, "insufficient": 1, "member_down": 1}.get(view.verdict, 3)


def _document(output: CheckFormat, view: CheckView, result: CheckResult) -> str:
    """Return the result in one of the formats that have more than a line; each is imported when it is asked for."""
    if output is CheckFormat.JSON:
        return view.model_dump_json(indent=2)
    if output is CheckFormat.PROMETHEUS:
        from confkit.reports.check import prometheus  # noqa: PLC0415

        return prometheus.page(view, result, time.time()).rstrip("\n")
    if output is CheckFormat.HTML:
        from confkit.reports.check import html  # noqa: PLC0415

        return html.page(view, result)
    from confkit.reports.check import text as check_text  # noqa: PLC0415

    return "\n".join(check_text.lines(view, result))


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None]]:
    """Yield the function that shows how far a check is; it shows nothing where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _progress: None
        return
    from rich.console import Console  # noqa: PLC0415 - for a person who waits
    from rich.progress import Progress as Bar  # noqa: PLC0415

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting")

        def tell(progress: Progress) -> None:
            words = f"at {progress.limit_seconds} s: {progress.stage}"
            bar.update(task, description=words, completed=progress.made, total=progress.planned)

        yield tell
