"""confkit lint: every known fault of the file, in every format that CI wants."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from confkit.cli import lint_options as options
from confkit.cli import lint_output
from confkit.cli.options import Config, config_path
from confkit.cli.output import write_out
from confkit.cli.signals import ending_on_sigterm
from confkit.core.errors import FileError
from confkit.lint import discover as discovery
from confkit.lint.inputs import read_stream
from confkit.lint.rules import RULES
from confkit.lint.runner import Plan, lint_targets
from confkit.reports.lint.results import FileResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.lint.baseline import Known
    from confkit.lint.rule import Rule

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
    output: options.Output = options.LintFormat.TEXT,
    select: options.Select = None,
    ignore: options.IgnoreCodes = None,
    fail_on: options.FailFrom = None,
    fix: options.Fix = False,
    unsafe_fixes: options.UnsafeFixes = False,
    diff: options.ShowDiff = False,
    baseline: options.BaselineFile = None,
    write_baseline: options.NewBaseline = None,
    settings: options.SettingsFile = None,
    stdin_filename: options.StdinName = _STDIN,
) -> int:
    """Look for faults in the text of configuration files; nothing else is looked at, and nothing changed without --fix.

    Without PATH: the file of this host. Folders are searched for Chrystoki.conf and crystoki.ini, and for files whose
    name ends in .conf or .ini and which look like one, and for Kubernetes manifests that hold one.

    Exit codes: 0 nothing as severe as --fail-on; 1 findings; 2 wrong usage or settings; 3 a file cannot be read, even
    if others have findings.
    """
    fixing = options.fixing(output, fix=fix, unsafe=unsafe_fixes, diff=diff)
    options.check_together(paths, config, fixing, listing=write_baseline is not None)
    here = options.current_folder()
    choice = options.choose(here, settings, select, ignore, fail_on)
    known = _known(baseline)
    found = discovery.find_targets(paths or [config_path(config)], here)
    targets = [_with_input(target, stdin_filename) for target in found.targets]
    plan = Plan(choice.rules, choice.ignores, fixing, unsafe_fixes)
    with ending_on_sigterm(), lint_output.progress_bar() as tell:
        linted = lint_targets(targets, plan, tell)
    lint_output.tell(linted, fixed=fix)
    lint_output.warn(choice, found, linted)
    results = [FileResult(each.path, each.document, each.diagnostics, each.ignored, each.error) for each in linted]
    if write_baseline is not None:
        return _list(results, write_baseline)
    if baseline is not None:
        results = _without(known, results, baseline, choice.rules)
    changes = lint_output.differences(linted) if diff else ""
    write_out(changes + lint_output.report(results, output, choice.fail_on))
    return lint_output.exit_code(results, choice.fail_on)


def _known(baseline: str | None) -> frozenset[Known]:
    if baseline is None:
        return frozenset()
    from confkit.lint.baseline import read_baseline  # noqa: PLC0415 - most lints have none

    return read_baseline(baseline)


def _without(
    known: frozenset[Known], results: Sequence[FileResult], baseline: str, ran: Sequence[Rule]
) -> list[FileResult]:
    from confkit.cli import lint_baseline  # noqa: PLC0415 - as above

    skipped = {rule.code for rule in RULES}.difference(rule.code for rule in ran)
    return lint_baseline.without_known(results, known, baseline, skipped)


def _list(results: Sequence[FileResult], baseline: str) -> int:
    from confkit.cli import lint_baseline  # noqa: PLC0415 - as above

    return lint_baseline.write(results, baseline)


def _with_input(target: discovery.Target, name: str) -> discovery.Target:
    """Return a target that stands for standard input with what comes from there."""
    if target.path != discovery.STANDARD_INPUT:
        return target
    if sys.stdin is None:
        return discovery.Target(name, "standard input is closed. Name a file.")
    try:
        return discovery.Target(name, source=read_stream(sys.stdin.buffer, name))
    except FileError as error:
        return discovery.Target(name, error.message)
