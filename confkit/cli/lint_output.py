"""What `confkit lint` prints: the report on standard output; errors, warnings and progress on standard error."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import typer

from confkit.cli.lint_options import LintFormat
from confkit.core.escape import plain
from confkit.core.version import VERSION
from confkit.lint.diagnostics import SEVERITIES
from confkit.lint.environment.manifest_signs import RENDER_FIRST
from confkit.lint.rules import RULES
from confkit.lint.runner import MANY_FILES
from confkit.lint.settings.ignores import unused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from confkit.cli.lint_options import Choice
    from confkit.lint.diagnostics import Severity
    from confkit.lint.discover import Found
    from confkit.lint.runner import Fixed, Linted
    from confkit.reports.lint.results import FileResult


def report(results: Sequence[FileResult], output: LintFormat, fail_on: Severity) -> str:
    """Return the findings in the format that was asked for; only that format's module is imported."""
    match output:
        case LintFormat.TEXT:
            return _text(results)
        case LintFormat.GITHUB:
            from confkit.reports.lint import github  # noqa: PLC0415

            return "".join(map(github.of_file, results))
        case LintFormat.JSON:
            from confkit.reports.lint import json_report  # noqa: PLC0415

            return json_report.report(results)
        case LintFormat.SARIF:
            from confkit.reports.lint import sarif  # noqa: PLC0415

            return sarif.report(results, RULES, VERSION)
        case LintFormat.JUNIT:
            from confkit.reports.lint import junit  # noqa: PLC0415

            return junit.report(results, fail_on)
        case LintFormat.GITLAB:
            from confkit.reports.lint import gitlab  # noqa: PLC0415

            return gitlab.report(results)


def differences(linted: Sequence[Linted]) -> str:
    """Return what fixing changed, or would change, as unified diffs."""
    from confkit.reports.difference import unified  # noqa: PLC0415 - only with --diff

    return "".join(unified(each.path, each.fixed.before, each.fixed.after) for each in linted if each.fixed)


def tell(linted: Sequence[Linted], *, fixed: bool) -> None:
    """Say what went wrong with which file, and what was fixed in it."""
    for each in linted:
        if each.error is not None:
            typer.echo(f"confkit: {plain(each.path)}: {plain(each.error)}", err=True)
        if fixed and each.fixed:
            _tell_fixed(each.path, each.fixed)


def _tell_fixed(path: str, done: Fixed) -> None:
    for sentence in done.warnings:
        warning(path, sentence)
    if done.codes:
        codes = sorted(Counter(done.codes).items())
        what = ", ".join(f"{code} ({count})" if count > 1 else code for code, count in codes)
        typer.echo(f"confkit: {plain(path)}: fixed {what}", err=True)


def warn(choice: Choice, found: Found, linted: Sequence[Linted]) -> None:
    """Say which files nobody could look at, which were not rendered, and which ignores ignored nothing."""
    if found.unseen:
        it = _and_more(found.unseen)
        warning(found.unseen[0], f"{it} cannot be read, so it is not known whether it is meant. Name it if it is")
    if found.templates:
        warning(found.templates[0], f"{_and_more(found.templates)} is a template, and not linted. {RENDER_FIRST}")
    files = [(each.path, [finding for finding, _ in each.ignored]) for each in linted if each.document]
    for sentence in unused(choice.ignores, files, [rule.code for rule in choice.rules], found.searched):
        warning(choice.settings or "", sentence)


def _and_more(paths: Sequence[str]) -> str:
    return f"this and {len(paths) - 1} more" if len(paths) > 1 else "this"


def warning(path: str, sentence: str) -> None:
    """Print one warning about a file."""
    typer.echo(f"confkit: warning: {plain(path)}: {plain(sentence)}", err=True)


def exit_code(results: Sequence[FileResult], fail_on: Severity) -> int:
    """Return 3 where a file could not be read, 1 for findings as severe as `fail_on`, else 0."""
    if any(result.error is not None for result in results):
        return 3
    failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return 1 if any(each.severity in failing for result in results for each in result.diagnostics) else 0


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """Yield the function that hears how many of how many files are done; many files show a bar on a terminal."""
    with ExitStack() as stack:
        show: Callable[[int], None] | None = None

        def tell(done: int, total: int) -> None:
            nonlocal show
            if total <= MANY_FILES or not sys.stderr.isatty():
                return
            if show is None:  # only now: its thread must not run when worker processes are started
                show = _bar(stack, total)
            show(done)

        yield tell


def _bar(stack: ExitStack, total: int) -> Callable[[int], None]:
    from rich.console import Console  # noqa: PLC0415 - for a person who waits
    from rich.progress import Progress  # noqa: PLC0415

    bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True, redirect_stdout=False))
    task = bar.add_task("linting", total=total)
    return lambda done: bar.update(task, completed=done)


def _text(results: Sequence[FileResult]) -> str:
    from confkit.reports.lint.results import summary_line, summary_of  # noqa: PLC0415

    found = _findings(results) if any(result.diagnostics for result in results) else ""
    failed = sum(1 for result in results if result.error is not None)
    remark = f"{failed} of them could not be read, linted or fixed: standard error says why\n" if failed else ""
    return found + summary_line(summary_of(results)) + remark


def _findings(results: Sequence[FileResult]) -> str:
    # a clean lint quotes nothing
    from confkit.reports.colour import paint_for, uncoloured  # noqa: PLC0415
    from confkit.reports.lint import text  # noqa: PLC0415

    paint = paint_for(sys.stdout, os.environ) if sys.stdout else uncoloured
    return "".join(text.of_file(result, paint) for result in results)
