"""The command line: finds the verb, runs it, and turns errors into exit codes.

Only the module of the verb that was asked for is imported; help imports them all. Here, and nowhere else,
an exception becomes an exit code: UsageError 2, FileError and UnavailableError 3, anything unforeseen 4. A standard
output that cannot be written is 3 too, and one whose reader has gone 141.
"""

from __future__ import annotations

import functools
import io
import os
import re
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from confkit.core.errors import ConfkitError, UsageError
from confkit.core.escape import escape, escape_lines
from confkit.core.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

# verb -> module of confkit.cli whose function `command` it is, in the order in which help lists them
VERBS = {
    "set-timeout": "set_timeout",
    "get": "get",
    "set": "set",
    "unset": "unset",
    "show": "show",
    "diff": "diff",
    "apply": "apply",
    "server": "server",
    "ha": "ha",
    "relocate": "relocate",
    "call-log": "call_log",
    "convert": "convert",
    "redact": "redact",
    "lint": "lint",
    "rules": "rules",
    "explain": "explain",
    "lsp": "lsp",
    "preflight": "preflight",
    "check": "check",
    "exporter": "exporter",
    "report": "report",
    "emulate": "emulate",
    "demo": "demo",
}
_CONTEXT = {"help_option_names": ["-h", "--help"]}
_BRACES = re.compile(r"^\{([^{}|]+)\}")
_CHOICES = re.compile(r"^\[(\w+(?:\|\w+)+)\]")
# the metavar of what is passed on as it is, or has bounds to be named
_MAY_BE_EMPTY = frozenset({"VALUE", "-- COMMAND ...", "SECONDS"})
_INTERRUPTED = 130  # as a shell reports a program that SIGINT ended
_READER_GONE = 141  # as a shell reports a program that SIGPIPE ended
_ISSUES = "https://github.com/luna-confkit/confkit/issues"


def run_command() -> None:
    """Run the command with the arguments of this process, and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a locale without a character is no reason to fail
    try:
        _run_words(sys.argv[1:])
    except ConfkitError as error:  # of a completion script: commands have handled theirs
        sys.exit(_refused(error))
    except OSError as error:  # of what help, the version or a completion script prints
        sys.exit(_unwritten(error))


def _run_words(words: list[str]) -> None:
    if words and words[0] in VERBS:
        single(words[0])(words[1:], prog_name=f"confkit {words[0]}")
    else:
        application(list(VERBS))(prog_name="confkit")


def application(verbs: list[str]) -> typer.Typer:
    """Return the command line with these verbs."""
    app = typer.Typer(
        help="Edit, lint and live-check the configuration file of the Thales Luna HSM client.",
        no_args_is_help=True,
        add_completion=False,  # ours loads no command at a press of the key
        pretty_exceptions_enable=False,
        context_settings=_CONTEXT,
    )
    app.callback()(_options)
    for verb in verbs:
        _add(app, verb)
    return app


def single(verb: str) -> typer.Typer:
    """Return the command line of one verb without the group round it, which costs time and does nothing for it."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    _add(app, verb)
    return app.registered_groups[0].typer_instance or app if app.registered_groups else app


def _add(app: typer.Typer, verb: str) -> None:
    """Add a verb: a module of one command, or of several below the verb, which it names in COMMANDS."""
    module = import_module(f"confkit.cli.commands.{VERBS[verb]}")
    settings = {**_CONTEXT, **getattr(module, "SETTINGS", {})}
    if not hasattr(module, "COMMANDS"):
        help_ = _help(module.command)
        app.command(verb, cls=_Command, help=help_, epilog=module.EXAMPLES, context_settings=settings)(
            _ending(module.command)
        )
        return
    below = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings=_CONTEXT,
        epilog=module.EXAMPLES,
    )
    for name, command in module.COMMANDS.items():
        below.command(name, cls=_Command, help=_help(command), context_settings=settings)(_ending(command))
    app.add_typer(below, name=verb, help=module.HELP)


