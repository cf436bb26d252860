"""Create, change and delete HA groups: all parts of one together, so that no half of a group is left.

A group is VirtualTokenNNLabel, -SN and -Members in section VirtualToken, its label in HASynchronize, and, where it has
standby members, LABELStandbyMembers in HAConfiguration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.config.numbering import next_number, refuse_uncertain, without_family
from confkit.core import ha
from confkit.core.changeset import ChangeSet
from confkit.core.errors import FileError, UsageError
from confkit.core.syntax import Edit, edited, may_be_a_name, remove_empty_section, set_entry, unset_entry
from confkit.core.syntax.document import raw
from confkit.core.validate import near

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.config.numbering import Family
    from confkit.core.ha import Group
    from confkit.core.syntax import Document, Entry

MAX_MEMBERS = 32
_IN_NO_LABEL = frozenset(",\"'/\\")  # besides what no name of an entry holds
_UNCHANGED = "Nothing was changed"


class NewGroup(NamedTuple):
    """An HA group to create: its label, its pseudo serial number, the serial numbers of its members."""

    label: str
    serial: str
    members: Sequence[str]
    synchronize: bool = True


def created(document: Document, group: NewGroup) -> Document:
    """Return the document with one more group, under the next free number.

    Raise UsageError for a label or a serial number that cannot be one or is taken; FileError where the numbers in the
    file have a gap or a duplicate.
    """
    found = _certain(document)
    _check_label(document, group.label, found)
    _check_serial(group.serial, "the group")
    if _number(group.serial) in _serials_of_groups(found):
        raise UsageError(f"another group has the serial number {group.serial}. {_UNCHANGED}")
    _check_members(group.members)
    listed = [*group.members, *(serial for each in found for serial in ha.serials(each.members))]
    if _number(group.serial) in map(_number, listed):
        raise UsageError(
            f"{group.serial} is the serial number of a member, and cannot be that of the group. {_UNCHANGED}"
        )
    _refuse_groups_as_members(found, group.members)
    number = next_number([each.number for each in found], "groups")
    for part, value in (("Label", group.label), ("SN", group.serial), ("Members", ",".join(group.members))):
        document = set_entry(document, ha.GROUPS, f"VirtualToken{number}{part}", value)
    return set_entry(document, ha.SYNCHRONIZE, group.label, str(int(group.synchronize)))


def deleted(document: Document, label: str) -> Document:
    """Return the document without a group and all that belongs to it; the groups behind it move up by one number."""
    found = _certain(document)
    group = _labelled(document, found, label)
    name = group.name
    document = without_family(document, _families, group.number)
    document = unset_entry(document, ha.SYNCHRONIZE, name)
    document = unset_entry(document, ha.SETTINGS, f"{name}{ha.STANDBY}")
    for section in (ha.SYNCHRONIZE, ha.GROUPS):
        document = remove_empty_section(document, section)
    return document


def with_member(document: Document, label: str, serial: str) -> Document:
    """Return the document with one more member in a group. UsageError where it is in it already, or is not a serial."""
    found = _certain(document)
    group = _labelled(document, found, label)
    entry = _list_of(group)
    _check_serial(serial, "a member")
    members = ha.serials(entry)
    if _number(serial) in map(_number, members):
        raise UsageError(f"{serial} is a member of {group.name} already. {_UNCHANGED}")
    _refuse_groups_as_members(found, [serial])
    if len(members) >= MAX_MEMBERS:
        raise UsageError(
            f"{group.name} has {len(members)} members, and a group has at most {MAX_MEMBERS}. {_UNCHANGED}"
        )
    separator = ", " if ", " in entry.value else ","
    listed = ha.unquoted(entry.value)
    more = entry.value.replace(listed, f"{listed}{separator}{serial}") if members else serial
    return set_entry(document, entry.section, entry.name, more)


def without_member(document: Document, label: str, serial: str) -> Document:
    """Return the document without a member of a group, also as a standby one. UsageError where it is the last one."""
    group = _labelled(document, _certain(document), label)
    entry = _list_of(group)
    members = ha.members(document, entry)
    if serial not in {member.serial for member in members}:
        raise UsageError(
            f"{serial} is not a member of {group.name}{near(serial, [each.serial for each in members])} {_UNCHANGED}"
        )
    if {member.serial for member in members} == {serial}:
        raise UsageError(f"{serial} is the only member of {group.name}. Delete the group instead. {_UNCHANGED}")
    document = _without(document, entry, serial)
    for standby in document.entries(ha.SETTINGS, f"{group.name}{ha.STANDBY}"):
        if set(ha.serials(standby)) == {serial}:
            return unset_entry(document, standby.section, standby.name)
        document = _without(document, standby, serial)
    return document


def shared(document: Document, label: str, serials: Sequence[str]) -> list[str]:
    """Return what is to be said about `serials` in the group of this label: which of them another group has too."""
    wanted = ha.folded(document, label)
    others = [
        (each, set(map(_number, ha.serials(each.members))))
        for each in ha.groups_of(document)
        if not each.label or ha.folded(document, ha.unquoted(each.label.value)) != wanted
    ]
    return [
        f"{serial} is a member of group {each.name} too"
        for serial in serials
        for each, members in others
        if _number(serial) in members
    ]


def only(document: Document, *, on: bool) -> Document:
    """Return the document in which applications see only the HA groups, or all slots."""
    return set_entry(document, ha.SETTINGS, "HAOnly", str(int(on)))


def recovery(retries: str, interval: str | None) -> ChangeSet:
    """Return the changes that set automatic recovery: `retries` (-1: without end), `interval` in seconds."""
    wanted = [("reconnAtt", retries), *([] if interval is None else [("AutoReconnectInterval", interval)])]
    return ChangeSet(tuple((ha.SETTINGS, key, value) for key, value in wanted))


def renaming(document: Document, label: str, new: str) -> list[Edit]:
    """Return the edits that give a group another label, in every place where the label is written.

    UsageError where there is no such group, for what cannot be a label, and for one that exists already; FileError
    where two groups have the old one.
    """
    found = ha.groups_of(document)
    _labelled(document, found, label)
    wanted = ha.folded(document, label)
    if ha.folded(document, new) != wanted:
        _check_label(document, new, found)
    return [
        Edit(place.line, place.start, place.end, raw(new))
        for place in ha.label_places(document)
        if ha.folded(document, place.label) == wanted
    ]


def _certain(document: Document) -> list[Group]:
    found = ha.groups_of(document)
    refuse_uncertain(document, ha.GROUPS, _families(document), "group")
    return found


def _families(document: Document) -> list[Family]:
    return [(each.number, each.entries) for each in ha.groups_of(document)]


def _labelled(document: Document, found: Sequence[Group], label: str) -> Group:
    wanted = ha.folded(document, label)
    matches = [each for each in found if each.label and ha.folded(document, ha.unquoted(each.label.value)) == wanted]
    if len(matches) > 1:
        lines = ", ".join(str(each.label.line) for each in matches if each.label)
        raise FileError(f"{len(matches)} groups have the label {label} (lines {lines}). Rename one. {_UNCHANGED}")
    if not matches:
        raise UsageError(f"there is no group {label}{near(label, ha.labels(found))} {_UNCHANGED}")
    return matches[0]


def _list_of(group: Group) -> Entry:
    if group.members is None:
        line = group.entries[0].line
        raise FileError(
            f"group {group.name} lists no members: VirtualToken{group.number}Members is missing. Add it, or delete the "
            f"group. {_UNCHANGED}",
            line=line,
        )
    return group.members


def _without(document: Document, entry: Entry, serial: str) -> Document:
    """Return the document without a part of a list, each time it stands there, and one of the commas beside it."""
    members = ha.members(document, entry)
    index = next((index for index, member in enumerate(members) if member.serial == serial), None)
    if index is None:
        return document
    if index:  # with the comma before it, and what stands around that
        edit = Edit(entry.line, members[index - 1].end, members[index].end, b"")
    else:
        edit = Edit(entry.line, members[0].start, members[1].start if len(members) > 1 else members[0].end, b"")
    document = edited(document, [edit])
    (entry,) = document.entries(entry.section, entry.name)
    return _without(document, entry, serial)


def _check_label(document: Document, label: str, found: Sequence[Group]) -> None:
    if not may_be_a_name(label) or not label.isprintable() or not _IN_NO_LABEL.isdisjoint(label):
        raise UsageError(f"{label!a} cannot be a label: it is the name of an entry in HASynchronize. {_UNCHANGED}")
    taken = {ha.folded(document, each) for each in ha.labels(found)}
    if ha.folded(document, label) in taken or document.entries(ha.SYNCHRONIZE, label):
        raise UsageError(f"the label {label} exists already. {_UNCHANGED}")


def _check_serial(serial: str, whose: str) -> None:
    if not ha.is_serial(serial):
        raise UsageError(f"the serial number of {whose} consists of digits, not {serial!a}. {_UNCHANGED}")


def _number(serial: str) -> str:
    """Return a serial number as it is compared with another one: zeros in front count for nothing."""
    return serial.lstrip("0")


def _serials_of_groups(found: Sequence[Group]) -> set[str]:
    return {_number(ha.unquoted(each.serial.value)) for each in found if each.serial}


def _refuse_groups_as_members(found: Sequence[Group], members: Sequence[str]) -> None:
    taken = _serials_of_groups(found)
    for serial in members:
        if _number(serial) in taken:
            raise UsageError(f"{serial} is the serial number of a group, and cannot be that of a member. {_UNCHANGED}")


def _check_members(members: Sequence[str]) -> None:
    if not members:
        raise UsageError(f"a group needs at least one member. {_UNCHANGED}")
    if len(members) > MAX_MEMBERS:
        raise UsageError(f"a group has at most {MAX_MEMBERS} members, not {len(members)}. {_UNCHANGED}")
    for serial in members:
        _check_serial(serial, "a member")
    numbers = [_number(each) for each in members]
    twice = next((each for each in members if numbers.count(_number(each)) > 1), None)
    if twice:
        raise UsageError(f"the member {twice} is given twice. {_UNCHANGED}")
