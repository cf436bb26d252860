"""CK3, HA: the labels and serial numbers by which applications tell groups apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core import ha
from confkit.core.ha import unquoted
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_value, replace_value, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.ha import Group
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding


def duplicate_group(context: LintContext) -> Iterator[Finding]:
    """Two HA groups have the same label or the same serial number.

    ## Why

    Applications find a group by its label or its serial number, and HASynchronize names it by its label: with two of
    the same it is left to chance which one is meant. A copied block whose numbers were changed but not its values looks
    like this.

    ## Bad

    ```conf base=ha
    VirtualToken = {
      VirtualToken01Label = payments;
      VirtualToken01SN = 11234567890125;
      VirtualToken01Members = 1234567890125,1234567890126;
    }
    ```

    ## Good

    ```conf base=ha
    VirtualToken = {
      VirtualToken01Label = archive;
      VirtualToken01SN = 11234567890125;
      VirtualToken01Members = 1234567890125,1234567890126;
    }
    HASynchronize = {
      archive = 1;
    }
    ```

    ## Source

    Inferred from https://thalesdocs.com/gphsm/luna/7/docs/network/Content/sdk/extensions/ha_status_syntax.htm, where
    the serial number stands for the group.
    """
    seen: dict[tuple[str, str], Group] = {}
    for group in context.groups:
        for what, entry in (("label", group.label), ("serial number", group.serial)):
            value = unquoted(entry.value) if entry else ""
            first = seen.setdefault((what, value), group)
            if entry and value and first is not group:
                message = f"HA groups {first.number} and {group.number} have the same {what} {shown(value)}"
                other = first.label if what == "label" else first.serial
                yield at_value(entry, message)._replace(first_line=other.line if other else None)
                break


def unexpected_group_serial(context: LintContext) -> Iterator[Finding]:
    """The serial number of an HA group is not 1 followed by the serial number of a member.

    ## Why

    The vendor's tools make a group's serial number from that of the partition the group was made from, with a 1 in
    front. A number made up by a script works in known cases; a member's own number, or a list of them, is a slip.

    ## Bad

    ```conf base=ha
    VirtualToken = {
      VirtualToken00SN = 1234567890123;
    }
    ```

    ## Good

    ```conf base=ha
    VirtualToken = {
      VirtualToken00SN = 11234567890123;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7.2/docs/pci/Content/administration/ha/manage/replace.htm and
    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm, by example.
    """
    for group in context.groups:
        serials = context.serials(group)
        if group.serial is None or not serials or not ha.is_serial(unquoted(group.serial.value)):
            continue
        # Any member: the group may have been made from one that stands further behind.
        if unquoted(group.serial.value) not in {f"1{serial}" for serial in serials}:
            usual = f"1{serials[0]}"
            message = f"serial number of HA group {shown(group.name)} is not 1 and a member's: {usual} would be usual"
            yield at_value(group.serial, message, fix=replace_value(group.serial, usual))


RULES = (
    Rule("CK303", "duplicate-group", "warning", duplicate_group),
    Rule("CK304", "unexpected-group-serial", "info", unexpected_group_serial),
)