class _Command(TyperCommand):
    """A command that takes no empty path or name, as of a variable of a shell that is not set.

    Its usage line shows arguments as SECONDS and {on|off}; Typer shows {SECONDS} and [on|off].
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as below
        rest = super().parse_args(ctx, args)
        for each in self.params:
            given = ctx.params.get(each.name or "")
            if "" in (given if isinstance(given, (list, tuple)) else [given]) and each.metavar not in _MAY_BE_EMPTY:
                raise typer.BadParameter("it is empty. Give it a value, or leave it out.", ctx=ctx, param=each)
        return rest

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ANN401 - click.Context, which Typer brings along
        pieces = super().collect_usage_pieces(ctx)
        return [_CHOICES.sub(r"{\1}", _BRACES.sub(r"\1", piece)) for piece in pieces]


def _help(command: Callable[..., int]) -> str:
    """Return the docstring as help: a paragraph is one line, which the terminal wraps; brackets are no markup."""
    return "\n\n".join(" ".join(part.split()) for part in (command.__doc__ or "").split("\n\n")).replace("[", r"\[")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"confkit {VERSION}")
        raise typer.Exit


def _show_completion(shell: str | None) -> None:
    if shell is not None:
        from confkit.cli.completion.install import script  # noqa: PLC0415 - seldom asked for

        typer.echo(script(_known(shell)), nl=False)
        raise typer.Exit


def _install_completion(shell: str | None) -> None:
    if shell is not None:
        from confkit.cli.completion.install import install  # noqa: PLC0415 - seldom asked for

        for line in install(_known(shell), os.environ):
            typer.echo(line)
        raise typer.Exit


def _known(shell: str) -> str:
    from confkit.cli.completion.install import SHELLS  # noqa: PLC0415 - seldom asked for

    if shell not in SHELLS:
        raise typer.BadParameter(f"{shell!r} is not one of {', '.join(SHELLS)}.")
    return shell


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    show_completion: Annotated[
        str | None,
        typer.Option(
            "--show-completion",
            metavar="SHELL",
            callback=_show_completion,
            is_eager=True,
            help="Print the completion script for bash, zsh or fish and exit.",
        ),
    ] = None,
    install_completion: Annotated[
        str | None,
        typer.Option(
            "--install-completion",
            metavar="SHELL",
            callback=_install_completion,
            is_eager=True,
            help="Write the completion script for bash, zsh or fish into your home directory and exit.",
        ),
    ] = None,
) -> None:
    """Edit, lint and live-check the configuration file of the Thales Luna HSM client."""


def _ending(command: Callable[..., int]) -> Callable[..., None]:
    """Wrap the function of a verb so that its result, or its error, becomes the exit code."""

    @functools.wraps(command)
    def run(*arguments: object, **options: object) -> None:
        raise typer.Exit(_exit_code(command, *arguments, **options))

    return run


def _exit_code(command: Callable[..., int], *arguments: object, **options: object) -> int:
    try:
        return command(*arguments, **options)
    except ConfkitError as error:
        return _refused(error)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError as error:
        return _unwritten(error)
    except Exception as error:  # noqa: BLE001 - the one place that turns a bug into a report
        return _bug(error)


def _refused(error: ConfkitError) -> int:
    """Say what went wrong and what to do about it; return the exit code."""
    from confkit.core.redact import BY_CONTENT  # noqa: PLC0415 - only after an error

    typer.echo(f"confkit: {escape(BY_CONTENT.hide(str(error)))}", err=True)
    if len(error.details) > 1:
        for reason in error.details:
            typer.echo(f"  - {escape(BY_CONTENT.hide(reason))}", err=True)
    return 2 if isinstance(error, UsageError) else 3


def _unwritten(error: OSError) -> int:
    """Say that standard output cannot be written, but nothing where its reader has gone; return the exit code."""
    # what is left in Python's buffer would fail once more at the end
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if isinstance(error, BrokenPipeError):
        return _READER_GONE
    from confkit.cli.output import unwritable  # noqa: PLC0415 - only after an error

    typer.echo(f"confkit: {unwritable(error)}", err=True)
    return 3


def _bug(error: Exception) -> int:
    """Print what a bug report needs: where in our code it happened, but no value of any file."""
    import platform  # noqa: PLC0415 - only after a bug
    import traceback  # noqa: PLC0415

    typer.echo(f"confkit: internal error: {type(error).__name__}. No file was left partially written.", err=True)
    steps = [
        f"  {os.path.basename(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    block = [
        f"Please paste this into a report at {_ISSUES}:",
        "```",
        f"confkit on Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        f"verb: {next((word for word in sys.argv[1:] if word in VERBS), 'none')}",
        f"{type(error).__module__}.{type(error).__name__}",
        # what cannot be imported names a library or a module of this installation, never a value of a file
        *([f"  {error}"] if isinstance(error, ImportError) else []),
        *steps,
        "```",
    ]
    typer.echo(escape_lines("\n".join(block)), err=True)
    return 4
