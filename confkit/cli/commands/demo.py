"""confkit demo: lint, check and edit an emulated HA group, without an HSM."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import typer

from confkit.cli.output import write_out
from confkit.cli.signals import ending_on_sigterm
from confkit.core import timeout
from confkit.core.escape import escape, escape_lines
from confkit.emulator.group import running_group
from confkit.live.interpreter import interpreter

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress

    from confkit.emulator.group import EmulatedGroup
    from confkit.emulator.settings import Layout

EXAMPLES = """Examples:

confkit demo
"""

_LAYOUT: Layout = "serial20"
_DOWN = 1  # the member that is down at first
_POLL_SECONDS = 0.1
_TERMINATION_SECONDS = 10


class Step(NamedTuple):
    """A command of the demo: what is said before it, its arguments, how long it usually takes, how it has to end."""

    text: str
    arguments: tuple[str, ...]
    seconds: float
    exit_code: int
    before: Callable[[EmulatedGroup], None] = lambda _group: None


STEPS = (
    Step(
        "Lint the configuration of the group. A fault in it would be listed with its line and what to do.",
        ("lint",),
        1,
        0,
    ),
    Step(
        "One member is down: its port refuses connections. A status call shows which one it is.",
        ("check", "--quick"),
        4,
        1,
        lambda group: group.set_fault(_DOWN, "refuse"),
    ),
    Step(
        "The member is back. The check makes calls until it can say with 95 % confidence that statusTimeout suffices.",
        ("check", "--quiet"),
        9,
        0,
        lambda group: group.set_fault(_DOWN, None),
    ),
    Step(
        "Set a longer timeout. One line changes, and the rest of the file stays as it is, byte for byte.",
        ("set-timeout", "5", "--diff"),
        1,
        0,
    ),
)


def command() -> int:
    """Lint, check and edit an emulated HA group, without an HSM; takes about 15 seconds.

    The commands are real, and so is their output. Exits with 0 if every command ended as it should.
    """
    started = time.monotonic()
    starting = running_group(3, label="demo", layout=_LAYOUT, status_timeout=timeout.DEFAULT_SECONDS, report_early=True)
    with ending_on_sigterm(), starting as group:
        write_out(
            f"An emulated HA group of {len(group.members)} members; its client library writes the layout {_LAYOUT} of "
            "CK_HA_STATUS.\nIt reports a failed member at once; a real client may wait until statusTimeout is over.\n"
        )
        bar = _bar()
        results = [_run(step, group, bar) for step in STEPS]
    write_out(
        f"\nDone in {time.monotonic() - started:.0f} s, nothing is left behind. With a Luna client: confkit check\n"
    )
    return 0 if all(results) else 1


def _run(step: Step, group: EmulatedGroup, bar: Progress | None) -> bool:
    """Run one command and print it with its output. Return whether it ended as it should."""
    verb, *options = step.arguments
    path = [group.config_path] if verb == "lint" else ["-c", group.config_path]
    words = [verb, *options, *path]
    write_out(f"\n{step.text}\n$ {escape(shlex.join(['confkit', *words]))}\n")
    step.before(group)
    if bar is not None:
        bar.start()
    try:
        code, output = _output(interpreter("-m", "confkit", *words), step.seconds, bar)
    finally:
        if bar is not None:
            bar.stop()  # nothing is printed while it is shown
    write_out(escape_lines(output))
    if code != step.exit_code:
        typer.echo(f"confkit: this command ended with exit code {code}, not {step.exit_code}", err=True)
    return code == step.exit_code


def _output(words: list[str], seconds: float, bar: Progress | None) -> tuple[int, str]:
    """Run a command to its end; return its exit code and what it printed. `seconds` of the bar are its share."""
    left = seconds
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:  # noqa: S603 - our own interpreter and words
        try:
            while True:
                with suppress(subprocess.TimeoutExpired):
                    output, _ = process.communicate(timeout=_POLL_SECONDS)
                    break
                _advance(bar, min(_POLL_SECONDS, left))
                left -= min(_POLL_SECONDS, left)
        except BaseException:
            process.terminate()
            process.wait(_TERMINATION_SECONDS)
            raise
    _advance(bar, left)
    return process.returncode, output


def _bar() -> Progress | None:
    """Return the one bar of the demo where standard error is a terminal; not yet shown."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console  # noqa: PLC0415 - on a terminal alone
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("demo"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
    bar.add_task("demo", total=sum(step.seconds for step in STEPS))
    return bar


def _advance(bar: Progress | None, seconds: float) -> None:
    if bar is not None:
        bar.advance(bar.task_ids[0], seconds)
