"""confkit ha: list, create, change and delete HA groups."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli.edited import report_changes
from confkit.cli.options import (
    Backup,
    Config,
    Create,
    Diff,
    DryRun,
    Force,
    Format,
    InPlace,
    LockTimeout,
    OutputFormat,
    complete_label,
    complete_member,
    config_path,
    one_of,
    path_to_edit,
    read_document,
    warn,
)
from confkit.cli.output import write_out
from confkit.config import ha_groups
from confkit.config.edit import EditOptions, edit
from confkit.core.escape import escape, without_commands_in_json
from confkit.core.redact import Redactor
from confkit.core.syntax.document import readable
from confkit.core.view import GroupsReport, group_views

if TYPE_CHECKING:
    from confkit.core.syntax import Document

HELP = "List, create, change and delete HA groups, and set how the client runs them."
EXAMPLES = """Examples:

confkit ha list

confkit ha create payroll --serial 11238700701509 --member 1238700701509 --member 1238700701510 --diff

confkit ha add-member payroll 1238700701511 --backup

confkit ha only on
"""

_Label = Annotated[
    str, typer.Argument(metavar="LABEL", help="The label of a group in the file.", autocompletion=complete_label)
]
_Serial = Annotated[str, typer.Argument(metavar="N", help="The serial number of a partition.")]
_Member = Annotated[
    str,
    typer.Argument(metavar="N", help="The serial number of a member of the group.", autocompletion=complete_member),
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


def create_group(
    label: Annotated[str, typer.Argument(metavar="LABEL", help="The label of the new group.")],
    serial: Annotated[str, typer.Option(metavar="N", help="The pseudo serial number of the group.")],
    member: Annotated[list[str], typer.Option(metavar="N", help="The serial number of a member; give one or more.")],
    synchronize: Annotated[
        bool, typer.Option(help="Whether the group copies objects to all its members by itself.")
    ] = True,
    config: Config = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    create: Create = False,
    force: Force = False,
    lock_timeout: LockTimeout = 10.0,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Create a group under the next free number: label, serial number, members and synchronization together."""
    group = ha_groups.NewGroup(label, serial, tuple(member), synchronize)

    def change(document: Document) -> Document:
        return ha_groups.created(document, group)

    options = EditOptions(dry_run, backup, in_place, force, create, lock_timeout, warn)
    report_changes(edit(path_to_edit(config), change, options), output, diff=diff)
    return 0


def add_member(
    label: _Label,
    serial: _Serial,
    config: Config = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    force: Force = False,
    lock_timeout: LockTimeout = 10.0,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Add a member to a group."""

    def change(document: Document) -> Document:
        return ha_groups.with_member(document, label, serial)

    options = EditOptions(dry_run, backup, in_place, force, lock_seconds=lock_timeout, tell=warn)
    report_changes(edit(path_to_edit(config), change, options), output, diff=diff)
    return 0


def remove_member(
    label: _Label,
    serial: _Member,
    config: Config = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    force: Force = False,
    lock_timeout: LockTimeout = 10.0,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Remove a member from a group, and from its standby members; the last member cannot go."""

    def change(document: Document) -> Document:
        return ha_groups.without_member(document, label, serial)

    options = EditOptions(dry_run, backup, in_place, force, lock_seconds=lock_timeout, tell=warn)
    report_changes(edit(path_to_edit(config), change, options), output, diff=diff)
    return 0


def delete(
    label: _Label,
    config: Config = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    force: Force = False,
    lock_timeout: LockTimeout = 10.0,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Delete a group and all that belongs to it; the groups behind it move up by one number."""

    def change(document: Document) -> Document:
        return ha_groups.deleted(document, label)

    options = EditOptions(dry_run, backup, in_place, force, lock_seconds=lock_timeout, tell=warn)
    report_changes(edit(path_to_edit(config), change, options), output, diff=diff)
    return 0


def only(
    switch: Annotated[str, typer.Argument(**one_of(("on", "off")), help="on: applications see the groups alone.")],
    config: Config = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    create: Create = False,
    force: Force = False,
    lock_timeout: LockTimeout = 10.0,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Set whether applications see only the HA groups (HAOnly)."""

    def change(document: Document) -> Document:
        return ha_groups.only(document, on=switch == "on")

    options = EditOptions(dry_run, backup, in_place, force, create, lock_timeout, warn)
    report_changes(edit(path_to_edit(config), change, options), output, diff=diff)
    return 0


def recover(
    retries: Annotated[str, typer.Option(metavar="N", help="How often a failed member is tried; -1: without end.")],
    interval: Annotated[
        str | None, typer.Option(metavar="SECONDS", help="The time between two attempts; kept as it is without this.")
    ] = None,
    config: Config = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    create: Create = False,
    force: Force = False,
    lock_timeout: LockTimeout = 10.0,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Set automatic recovery of failed members (reconnAtt, AutoReconnectInterval)."""
    wanted = ha_groups.recovery(retries, interval)
    options = EditOptions(dry_run, backup, in_place, force, create, lock_timeout, warn)
    outcome = edit(path_to_edit(config), wanted.applied_to, options, entries=wanted.entries)
    for warning in wanted.warnings(windows=outcome.document.windows):
        warn(warning)
    report_changes(outcome, output, diff=diff)
    return 0


COMMANDS = {
    "list": list_groups,
    "create": create_group,
    "add-member": add_member,
    "remove-member": remove_member,
    "delete": delete,
    "only": only,
    "recover": recover,
}
