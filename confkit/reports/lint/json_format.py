"""The lint as JSON: what schemas/json/lint.json describes, made of the diagnostics as they are.

The text is ASCII: whatever a file holds, no control character comes out as it is.
"""

from __future__ import annotations

import json
from textwrap import indent
from typing import TYPE_CHECKING, Any

from confkit.core.escape import without_commands_in_json
from confkit.core.syntax.document import readable
from confkit.lint.results import Summary, counted
from confkit.lint.source import Source
from confkit.reports.lint.edits import text_edits
from confkit.reports.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confkit.lint.diagnostics import Diagnostic, Fix
    from confkit.lint.results import LintedFile
    from confkit.reports.lint.formats import ReportContext

    Json = dict[str, Any]

VERSION = 1
NOT_SHOWN = ("first_line",)  # of a diagnostic: for editors, and said in the message
COUNTS = ("files", "errors", "warnings", "infos")  # of the summary


def report(results: Iterable[LintedFile], context: ReportContext) -> Iterator[str]:  # noqa: ARG001 - as every format
    """Yield the findings of all files as JSON; suppressed findings and files that failed are not in it."""
    summary, separator = Summary(), "\n"
    with Spool() as findings:
        for result in results:
            summary = counted(summary, result)
            source = Source(result.document, result.fixed)
            for finding in result.diagnostics:
                written = without_commands_in_json(json.dumps(_diagnostic(finding, source), indent=2))
                findings.write(f"{separator}{indent(written, '    ')}")
                separator = ",\n"
        counts = {name: number for name, number in summary._asdict().items() if name in COUNTS}
        head = json.dumps({"version": VERSION, "summary": counts}, indent=2).removesuffix("\n}")
        yield f'{head},\n  "diagnostics": ['
        yield from findings.pieces()
    yield "]\n}\n" if separator == "\n" else "\n  ]\n}\n"


def _diagnostic(finding: Diagnostic, source: Source) -> Json:
    shown = finding._replace(
        message=source.sentence(finding.message),
        path=readable(finding.path),
        section=None if finding.section is None else source.name(finding.section),
        key=None if finding.key is None else source.name(finding.key),
        help=source.sentence(finding.help) if finding.help else None,
    )
    fields = {name: value for name, value in shown._asdict().items() if name not in NOT_SHOWN}
    return {**fields, "fix": _fix(finding.fix, source) if finding.fix else None}


def _fix(fix: Fix, source: Source) -> Json:
    edits = [edit._asdict() for edit in text_edits(fix, source)]
    return {**fix._asdict(), "description": source.sentence(fix.description), "edits": edits}
