"""confkit demo: the whole story without an HSM."""

from __future__ import annotations

import time

import typer

from confkit import load
from confkit.check.checker import CheckRequest, check
from confkit.check.results import plan_for
from confkit.cli.commands.check import progress_bar
from confkit.cli.signals import ending_on_sigterm
from confkit.config.edit import set_in_file
from confkit.core import timeout
from confkit.core.escape import escape
from confkit.emulator.group import running_group
from confkit.emulator.plans import MemberPlan
from confkit.lint.linter import lint
from confkit.lint.results import LintedFile, summary_line, summary_of
from confkit.lint.rules import RULES
from confkit.reports.check import models as check_models
from confkit.reports.check import text as check_text
from confkit.reports.lint import text

EXAMPLES = """Examples:

confkit demo
"""

# So many clean calls show, with 85 % confidence, that at most half of all calls fail: a demonstration has to be over in
# a minute, and each call takes as long as the slow member. `confkit check` itself asks for 5 % and makes 59 calls.
_CALLS = 3
_TOLERATED = 0.5
_CONFIDENCE = 0.85
_SLOW_MS = 3300


def command() -> int:
    """Show the whole story in under a minute, with an emulated group in the place of an HSM.

    A group of three has a member that needs 3.3 s to answer, so a statusTimeout of 3 s is too short: check finds out
    and recommends a longer one, set-timeout sets it, and check agrees. Ends with 0 if that is how it went.
    """
    started = time.monotonic()
    plans = [MemberPlan(), MemberPlan(), MemberPlan(latency_ms=(_SLOW_MS,))]
    with ending_on_sigterm(), running_group(plans, label="demo", status_timeout=timeout.DEFAULT_SECONDS) as group:
        path = group.config_path
        typer.echo("An emulated HA group of three; one member needs 3.3 s to answer.")
        _lint(path)
        before = _check(path)
        if before.verdict != "insufficient" or before.recommended_seconds is None:
            return 1
        _set(path, before.recommended_seconds)
        after = _check(path)
    _say(f"Done in {time.monotonic() - started:.0f} s, nothing is left behind. With a Luna client: confkit check")
    return 0 if after.verdict == "sufficient" else 1


def _lint(path: str) -> None:
    _say(f"$ confkit lint {path}")
    document = load(path)
    result = LintedFile(path, document, tuple(lint(document, path, RULES)))
    typer.echo(text.of_file(result) + summary_line(summary_of([result])), nl=False)


def _check(path: str) -> check_models.CheckView:
    _say(f"$ confkit check --calls {_CALLS} --tolerate {_TOLERATED} --confidence {_CONFIDENCE} -c {path}")
    request = CheckRequest(path, plan_for(_TOLERATED, _CONFIDENCE, _CALLS))
    with progress_bar() as tell:
        result = check(request, tell)
    view = check_models.view(request, result)
    typer.echo("\n".join(check_text.lines(view, result)))
    return view


def _set(path: str, seconds: int) -> None:
    _say(f"$ confkit set-timeout {seconds} -c {path}")
    set_in_file(path, timeout.SECTION, timeout.KEY, str(seconds))
    typer.echo(f"{timeout.SECTION}/{timeout.KEY} = {seconds} s")


def _say(line: str) -> None:
    typer.echo(f"\n{escape(line)}")
