"""CK3, HA: the groups of section VirtualToken, their parts and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_name, at_section, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding


def incomplete_group(context: LintContext) -> Iterator[Finding]:
    """An HA group lacks its label, its serial number or its members.

    ## Why

    Every group in the vendor's examples, and in every file that a program writes, has all three: VirtualTokenNNLabel,
    VirtualTokenNNSN and VirtualTokenNNMembers. That the client needs them all is inferred.

    ## Bad

    ```conf base=group
    VirtualToken = {
      VirtualToken00Label = payments;
      VirtualToken00Members = 1234567890123,1234567890124;
    }
    ```

    ## Good

    ```conf base=group
    VirtualToken = {
      VirtualToken00Label = payments;
      VirtualToken00SN = 11234567890123;
      VirtualToken00Members = 1234567890123,1234567890124;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm
    """
    if not context.groups_certain:
        return
    for group in context.groups:
        parts = {"Label": group.label, "SN": group.serial, "Members": group.members}
        missing = [f"VirtualToken{group.number}{part}" for part, entry in parts.items() if entry is None]
        if missing:
            yield at_section(group.section, f"HA group {shown(group.name)} has no {' and no '.join(missing)}: add it")


def gap_in_numbers(context: LintContext) -> Iterator[Finding]:
    """A number is missing in the numbering of the HA groups.

    ## Why

    Every file seen numbers its groups 00, 01, 02 and so on. No public text says whether the client goes on looking
    after a number that is missing: if it does not, the groups behind the gap are never found.

    ## Bad

    ```conf base=group
    VirtualToken = {
      VirtualToken01Label = payments;
      VirtualToken01SN = 11234567890123;
      VirtualToken01Members = 1234567890123,1234567890124;
    }
    ```

    ## Good

    ```conf base=group
    VirtualToken = {
      VirtualToken00Label = payments;
      VirtualToken00SN = 11234567890123;
      VirtualToken00Members = 1234567890123,1234567890124;
    }
    ```

    ## Source

    Inferred from https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm and from
    public files.
    """
    if not context.groups_certain:
        return
    expected = 0
    for group in context.groups:
        first = group.label or group.serial or group.members
        if int(group.number) > expected and first:
            yield at_name(first, f"HA group {group.number} comes after a gap: there is no group {expected:02}")
        expected = int(group.number) + 1


RULES = (
    Rule("CK301", "incomplete-group", "warning", incomplete_group),
    Rule("CK302", "gap-in-groups", "info", gap_in_numbers),
)
