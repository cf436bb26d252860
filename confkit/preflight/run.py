"""Preflight as a whole: from a configuration file to the diagnostics that reports print."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import FileError
from confkit.core.storage import file as configfile
from confkit.core.syntax import Document, parse
from confkit.lint.linter import lint
from confkit.lint.rule import Rule
from confkit.preflight import certificates, files, folders, library, network, permissions, validity
from confkit.preflight.observe import Settings, look
from confkit.preflight.permissions import ConfigSeen
from confkit.preflight.tree import open_tree, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Diagnostic, Finding
    from confkit.preflight.model import Check
    from confkit.preflight.tree import Tree

__all__ = ["CHECKS", "RULES", "Result", "Settings", "preflight"]

CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (
            *files.CHECKS,
            *library.CHECKS,
            *certificates.CHECKS,
            *validity.CHECKS,
            *permissions.CHECKS,
            *folders.CHECKS,
            *network.CHECKS,
        ),
        key=lambda check: check.code,
    )
)
_MOST_BYTES = 1 << 26  # of a configuration file in an image


class Result(NamedTuple):
    """What was found: the file that was looked at, by its name on this host, and the findings in its order."""

    path: str
    document: Document
    diagnostics: tuple[Diagnostic, ...]


def rule_of(check: Check, findings: Sequence[Finding] = ()) -> Rule:
    """Return the check as a rule of the linter, with its page, that finds what was found."""

    def find(_context: LintContext) -> Iterator[Finding]:
        yield from findings

    find.__doc__ = check.find.__doc__
    return Rule(check.code, check.name, check.severity, find)


# For lists of rules, their pages, and SARIF. They find nothing: that takes a host to look at.
RULES: tuple[Rule, ...] = tuple(map(rule_of, CHECKS))


def preflight(given: str | None, environment: Mapping[str, str], settings: Settings) -> Result:
    """Look at this host, or at an image, and return what would keep an application from reaching its HSMs.

    `given` is the configuration file or its folder, on this host; None: the one that the client would read, which in an
    image is /etc/Chrystoki.conf. Changes nothing. Forks when it is root and the user is another: to be called where
    there are no threads.

    FileError when the file cannot be found or read, UsageError for a root or a user that does not exist.
    """
    with open_tree(settings.root) as tree:
        if tree.name and given is None:
            path, config = _config_in_image(tree)
        else:
            path, config = _config_on_host(configfile.find(given, environment), tree)
        seen = look(config, tree, settings)
        rules = [rule_of(check, list(check.find(seen))) for check in CHECKS]
    return Result(path, config.document, tuple(lint(config.document, path, rules)))


def _config_on_host(path: str, tree: Tree) -> tuple[str, ConfigSeen]:
    snapshot = configfile.read(path)
    document = parse(snapshot.data, os.path.basename(path))
    with open_tree(None) as host:
        here = files.look(host, snapshot.target)
    return path, ConfigSeen(document, here, None if tree.name else snapshot.target)


def _config_in_image(tree: Tree) -> tuple[str, ConfigSeen]:
    path = tree.name.rstrip("/") + configfile.DEFAULT_FILE
    try:
        data = read(tree, configfile.DEFAULT_FILE, _MOST_BYTES)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise FileError(f"{reason}. Name the image's configuration file with -c", path=path) from error
    document = parse(data, os.path.basename(path))
    return path, ConfigSeen(document, files.look(tree, configfile.DEFAULT_FILE), configfile.DEFAULT_FILE)
