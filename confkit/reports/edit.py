"""What an edit did, entry by entry: the text and the JSON that `apply`, `server` and `ha` print."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from confkit.config.compare import Difference, differences
from confkit.core.escape import escape, without_commands_in_json
from confkit.core.redact import MASK, Redactor
from confkit.core.syntax import parse
from confkit.core.syntax.document import readable
from confkit.core.syntax.lines import split_lines
from confkit.reports.difference import unified

if TYPE_CHECKING:
    from confkit.core.change import Outcome


@dataclass(frozen=True)
class EditReport:
    """What an edit did or, with --dry-run or --check, would do. Secrets are redacted."""

    version: Literal[1]
    path: str
    changed: bool
    """Whether the file is, or would be, another one"""
    written: bool
    backup: str | None
    """The path of the old file, with --backup"""
    changes: tuple[Difference, ...]
    """Entries before (one) and after (other) the edit"""
    diff: str | None
    """The unified diff, with --diff"""
    warnings: tuple[str, ...]


def report_of(outcome: Outcome, *, diff: bool) -> EditReport:
    """Return what is to be said of an edit, without the secrets of the file before and after it."""
    redactor = Redactor(split_lines(outcome.before), split_lines(outcome.after))
    return EditReport(
        version=1,
        path=readable(outcome.path),
        changed=outcome.before != outcome.after,
        written=outcome.written,
        backup=None if outcome.backup is None else readable(outcome.backup),
        changes=differences(parse(outcome.before, os.path.basename(outcome.path)), outcome.document),
        diff=unified(outcome.path, outcome.before, outcome.after) if diff else None,
        warnings=tuple(readable(redactor.hide(warning)) for warning in outcome.warnings),
    )


def as_json(report: EditReport) -> str:
    """Return the report as JSON, in ASCII."""
    return without_commands_in_json(json.dumps(asdict(report), indent=2)) + "\n"


def as_text(report: EditReport) -> str:
    """Return the report as text: the diff if asked for, what was done, and each entry; warnings are left out."""
    path = escape(report.path)
    if not report.changed:
        return f"{path}: no change needed\n"
    count = len(report.changes)
    backup = f"; the old file is {escape(report.backup)}" if report.backup else ""
    done = f"{count} {'entry' if count == 1 else 'entries'} changed{backup if report.written else ' (not written)'}"
    return "".join([report.diff or "", f"{path}: {done}\n", *(f"  {_line(each)}\n" for each in report.changes)])


def _line(change: Difference) -> str:
    name = escape(f"{change.section}/{change.key}")
    if not change.other:
        return f"{name} removed"
    value = change.other[0].value
    return f"{name} = {MASK if value is None else escape(value)}"
