"""confkit unset: remove one entry."""

from __future__ import annotations

from confkit.cli.edited import report
from confkit.cli.options import Backup, Config, Diff, DryRun, EntryName, InPlace, SectionName, config_path
from confkit.config.edit import EditOptions, unset_in_file

EXAMPLES = """Examples:

confkit unset HAConfiguration statusTimeout --diff
"""


def command(
    section: SectionName,
    key: EntryName,
    config: Config = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
) -> int:
    """Remove one entry, every time it stands in the section; a comment behind it stays.

    An entry that is absent already is no error. The section stays, even if it is then empty.
    """
    outcome = unset_in_file(
        config_path(config), section, key, EditOptions(dry_run=dry_run, backup=backup, in_place=in_place)
    )
    return report(outcome, f"{section}/{key} removed", diff=diff, dry_run=dry_run)
