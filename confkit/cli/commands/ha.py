"""confkit ha: list, create, change and delete HA groups."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli.editing import Editing, done, edits, report
from confkit.cli.options import (
    Config,
    Format,
    OutputFormat,
    config_path,
    one_of,
    path_to_edit,
    read_document,
)
from confkit.cli.output import write_out
from confkit.config import ha_groups
from confkit.config.edit import apply, edit
from confkit.core.escape import escape, without_commands_in_json
from confkit.core.redact import Redactor
from confkit.core.syntax.document import readable
from confkit.core.view import GroupsReport, group_views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.core.change import Change

HELP = "List, create, change and delete HA groups, and set how the client runs them."
EXAMPLES = """Examples:

confkit ha list

confkit ha create payroll --serial 11238700701509 --member 1238700701509 --member 1238700701510 --diff

confkit ha add-member payroll 1238700701511 --backup

confkit ha only on
"""

_Label = Annotated[str, typer.Argument(metavar="LABEL", help="The label of a group in the file.")]
_Serial = Annotated[str, typer.Argument(metavar="N", help="The serial number of a partition.")]
_Member = Annotated[
    str,
    typer.Argument(metavar="N", help="The serial number of a member of the group."),
]


def list_groups(config: Config = None, output: OutputFormat = Format.TEXT) -> int:
    """List the groups by their numbers: label, serial number, members, standby members."""
    path = config_path(config)
    document = read_document(path)
    found = group_views(document, Redactor(document.lines))
    if output is Format.JSON:
        text = json.dumps(asdict(GroupsReport(1, readable(path), found)), indent=2)
        write_out(without_commands_in_json(text) + "\n")
        return 0
    for group in found:
        standby = f"  standby {','.join(group.standby)}" if group.standby else ""
        members = ",".join(group.members) or "-"
        write_out(escape(f"{group.index:02}  {group.label or '-'}  {group.serial or '-'}  {members}{standby}") + "\n")
    return 0


@edits()
def create_group(
    label: Annotated[str, typer.Argument(metavar="LABEL", help="The label of the new group.")],
    serial: Annotated[str, typer.Option(metavar="N", help="The pseudo serial number of the group.")],
    member: Annotated[list[str], typer.Option(metavar="N", help="The serial number of a member; give one or more.")],
    synchronize: Annotated[
        bool, typer.Option(help="Whether the group copies objects to all its members by itself.")
    ] = True,
    *,
    editing: Editing,
) -> int:
    """Create a group under the next free number: label, serial number, members and synchronization together."""
    group = ha_groups.NewGroup(label, serial, tuple(member), synchronize)
    return _with_members(editing, lambda document: ha_groups.created(document, group), label, group.members)


@edits(create=False)
def add_member(
    label: _Label,
    serial: _Serial,
    *,
    editing: Editing,
) -> int:
    """Add a member to a group."""
    return _with_members(editing, lambda document: ha_groups.with_member(document, label, serial), label, [serial])


def _with_members(editing: Editing, change: Change, label: str, members: Sequence[str]) -> int:
    """Make a change that gives a group members, with a warning about those that another group has too."""
    outcome = edit(path_to_edit(editing.config), change, editing.options)
    said = ha_groups.shared(outcome.document, label, members)
    return report(editing, outcome._replace(warnings=(*outcome.warnings, *said)))


@edits(create=False)
def remove_member(
    label: _Label,
    serial: _Member,
    *,
    editing: Editing,
) -> int:
    """Remove a member from a group, and from its standby members; the last member cannot go."""
    return done(editing, lambda document: ha_groups.without_member(document, label, serial))


@edits(create=False)
def delete(
    label: _Label,
    *,
    editing: Editing,
) -> int:
    """Delete a group and all that belongs to it; the groups behind it move up by one number."""
    return done(editing, lambda document: ha_groups.deleted(document, label))


@edits()
def only(
    switch: Annotated[str, typer.Argument(**one_of(("on", "off")), help="on: applications see the groups alone.")],
    *,
    editing: Editing,
) -> int:
    """Set whether applications see only the HA groups (HAOnly)."""
    return done(editing, lambda document: ha_groups.only(document, on=switch == "on"))


@edits()
def recover(
    retries: Annotated[str, typer.Option(metavar="N", help="How often a failed member is tried; -1: without end.")],
    interval: Annotated[
        str | None, typer.Option(metavar="SECONDS", help="The time between two attempts; kept as it is without this.")
    ] = None,
    *,
    editing: Editing,
) -> int:
    """Set automatic recovery of failed members (reconnAtt, AutoReconnectInterval)."""
    wanted = ha_groups.recovery(retries, interval)
    return report(editing, apply(path_to_edit(editing.config), wanted, editing.options))


COMMANDS = {
    "list": list_groups,
    "create": create_group,
    "add-member": add_member,
    "remove-member": remove_member,
    "delete": delete,
    "only": only,
    "recover": recover,
}
