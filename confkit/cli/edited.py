"""What commands print of an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.cli.options import Format, warn
from confkit.cli.output import write_out
from confkit.core.errors import FileError
from confkit.core.escape import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.config.edit import Outcome


def report(outcome: Outcome, done: str, already: str, *, diff: bool, dry_run: bool) -> int:
    """Print the difference if asked for, what was done, and the warnings (on standard error); return exit code 0.

    `done` says what changed, `already` what was so before: "already 10 s".
    """
    difference = ""
    if diff:
        from confkit.reports.difference import unified  # noqa: PLC0415 - only with --diff

        difference = unified(outcome.path, outcome.before, outcome.after)
    if outcome.before == outcome.after:
        said = f"{escape(already)}; file unchanged"
    elif dry_run:
        said = f"{escape(done)} (not written: --dry-run)"
    else:
        said = escape(done) + (f"; the old file is {escape(outcome.backup)}" if outcome.backup else "")
    write_about(f"{difference}{escape(outcome.path)}: {said}\n", outcome.path if outcome.written else None)
    for warning in redacted(outcome.warnings, outcome.before, outcome.after):
        warn(f"{outcome.path}: {warning}")
    return 0


def write_about(text: str, written: str | None) -> None:
    """Write text about an edit to standard output; where that fails, say that the file `written` was written."""
    try:
        write_out(text)
    except BrokenPipeError:
        if written is not None:
            warn(f"{written}: the file was written; nobody reads what is said about it")
        raise
    except FileError as error:
        if written is None:
            raise
        raise FileError(f"{error.message}. The file was written: {written}") from error


def redacted(sentences: Sequence[str], *sources: bytes) -> list[str]:
    """Return sentences about texts, such as those before and after an edit, without the secrets of these."""
    if not sentences:
        return []
    from confkit.core.redact import Redactor  # noqa: PLC0415 - most edits have no warning
    from confkit.core.syntax.lines import split_lines  # noqa: PLC0415

    return [*map(Redactor(*map(split_lines, sources)).hide, sentences)]


def report_changes(outcome: Outcome, output: Format, *, diff: bool) -> None:
    """Print what an edit of many entries did, in the format asked for, and its warnings on standard error."""
    from confkit.reports.edit import as_json, as_text, report_of  # noqa: PLC0415 - set-timeout does without

    report = report_of(outcome, diff=diff)
    text = as_json(report) if output is Format.JSON else as_text(report)
    write_about(text, outcome.path if outcome.written else None)
    for warning in report.warnings:
        warn(f"{outcome.path}: {warning}")
