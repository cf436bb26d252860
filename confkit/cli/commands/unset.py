"""confkit unset: remove one entry."""

from __future__ import annotations

from confkit.cli.edited import report
from confkit.cli.options import (
    Backup,
    Config,
    Create,
    Diff,
    DryRun,
    EntryName,
    Force,
    InPlace,
    LockTimeout,
    SectionName,
    path_to_edit,
    warn,
)
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
    create: Create = False,
    force: Force = False,
    lock_timeout: LockTimeout = 10.0,
) -> int:
    """Remove one entry, every time it stands in the section; a comment behind it stays.

    An entry that is absent already is no error. The section stays, even if it is then empty.
    """
    options = EditOptions(dry_run, backup, in_place, force, create, lock_timeout, warn)
    outcome = unset_in_file(path_to_edit(config), section, key, options)
    return report(outcome, f"{section}/{key} removed", "already absent", diff=diff, dry_run=dry_run)
