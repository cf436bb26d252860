"""What every command that edits shares: its options, the edit itself, and what is printed of it.

@edits()
def command(host: Host, *, editing: Editing) -> int:
return done(editing, lambda document: added(document, host))
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, NamedTuple

from confkit.cli.options import (
    Backup,
    Config,
    Create,
    Diff,
    DryRun,
    Force,
    Format,
    InPlace,
    LockTimeout,
    OutputFormat,
    path_to_edit,
    warn,
)
from confkit.cli.output import redacted, write_about
from confkit.config.edit import EditOptions, edit
from confkit.core.escape import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confkit.core.change import Change, Outcome

    Command = Callable[..., int]

_LOCK_SECONDS = EditOptions().lock_seconds
# name, annotation and default of every option, in the order in which help lists them
_OPTIONS: tuple[tuple[str, object, object], ...] = (
    ("config", Config, None),
    ("dry_run", DryRun, False),
    ("diff", Diff, False),
    ("backup", Backup, False),
    ("in_place", InPlace, False),
    ("create", Create, False),
    ("force", Force, False),
    ("lock_timeout", LockTimeout, _LOCK_SECONDS),
    ("output", OutputFormat, Format.TEXT),
)


class Editing(NamedTuple):
    """How the user asked for an edit: which file, how it is edited, and what is printed of it."""

    config: str | None
    options: EditOptions
    diff: bool
    output: Format


class Said(NamedTuple):
    """What is said of an edit of one entry: what was `done`, or what was so `already`; and a note in any case."""

    done: str
    already: str
    note: str | None = None


def edits(*, create: bool = True, force: object = Force) -> Callable[[Command], Command]:
    """Return the decorator that gives a command the options of an edit, which it gets as its argument `editing`.

    `create`: whether it has --create; `force` is the annotation of --force, where that means more than the file.
    """
    own_meaning = {"force": force}
    added = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=own_meaning.get(name, annotation)
        )
        for name, annotation, default in _OPTIONS
        if create or name != "create"
    ]

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def run(**given: object) -> int:
            asked = {option.name: given.pop(option.name, option.default) for option in added}
            return command(**given, editing=_editing(**asked))  # type: ignore[arg-type]

        signature = inspect.signature(command, eval_str=True)  # as typer does
        own = [each for name, each in signature.parameters.items() if name != "editing"]
        run.__signature__ = signature.replace(parameters=[*own, *added])  # type: ignore[attr-defined]
        # what typer evaluates: the command's own, and not that of `editing`, which only a type checker knows
        run.__annotations__ = {each.name: each.annotation for each in own} | {"return": int}
        return run

    return decorate


def _editing(
    config: str | None,
    *,
    dry_run: bool,
    diff: bool,
    backup: bool,
    in_place: bool,
    force: bool,
    lock_timeout: float,
    output: Format,
    create: bool = False,
) -> Editing:
    options = EditOptions(dry_run, backup, in_place, force, create, lock_timeout, warn)
    return Editing(config, options, diff, output)


def done(editing: Editing, change: Change) -> int:
    """Make one change of the file that the options name, print what it did, and return exit code 0."""
    return report(editing, edit(path_to_edit(editing.config), change, editing.options))


def report(editing: Editing, outcome: Outcome, said: Said | None = None) -> int:
    """Print what an edit did, in the format asked for, and its warnings on standard error; return exit code 0.

    The text is `said` of an edit of one entry, else it lists all that changed.
    """
    if editing.output is Format.TEXT and said is not None:
        text = _sentence(outcome, said, diff=editing.diff)
        warnings: Sequence[str] = redacted(outcome.warnings, outcome.before, outcome.after)
    else:
        from confkit.reports.edit import as_json, as_text, report_of  # noqa: PLC0415 - set-timeout does without

        if said is not None and said.note is not None:
            outcome = outcome._replace(warnings=(*outcome.warnings, said.note))
        whole = report_of(outcome, diff=editing.diff)
        text = as_json(whole) if editing.output is Format.JSON else as_text(whole)
        warnings = whole.warnings
    write_about(text, outcome.path if outcome.written else None)
    for warning in warnings:
        warn(f"{outcome.path}: {warning}")
    return 0


def _sentence(outcome: Outcome, said: Said, *, diff: bool) -> str:
    difference = ""
    if diff:
        from confkit.reports.difference import unified  # noqa: PLC0415 - only with --diff

        difference = unified(outcome.path, outcome.before, outcome.after)
    if outcome.before == outcome.after:
        sentence = f"{escape(said.already)}; file unchanged"
    elif not outcome.written:
        sentence = f"{escape(said.done)} (not written: --dry-run)"
    else:
        sentence = escape(said.done) + (f"; the old file is {escape(outcome.backup)}" if outcome.backup else "")
    sentences = [sentence] if said.note is None else [sentence, escape(said.note)]
    return difference + "".join(f"{escape(outcome.path)}: {each}\n" for each in sentences)
