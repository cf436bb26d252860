"""CK15, bytes: encoding, NUL, the byte order mark and the length of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.syntax import Edit, chrystoki, crystoki_ini
from confkit.core.syntax.document import BYTE_ORDER_MARK
from confkit.lint.context.lookalikes import LONGEST_PLAIN_LINE, readers_cope
from confkit.lint.diagnostics import Fix
from confkit.lint.rule import SYNTAX, Rule
from confkit.lint.rules.problems import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.severity import Severity
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding


def invalid_utf8(context: LintContext) -> Iterator[Finding]:
    r"""A line contains bytes that are not UTF-8.

    ## Why

    Python and Ruby programs that read the file as text stop at the first such byte, wherever it stands, and find
    nothing in the whole file. It is usually a character of an old code page in a comment or in a label.

    ## Bad

    ```conf escaped
    # Schl\xfcssel
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Good

    ```conf
    # Schlüssel
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/pycryptoki, pycryptoki/cryptoki/helpers.py (Apache-2.0); larskanis/pkcs11,
    pkcs11_luna/lib/pkcs11_luna/extensions.rb (MIT).
    """
    for problem in context.problems("invalid-utf8"):
        yield finding(problem, "bytes that are not UTF-8: some programs cannot read the file at all")


def nul_byte(context: LintContext) -> Iterator[Finding]:
    r"""The file contains NUL bytes.

    ## Why

    It is binary, or was saved as UTF-16. To a program in C the text ends at a NUL.

    ## Bad

    ```conf escaped
    # written by \0 an editor
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Good

    ```conf
    # written by an editor
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    The C language; ThalesGroup/luna-openssl-provider, engine/e_gem.c, `luna_getprop` (MIT).
    """
    for problem in context.problems("nul-byte"):
        yield finding(problem, "NUL byte: the file is binary or UTF-16; save it as UTF-8")


def long_line(context: LintContext) -> Iterator[Finding]:
    r"""A line is longer than 1,024 bytes.

    ## Why

    luna_getprop reads a line in pieces of this length, which its source says comes from the file's own limit. An entry
    that lies across the border of two pieces is lost for it, or cut.

    ## Bad

    ```conf escaped
    # ----------------------------------------------------------------------------------------------------\
    ------------------------------------------------------------------------------------------------------\
    ------------------------------------------------------------------------------------------------------\
    ------------------------------------------------------------------------------------------------------\
    ------------------------------------------------------------------------------------------------------\
    ------------------------------------------------------------------------------------------------------\
    ------------------------------------------------------------------------------------------------------\
    ------------------------------------------------------------------------------------------------------\
    ------------------------------------------------------------------------------------------------------\
    ------------------------------------------------------------------------------------------------------\
    ------------------------------------------------------------------------------------------------------
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Good

    ```conf
    # ----------------------------------------------------------------------------------------------------
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, sautil.c and engine/e_gem.c, `luna_getprop` (MIT).
    """
    for problem in context.problems("long-line"):
        yield finding(problem, problem.message)


def byte_order_mark(context: LintContext) -> Iterator[Finding]:
    r"""The file starts with a byte order mark.

    ## Why

    In crystoki.ini it hides the first section: Python's configparser, which pycryptoki uses on Windows, gives up, and
    Windows does not take the line for a header. In the UNIX form no public reader minds, so there it is an info.

    ## Bad

    ```ini escaped
    \xef\xbb\xbf[CardReader]
    RemoteCommand=1
    ```

    ## Good

    ```ini
    [CardReader]
    RemoteCommand=1
    ```

    ## Source

    ThalesGroup/pycryptoki, pycryptoki/cryptoki/helpers.py (Apache-2.0); Python's configparser.
    """
    for problem in context.problems("byte-order-mark"):
        safe = _mark_is_idle(context)
        fix = Fix("Remove the byte order mark", safe=safe, edits=(Edit(1, 0, len(BYTE_ORDER_MARK), b""),))
        severity: Severity | None = None if context.document.windows else "info"
        message = (
            "a byte order mark: some programs do not read the first line"
            if context.document.windows
            else problem.message
        )
        yield finding(problem, message, fix=fix, severity=severity)


def _mark_is_idle(context: LintContext) -> bool:
    """Return whether nothing that is read today depends on the mark: no second section that stands in for the first."""
    source = context.source
    form = crystoki_ini if context.document.windows else chrystoki
    without = form.parse(source[len(BYTE_ORDER_MARK) :])
    same = [section[:1] + section.entries for section in without.sections] == [
        section[:1] + section.entries for section in context.document.sections
    ]
    twice = any(problem.code == "duplicate-section" for problem in context.document.problems)
    return same and not twice and len(context.document.lines[0]) <= LONGEST_PLAIN_LINE and readers_cope(source)


RULES = (
    Rule("CK152", "invalid-utf8", "warning", invalid_utf8, kinds=SYNTAX),
    Rule("CK153", "nul-byte", "error", nul_byte, kinds=SYNTAX),
    Rule("CK154", "long-line", "warning", long_line, kinds=SYNTAX),
    Rule("CK155", "byte-order-mark", "warning", byte_order_mark, ("info",), kinds=SYNTAX),
)
