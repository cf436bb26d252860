"""CK14, values that end elsewhere for some programs, and files in the form of the other platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.syntax import Edit
from confkit.lint.diagnostics import Finding, Fix
from confkit.lint.rule import SYNTAX, Rule
from confkit.lint.rules.problems import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Entry
    from confkit.lint.context.lint_context import LintContext

# "LABEL":0:0 is the documented form of these (README-GEM-CONFIG, MIT)
_CONVERT = "Convert it with `confkit convert`, or rename it."
_QUOTED_LABELS = {"engineinit", "engine2init"}


def brace_in_value(context: LintContext) -> Iterator[Finding]:
    """A value contains a brace.

    ## Why

    The public readers know no values with braces: a `}` ends the section for all three of them, and every entry below
    is lost without a message. No value of the client needs one.

    ## Bad

    ```conf
    Misc = {
      ToolsDir = /usr/safenet/{lunaclient/bin;
    }
    ```

    ## Good

    ```conf
    Misc = {
      ToolsDir = /usr/safenet/lunaclient/bin;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c, `luna_getprop` (MIT); ThalesGroup/pycryptoki,
    pycryptoki/cryptoki/helpers.py (Apache-2.0); larskanis/pkcs11, pkcs11_luna/lib/pkcs11_luna/extensions.rb (MIT).
    """
    for problem in context.problems("brace-in-value"):
        message = f"some programs end section {problem.section} at the brace in the value of {problem.key}"
        yield finding(problem, message)


def quoted_value(context: LintContext) -> Iterator[Finding]:
    """A value is in quotation marks.

    ## Why

    luna_getprop and pkcs11_luna keep the quotes as part of the value, so a path in quotes does not exist; pycryptoki
    takes them off. The one documented use is the label in `EngineInit`.

    ## Bad

    ```conf
    Misc = {
      ToolsDir = "/usr/safenet/lunaclient/bin";
    }
    ```

    ## Good

    ```conf
    Misc = {
      ToolsDir = /usr/safenet/lunaclient/bin;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, docs/README-GEM-CONFIG and engine/e_gem.c (MIT).
    """
    source = context.source
    if b'"' not in source and b"'" not in source:
        return
    for entry in (entry for section in context.document.sections for entry in section.entries):
        value = entry.value
        marked = ('"' in value and value.count('"') % 2 == 0) or value.startswith("'") or value.endswith("'")
        if marked and entry.name.lower() not in _QUOTED_LABELS:
            message = f"the quotes become part of the value of {entry.name} for some programs"
            place = entry.line, entry.value_start, entry.value_end
            yield Finding(message, *place, entry.section, entry.name, fix=_unquoted(entry))


def _unquoted(entry: Entry) -> Fix | None:
    value = entry.value
    if len(value) < 2 or value[0] != value[-1] or value[0] not in "\"'" or value.count(value[0]) != 2:
        return None
    start, end = entry.value_start, entry.value_end
    edits = (Edit(entry.line, start, start + 1, b""), Edit(entry.line, end - 1, end, b""))
    return Fix("Take the quotes off", safe=False, edits=edits)


def unbalanced_quote(context: LintContext) -> Iterator[Finding]:
    """A quotation mark is not closed before the `;`.

    ## Why

    Where the value ends is uncertain: luna_getprop ends it at the first `;`, inside the quotes, pkcs11_luna at the last
    one of the line, and pycryptoki at the end of the line.

    ## Bad

    ```conf
    Misc = {
      ToolsDir = "/usr/safenet/lunaclient/bin;
    }
    ```

    ## Good

    ```conf
    Misc = {
      ToolsDir = /usr/safenet/lunaclient/bin;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c (MIT); ThalesGroup/pycryptoki, pycryptoki/cryptoki/helpers.py
    (Apache-2.0); larskanis/pkcs11, pkcs11_luna/lib/pkcs11_luna/extensions.rb (MIT).
    """
    for problem in context.problems("unbalanced-quote"):
        yield finding(problem, f"where the value of {problem.key} ends is uncertain: a quotation mark is not closed")


def wrong_form(context: LintContext) -> Iterator[Finding]:
    """The file has the form of the other platform.

    ## Why

    On UNIX the client reads Chrystoki.conf, sections in braces; on Windows it reads crystoki.ini, section names in
    brackets. It finds no section in a file of the other form. `confkit convert` turns one into the other.

    ## Bad

    ```ini
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Good

    ```ini
    [CardReader]
    RemoteCommand=1
    ```

    ## Source

    The vendor's HA set-up page and ThalesGroup/luna-openssl-provider, docs/README-GEM-CONFIG (MIT), for the two names.
    """
    for problem in context.problems("wrong-form"):
        if context.kind == "other-form":
            yield finding(problem, f"the file has the form of the other platform: {problem.message}", advice=_CONVERT)
            return
        if context.document.lines[problem.line - 1][problem.start : problem.end] != b";":
            yield finding(problem, problem.message, advice=_CONVERT)


RULES = (
    Rule("CK141", "brace-in-value", "warning", brace_in_value, kinds=SYNTAX),
    Rule("CK142", "quoted-value", "warning", quoted_value, kinds=SYNTAX),
    Rule("CK143", "unbalanced-quote", "warning", unbalanced_quote, kinds=SYNTAX),
    Rule("CK144", "wrong-form", "error", wrong_form, kinds=SYNTAX | {"other-form"}),
)
