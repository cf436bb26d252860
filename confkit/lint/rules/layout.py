"""CK1, layout: what the parser stumbles on, whatever the entries mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.lint.model import Finding, Fix, Rule
from confkit.syntax import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.syntax import Document, Problem


def missing_semicolon(document: Document) -> Iterator[Finding]:
    """An entry of the UNIX form has no `;` at its end.

    ## Why

    The vendor's readme says that every definition ends with `;`. Two of three public readers lose such an entry without
    a word: luna_getprop skips a line without `;`, and pkcs11_luna falls back to its default.

    ## Bad

    ```conf
    REST = {
      AppLogLevel = error
    }
    ```

    ## Good

    ```conf
    REST = {
      AppLogLevel = error;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, docs/README-GEM-CONFIG (MIT); engine/e_gem.c, `luna_getprop` (MIT).
    """
    for problem in _problems(document, "missing-semicolon"):
        fix = Fix("Add the `;`", safe=True, edits=(Edit(problem.line, problem.end, problem.end, b";"),))
        yield _finding(problem, f"{problem.key} has no `;` at its end", fix=fix)


def _problems(document: Document, code: str) -> Iterator[Problem]:
    return (problem for problem in document.problems if problem.code == code)


def _finding(problem: Problem, message: str, fix: Fix | None = None) -> Finding:
    return Finding(message, problem.line, problem.start, problem.end, problem.section, problem.key, fix=fix)


RULES = (Rule("CK101", "missing-semicolon", "error", missing_semicolon),)
