"""The command line as data, read from the objects that `--help` prints: for reference pages and manual pages."""

from __future__ import annotations

from typing import Any, NamedTuple

from typer.main import get_command

from confkit.cli.application import VERBS, application

_EXAMPLES = "Examples:"
_EXIT_CODES = "Exit codes: "


class Parameter(NamedTuple):
    """An argument or an option: how it is written, such as `-c, --config PATH`, and what help says of it.

    Defaults, bounds and variables of the environment stand in brackets at the end of `help`.
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
    return _command(get_command(application(list(VERBS))), ())


def every_command(command: Command) -> tuple[Command, ...]:
    """Return a command and all below it, each before those below it."""
    return (command, *(each for below in command.below for each in every_command(below)))


def _command(command: Any, words: tuple[str, ...]) -> Command:  # noqa: ANN401 - typer carries its own click, untyped
    context = command.context_class(command, info_name=" ".join(("confkit", *words)))
    summary, *paragraphs = (command.help or "").replace(r"\[", "[").strip().split("\n\n")
    codes = next((each for each in paragraphs if each.startswith(_EXIT_CODES)), None)
    records = [(each.param_type_name, each.get_help_record(context)) for each in command.get_params(context)]
    below = getattr(command, "commands", {})
    return Command(
        words=words,
        summary=summary,
        description=tuple(each for each in paragraphs if each != codes),
        exit_codes=codes.removeprefix(_EXIT_CODES).rstrip(".") if codes else None,
        usage=" ".join((context.info_name, *command.collect_usage_pieces(context))),
        arguments=tuple(Parameter(*record) for kind, record in records if kind == "argument" and record),
        options=tuple(Parameter(*record) for kind, record in records if kind == "option" and record),
        examples=_examples(command.epilog or ""),
        below=tuple(_command(each, (*words, name)) for name, each in below.items()),
    )


def _examples(epilog: str) -> tuple[str, ...]:
    """Return the command lines of an epilog, in which each is a paragraph."""
    parts = (part.strip() for part in epilog.split("\n\n"))
    return tuple(part for part in parts if part and part != _EXAMPLES)
