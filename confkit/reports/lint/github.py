"""The lint as workflow commands, which GitHub Actions shows as annotations beside the lines.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands; how they are read:
actions/runner, src/Runner.Common/ActionCommand.cs (MIT). Each line of ours is one whole command, so that nothing in it
can be taken for another.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from confkit.core.escape import escape
from confkit.lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confkit.core.severity import Severity
    from confkit.lint.diagnostics import Diagnostic
    from confkit.lint.results import LintedFile
    from confkit.reports.lint.formats import ReportContext

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def report(results: Iterable[LintedFile], context: ReportContext) -> Iterator[str]:  # noqa: ARG001 - as every format
    """Yield the commands file by file."""
    return map(of_file, results)


def of_file(result: LintedFile) -> str:
    """Return one command for each finding in a file, or one that says why the file could not be read."""
    source = Source(result.document, result.fixed)
    lines = [_of_finding(each, source) for each in result.diagnostics]
    if result.error is not None:
        lines.append(_command("error", {"file": _file(result.path), "title": "not linted"}, escape(result.error)))
    return "".join(f"{line}\n" for line in lines)


def _of_finding(finding: Diagnostic, source: Source) -> str:
    properties = {
        "file": _file(finding.path),
        "line": str(finding.line),
        "col": str(finding.column),
        "endLine": str(finding.end_line),
        "endColumn": str(finding.end_column),
        "title": f"{finding.code} {finding.name}",
    }
    return _command(_COMMANDS[finding.severity], properties, source.advice(finding))


def _command(name: str, properties: dict[str, str], message: str) -> str:
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _file(path: str) -> str:
    return escape(posixpath.normpath(path))
