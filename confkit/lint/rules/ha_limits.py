"""CK3, HA: time limits, above all statusTimeout, the limit of the status call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.core.errors import UsageError
from confkit.core.ha import unquoted
from confkit.core.timeout import KEY, MAXIMUM_SECONDS, MINIMUM_SECONDS, SECTION, seconds_from
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_value, replace_value, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.entry_index import KnownEntry
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

_RECEIVE_TIMEOUT = "ReceiveTimeout"
_NUMBER = re.compile("-?[0-9]{1,19}")
_USUAL_RECEIVE_TIMEOUT = 20_000  # ms; documented, and a test holds it against the catalogue


def status_timeout_out_of_bounds(context: LintContext) -> Iterator[Finding]:
    """The value of statusTimeout is not a whole number of seconds from 3 to 60.

    ## Why

    The vendor gives 3 s as the default of this limit and 60 s as the most. Less than the default is refused by confkit:
    3 s is meant for an environment within 20 % of optimal conditions, so less makes healthy members look failed.

    ## Bad

    ```conf
    HAConfiguration = {
      statusTimeout = 90;
    }
    ```

    ## Good

    ```conf
    HAConfiguration = {
      statusTimeout = 10;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/pci/Content/sdk/extensions/improved_ha_status_syntax.htm for 3 s and 60 s.
    """
    for known in _live(context, KEY):
        value = unquoted(known.entry.value)
        judged_here = known.verdict is None or known.verdict.kind == "bounds"
        if judged_here and _NUMBER.fullmatch(value) and not _seconds(value):
            bounds = f"a whole number of seconds from {MINIMUM_SECONDS} to {MAXIMUM_SECONDS}"
            nearest = max(MINIMUM_SECONDS, min(MAXIMUM_SECONDS, int(value)))
            fix = replace_value(known.entry, str(nearest))
            yield at_value(known.entry, f"{KEY} is {shown(value)}, but must be {bounds}", fix=fix)


def status_timeout_too_long(context: LintContext) -> Iterator[Finding]:
    """The statusTimeout is longer than ReceiveTimeout: a caller may wait for a member that the client has given up.

    ## Why

    After ReceiveTimeout (20 s by default) without an answer the client takes an appliance as off-line and uses the
    others. A status call that waits longer seldom learns more about such a member, and its caller waits meanwhile. It
    is right where `confkit check` asks for it: a member may be slow and yet alive.

    ## Bad

    ```conf base=certificates
    LunaSA Client = {
      ReceiveTimeout = 20000;
    }
    HAConfiguration = {
      statusTimeout = 45;
    }
    ```

    ## Good

    ```conf base=certificates
    LunaSA Client = {
      ReceiveTimeout = 20000;
    }
    HAConfiguration = {
      statusTimeout = 20;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7.1/docs/pci/Content/administration/ha/failover.htm and
    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_appliance/client_connections/timeouts.htm; that one
    should not exceed the other is inferred.
    """
    limits = [known for known in _live(context, KEY) if known.verdict is None]
    seconds = _seconds(unquoted(limits[0].entry.value)) if limits else None
    milliseconds = _receive_timeout(context)
    if seconds and milliseconds and seconds * 1000 > milliseconds > 0:
        message = f"{KEY} is {seconds} s, but the client takes a silent appliance as off-line after {milliseconds} ms"
        advice = "Keep it where `confkit check` asks for it: a member may be slow and yet alive."
        yield at_value(limits[0].entry, message)._replace(help=advice)


def recovery_interval_out_of_bounds(context: LintContext) -> Iterator[Finding]:
    """The time between two attempts to recover an HA member is not from 60 to 1200 s.

    ## Why

    The vendor says that recovery is tried at most once a minute, so less has no effect; 1200 s is the most that its
    command takes, according to a runbook.

    ## Bad

    ```conf
    HAConfiguration = {
      AutoReconnectInterval = 10;
    }
    ```

    ## Good

    ```conf
    HAConfiguration = {
      AutoReconnectInterval = 60;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7.1/docs/network/Content/administration/ha/recovery.htm for 60 s.
    """
    for known in _live(context, "AutoReconnectInterval"):
        if known.verdict is not None and known.verdict.kind == "bounds":
            value = shown(known.entry.value)
            yield at_value(known.entry, f"{known.entry.name} is {value}, but {known.verdict.message}")


def _live(context: LintContext, key: str) -> list[KnownEntry]:
    return [known for known in context.index.by_name.get(key, ()) if known.facts.section == SECTION]


def _seconds(value: str) -> int | None:
    try:
        return seconds_from(value)
    except UsageError:
        return None


def _receive_timeout(context: LintContext) -> int | None:
    """Return ReceiveTimeout in ms; None where the file has one of which another rule says that it is wrong."""
    for known in context.index.by_name.get(_RECEIVE_TIMEOUT, ()):
        value = unquoted(known.entry.value)
        return int(value) if known.verdict is None and _NUMBER.fullmatch(value) else None
    return None if context.stands_anywhere(_RECEIVE_TIMEOUT) else _USUAL_RECEIVE_TIMEOUT


RULES = (
    Rule("CK314", "status-timeout-out-of-bounds", "error", status_timeout_out_of_bounds),
    Rule("CK315", "status-timeout-too-long", "info", status_timeout_too_long),
    Rule("CK316", "recovery-interval-out-of-bounds", "warning", recovery_interval_out_of_bounds),
)
