"""CK3, HA: HASynchronize, whose names are the labels of the groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.lint.model import Rule
from confkit.lint.rules import ha_index
from confkit.lint.rules.entry_findings import at_name, at_value, rename, shown
from confkit.lint.rules.entry_index import index_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.model import Finding, Severity
    from confkit.lint.rules.ha_index import Group
    from confkit.syntax import Document, Entry

_NOT_IN_NAME = frozenset("={};[]#/")  # a label with one of these is not offered as a new name


class _Synchronisation(NamedTuple):
    """HASynchronize against the groups: names without a group, and groups without an entry."""

    orphans: list[Entry]
    left_out: list[Group]


def group_not_synchronised(document: Document) -> Iterator[Finding]:
    """An HA group has no entry in HASynchronize.

    ## Why

    HASynchronize switches on, label by label, that objects are copied to all members. Without it a key that is made on
    one member is missing on the others. Every program that writes a group writes this entry too; a group that is kept
    in step by hand does without.

    ## Bad

    ```conf
    VirtualToken = {
      VirtualToken00Label = payments;
      VirtualToken00SN = 11234567890123;
      VirtualToken00Members = 1234567890123,1234567890124;
    }

    HAConfiguration = {
      HAOnly = 1;
      reconnAtt = -1;
    }
    ```

    ## Good

    ```conf
    VirtualToken = {
      VirtualToken00Label = payments;
      VirtualToken00SN = 11234567890123;
      VirtualToken00Members = 1234567890123,1234567890124;
    }

    HASynchronize = {
      payments = 1;
    }

    HAConfiguration = {
      HAOnly = 1;
      reconnAtt = -1;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm, by example.
    """
    found = _synchronisation(document)
    if found.orphans:  # one of them is probably meant for this group, and is reported
        return
    severity: Severity = "warning" if document.sections_named("HASynchronize") else "info"
    for group in found.left_out:
        if group.label:
            message = f"HA group {shown(group.name)} has no entry in HASynchronize: its objects are not copied"
            yield at_value(group.label, message, severity)


def synchronised_unknown(document: Document) -> Iterator[Finding]:
    """HASynchronize names a label that no HA group has.

    ## Why

    The names in this section are the labels of groups. One that fits no label synchronises nothing, and the group that
    was meant is not synchronised. A template with a fixed `myha` beside a label from its settings had this.

    ## Bad

    ```conf
    VirtualToken = {
      VirtualToken00Label = payments;
      VirtualToken00SN = 11234567890123;
      VirtualToken00Members = 1234567890123,1234567890124;
    }

    HASynchronize = {
      myha = 1;
    }

    HAConfiguration = {
      HAOnly = 1;
      reconnAtt = -1;
    }
    ```

    ## Good

    ```conf
    VirtualToken = {
      VirtualToken00Label = payments;
      VirtualToken00SN = 11234567890123;
      VirtualToken00Members = 1234567890123,1234567890124;
    }

    HASynchronize = {
      payments = 1;
    }

    HAConfiguration = {
      HAOnly = 1;
      reconnAtt = -1;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm
    """
    found = _synchronisation(document)
    severity: Severity = "error" if ha_index.groups(document) else "warning"
    for entry in found.orphans:
        message = f"HASynchronize names {shown(entry.name)}, but no HA group has this label"
        label = found.left_out[0].name if len(found.orphans) == len(found.left_out) == 1 else ""
        fix = rename(entry, label) if label and not _NOT_IN_NAME & set(label) else None
        yield at_name(entry, message, severity, fix)


def _synchronisation(document: Document) -> _Synchronisation:
    written = bool(document.sections_named("HASynchronize")) or not ha_index.sections(document, "HASynchronize")
    if not written or not ha_index.groups_certain(document):  # what hides them is reported by other rules
        return _Synchronisation([], [])
    known = [entry for entry, facts, _ in index_of(document).known if facts.section == "HASynchronize"]
    labels = ha_index.labels_of(document)
    names = {ha_index.folded(document, entry.name) for entry in known}
    orphans = [entry for entry in known if ha_index.folded(document, entry.name) not in labels]
    labelled = [group for group in ha_index.groups(document) if group.label and group.label.value]
    return _Synchronisation(
        orphans, [group for group in labelled if ha_index.folded(document, group.name) not in names]
    )


RULES = (
    Rule("CK310", "group-not-synchronised", "warning", group_not_synchronised),
    Rule("CK311", "synchronised-unknown", "error", synchronised_unknown),
)
