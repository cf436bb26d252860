"""Preflight from a configuration file to the diagnostics that reports print."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.core.editable import refuse_manifest
from confkit.lint.linter import lint
from confkit.lint.rule import Rule
from confkit.preflight.checks import certificates, directories, files, libraries, network, permissions, validity
from confkit.preflight.probes.host import observe
from confkit.preflight.probes.look import PreflightSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from confkit.core.syntax import Document
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Diagnostic, Finding
    from confkit.preflight.observations import Check

__all__ = ["CHECKS", "RULES", "PreflightSettings", "Result", "preflight"]

CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (
            *files.CHECKS,
            *libraries.CHECKS,
            *certificates.CHECKS,
            *validity.CHECKS,
            *permissions.CHECKS,
            *directories.CHECKS,
            *network.CHECKS,
        ),
        key=lambda check: check.code,
    )
)


class Result(NamedTuple):
    """The file that was checked, by its name on this host, and the findings in its order."""

    path: str
    document: Document
    diagnostics: tuple[Diagnostic, ...]


def rule_of(check: Check, findings: Sequence[Finding] = ()) -> Rule:
    """Return the check as a rule of the linter, with its page, that yields `findings`."""

    def find(_context: LintContext) -> Iterator[Finding]:
        yield from findings

    find.__doc__ = check.find.__doc__
    return Rule(check.code, check.name, check.severity, find)


# For lists of rules, their pages, and SARIF. They find nothing: that takes a host.
RULES: tuple[Rule, ...] = tuple(map(rule_of, CHECKS))


def preflight(given: str | None, environment: Mapping[str, str], settings: PreflightSettings) -> Result:
    """Check this host, or an image, and return what would keep an application from reaching its HSMs.

    `given` is the configuration file or its directory, on this host; None: the one that the client would read, which in
    an image is /etc/Chrystoki.conf. Changes nothing. Forks: to be called where there are no threads.

    FileError when the file cannot be found or read, UsageError for a root, a user or a group that does not exist.
    """
    seen = observe(given, environment, settings)
    refuse_manifest(seen.config.path, seen.config.document)
    rules = [rule_of(check, list(check.find(seen))) for check in CHECKS]
    return Result(seen.config.path, seen.config.document, tuple(lint(seen.config.document, seen.config.path, rules)))
