"""The command line as its pages of reference show it; `tools.commands` reads it from the objects of `--help`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tools import commands

if TYPE_CHECKING:
    from tools.commands import Argument, Option

_EXAMPLES = "Examples:"
_EXIT_CODES = "Exit codes: "


class Parameter(NamedTuple):
    """An argument or an option: how it is written, such as `-c, --config PATH`, and what help says of it.

    Defaults and variables of the environment stand in brackets at the end of `help`.
    """

    form: str
    help: str


class Command(NamedTuple):
    """One command, or a verb with commands below it.

    `words` are those behind `confkit`; none for confkit itself. `description` are the paragraphs below the summary,
    without that of the exit codes; `exit_codes` has no full stop, and is None where a command names none of its own.
    `examples` are command lines.
    """

    words: tuple[str, ...]
    summary: str
    description: tuple[str, ...]
    exit_codes: str | None
    usage: str
    arguments: tuple[Parameter, ...]
    options: tuple[Parameter, ...]
    examples: tuple[str, ...]
    below: tuple[Command, ...]

    @property
    def name(self) -> str:
        """How the command is called, such as `confkit ha list`."""
        return " ".join(("confkit", *self.words))


def command_line() -> Command:
    """Return confkit itself, with every verb in the order of help."""
    return _command(commands.root(), ())


def every_command(command: Command) -> tuple[Command, ...]:
    """Return a command and all below it, each before those below it."""
    return (command, *(each for below in command.below for each in every_command(below)))


def _command(command: commands.Command, words: tuple[str, ...]) -> Command:
    summary, *paragraphs = command.help.strip().split("\n\n")
    codes = next((each for each in paragraphs if each.startswith(_EXIT_CODES)), None)
    pieces = ["COMMAND [ARGS]..."] if command.commands else [_form(each) for each in command.arguments]
    return Command(
        words=words,
        summary=summary,
        description=tuple(each for each in paragraphs if each != codes),
        exit_codes=codes.removeprefix(_EXIT_CODES).rstrip(".") if codes else None,
        usage=" ".join(("confkit", *words, "[OPTIONS]", *pieces)),
        arguments=tuple(Parameter(_form(each), each.help) for each in command.arguments),
        options=tuple(_option(each) for each in command.options),
        examples=_examples(command.examples),
        below=tuple(_command(each, (*words, each.name)) for each in command.commands),
    )


def _form(argument: Argument) -> str:
    form = argument.metavar
    if not form.startswith(("[", "{")):
        form = form if argument.required else f"[{form}]"
    return f"{form}..." if argument.repeats and "..." not in form else form


def _option(option: Option) -> Parameter:
    remarks = [f"default: {option.default}"] if option.default else []
    remarks += ["required"] if option.required else []
    remarks += [f"env var: {option.variable}"] if option.variable else []
    form = " ".join(filter(None, (", ".join(option.names), option.metavar)))
    return Parameter(form, f"{option.help} [{'; '.join(remarks)}]" if remarks else option.help)


def _examples(epilog: str) -> tuple[str, ...]:
    """Return the command lines of an epilog, in which each is a paragraph."""
    parts = (part.strip() for part in epilog.split("\n\n"))
    return tuple(part for part in parts if part and part != _EXAMPLES)
