"""CK10, the `;`: where it is missing, what stands before and after it, and where it does not belong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.core.syntax import Edit
from confkit.core.syntax.lines import line_end
from confkit.lint.context.lookalikes import (
    LONGEST_NAME,
    LONGEST_PLAIN_LINE,
    MOST_ALIKE,
    entries_by_name,
    spoken_for,
)
from confkit.lint.diagnostics import Finding, Fix
from confkit.lint.rule import SYNTAX, Rule
from confkit.lint.rules.problems import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Document, Entry, Problem
    from confkit.lint.context.lint_context import LintContext

# Compiled when they are used: a good file has nothing to look at.
_COMMENT_INSIDE = rb"(?:^|[ \t])(?:#|//|/\*)"
_STRAYS = frozenset({"stray-text", "text-beside-brace"})
_STATEMENT = rb"[^=;{}\"'#]+=[^;{}\"'#]*+"
_STATEMENTS = _STATEMENT + rb"(?:;[ \t]*+" + _STATEMENT + rb")*;?"


def missing_semicolon(context: LintContext) -> Iterator[Finding]:
    """An entry of the UNIX form has no `;` at its end.

    ## Why

    The vendor's readme says that every definition ends with `;`. Two of three public readers lose such an entry without
    a word: luna_getprop skips a line without `;`, and pkcs11_luna falls back to its default.

    ## Bad

    ```conf
    CardReader = {
      RemoteCommand = 1
    }
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, docs/README-GEM-CONFIG (MIT); engine/e_gem.c, `luna_getprop` (MIT).
    """
    found = context.problems("missing-semicolon")
    entries = entries_by_name(context.document) if found else {}
    clear = context.readers_cope and max(map(len, entries), default=0) <= LONGEST_NAME
    going_on = _lines_going_on(context.document) if found else set()
    for problem in found:
        line = context.document.lines[problem.line - 1]
        fix = advice = None
        value = line[: problem.end].partition(b"=")[2]
        goes_on = problem.line in going_on
        if goes_on and not value.strip():
            advice = "The value seems to stand below: write it behind the `=`, on the same line."
        elif not re.search(_COMMENT_INSIDE, value):
            # an empty value may be one that is still to be written
            safe = clear and not goes_on and value.strip() != b"" and _speaks_for_itself(problem, line, entries)
            fix = Fix("Add the `;`", safe=safe, edits=(Edit(problem.line, problem.end, problem.end, b";"),))
        yield finding(problem, f"{problem.key} has no `;` at its end", fix=fix, advice=advice)


def _lines_going_on(document: Document) -> set[int]:
    """Return the lines below which text stands that is no entry: it may be meant as the rest of their values."""
    strays = {
        problem.line
        for problem in document.problems
        if problem.code in _STRAYS and b"}" not in document.lines[problem.line - 1][: problem.start]
    }
    entries = {entry.line for section in document.sections for entry in section.entries}
    bounds = {line for section in document.sections for line in (section.line, section.end_line)}
    going_on, last = set(), None
    for line in sorted(strays | entries | bounds):
        if line in strays and last is not None:
            going_on.add(last)
        last = line if line in entries else None
    return going_on


def _speaks_for_itself(problem: Problem, line: bytes, entries: dict[bytes, list[Entry]]) -> bool:
    """Return whether no reader will take the line, which it now skips, for another entry."""
    if len(line) >= LONGEST_PLAIN_LINE or b"{" in line or b"}" in line:
        return False
    here = problem.section, problem.key
    return all(
        len(alike) <= MOST_ALIKE and all((entry.section, entry.name) == here for entry in alike)
        for alike in spoken_for(line, entries)
    )


def text_after_semicolon(context: LintContext) -> Iterator[Finding]:
    """Text follows the `;` of an entry.

    ## Why

    Thales' pycryptoki takes the rest of the line, comment and all, for the value; pkcs11_luna does so up to the last
    `;`. A second entry on the line is seen by hardly any program. Pages of the vendor print such comments as notes for
    the reader; that the client allows them is documented nowhere.

    ## Bad

    ```conf
    CardReader = {
      RemoteCommand = 1; // for a remote PED
    }
    ```

    ## Good

    ```conf
    // for a remote PED
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/pycryptoki, pycryptoki/cryptoki/helpers.py (Apache-2.0); larskanis/pkcs11,
    pkcs11_luna/lib/pkcs11_luna/extensions.rb (MIT).
    """
    found = context.problems("text-after-semicolon")
    if not found:
        return
    # a good file has no comment to move
    from confkit.lint.rules.moving import ground, move_out  # noqa: PLC0415

    land = ground(context, found)
    for problem in found:
        source = context.document.lines[problem.line - 1]
        text = source[problem.start : problem.end]
        if text.startswith((b"#", b"//", b"/*")):
            fix = move_out(land, problem.line, problem.start)
            message = "a comment behind the `;` becomes part of the value for some programs"
        else:
            entries = re.fullmatch(_STATEMENTS, text) and not re.search(_COMMENT_INSIDE, text)
            fix = _split(source, problem) if entries else None
            hidden = f"{problem.key} stands behind another entry" if problem.key else "text stands behind the `;`"
            message = f"{hidden} on the line, where most programs do not see it"
        yield finding(problem, message, fix=fix)


def _split(source: bytes, problem: Problem) -> Fix:
    """Return the fix that gives each of the entries behind the first a line of its own."""
    indentation = source[: len(source) - len(source.lstrip(b" \t"))]
    kept = len(source[: problem.start].rstrip())
    statements = source[problem.start : problem.end].rstrip(b"; \t").split(b";")
    end = line_end(source) or b"\n"
    lines = b"".join(end + indentation + statement.strip() + b";" for statement in statements)
    return Fix("Give each entry its own line", safe=False, edits=(Edit(problem.line, kept, problem.end, lines),))


def space_before_semicolon(context: LintContext) -> Iterator[Finding]:
    """There is a space between the value and the `;`.

    ## Why

    luna_getprop and pkcs11_luna keep it as the last character of the value. A number survives that; the path of a
    library or of a certificate does not, and the message about a file that cannot be opened does not show the space.

    ## Bad

    ```conf
    CardReader = {
      RemoteCommand = 1 ;
    }
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c, `luna_getprop` (MIT); larskanis/pkcs11,
    pkcs11_luna/lib/pkcs11_luna/extensions.rb (MIT).
    """
    if context.document.windows or b" ;" not in context.source:
        return
    cope = context.readers_cope
    for entry in (entry for section in context.document.sections for entry in section.entries):
        if entry.terminated and entry.end - entry.value_end > 1:
            line = context.document.lines[entry.line - 1]
            start, end = entry.value_end, entry.end - 1
            if not line[start:end].strip(b" "):  # a TAB has a rule of its own
                safe = cope and len(line) <= LONGEST_PLAIN_LINE
                fix = Fix("Remove the space", safe=safe, edits=(Edit(entry.line, start, end, b""),))
                message = f"the space before the `;` becomes part of {entry.name} for some programs"
                yield Finding(message, entry.line, start, end, entry.section, entry.name, fix=fix)


def semicolon_in_ini(context: LintContext) -> Iterator[Finding]:
    """An entry of crystoki.ini ends with `;`.

    ## Why

    The Windows form has no sign at the end of an entry. Windows hands the `;` to the client as part of the value, so a
    path does not exist and a name does not resolve. It comes with lines copied from a Chrystoki.conf.

    ## Bad

    ```ini
    [CardReader]
    RemoteCommand=1;
    ```

    ## Good

    ```ini
    [CardReader]
    RemoteCommand=1
    ```

    ## Source

    The vendor's examples of crystoki.ini: the file summary of the Luna HSM client documentation.
    """
    for problem in context.problems("wrong-form"):
        if context.document.windows and context.document.lines[problem.line - 1][problem.start : problem.end] == b";":
            fix = Fix("Remove the `;`", safe=False, edits=(Edit(problem.line, problem.start, problem.end, b""),))
            yield finding(problem, f"in crystoki.ini the `;` becomes part of the value of {problem.key}", fix=fix)


RULES = (
    Rule("CK101", "missing-semicolon", "error", missing_semicolon),
    Rule("CK102", "text-after-semicolon", "warning", text_after_semicolon, kinds=SYNTAX),
    Rule("CK103", "space-before-semicolon", "info", space_before_semicolon, kinds=SYNTAX),
    Rule("CK104", "semicolon-in-ini", "error", semicolon_in_ini, kinds=SYNTAX),
)
