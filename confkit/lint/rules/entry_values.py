"""CK2, entries: values that are missing, of the wrong type, out of bounds, no choice, in a wrong unit, a digit off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.ha import unquoted
from confkit.core.placeholders import placeholder
from confkit.core.secret_names import is_secret_name
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_name, at_value, replace_value, shown, shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.catalogue.verdicts import Kind, Verdict
    from confkit.lint.context.entry_index import KnownEntry
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

# Their bounds have rules of their own, with more to say: CK314 and CK316.
_BOUNDS_ELSEWHERE = frozenset({"statusTimeout", "AutoReconnectInterval"})


def wrong_type(context: LintContext) -> Iterator[Finding]:
    """The value has the wrong type.

    ## Why

    Thales' own reader turns numbers into integers with `atoi`: `abc` becomes 0 and `5x` becomes 5, without an error.

    ## Bad

    ```conf
    Luna = {
      DefaultTimeOut = forever;
    }
    ```

    ## Good

    ```conf
    Luna = {
      DefaultTimeOut = 500000;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c, `luna_getprop` (MIT); the types are in docs/entries.md.
    """
    for known, verdict in _of_kind(context, "type"):
        yield _judged(known, verdict)


def out_of_bounds(context: LintContext) -> Iterator[Finding]:
    """The number is outside its bounds.

    ## Why

    What the client makes of such a number is not documented: it may take its default, the bound, or the number.

    ## Bad

    ```conf
    GemEngine = {
      LibPath64 = /usr/lib/libCryptoki2_64.so;
      LogLevel = 9;
    }
    ```

    ## Good

    ```conf
    GemEngine = {
      LibPath64 = /usr/lib/libCryptoki2_64.so;
      LogLevel = 6;
    }
    ```

    ## Source

    The bounds, and how sure they are, are in docs/entries.md.
    """
    for known, verdict in _of_kind(context, "bounds"):
        if known.facts.name not in _BOUNDS_ELSEWHERE:
            yield _judged(known, verdict)


def invalid_choice(context: LintContext) -> Iterator[Finding]:
    """The value is not one that the entry accepts.

    ## Why

    Thales' own reader turns switches into integers with `atoi`, so `yes` and `true` are 0, which is off.

    ## Bad

    ```conf
    GemEngine = {
      LibPath64 = /usr/lib/libCryptoki2_64.so;
      DisableCheckFinalize = yes;
    }
    ```

    ## Good

    ```conf
    GemEngine = {
      LibPath64 = /usr/lib/libCryptoki2_64.so;
      DisableCheckFinalize = 1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, docs/README-GEM-CONFIG and engine/e_gem.c (MIT); the choices of all entries, and
    how sure they are, are in docs/entries.md.
    """
    for known, verdict in _of_kind(context, "choice"):
        yield _judged(known, verdict)


def empty_value(context: LintContext) -> Iterator[Finding]:
    """The entry has no value.

    ## Why

    Thales' own reader takes an empty value for a missing entry on Windows and for an empty text on UNIX; pycryptoki
    gives up. ServerHtl00 may be empty: files like that are shipped.

    ## Bad

    ```conf
    Misc = {
      ToolsDir = ;
    }
    ```

    ## Good

    ```conf
    Misc = {
      ToolsDir = /usr/safenet/lunaclient/bin;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c (MIT); ThalesGroup/pycryptoki, helpers.py (Apache-2.0).
    """
    for known, verdict in _of_kind(context, "empty"):
        message = f"{shown(known.entry.name)} {verdict.message}: give it one, or remove the entry"
        yield at_value(known.entry, message, verdict.severity)


def wrong_time_unit(context: LintContext) -> Iterator[Finding]:
    """The number makes sense in seconds where the entry takes milliseconds, or the other way round.

    ## Why

    statusTimeout and AutoReconnectInterval take seconds, ReceiveTimeout and everything in section Luna takes
    milliseconds. 20 for ReceiveTimeout makes the client drop an appliance that does not answer within 20 ms.

    ## Bad

    ```conf base=certificates
    LunaSA Client = {
      ReceiveTimeout = 20;
    }
    ```

    ## Good

    ```conf base=certificates
    LunaSA Client = {
      ReceiveTimeout = 20000;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_appliance/client_connections/timeouts.htm; the units
    of all entries are in docs/entries.md.
    """
    for known, verdict in _of_kind(context, "unit"):
        fix = replace_value(known.entry, verdict.right) if verdict.right else None
        yield at_value(known.entry, f"{known.entry.name} {verdict.message}", verdict.severity, fix)


def unusual_timeout(context: LintContext) -> Iterator[Finding]:
    """A timeout is a tenth of the usual value or less, or ten times it or more.

    ## Why

    A file made by a program had 270000 for the KeypairGenTimeOut of 2700000 and 20000 for the DefaultTimeOut of 500000.
    The vendor asks to leave these alone unless its support says otherwise: too short breaks slow operations, too long
    slows HA down.

    ## Bad

    ```conf
    Luna = {
      KeypairGenTimeOut = 270000;
    }
    ```

    ## Good

    ```conf
    Luna = {
      KeypairGenTimeOut = 2700000;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_appliance/client_connections/timeouts.htm for the
    advice; the usual values are those of public templates, in docs/entries.md.
    """
    for known, verdict in _of_kind(context, "factor"):
        yield at_value(known.entry, f"{known.entry.name} {verdict.message}: is there a digit too many or too few?")


def _of_kind(context: LintContext, kind: Kind) -> Iterator[tuple[KnownEntry, Verdict]]:
    for known in context.index.faulty:
        if known.verdict is not None and known.verdict.kind == kind:
            yield known, known.verdict


def _judged(known: KnownEntry, verdict: Verdict) -> Finding:
    entry = known.entry
    return at_value(entry, f"{shown(entry.name)} is {shown_value(entry)}, but {verdict.message}", verdict.severity)


def not_filled_in(context: LintContext) -> Iterator[Finding]:
    """A place in the value was not filled in.

    ## Why

    The client expands nothing: `$HOME/x` is a relative path for it, and `${PORT}` is not a number. A value such as
    this is left by a template that was not rendered, a variable that nothing replaced, or a person who meant to return.

    ## Bad

    ```conf base=network
    LunaSA Client = {
      ServerName00 = __HSM_HOST__;
    }
    ```

    ## Good

    ```conf base=network
    LunaSA Client = {
      ServerName00 = hsm.example.com;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c, `luna_getprop` (MIT), which expands nothing.
    """
    for known, verdict in _of_kind(context, "placeholder"):
        yield at_value(known.entry, f"{shown(known.entry.name)} {verdict.message}", verdict.severity)
    others = [each.entry for each in context.index.unknown]
    others += [entry for section, _ in context.index.sections for entry in section.entries]
    for entry in others:
        found = None if is_secret_name(entry.name) else placeholder(unquoted(entry.value))
        if found:
            yield at_value(entry, f"{shown(entry.name)} was not filled in: {found}")
    for section in context.sections("HASynchronize"):
        for entry in section.entries:
            found = placeholder(entry.name)
            if found:
                yield at_name(entry, f"{shown(entry.name)} was not filled in: {found}")


def comment_in_value(context: LintContext) -> Iterator[Finding]:
    """A comment behind the value has become a part of it.

    ## Why

    In the Windows form a value ends at the end of its line, and in the UNIX form at its `;`. `20000 //default` is
    therefore not a number, and a path with a comment behind it does not exist.

    ## Bad

    ```ini
    [LunaSA Client]
    ReceiveTimeout=20000 //default
    ```

    ## Good

    ```ini
    ; the default
    [LunaSA Client]
    ReceiveTimeout=20000
    ```

    ## Source

    The vendor's HA logging and timeout pages print `//` behind entries as remarks; GetPrivateProfileString (Windows)
    and ThalesGroup/luna-openssl-provider, engine/e_gem.c (MIT), read the whole of such a value.
    """
    for known, verdict in _of_kind(context, "comment"):
        secret = is_secret_name(known.entry.name)
        fix = replace_value(known.entry, verdict.right) if verdict.right and not secret else None
        yield at_value(known.entry, f"{shown(known.entry.name)} {verdict.message}", verdict.severity, fix)


# What other rules say of a line with a placeholder in it is a consequence.
_CONSEQUENCES = ("CK14", "CK2", "CK3", "CK4", "CK5", "CK6")

RULES = (
    Rule("CK208", "wrong-type", "error", wrong_type, ("warning", "info")),
    Rule("CK209", "out-of-bounds", "error", out_of_bounds, ("warning", "info")),
    Rule("CK210", "invalid-choice", "warning", invalid_choice, ("info",)),
    Rule("CK211", "empty-value", "warning", empty_value, ("info",)),
    Rule("CK212", "wrong-time-unit", "warning", wrong_time_unit, ("info",)),
    Rule(
        "CK133", "comment-in-value", "error", comment_in_value, ("warning", "info"), hides=("CK2", "CK3", "CK4", "CK6")
    ),
    Rule("CK216", "not-filled-in", "error", not_filled_in, hides=_CONSEQUENCES),
    Rule("CK213", "unusual-timeout", "info", unusual_timeout),
)
