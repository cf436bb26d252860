"""confkit set: any entry, held against the catalogue."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from confkit import load, timeout
from confkit.catalogue import entry_facts, is_secret, near_names, section_facts, section_names
from confkit.catalogue.names import known_section
from confkit.catalogue.values import fault
from confkit.cli.edited import report
from confkit.cli.options import Backup, Config, Diff, DryRun, EntryName, InPlace, SectionName, config_path
from confkit.editing import set_in_file
from confkit.errors import UsageError

# a value such as -1 is not an option
SETTINGS = {"ignore_unknown_options": True}
EXAMPLES = """Examples:

confkit set HAConfiguration HAOnly 1

confkit set "LunaSA Client" ReceiveTimeout 20000 --diff --backup

confkit set REST AuthTokenClientSecret - < secret.txt
"""


def command(
    section: SectionName,
    key: EntryName,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The new value; - reads it from standard input.")],
    config: Config = None,
    force: Annotated[bool, typer.Option("--force", help="Also set an entry that the catalogue does not know.")] = False,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
) -> int:
    """Set one entry; name, type and bounds are checked first.

    The bounds of statusTimeout hold with --force too. A secret is best given on standard input: other users of the host
    can see the arguments of a command.
    """
    if value == "-":
        value = sys.stdin.readline().rstrip("\r\n")
    path = config_path(config)
    if timeout.is_status_timeout(section, key):
        value = str(timeout.seconds_from(value))
    else:
        _check(section, key, value, windows=load(path).windows, force=force)
    outcome = set_in_file(path, section, key, value, dry_run=dry_run, backup=backup, in_place=in_place)
    shown = "set (a secret, not shown)" if is_secret(key) else f"= {value}"
    return report(outcome, f"{section}/{key} {shown}", diff=diff, dry_run=dry_run)


def _check(section: str, key: str, value: str, *, windows: bool, force: bool) -> None:
    facts = entry_facts(section, key, windows=windows)
    if facts is None:
        if not force:
            raise UsageError(f"{_unknown(section, key, windows=windows)} --force sets it all the same")
        return
    found = fault(facts, value)
    if found and (found.certain or found.field == "type"):  # a value of the wrong type is unusable whoever says so
        raise UsageError(f"{section}/{key} {found.message}. Nothing was changed")
    if found:
        typer.echo(f"confkit: warning: {section}/{key} {found.message}, as far as is known ({facts.sure})", err=True)


def _unknown(section: str, key: str, *, windows: bool) -> str:
    known = known_section(section, windows=windows)
    facts = section_facts(known) if known else None
    if facts is None:
        near, what = near_names(section, section_names()), f"section {section} is not in the catalogue"
    else:
        near = (facts.misspelt[key],) if key in facts.misspelt else near_names(key, facts.entries)
        what = f"section {section} has no entry {key} in the catalogue"
    return f"{what}; did you mean {near[0]}?" if near else f"{what}."
