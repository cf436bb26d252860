"""What `confkit lint` prints: the report on standard output; errors, warnings and progress on standard error."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING

import typer

from confkit.cli.output import redacted, wants_colour, write_out
from confkit.core.escape import escape
from confkit.lint.runner import MANY_FILES
from confkit.reports.colour import coloured, uncoloured
from confkit.reports.lint.formats import ReportContext, report
from confkit.reports.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from confkit.core.severity import Severity
    from confkit.lint.results import Fixed, LintedFile
    from confkit.lint.rule import Rule
    from confkit.lint.runner import LintRun


def context(rules: Sequence[Rule], fail_on: Severity, colour: str) -> ReportContext:
    """Return what reports need; `colour` is the value of --color."""
    return ReportContext(rules, fail_on, coloured if wants_colour(colour, sys.stdout, os.environ) else uncoloured)


def print_report(run: LintRun, output: str, context: ReportContext, *, diff: bool, fixed: bool) -> None:
    """Print the report once all results are there, after errors and warnings; with `diff`, the changes go before.

    `fixed`: files were fixed, which is said too.
    """
    with Spool() as changes, Spool() as told:
        for piece in report(output, _heard(with_progress(run), changes if diff else None, fixed=fixed), context):
            told.write(piece)
        for each in run.warnings():
            warning(*each)
        for spool in (changes, told):
            for piece in spool.pieces():
                write_out(piece)


def _heard(results: Iterable[LintedFile], changes: Spool | None, *, fixed: bool) -> Iterator[LintedFile]:
    """Yield the results; say what went wrong with which file, and what was fixed in it."""
    for each in results:
        tell(each, fixed=fixed)
        if changes and each.fixed:
            from confkit.reports.difference import unified  # noqa: PLC0415 - only with --diff

            changes.write(unified(each.path, each.fixed.before, each.fixed.after))
        yield each


def tell(result: LintedFile, *, fixed: bool = False) -> None:
    """Say what went wrong with a file and, with `fixed`, what was fixed in it."""
    if result.error is not None:
        typer.echo(f"confkit: {escape(result.path)}: {escape(result.error)}", err=True)
    if fixed and result.fixed:
        _tell_fixed(result.path, result.fixed)


def _tell_fixed(path: str, done: Fixed) -> None:
    for sentence in redacted(done.warnings, done.before, done.after):
        warning(path, sentence)
    if done.codes:
        codes = sorted(Counter(done.codes).items())
        what = ", ".join(f"{code} ({count})" if count > 1 else code for code, count in codes)
        typer.echo(f"confkit: {escape(path)}: fixed {what}", err=True)


def warning(path: str, sentence: str) -> None:
    """Print one warning about a file."""
    typer.echo(f"confkit: warning: {escape(path)}: {escape(sentence)}", err=True)


def with_progress(run: LintRun) -> Iterator[LintedFile]:
    """Yield the results; many files show a bar on a terminal."""
    shown = run.total > MANY_FILES and sys.stderr is not None and sys.stderr.isatty()
    with ExitStack() as stack:
        show: Callable[[int], None] | None = None
        for done, each in enumerate(run, 1):
            if shown and show is None:  # only now: its thread must not run when worker processes are started
                show = _bar(stack, run.total)
            if show:
                show(done)
            yield each


def _bar(stack: ExitStack, total: int) -> Callable[[int], None]:
    from rich.console import Console  # noqa: PLC0415 - for a person who waits
    from rich.progress import Progress  # noqa: PLC0415

    bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True, redirect_stdout=False))
    task = bar.add_task("linting", total=total)
    return lambda done: bar.update(task, completed=done)
