"""confkit explain: the page of a rule, or what is known of an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli.output import write_out
from confkit.core.catalogue import entry_facts, near_names, section_facts, section_names, sections_with
from confkit.core.errors import UsageError
from confkit.reports.explain import explained

if TYPE_CHECKING:
    from collections.abc import Iterable

EXAMPLES = """Examples:

confkit explain CK101

confkit explain HAConfiguration statusTimeout

confkit explain "LunaSA Client"
"""


def command(
    section: Annotated[
        str,
        typer.Argument(
            metavar="CODE|SECTION",
            help="The code of a rule, such as CK101, or a section.",
        ),
    ],
    key: Annotated[str | None, typer.Argument(metavar="KEY", help="An entry of the section.")] = None,
) -> int:
    """Show the page of a rule, everything that is known of an entry, or the entries of a section.

    An entry comes with its type, unit, default and bounds, the client version it came with, and the sources.
    """
    write_out(_of_subject(section) if key is None else _of_entry(section, key))
    return 0


def _of_subject(subject: str) -> str:
    """Return the page of a rule, asked for by code or name, or of a section."""
    # preflight is for POSIX systems, and its checks are many modules
    from confkit.lint.rules import RULES  # noqa: PLC0415
    from confkit.lint.rules.old_names import OLD_NAMES  # noqa: PLC0415
    from confkit.preflight.old_names import OLD_NAMES as HOST_OLD_NAMES  # noqa: PLC0415
    from confkit.preflight.run import RULES as HOST_RULES  # noqa: PLC0415

    rules = (*RULES, *HOST_RULES)
    if new := {**OLD_NAMES, **HOST_OLD_NAMES}.get(subject):
        typer.echo(f"confkit: rule {subject} is now named {new}", err=True)
        subject = new
    for rule in rules:
        if subject.upper() == rule.code or subject == rule.name:
            from confkit.lint.page import page  # noqa: PLC0415 - it lints the examples

            return page(rule)
    facts = section_facts(subject)
    if facts:
        return explained.section(facts)
    if sections := sections_with(subject):
        raise UsageError(f'{subject} is an entry: confkit explain "{sections[0]}" {subject}')
    names = [name for rule in rules for name in (rule.code, rule.name)]
    raise UsageError(f"there is no rule and no section {subject}{_near(subject, [*names, *section_names()])}")


def _of_entry(section: str, key: str) -> str:
    facts = entry_facts(section, key)
    if facts:
        return explained.entry(facts)
    known = section_facts(section)
    if known is None:
        raise UsageError(f"there is no section {section} in the catalogue{_near(section, section_names())}")
    if key in known.misspelt:
        raise UsageError(f"{key} is a misspelling of {known.misspelt[key]} in section {section}")
    elsewhere = sections_with(key)
    if elsewhere:
        raise UsageError(f"{key} stands in section {' or '.join(elsewhere)}, not in {section}")
    raise UsageError(f"there is no entry {key} in section {section} of the catalogue{_near(key, known.entries)}")


def _near(name: str, candidates: Iterable[str]) -> str:
    near = near_names(name, candidates)
    return f"; did you mean {' or '.join(near)}?" if near else ""
