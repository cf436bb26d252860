"""What set-timeout, set and unset print of an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from confkit.cli.options import warn
from confkit.core.escape import plain

if TYPE_CHECKING:
    from confkit.config.edit import Outcome


def report(outcome: Outcome, done: str, *, diff: bool, dry_run: bool) -> int:
    """Print the difference if asked for, what was done, and the warnings (on standard error); return exit code 0."""
    if diff:
        from confkit.reports.difference import unified  # noqa: PLC0415 - only with --diff

        typer.echo(unified(outcome.path, outcome.before, outcome.after), nl=False)
    if outcome.before == outcome.after:
        typer.echo(f"{plain(outcome.path)}: unchanged, already so")
    elif dry_run:
        typer.echo(f"{plain(outcome.path)}: {plain(done)} (not written: --dry-run)")
    else:
        kept = f"; the old file is {plain(outcome.backup)}" if outcome.backup else ""
        typer.echo(f"{plain(outcome.path)}: {plain(done)}{kept}")
    for warning in outcome.warnings:
        warn(f"{outcome.path}: {warning}")
    return 0
