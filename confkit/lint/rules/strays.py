"""CK12, duplicates, and what stands outside any section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.catalogue import sections_with
from confkit.core.syntax import Edit
from confkit.core.timeout import is_status_timeout
from confkit.lint.diagnostics import Fix
from confkit.lint.rule import SYNTAX, Rule
from confkit.lint.rules.entry_findings import shown
from confkit.lint.rules.problems import entries_on, finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Entry
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding


_MAX_LOOKUPS = 100  # entries outside any section that are looked up in the catalogue


def stray_text(context: LintContext) -> Iterator[Finding]:
    """A line is not a section, an entry or a comment.

    ## Why

    No program is known to read it, and none says so: what it was meant to set is not set. Most often an `=` is missing,
    a value goes on over two lines, or a template left a word behind.

    ## Bad

    ```conf
    CardReader = {
      RemoteCommand 1;
    }
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    The form of an entry in all of the vendor's examples.
    """
    for problem in context.problems("stray-text"):
        yield finding(problem, "this is not a section, an entry or a comment: no program reads it")


def entry_outside_section(context: LintContext) -> Iterator[Finding]:
    """An entry is outside any section.

    ## Why

    Every reader looks for an entry in a section, so this one is not found. It comes from a brace too many above it, or
    from a script that appends to the end of the file.

    ## Bad

    ```conf
    CardReader = {
    }
    RemoteCommand = 1;
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    The form of the file in all of the vendor's examples; ThalesGroup/luna-openssl-provider, engine/e_gem.c (MIT).
    """
    for number, problem in enumerate(context.problems("entry-outside-section")):
        homes = sections_with(problem.key or "", windows=context.document.windows) if number < _MAX_LOOKUPS else ()
        home = f": it belongs in {' or '.join(homes)}" if homes else ", where no program reads it"
        yield finding(problem, f"{shown(problem.key or '')} stands outside any section{home}")


def duplicate_section(context: LintContext) -> Iterator[Finding]:
    """A section is in the file more than once.

    ## Why

    luna_getprop and Windows read the first one only, pycryptoki gives up, and pkcs11_luna looks into both. Scripts that
    append their settings to an existing file write such sections; the vendor's own Optimize.sh does, and asks the user
    to look through the result.

    ## Bad

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    CardReader = {
    }
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c and Optimize.sh (MIT); ThalesGroup/pycryptoki,
    pycryptoki/cryptoki/helpers.py (Apache-2.0).
    """
    found = context.problems("duplicate-section")
    sections = context.document.sections if found else ()
    first = {context.folded(section.name): section.line for section in reversed(sections)}
    for problem in found:
        line = first[context.folded(problem.section or "")]
        yield finding(problem, f"{problem.message}: move its entries there")._replace(first_line=line)


def duplicate_entry(context: LintContext) -> Iterator[Finding]:
    """An entry is in its section more than once.

    ## Why

    luna_getprop takes the first one and pycryptoki gives up; which one the client takes is not documented. With two
    values this is an error, because one of them is not in force; with the same value twice it is a warning. A second
    statusTimeout is always an error: `confkit set-timeout` refuses to choose between the two.

    ## Bad

    ```conf
    CardReader = {
      RemoteCommand = 1;
      RemoteCommand = 0;
    }
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c, `luna_getprop` (MIT); ThalesGroup/pycryptoki,
    pycryptoki/cryptoki/helpers.py (Apache-2.0).
    """
    found = context.problems("duplicate-entry")
    if not found:
        return
    on_line = entries_on(context.document, {problem.line for problem in found})
    first: dict[tuple[str, str], Entry] = {}
    for entry in (entry for section in context.document.sections for entry in section.entries):
        first.setdefault(_known_as(context, entry), entry)
    for problem in found:
        entry = on_line[problem.line]
        before = first[_known_as(context, entry)]
        same = before.value == entry.value
        values = "the same value" if same else "another value"
        yield finding(
            problem,
            f"{problem.message}, with {values}",
            fix=Fix("Remove the later entry", safe=False, edits=(_removal(context, entry),)),
            severity="warning" if same and not is_status_timeout(entry.section, entry.name) else "error",
        )._replace(first_line=before.line)


def _known_as(context: LintContext, entry: Entry) -> tuple[str, str]:
    return (entry.section.lower(), entry.name.lower()) if context.document.windows else (entry.section, entry.name)


def _removal(context: LintContext, entry: Entry) -> Edit:
    line = context.document.lines[entry.line - 1]
    if line[entry.end :].strip():
        return Edit(entry.line, entry.start, entry.end, b"")
    return Edit(entry.line, 0, len(line), b"")


RULES = (
    Rule("CK121", "stray-text", "error", stray_text, kinds=SYNTAX),
    Rule("CK122", "entry-outside-section", "error", entry_outside_section, kinds=SYNTAX),
    Rule("CK123", "duplicate-section", "warning", duplicate_section, kinds=SYNTAX),
    Rule("CK124", "duplicate-entry", "error", duplicate_entry, ("warning",), kinds=SYNTAX),
)
