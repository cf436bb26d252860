"""CK3, HA: lists of standby members, named after the label of their group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.ha import unquoted
from confkit.lint.diagnostics import Finding
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_name, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.ha import Group
    from confkit.core.syntax import Entry
    from confkit.lint.context.lint_context import LintContext

_STANDBY = "StandbyMembers"


def unknown_standby_group(context: LintContext) -> Iterator[Finding]:
    """Standby members are listed for a label that no HA group has.

    ## Why

    The entry is named after the label of its group. One public program writes it, and its label differed from that of
    the group: the standby members belonged to nothing.

    ## Bad

    ```conf base=ha
    HAConfiguration = {
      paymentStandbyMembers = 1234567890124;
    }
    ```

    ## Good

    ```conf base=ha
    HAConfiguration = {
      paymentsStandbyMembers = 1234567890124;
    }
    ```

    ## Source

    A public Java program that writes the file; the vendor's spelling of the entry is not confirmed.
    """
    if not context.groups_certain:
        return
    for entry, label, group in _standbys(context):
        if group is None:
            yield at_name(entry, f"{shown(entry.name)} is for group {shown(label)}, but no HA group has this label")


def standby_not_a_member(context: LintContext) -> Iterator[Finding]:
    """A standby member is not in the list of members of its HA group.

    ## Why

    The vendor's command makes a standby member of a partition that was added to the group before. That such a member
    stays in the list of all members is inferred.

    ## Bad

    ```conf base=ha
    HAConfiguration = {
      paymentsStandbyMembers = 1234567890125;
    }
    ```

    ## Good

    ```conf base=ha
    HAConfiguration = {
      paymentsStandbyMembers = 1234567890124;
    }
    ```

    ## Source

    https://www.thalesdocs.com/gphsm/luna/7/docs/network/Content/lunacm/commands/hagroup/hagroup_addmember.htm
    """
    for entry, _, group in _standbys(context):
        if group is None or group.members is None:
            continue
        members = {member.serial for member in context.members(group.members)}
        for standby in context.members(entry):
            if standby.serial not in members:
                message = f"standby member {shown(standby.serial)} is not in the list of group {shown(group.name)}"
                yield Finding(message, entry.line, standby.start, standby.end, entry.section, entry.name)
                break


def _standbys(context: LintContext) -> Iterator[tuple[Entry, str, Group | None]]:
    """Yield each list of standby members with the label in its name, and the group of this label."""
    groups = {context.folded(unquoted(group.label.value)): group for group in context.groups if group.label}
    for entry, _, _ in context.index.by_name.get("{label}" + _STANDBY, ()):
        label = entry.name[: -len(_STANDBY)]
        yield entry, label, groups.get(context.folded(label))


RULES = (
    Rule("CK312", "unknown-standby-group", "warning", unknown_standby_group),
    Rule("CK313", "standby-not-a-member", "info", standby_not_a_member),
)
