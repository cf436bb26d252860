"""confkit lint: every known fault of the file, in every format that CI wants."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import typer

from confkit.cli import lint_options as options
from confkit.cli import lint_output
from confkit.cli.options import Colour, Config, config_path
from confkit.cli.output import write_about
from confkit.cli.signals import ending_on_sigterm
from confkit.core.errors import FileError
from confkit.core.escape import escape
from confkit.lint.inputs import read_stream
from confkit.lint.lint_file import LintOptions
from confkit.lint.results import exit_code
from confkit.lint.rules import RULES
from confkit.lint.runner import lint_paths
from confkit.lint.settings.choice import RequestedSettings, choose

if TYPE_CHECKING:
    from confkit.lint.baseline import Baseline, KnownFinding
    from confkit.lint.discover import Target
    from confkit.lint.runner import LintRun
    from confkit.lint.settings.choice import Choice

EXAMPLES = """Examples:

confkit lint

confkit lint . --fail-on warning --format sarif > confkit.sarif

confkit lint Chrystoki.conf --fix --diff

helm template . | confkit lint -

confkit lint . --write-baseline baseline.json && confkit lint . --baseline baseline.json
"""
_STDIN = "<stdin>"


def command(
    paths: options.Paths = None,
    config: Config = None,
    output: options.Output = "text",
    select: options.Select = None,
    ignore: options.IgnoreCodes = None,
    fail_on: options.FailFrom = None,
    fix: options.Fix = False,
    unsafe_fixes: options.UnsafeFixes = False,
    diff: options.ShowDiff = False,
    baseline: options.BaselineFile = None,
    write_baseline: options.NewBaseline = None,
    settings: options.SettingsFile = None,
    client_version: options.ClientVersion = None,
    stdin_filename: options.StdinName = _STDIN,
    color: Colour = "auto",
) -> int:
    """Lint configuration files; changes nothing without --fix.

    Without PATH: the file that the client on this host reads. Directories are searched for Chrystoki.conf and
    crystoki.ini, for *.conf and *.ini files that look like one, and for Kubernetes manifests that hold one; hidden
    directories and links that lead elsewhere are skipped.

    Exit codes: 0 nothing as severe as --fail-on; 1 findings; 2 wrong usage or settings; 3 a file cannot be read, even
    if others have findings.
    """
    fixing = options.fixing(output, fix=fix, unsafe=unsafe_fixes, diff=diff)
    options.check_together(paths, config, fixing, listing=write_baseline is not None)
    here = _current_directory()
    asked = RequestedSettings(settings, select or (), ignore or (), fail_on.value if fail_on else None, client_version)
    choice = choose(asked, here, RULES)
    _tell_skipped(choice)
    run = lint_paths(
        paths or [config_path(config)],
        LintOptions(choice.rules, choice.ignores, fixing, unsafe_fixes, choice.settings, choice.client_version),
        directory=here,
        baseline=_read(baseline),
        read_input=lambda target: _with_input(target, stdin_filename),
    )
    with ending_on_sigterm():
        if write_baseline is not None:
            return _list(run, write_baseline)
        context = lint_output.context(RULES, choice.fail_on, color)
        lint_output.print_report(run, output, context, diff=diff, fixed=fix)
    return exit_code(run.summary, choice.fail_on)


def _current_directory() -> str:
    try:
        return os.getcwd()
    except OSError as error:
        raise FileError("the current directory does not exist any more. Change to another one") from error


def _tell_skipped(choice: Choice) -> None:
    if choice.skipped:
        lint_output.warning(
            choice.skipped, "another user owns this settings file, so it was skipped. Name it with --settings to use it"
        )


def _read(baseline: str | None) -> Baseline | None:
    if baseline is None:
        return None
    from confkit.lint.baseline import read_baseline  # noqa: PLC0415 - most lints have none

    return read_baseline(baseline)


def _list(run: LintRun, baseline: str) -> int:
    """Write all findings that count into the baseline; return the exit code, 3 where a file could not be linted."""
    from confkit.lint.baseline import listed, write_baseline  # noqa: PLC0415 - most lints write none

    findings: list[KnownFinding] = []
    for result in lint_output.with_progress(run):
        lint_output.tell(result)
        findings += listed(result, baseline)
    for each in run.warnings():
        lint_output.warning(*each)
    if run.summary.failed:
        typer.echo(f"confkit: {escape(baseline)}: not written: not every file could be linted", err=True)
        return 3
    write_baseline(baseline, findings)
    write_about(f"{escape(baseline)}: {len(findings)} findings listed\n", baseline)
    return 0


def _with_input(target: Target, name: str) -> Target:
    """Return the target that stands for standard input with what comes from there."""
    if sys.stdin is None:
        return target._replace(path=name, error="standard input is closed. Name a file.")
    try:
        return target._replace(path=name, source=read_stream(sys.stdin.buffer, name))
    except FileError as error:
        return target._replace(path=name, error=error.message)
