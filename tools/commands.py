"""The command line as data, from the objects that `--help` is made from: for completion and for man pages."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any, NamedTuple

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption

from confkit.cli.application import VERBS, application

_CHOICES = re.compile(r"\[?([a-z0-9-]+(?:\|[a-z0-9-]+)+)\]?")


class Option(NamedTuple):
    """An option: its names as they are typed, the name of its value (None: a switch), choices, and its help."""

    name: str
    names: tuple[str, ...]
    metavar: str | None
    choices: tuple[str, ...]
    help: str
    default: str | None
    variable: str | None
    required: bool = False


class Argument(NamedTuple):
    """An argument. `repeats`: any number of them may follow; `required`: one has to stand there."""

    name: str
    metavar: str
    choices: tuple[str, ...]
    help: str
    repeats: bool
    required: bool


class Command(NamedTuple):
    """A command with all that its help says, and the commands below it."""

    name: str
    help: str
    examples: str
    arguments: tuple[Argument, ...]
    options: tuple[Option, ...]
    commands: tuple[Command, ...]


def root() -> Command:
    """Return the whole command line."""
    return _command("confkit", typer.main.get_command(application(list(VERBS))))


def _command(name: str, found: Any) -> Command:  # noqa: ANN401 - typer carries click inside, without a public name
    parameters = [each for each in found.params if not getattr(each, "hidden", False)]
    below = found.commands if isinstance(found, TyperGroup) else {}
    return Command(
        name,
        _plain(found.help or ""),
        found.epilog or "",
        tuple(_argument(each) for each in parameters if isinstance(each, TyperArgument)),
        (*(_option(each) for each in parameters if isinstance(each, TyperOption)), _HELP),
        tuple(_command(name, each) for name, each in below.items()),
    )


_HELP = Option("help", ("-h", "--help"), None, (), "Show the help and exit.", None, None)


def _argument(found: TyperArgument) -> Argument:
    metavar = (found.metavar or found.name or "").upper() if found.metavar is None else found.metavar
    repeats = found.nargs == -1
    return Argument(
        found.name or "", metavar, _choices(found), _plain(found.help or ""), repeats=repeats, required=found.required
    )


def _option(found: TyperOption) -> Option:
    choices = _choices(found)
    metavar = None if found.is_flag else found.metavar or "|".join(choices) or "TEXT"
    names = (*found.opts, *found.secondary_opts)
    variable = found.envvar if isinstance(found.envvar, str) else None
    shown = _plain(found.help or "")
    return Option(found.name or "", names, metavar, choices, shown, _default(found), variable, found.required)


def _choices(found: TyperArgument | TyperOption) -> tuple[str, ...]:
    declared = getattr(found.type, "choices", None)
    if declared is not None:
        return tuple(str(each.value) if isinstance(each, Enum) else str(each) for each in declared)
    match = _CHOICES.fullmatch(found.metavar or "")
    return tuple(match[1].split("|")) if match else ()


def _default(found: TyperOption) -> str | None:
    """Return the default as `--help` shows it."""
    if isinstance(found.show_default, str):
        return found.show_default
    if not found.show_default or found.is_flag or found.default in (None, [], ()):
        return None
    value = found.default
    return str(value.value if isinstance(value, Enum) else value)


def _plain(text: str) -> str:
    """Return help without the backslashes that keep rich from reading brackets as markup."""
    return text.replace("\\[", "[")
