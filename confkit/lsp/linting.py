"""Lint an open file with the settings of its directory, as `confkit lint` would, and fix it the same way."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from confkit.core.errors import ConfkitError
from confkit.lint.discover import Target, is_meant
from confkit.lint.lint_file import LintOptions
from confkit.lint.results import LintedFile
from confkit.lint.rules import RULES
from confkit.lint.runner import lint_targets
from confkit.lint.settings.choice import RequestedSettings, choose

if TYPE_CHECKING:
    from confkit.lint.lint_file import Fixing
    from confkit.lsp.open_file import OpenFile


def linted(file: OpenFile, fix: Fixing = "no") -> LintedFile:
    """Return what is found in a file; nothing in one that has nothing to do with the client.

    The settings are those of the nearest confkit.toml, from the file's directory upward. With `fix="show"` the result
    has the bytes after all safe fixes; nothing is written. A wrong settings file is the `error` of the result.
    """
    if not file.is_client_file and not is_meant(file.path, file.source):
        return LintedFile(file.path, None, ())
    try:
        options = _options(file.path)._replace(fix=fix)
    except ConfkitError as error:
        return LintedFile(file.path, None, (), error=str(error))
    (result,) = lint_targets([Target(file.path, source=file.source)], options)
    return result


def _options(path: str) -> LintOptions:
    choice = choose(RequestedSettings(), os.path.dirname(os.path.abspath(path)), RULES)
    return LintOptions(choice.rules, choice.ignores, settings=choice.settings, client_version=choice.client_version)
