"""CK3, HA: HASynchronize, whose names are the labels of the groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_name, at_value, rename, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.ha import Group
    from confkit.core.severity import Severity
    from confkit.core.syntax import Entry
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

_NOT_IN_NAME = frozenset("={};[]#/")  # a label with one of these is not offered as a new name


def group_not_synchronised(context: LintContext) -> Iterator[Finding]:
    """An HA group has no entry in HASynchronize.

    ## Why

    HASynchronize switches on, label by label, that objects are copied to all members. Without it a key that is made on
    one member is missing on the others. Every program that writes a group writes this entry too; a group that is kept
    in step by hand does without.

    ## Bad

    ```conf base=ha
    VirtualToken = {
      VirtualToken01Label = orders;
      VirtualToken01SN = 11234567890125;
      VirtualToken01Members = 1234567890125,1234567890126;
    }
    ```

    ## Good

    ```conf base=ha
    VirtualToken = {
      VirtualToken01Label = orders;
      VirtualToken01SN = 11234567890125;
      VirtualToken01Members = 1234567890125,1234567890126;
    }
    HASynchronize = {
      orders = 1;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm, by example.
    """
    orphans, left_out = _synchronisation(context)
    if orphans:  # one of them is probably meant for this group, and is reported
        return
    severity: Severity = "warning" if context.document.sections_named("HASynchronize") else "info"
    for group in left_out:
        if group.label:
            message = f"HA group {shown(group.name)} has no entry in HASynchronize: its objects are not copied"
            yield at_value(group.label, message, severity)


def unknown_synchronised_group(context: LintContext) -> Iterator[Finding]:
    """HASynchronize names a label that no HA group has.

    ## Why

    The names in this section are the labels of groups. One that fits no label synchronises nothing, and the group that
    was meant is not synchronised. A template with a fixed `myha` beside a label from its settings had this.

    ## Bad

    ```conf base=ha
    HASynchronize = {
      myha = 1;
    }
    ```

    ## Good

    ```conf base=ha
    HASynchronize = {
      payments = 1;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm
    """
    orphans, left_out = _synchronisation(context)
    severity: Severity = "error" if context.groups else "warning"
    for entry in orphans:
        message = f"HASynchronize names {shown(entry.name)}, but no HA group has this label"
        label = left_out[0].name if len(orphans) == len(left_out) == 1 else ""
        fix = rename(entry, label) if label and not _NOT_IN_NAME & set(label) else None
        yield at_name(entry, message, severity, fix)


def _synchronisation(context: LintContext) -> tuple[list[Entry], list[Group]]:
    """Hold HASynchronize against the groups: return its entries without a group, and the groups without an entry."""
    written = bool(context.document.sections_named("HASynchronize")) or not context.sections("HASynchronize")
    if not written or not context.groups_certain:  # what hides them is reported by other rules
        return [], []
    labelled = context.index.by_name.get("{label}", ())
    known = [entry for entry, facts, _ in labelled if facts.section == "HASynchronize"]
    names = {context.folded(entry.name) for entry in known}
    orphans = [entry for entry in known if context.folded(entry.name) not in context.labels]
    groups = [group for group in context.groups if group.label and group.label.value]
    return orphans, [group for group in groups if context.folded(group.name) not in names]


RULES = (
    Rule("CK310", "group-not-synchronised", "warning", group_not_synchronised, ("info",)),
    Rule("CK311", "unknown-synchronised-group", "error", unknown_synchronised_group, ("warning",)),
)
