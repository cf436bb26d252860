"""Run rules over one document: from findings to diagnostics, in a stable order. Looks at the text alone."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from confkit.core.severity import SEVERITIES
from confkit.lint.context.lint_context import LintContext
from confkit.lint.diagnostics import Diagnostic, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confkit.core.syntax import Document
    from confkit.lint.context.file_kind import FileKind
    from confkit.lint.rule import Rule

MAX_FINDINGS = 1000  # of one rule in one file; a real file has a few hundred lines
SITE = "https://luna-confkit.github.io/confkit/latest/"  # the documentation of the newest release; tools/site makes it


def lint(
    document: Document,
    path: str,
    rules: Iterable[Rule],
    client_version: str | None = None,
    name: str | None = None,
) -> list[Diagnostic]:
    """Return what `rules` find in the document, by line, column and code. Never raises on the content of a file.

    `client_version`, such as 10.4, is that of the client that is to read the file, where it is known. Of a file that is
    not the client's, one rule says so, and few others look at it. `name` is that of the file, where `path` is that of a
    manifest that holds it.

    Of one rule there are at most MAX_FINDINGS and one, which tells that there are more.
    """
    return diagnose(LintContext(document, name or path, client_version), path, rules)


def diagnose(context: LintContext, path: str, rules: Iterable[Rule]) -> list[Diagnostic]:
    """Return what the rules find in a context, as `lint` does."""
    chosen = _for_kind(list(rules), context.kind)
    found = [
        _diagnostic(context.document, path, rule, finding)
        for rule in chosen
        for finding in islice(rule.find(context), MAX_FINDINGS + 1)
    ]
    return sorted(_causes(found, chosen), key=lambda each: (each.line, each.column, each.code, each.message))


def _causes(found: list[Diagnostic], rules: list[Rule]) -> list[Diagnostic]:
    """Return the findings without those that are consequences of another one on their line."""
    hiding = {rule.code: rule.hides for rule in rules if rule.hides} if found else {}
    hidden = {each.line: hiding[each.code] for each in found if each.code in hiding}
    if not hidden:
        return found
    return [each for each in found if each.code in hiding or not each.code.startswith(hidden.get(each.line, ()))]


def _for_kind(rules: list[Rule], kind: FileKind) -> list[Rule]:
    """Return the rules that look at a file of this kind: all of them where none of these says what kind it is."""
    if kind == "client":
        return [rule for rule in rules if "client" in rule.kinds]
    chosen = [rule for rule in rules if kind in rule.kinds]
    if kind == "environment":
        return chosen
    if not any(kind == "other-form" or "client" not in rule.kinds for rule in chosen):
        return _for_kind(rules, "client")
    return [*chosen, *_for_kind(rules, "client")] if kind == "empty" else chosen


def page_of(rule: Rule) -> str:
    """Return the address of the rule's page."""
    return f"{SITE}rules/{rule.code}/"


def _diagnostic(document: Document, path: str, rule: Rule, finding: Finding) -> Diagnostic:
    line, column = document.position(finding.line, finding.start)
    severity = max(rule.severity, finding.severity or rule.severity, key=SEVERITIES.index)
    return Diagnostic(
        code=rule.code,
        name=rule.name,
        severity=severity,
        message=finding.message,
        path=path,
        line=line,
        column=column,
        end_line=line,
        end_column=document.position(finding.line, finding.end)[1],
        section=finding.section,
        key=finding.key,
        help=finding.help,
        url=page_of(rule),
        fix=finding.fix,
        first_line=finding.first_line,
    )
