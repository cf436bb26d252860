"""Lint the configuration files inside a Kubernetes manifest; what is found is told at its place in the manifest.

A finding in a Secret says by rule and name what is wrong, and quotes nothing: neither a value nor a name that is not
the catalogue's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from confkit.core.errors import FileError
from confkit.core.extras import missing_extra
from confkit.core.secret_places import secret_values
from confkit.core.syntax import parse
from confkit.core.syntax.lines import split_lines
from confkit.lint.discreet import discreet, summaries
from confkit.lint.environment.detect import is_template
from confkit.lint.environment.manifest_objects import Pairs, held_by
from confkit.lint.environment.manifest_positions import lines_of, quotable, span
from confkit.lint.environment.manifest_text import manifest_text
from confkit.lint.linter import lint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.lint.diagnostics import Diagnostic
    from confkit.lint.environment.manifest_objects import Embedded
    from confkit.lint.environment.manifest_positions import Lines
    from confkit.lint.environment.manifest_text import Manifest
    from confkit.lint.environment.manifest_tree import Node
    from confkit.lint.rule import Rule

NOTHING_HELD = (
    "no ConfigMap and no Secret in this manifest holds a configuration file of the client. "
    "Leave the manifest out, or call the file in it Chrystoki.conf or crystoki.ini."
)
_MOST_FAULTS = 10  # are told of one manifest


class LintedManifest(NamedTuple):
    """What was found in a manifest: for each file in it the findings, at their places in the manifest.

    `lines` are those of the manifest as a report may quote them. `faults` say what could not be linted, each with its
    line and column. The fix of a finding is that of the embedded file.
    """

    lines: list[bytes]
    findings: list[list[Diagnostic]]
    faults: list[str]


class _Survey(NamedTuple):
    """What all documents of a manifest hold, as `confkit.lint.environment.manifest_objects.Held` says of one."""

    files: list[Embedded]
    faults: list[FileError]
    secrets: list[Node]


def lint_manifest(path: str, source: bytes, rules: Sequence[Rule], client_version: str | None = None) -> LintedManifest:
    """Lint every configuration file in a manifest. What cannot be read is a fault, and keeps nothing else back.

    A finding in a file that does not stand there as it is, but as base64, folded or with escapes, stands at the
    beginning of the value, and its message tells the line.
    """
    try:
        manifest = manifest_text(source)
        survey = _survey(manifest)
    except FileError as error:
        return LintedManifest([], [], [_said(error)])
    sentences = summaries(rules)
    hidden, findings = [*survey.secrets], []
    for file in survey.files:
        document = parse(file.content, file.key)
        lines = None if file.encoded else lines_of(manifest, file.node)
        private = file.secret or (lines is None and _holds_a_secret(file.content))
        if private:
            hidden.append(file.node)
        found = []
        for each in lint(document, path, rules, client_version, file.key):
            placed = _placed(each, file.node, lines, manifest)
            told = discreet(placed, sentences[each.code], document) if private else placed
            found.append(told._replace(message=f"{_where(each, file, lines)}: {told.message}"))
        findings.append(found)
    faults = [_said(fault) for fault in survey.faults[:_MOST_FAULTS]]
    if len(survey.faults) > _MOST_FAULTS:
        faults.append(f"And {len(survey.faults) - _MOST_FAULTS} more.")
    if not survey.files and not faults:
        faults = [NOTHING_HELD]
    return LintedManifest(quotable(manifest, split_lines(source), hidden), findings, faults)


def holds_configuration(source: bytes) -> Literal["yes", "no", "not rendered"]:
    """Return whether a manifest has something to lint; that may be an error of its own, which linting reports."""
    try:
        manifest = manifest_text(source)
        survey = _survey(manifest)
    except FileError:
        return "yes"
    if survey.faults and is_template(manifest.text):
        return "not rendered"
    return "yes" if survey.files or survey.faults else "no"


def roots_of(manifest: Manifest) -> list[Node]:
    """Return the roots of all documents of a file in YAML. FileError where it is not YAML, or PyYAML is missing."""
    try:
        from confkit.lint.environment.manifest_tree import documents  # noqa: PLC0415 - PyYAML is an extra, for YAML alone
    except ImportError as error:
        raise FileError(missing_extra("a file in YAML", "PyYAML", "manifests").message) from error
    return list(documents(manifest))


def _survey(manifest: Manifest) -> _Survey:
    try:
        from confkit.lint.environment.manifest_tree import documents  # noqa: PLC0415 - PyYAML is an extra, for manifests alone
    except ImportError as error:
        raise FileError(missing_extra("a Kubernetes manifest", "PyYAML", "manifests").message) from error
    survey, pairs = _Survey([], [], []), Pairs(manifest)
    try:
        for root in documents(manifest):
            held = held_by(manifest, root, pairs)
            survey.files.extend(held.files)
            survey.faults.extend(held.faults)
            survey.secrets.extend(held.secrets)
    except FileError as error:
        survey.faults.append(error)
    return survey


def _said(fault: FileError) -> str:
    """Return a fault with its place in front, for what names the file by itself."""
    return fault.message if fault.line is None else f"line {fault.line}, column {fault.column}: {fault.message}"


def _where(finding: Diagnostic, file: Embedded, lines: Lines | None) -> str:
    where = f"{file.holder}, {file.key}"
    return where if lines else f"{where}, line {finding.line}"


def _placed(finding: Diagnostic, node: Node, lines: Lines | None, manifest: Manifest) -> Diagnostic:
    """Return a finding of an embedded file at its place in the manifest; without `lines` where the value begins."""
    if lines is None:
        line, column, end = span(manifest, node)
    else:
        line = lines.first + min(finding.line, lines.number) - 1
        widest = len(manifest.lines[line - 1].rstrip("\r\n")) + 1
        column = min(widest, finding.column + lines.indent)
        end = min(widest, finding.end_column + lines.indent)
    return finding._replace(line=line, column=column, end_line=line, end_column=end)


def _holds_a_secret(content: bytes) -> bool:
    return any(True for _ in secret_values(split_lines(content)))
