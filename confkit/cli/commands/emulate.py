"""confkit emulate: an HA group without an HSM."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from enum import StrEnum
from typing import Annotated

import typer

from confkit.cli.signals import ending_on_sigterm
from confkit.core.errors import UsageError
from confkit.core.escape import escape
from confkit.emulator.group import running_group
from confkit.emulator.plans import MemberPlan, parse_fault

# everything behind the options is the command to run, its own options included
SETTINGS = {"allow_interspersed_args": False}
EXAMPLES = """Examples:

confkit emulate

confkit emulate --members 3 --latency 20,20,3500 -- confkit check --calls 5

confkit emulate --fault 1=hang --directory ./emulated
"""
_NOT_STARTED = 127  # what a shell answers for a command that it cannot find


class LayoutName(StrEnum):
    """The published layouts of CK_HA_STATUS."""

    SERIAL20 = "serial20"
    SERIAL16 = "serial16"
    ULONG = "ulong"


class OutsideRangeName(StrEnum):
    """What the client makes of a statusTimeout outside its range."""

    CLAMP = "clamp"
    DEFAULT = "default"
    AS_IS = "as-is"


def command(
    run: Annotated[
        list[str] | None, typer.Argument(metavar="-- COMMAND ...", help="Run this with the group, then stop it.")
    ] = None,
    members: Annotated[int, typer.Option(metavar="N", help="How many members, 1 to 32.")] = 3,
    latency: Annotated[
        str, typer.Option(metavar="MS[,MS...]", help="How long a member takes to answer; one value, or one for each.")
    ] = "20",
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="I=FAULT",
            help="What is wrong with member I (from 0): hang, refuse, reset, half-open, removed, slow:MS, "
            "status:CKR_NAME or flap:P. Repeat it for several members.",
        ),
    ] = None,
    layout: Annotated[LayoutName, typer.Option(help="The structure that the library writes.")] = LayoutName.SERIAL20,
    report_early: Annotated[
        bool,
        typer.Option(
            "--report-early",
            help="Report failed members as soon as every status is known, not when statusTimeout is over.",
        ),
    ] = False,
    timeout_outside_range: Annotated[
        OutsideRangeName,
        typer.Option(help="What the client makes of a statusTimeout outside 3 to 60 seconds."),
    ] = OutsideRangeName.CLAMP,
    wait_full_timeout: Annotated[
        bool, typer.Option("--wait-full-timeout", hidden=True, help="Accepted, without effect: this is the default.")
    ] = False,
    no_current_ha_state: Annotated[
        bool, typer.Option("--no-current-ha-state", help="Be a client older than 10.7.0, without the call.")
    ] = False,
    directory: Annotated[
        str | None, typer.Option(metavar="DIR", help="Write Chrystoki.conf there, not into a private folder.")
    ] = None,
) -> int:
    """Start an emulated HA group, and print the line that makes an application use it.

    Members are processes on ports of 127.0.0.1, the client is a shared library with the C interface. The group runs
    until it is interrupted; with a COMMAND, until that ends, and its exit code is returned. Nothing is left behind.
    """
    if wait_full_timeout:
        typer.echo("confkit: note: --wait-full-timeout is the default now; the option will be removed", err=True)
    try:
        plans = _plans(members, latency, fault or [])
        with (
            ending_on_sigterm(),
            running_group(
                plans,
                layout=layout.value,
                report_early=report_early,
                timeout_outside_range=timeout_outside_range.value,
                current_ha_state=not no_current_ha_state,
                directory=directory,
            ) as group,
        ):
            if run:
                return _run(run, group.environment())
            print(f"export ChrystokiConfigurationPath={shlex.quote(group.directory)}", flush=True)
            typer.echo(f"{len(plans)} members, HA group {group.label}. Interrupt this (Ctrl-C) to stop them.", err=True)
            signal.pause()
    except ValueError as error:
        raise UsageError(f"{error}") from error
    except KeyboardInterrupt:
        if run:
            raise
    return 0


def _plans(members: int, latency: str, faults: list[str]) -> list[MemberPlan]:
    values = [float(value) for value in latency.split(",")]
    if len(values) not in {1, members}:
        raise ValueError(f"--latency gives {len(values)} values for {members} members: give one, or one for each")
    found = dict(map(parse_fault, faults))
    if any(index >= members for index in found):
        raise ValueError(f"--fault names member {max(found)}, but the last of {members} members is {members - 1}")
    each = values if len(values) == members else values * members
    return [MemberPlan(latency_ms=(value,), fault=found.get(index)) for index, value in enumerate(each)]


def _run(words: list[str], environment: dict[str, str]) -> int:
    """Run the command with the group's variable set; it gets the terminal's signals itself."""
    try:
        done = subprocess.run(words, env={**os.environ, **environment}, check=False)  # noqa: S603 - the user's own command, no shell
    except OSError as error:
        typer.echo(f"confkit: {escape(words[0])} cannot be started: {error.strerror}", err=True)
        return _NOT_STARTED
    return done.returncode if done.returncode >= 0 else 128 - done.returncode
