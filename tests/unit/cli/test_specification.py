"""The specification names every command with all its options, and every field of the catalogue."""

from __future__ import annotations

import re

import pytest
import typer.main

from confkit.cli.application import VERBS, application
from confkit.core.catalogue.loader import FIELDS
from testing.programs import REPOSITORY

PAGE = (REPOSITORY / "docs" / "reference" / "specification.md").read_text()
EDIT = {"--dry-run", "--diff", "--backup", "--in-place", "--force", "--lock-timeout", "--format"}
SAID_BEFORE = {"--config", "--help"}
USAGES = [re.split(r"(?<!\\)\|", line)[1] for line in PAGE.splitlines() if line.startswith("| `confkit ")]


def options(command: object) -> set[str]:
    """The long options of a command and of all below it."""
    below = getattr(command, "commands", {}).values()
    own = {
        name
        for each in getattr(command, "params", ())
        if not each.hidden
        for name in each.opts
        if name.startswith("--")
    }
    return own.union(*map(options, below))


@pytest.mark.parametrize("verb", list(VERBS))
def test_the_row_of_a_command_names_its_options_and_no_other(verb: str) -> None:
    command = typer.main.get_command(application(list(VERBS))).commands[verb]  # type: ignore[attr-defined]
    (usage,) = [usage for usage in USAGES if re.search(rf"confkit {verb}(?![\w-])", usage)]
    said = set(re.findall(r"--[a-z][a-z-]*", usage)) - {f"--no-{name[2:]}" for name in options(command)}
    said |= EDIT if "EDIT" in usage else set()
    assert said | SAID_BEFORE == options(command) | SAID_BEFORE


@pytest.mark.parametrize("verb", ["server", "ha"])
def test_the_row_of_a_command_names_all_below_it(verb: str) -> None:
    command = typer.main.get_command(application(list(VERBS))).commands[verb]  # type: ignore[attr-defined]
    (usage,) = [usage for usage in USAGES if f"`confkit {verb} " in usage]
    assert set(re.findall(rf"`(?:confkit )?{verb} ([a-z-]+)", usage)) == set(command.commands)


def test_every_field_of_an_entry_has_its_row() -> None:
    table = PAGE.partition("| field | value |")[2].partition("\n\n")[0]
    named = [name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(named) == sorted(set(FIELDS) - {"name"})
