"""CK3, HA: settings of section HAConfiguration that a group needs, or that come in pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core import ha
from confkit.core.ha import unquoted
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_name, at_section, at_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Entry, Section
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

_SECTION = "HAConfiguration"


def recovery_off(context: LintContext) -> Iterator[Finding]:
    """There is an HA group, but failed members are not recovered automatically.

    ## Why

    reconnAtt is how often the client tries to recover a failed member, and 0 switches that off. Where the entry is
    missing, the vendor's pages disagree on what holds; one says off. A member that was lost stays lost until the
    application starts again. A buildpack wrote `ReconnAtt`, and its users found out by outages.

    ## Bad

    ```conf base=ha
    HAConfiguration = {
      reconnAtt = 0;
    }
    ```

    ## Good

    ```conf base=ha
    HAConfiguration = {
      reconnAtt = -1;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7.1/docs/network/Content/administration/ha/recovery.htm
    """
    entry = _first(context, "reconnAtt")
    if not context.groups:
        return
    if entry is not None and _is_zero(entry):
        yield at_value(entry, f"{entry.name} is 0: failed HA members are not recovered; write -1 for no limit")
    elif not context.stands_anywhere("reconnAtt"):
        message = "reconnAtt is missing: failed HA members may not be recovered; write -1 for no limit"
        yield at_section(_home(context), message)


def ha_only_off(context: LintContext) -> Iterator[Finding]:
    """There is an HA group, but applications see the slots of its members too.

    ## Why

    Without HAOnly the physical slots stand beside the group's. When a member fails or comes back, all slots may be
    numbered anew, and an application that knows its slot by number gets another one. The vendor recommends HAOnly on
    every client that runs HA groups.

    ## Bad

    ```conf base=ha
    HAConfiguration = {
      HAOnly = 0;
    }
    ```

    ## Good

    ```conf base=ha
    HAConfiguration = {
      HAOnly = 1;
    }
    ```

    ## Source

    https://www.thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/setup/haonly.htm
    """
    entry = _first(context, "HAOnly")
    if not context.groups:
        return
    if entry is not None and _is_zero(entry):
        yield at_value(entry, f"{entry.name} is 0: slot numbers can change when a member fails; 1 is recommended")
    elif not context.stands_anywhere("HAOnly"):
        message = "HAOnly is missing: slot numbers can change when a member fails; 1 is recommended"
        yield at_section(_home(context), message)


def alpha_failover(context: LintContext) -> Iterator[Finding]:
    """failover_on_deactivation is on, which the vendor calls an alpha feature.

    ## Why

    With it the client fails over at once when the partition of a member is deactivated. An alpha feature may change or
    go with the next version of the client.

    ## Bad

    ```conf
    HAConfiguration = {
      failover_on_deactivation = 1;
    }
    ```

    ## Good

    ```conf
    HAConfiguration = {
      failover_on_deactivation = 0;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm
    """
    entry = _first(context, "failover_on_deactivation")
    if entry is not None and unquoted(entry.value) == "1":
        yield at_value(entry, f"{entry.name} is on: the vendor calls it an alpha feature")


def probe_timeout(context: LintContext) -> Iterator[Finding]:
    """ProbeTimeout is set, of which no public text gives the section, the unit or the bounds.

    ## Why

    The vendor names it (client 10.7.2 and later) for members that block during a remote PED operation with audit
    logging on. Whether this file has it in the right place and unit cannot be said.

    ## Bad

    ```conf
    HAConfiguration = {
      ProbeTimeout = 30;
    }
    ```

    ## Good

    ```conf
    HAConfiguration = {
      AutoReconnectInterval = 60;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/troubleshooting.htm
    """
    entry = _first(context, "ProbeTimeout")
    if entry is not None:
        yield at_name(entry, f"{entry.name} has no public unit or bounds: check it against your client's documentation")


def _first(context: LintContext, key: str) -> Entry | None:
    found = context.entries(_SECTION, key)
    return found[0] if found else None


def _home(context: LintContext) -> Section:
    """Return the section that lacks something: HAConfiguration, or the groups' where there is none."""
    return next(iter(context.sections(_SECTION)), context.groups[0].section)


def _is_zero(entry: Entry) -> bool:
    value = unquoted(entry.value)
    return ha.is_serial(value) and not value.strip("0")


RULES = (
    Rule("CK317", "recovery-off", "warning", recovery_off),
    Rule("CK318", "ha-only-off", "info", ha_only_off),
    Rule("CK321", "alpha-failover", "info", alpha_failover),
    Rule("CK322", "probe-timeout", "info", probe_timeout),
)
