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
    """Remove every occurrence of one entry in the section; a comment behind it stays.

    An entry that is absent already is no error. The section stays, even if it is then empty.
    """
    options = EditOptions(dry_run, backup, in_place, force, create, lock_timeout, warn)
    outcome = unset_in_file(path_to_edit(config), section, key, options)
    code = report(outcome, f"{section}/{key} removed", "already absent", diff=diff, dry_run=dry_run)
    if outcome.before == outcome.after:
        from confkit.core.validate import near  # noqa: PLC0415 - it brings the catalogue along

        names = [entry.name for found in outcome.document.sections_named(section) for entry in found.entries]
        hint = near(key, names) if names else near(section, [each.name for each in outcome.document.sections])
        if hint != ".":
            warn(f"{outcome.path}: no entry {key} in section {section}{hint}")
    return code
