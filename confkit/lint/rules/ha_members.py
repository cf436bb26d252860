"""CK3, HA: what stands in the lists of members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core import ha
from confkit.lint.diagnostics import Finding
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_value, replace_value, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.lint_context import LintContext


def invalid_member_serial(context: LintContext) -> Iterator[Finding]:
    """A member of an HA group is not the serial number of a partition.

    ## Why

    Members are listed by the serial numbers of their partitions, which are numbers. Host names, IP addresses and labels
    of partitions stand in public files: the client finds no such member.

    ## Bad

    ```conf base=ha
    VirtualToken = {
      VirtualToken00Members = 1234567890123,hsm2.example.com;
    }
    ```

    ## Good

    ```conf base=ha
    VirtualToken = {
      VirtualToken00Members = 1234567890123,1234567890124;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm and
    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/sdk/extensions/ha_status_syntax.htm
    """
    for group, entry in context.lists():
        listed = context.members(entry)
        wrong = [member for member in listed if not all(map(ha.is_serial, member.serial.split()))]
        if wrong:
            first, more = wrong[0], f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
            message = f"member {shown(first.serial)} of HA group {shown(group.name)} is not a serial number{more}"
            yield Finding(message, entry.line, first.start, first.end, entry.section, entry.name)


def members_without_commas(context: LintContext) -> Iterator[Finding]:
    """The members of an HA group are separated by spaces instead of commas.

    ## Why

    The vendor's example separates members by a comma and a space, tools by a comma alone. What the client makes of
    spaces alone is not documented; the group probably ends up with one member, or none.

    ## Bad

    ```conf base=ha
    VirtualToken = {
      VirtualToken00Members = 1234567890123 1234567890124;
    }
    ```

    ## Good

    ```conf base=ha
    VirtualToken = {
      VirtualToken00Members = 1234567890123, 1234567890124;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm
    """
    for group, entry in context.lists():
        listed = [member.serial.split() for member in context.members(entry)]
        if any(len(parts) > 1 and all(map(ha.is_serial, parts)) for parts in listed):
            fix = replace_value(entry, ",".join(serial for parts in listed for serial in parts))
            yield at_value(entry, f"members of HA group {shown(group.name)} must be separated by commas", fix=fix)


def duplicate_member(context: LintContext) -> Iterator[Finding]:
    """An HA group lists a member more than once.

    ## Why

    A group with one partition under two entries has one member less than its list shows, so it does not survive the
    failure that its owner thinks it survives.

    ## Bad

    ```conf base=ha
    VirtualToken = {
      VirtualToken00Members = 1234567890123,1234567890124,1234567890123;
    }
    ```

    ## Good

    ```conf base=ha
    VirtualToken = {
      VirtualToken00Members = 1234567890123,1234567890124;
    }
    ```

    ## Source

    Inferred: no public text says what the client makes of it.
    """
    for group, entry in context.lists():
        seen: set[str] = set()
        listed = context.members(entry)
        for member in listed:
            if member.serial in seen:
                fix = replace_value(entry, ",".join(dict.fromkeys(each.serial for each in listed)))
                message = f"member {shown(member.serial)} is a duplicate in HA group {shown(group.name)}"
                yield Finding(message, entry.line, member.start, member.end, entry.section, entry.name, fix=fix)
                break
            seen.add(member.serial)


RULES = (
    Rule("CK305", "invalid-member-serial", "error", invalid_member_serial),
    Rule("CK306", "members-without-commas", "error", members_without_commas),
    Rule("CK307", "duplicate-member", "warning", duplicate_member),
)
