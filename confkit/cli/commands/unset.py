"""confkit unset: remove one entry."""

from __future__ import annotations

from confkit.cli.editing import Editing, Said, edits, report
from confkit.cli.options import EntryName, SectionName, path_to_edit
from confkit.config.edit import unset_in_file

EXAMPLES = """Examples:

confkit unset HAConfiguration statusTimeout --diff
"""


@edits()
def command(section: SectionName, key: EntryName, *, editing: Editing) -> int:
    """Remove every occurrence of one entry in the section; a comment behind it stays.

    An entry that is absent already is no error. The section stays, even if it is then empty.
    """
    outcome = unset_in_file(path_to_edit(editing.config), section, key, editing.options)
    if outcome.before == outcome.after:
        from confkit.core.validate import near  # noqa: PLC0415 - it brings the catalogue along

        names = [entry.name for found in outcome.document.sections_named(section) for entry in found.entries]
        hint = near(key, names) if names else near(section, [each.name for each in outcome.document.sections])
        if hint != ".":
            missing = f"no entry {key} in section {section}{hint}"
            outcome = outcome._replace(warnings=(*outcome.warnings, missing))
    return report(editing, outcome, Said(f"{section}/{key} removed", "already absent"))
