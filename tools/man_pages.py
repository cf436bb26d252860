"""confkit/cli/man: a page for confkit and one for each of its commands, from the objects that `--help` is made from.

Written in the macros of man(7), which every reader of manuals knows. The pages carry no version, so
that they change when the command line does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.commands import Argument, Command, Option, root

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENVIRONMENT = {
    "ChrystokiConfigurationPath": "The directory of the configuration file, as the client has it; -c comes first.",
    "CONFKIT_LOCK_TIMEOUT": "Seconds to wait for another process that edits; --lock-timeout comes first.",
    "NO_COLOR, FORCE_COLOR": "Print without colour, or with it into a file too; --color comes first.",
}
_EXIT_CODES = {
    "0": "Success; nothing was found, or nothing had to be changed.",
    "1": "Something was found, is absent or differs; the command says which.",
    "2": "Wrong usage: an option, a name or a value.",
    "3": "A file, a library or standard output cannot be used.",
    "4": "An internal error, with a report for the issue tracker.",
    "130": "Interrupted.",
}
_CHARACTERS = str.maketrans({"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "~": "\\(ti", "^": "\\(ha"})
_DATE = "2026-11-28"  # readers of manuals want one; the text has none of its own
_FILES = {
    "/etc/Chrystoki.conf": "The configuration of the client, where ChrystokiConfigurationPath is not set.",
    "confkit.toml": "Settings of confkit lint, in the current directory or above it.",
}


def pages() -> dict[str, str]:
    """Return the text of each page by the name of its file."""
    whole = root()
    return {
        "confkit.1": _overview(whole),
        **{f"confkit-{command.name}.1": _page(command) for command in whole.commands},
    }


def _overview(whole: Command) -> str:
    lines = [
        *_head("confkit", "edit, lint and live-check the configuration of the Thales Luna HSM client"),
        *_synopsis("confkit", whole, "COMMAND [ARGS]..."),
        ".SH DESCRIPTION",
        *_paragraphs(whole.help),
        ".SH COMMANDS",
        *(line for each in whole.commands for line in _item(f"confkit-{each.name}(1)", _first(each))),
        *_options(".SH OPTIONS", whole.options),
        *_definitions(".SH ENVIRONMENT", _ENVIRONMENT),
        *_definitions(".SH FILES", _FILES),
        *_definitions(".SH EXIT STATUS", _EXIT_CODES),
        *_see_also(f"confkit-{each.name}" for each in whole.commands),
    ]
    return "\n".join(lines) + "\n"


def _page(command: Command) -> str:
    name = f"confkit {command.name}"
    lines = [
        *_head(f"confkit-{command.name}", _first(command).rstrip(".")),
        *(
            [".SH SYNOPSIS", *[line for each in command.commands for line in _usage(f"{name} {each.name}", each)][1:]]
            if command.commands
            else _synopsis(name, command)
        ),
        ".SH DESCRIPTION",
        *_paragraphs(command.help),
        *_arguments(".SH ARGUMENTS", command.arguments),
        *(_options(".SH OPTIONS", command.options) if not command.commands else []),
    ]
    if command.commands:
        lines.append(".SH COMMANDS")
    for each in command.commands:
        lines += [f".SS {_quoted(f'{name} {each.name}')}", *_paragraphs(each.help)]
        lines += [*_arguments(None, each.arguments), *_options(None, each.options)]
    lines += _examples(command.examples)
    variables = {each.variable for below in (command, *command.commands) for each in below.options if each.variable}
    lines += _definitions(".SH ENVIRONMENT", {key: text for key, text in _ENVIRONMENT.items() if key in variables})
    lines += [".SH EXIT STATUS", "See", ".BR confkit (1)."]
    lines += _see_also(["confkit"])
    return "\n".join(lines) + "\n"


def _head(name: str, about: str) -> list[str]:
    return [
        '.\\" Made by python -m tools.generate from the objects of --help.',
        f'.TH {name.upper()} 1 {_DATE} confkit "User Commands"',
        ".SH NAME",
        f"{_escaped(name)} \\- {_escaped(about)}",
    ]


def _synopsis(name: str, command: Command, rest: str | None = None) -> list[str]:
    return [".SH SYNOPSIS", *_usage(name, command, rest)[1:]]


def _usage(name: str, command: Command, rest: str | None = None) -> list[str]:
    words = [each.metavar if each.required or each.repeats else f"[{each.metavar}]" for each in command.arguments]
    given = rest or " ".join(words)
    return [".PP", f".B {_escaped(name)}", f"[OPTIONS] {_escaped(given)}".rstrip()]


def _first(command: Command) -> str:
    return command.help.partition("\n\n")[0]


def _paragraphs(text: str) -> Iterator[str]:
    for number, part in enumerate(text.split("\n\n")):
        if number:
            yield ".PP"
        yield _line(part)


def _arguments(heading: str | None, arguments: tuple[Argument, ...]) -> Iterator[str]:
    if arguments and heading:
        yield heading
    for each in arguments:
        yield from _item(each.metavar, each.help)


def _options(heading: str | None, options: tuple[Option, ...]) -> Iterator[str]:
    if heading:
        yield heading
    for each in options:
        names = ", ".join(each.names)
        default = f" Default: {each.default}." if each.default is not None else ""
        yield from _item(f"{names} {each.metavar}" if each.metavar else names, f"{each.help}{default}")


def _definitions(heading: str, texts: dict[str, str]) -> Iterator[str]:
    if texts:
        yield heading
        for name, text in texts.items():
            yield from _item(name, text)


def _item(term: str, text: str) -> Iterator[str]:
    yield ".TP"
    yield f".B {_escaped(term)}"
    yield _line(text)


def _examples(text: str) -> Iterator[str]:
    """Yield the examples of the help: a heading, then commands, each a paragraph."""
    parts = [part for part in text.strip().split("\n\n") if part and not part.startswith("Examples:")]
    if parts:
        yield ".SH EXAMPLES"
        yield ".EX"
        for part in parts:
            yield from (_line(line) for line in part.splitlines())
        yield ".EE"


def _see_also(names: Iterator[str] | list[str]) -> list[str]:
    listed = list(names)
    ends = [","] * (len(listed) - 1) + [""]
    return [
        ".SH SEE ALSO",
        *(f".BR {_escaped(name)} (1){end}" for name, end in zip(listed, ends, strict=True)),
        ".PP",
        "The documentation that comes with confkit: docs/reference/specification.md has every field and exit code.",
    ]


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _line(text: str) -> str:
    """Return a line of text; one that begins like a request is kept from being one."""
    escaped = _escaped(text)
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _escaped(text: str) -> str:
    """Return a text whose characters are those of a terminal, not those of typesetting, so that it can be copied."""
    return text.translate(_CHARACTERS)
