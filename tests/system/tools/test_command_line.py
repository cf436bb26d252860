"""The command line as data: what `--help` prints is all there, for every command."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tools.command_line import Command, command_line, every_command

COMMANDS = {each.name: each for each in every_command(command_line())}


def words(text: str) -> list[str]:
    """Return the words of a text without frames, and without what the help of a terminal adds or cuts."""
    return [word for word in re.split(r"[\s│╭╮╰╯─|()\[\]{}<>/,;…]+", text) if word and word != "*"]


def help_of(command: Command) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "confkit", *command.words, "--help"],
        env=os.environ | {"COLUMNS": "400", "NO_COLOR": "1", "TERMINAL_WIDTH": "400"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_every_verb_is_there_and_those_with_commands_below_have_them() -> None:
    assert {"confkit", "confkit lint", "confkit ha", "confkit ha create", "confkit server add"} <= set(COMMANDS)
    assert COMMANDS["confkit ha"].below[0].name == "confkit ha list"
    assert all(each.summary and "\n" not in each.summary for each in COMMANDS.values())


@pytest.mark.parametrize("name", ["confkit lint", "confkit set-timeout", "confkit ha create", "confkit emulate"])
def test_help_says_what_the_data_says(name: str) -> None:
    command = COMMANDS[name]
    shown = words(help_of(command))
    for text in (
        command.usage,
        command.summary,
        *command.description,
        command.exit_codes or "",
        *command.examples,
        *(each.help for each in (*command.arguments, *command.options) if each.form != "-h, --help"),
        *(each.form for each in command.options),
    ):
        missing = [word for word in words(text) if word not in shown and word not in {"x>=0", "--help", "-h"}]
        assert missing == [], (name, text)


def test_exit_codes_and_examples_are_apart() -> None:
    lint = COMMANDS["confkit lint"]
    assert lint.exit_codes is not None
    assert lint.exit_codes.startswith("0 ")
    assert not any("Exit codes" in each for each in lint.description)
    assert "confkit lint Chrystoki.conf --fix --diff" in lint.examples
