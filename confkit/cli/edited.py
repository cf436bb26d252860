"""What set-timeout, set and unset print of an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from confkit.reports.plain import plain
from confkit.syntax.document import text

if TYPE_CHECKING:
    from confkit.editing import Outcome


def report(outcome: Outcome, done: str, *, diff: bool, dry_run: bool) -> int:
    """Print the difference if asked for, what was done, and the warnings (on standard error); return exit code 0."""
    if diff:
        typer.echo(unified(outcome), nl=False)
    if outcome.before == outcome.after:
        typer.echo(f"{plain(outcome.path)}: unchanged, it is so already")
    elif dry_run:
        typer.echo(f"{plain(outcome.path)}: {plain(done)} (not written: --dry-run)")
    else:
        kept = f"; the old file is {plain(outcome.backup)}" if outcome.backup else ""
        typer.echo(f"{plain(outcome.path)}: {plain(done)}{kept}")
    for warning in outcome.warnings:
        typer.echo(f"confkit: warning: {plain(outcome.path)}: {plain(warning)}", err=True)
    return 0


def unified(outcome: Outcome) -> str:
    """Return the unified diff of an edit, secrets masked; empty where nothing changes."""
    import difflib  # noqa: PLC0415 - only with --diff

    from confkit.reports.secrets import Secrets  # noqa: PLC0415

    before, after = (source.splitlines() for source in (outcome.before, outcome.after))
    secrets = Secrets([*before, b"", *after])
    name = plain(outcome.path)
    lines = difflib.unified_diff(
        [text(line) for line in before], [text(line) for line in after], name, f"{name} (changed)", lineterm=""
    )
    return "".join(f"{line[:1]}{plain(secrets.hide(line[1:]))}\n" for line in lines)
