"""confkit emulate: an HA group without an HSM."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli.output import write_out
from confkit.cli.signals import ending_on_sigterm
from confkit.core.errors import UsageError
from confkit.core.escape import escape
from confkit.emulator.group import running_group
from confkit.emulator.plans import MemberPlan, fault_forms, parse_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.emulator.group import EmulatedGroup

# everything behind the options is the command to run, its own options included
SETTINGS = {"allow_interspersed_args": False}
EXAMPLES = """Examples:

confkit emulate

confkit emulate --members 3 --latency 20,20,3500 -- confkit check --calls 5

confkit emulate --fault 1=hang --directory ./emulated

confkit emulate --crypto -- sh -c 'pkcs11-tool --module "$CONFKIT_LIBRARY" --login --pin "$CONFKIT_PIN" --test'
"""
_NOT_STARTED = 127  # what a shell answers for a command that it cannot find
_FAULT_HELP = ", ".join(f"{form} ({effect})" for form, effect in fault_forms().items())


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


Command = Annotated[
    list[str] | None, typer.Argument(metavar="-- COMMAND ...", help="Run this with the group, then stop the group.")
]
Members = Annotated[int, typer.Option(metavar="N", help="Number of members, 1 to 32.")]
Latency = Annotated[
    str,
    typer.Option(metavar="MS[,MS...]", help="Milliseconds that a member takes to answer: one value, or one for each."),
]
Faults = Annotated[
    list[str] | None,
    typer.Option(
        metavar="I=FAULT",
        help=f"Give member I (from 0) a fault; repeat it for several members: {_FAULT_HELP}.",
    ),
]
Layout = Annotated[LayoutName, typer.Option(help="Layout of CK_HA_STATUS that the library writes.")]
ReportEarly = Annotated[
    bool,
    typer.Option(
        "--report-early",
        help="Report failed members as soon as every status is known, not when statusTimeout is over.",
    ),
]
OutsideRange = Annotated[
    OutsideRangeName,
    typer.Option(
        "--timeout-outside-range",
        help="What the client makes of a statusTimeout outside 3 to 60 seconds: the nearest bound, 3, or the value.",
    ),
]
WaitFullTimeout = Annotated[
    bool, typer.Option("--wait-full-timeout", hidden=True, help="Accepted, without effect: this is the default.")
]
NoCurrentHAState = Annotated[
    bool,
    typer.Option("--no-current-ha-state", help="Emulate a client older than 10.7.0, without CA_GetCurrentHAState."),
]
EmptyHASlots = Annotated[int, typer.Option(metavar="N", help="Add N HA slots without a token.")]
EmptySlots = Annotated[int, typer.Option(metavar="N", help="Add N other slots without a token.")]
Crypto = Annotated[
    bool, typer.Option("--crypto", help="Let SoftHSM2 do the cryptography; prints the token's label and PIN.")
]
SoftHSM = Annotated[
    str | None,
    typer.Option(
        "--softhsm",
        metavar="PATH",
        help="libsofthsm2.so; implies --crypto.",
        show_default="CONFKIT_SOFTHSM2, else the usual places",
    ),
]
Directory = Annotated[
    str | None, typer.Option(metavar="DIR", help="Directory for Chrystoki.conf.", show_default="a private one")
]


def command(
    run: Command = None,
    members: Members = 3,
    latency: Latency = "20",
    fault: Faults = None,
    layout: Layout = LayoutName.SERIAL20,
    report_early: ReportEarly = False,
    timeout_outside_range: OutsideRange = OutsideRangeName.CLAMP,
    wait_full_timeout: WaitFullTimeout = False,
    no_current_ha_state: NoCurrentHAState = False,
    empty_ha_slots: EmptyHASlots = 0,
    empty_slots: EmptySlots = 0,
    crypto: Crypto = False,
    softhsm: SoftHSM = None,
    directory: Directory = None,
) -> int:
    """Start an emulated HA group, and print the lines that make an application use it.

    Members are processes on ports of 127.0.0.1; the client is a shared library with the PKCS#11 interface. The group
    runs until it is interrupted. With a COMMAND, it runs until that ends, and confkit exits with its exit code. Nothing
    is left behind.
    """
    if wait_full_timeout:
        typer.echo("confkit: note: --wait-full-timeout is the default now; the option will be removed", err=True)
    with _values_are_usage():
        plans = _plans(members, latency, fault or [])
        starting = running_group(
            plans,
            layout=layout.value,
            report_early=report_early,
            timeout_outside_range=timeout_outside_range.value,
            current_ha_state=not no_current_ha_state,
            empty_ha_slots=empty_ha_slots,
            empty_slots=empty_slots,
            crypto=crypto or softhsm is not None,
            softhsm_path=softhsm,
            directory=directory,
        )
        with ending_on_sigterm(), starting as group:
            return _run(run, group.environment()) if run else _wait(group)


@contextmanager
def _values_are_usage() -> Iterator[None]:
    """Turn ValueError into UsageError."""
    try:
        yield
    except ValueError as error:
        raise UsageError(f"{error}") from error


def _plans(members: int, latency: str, faults: list[str]) -> list[MemberPlan]:
    try:
        values = [float(value) for value in latency.split(",")]
    except ValueError as error:
        raise UsageError(f"--latency is {latency!r}. Give milliseconds: one number, or one for each member") from error
    if len(values) not in {1, members}:
        raise ValueError(f"--latency has {len(values)} values for {members} members: give one, or one for each")
    found = dict(map(parse_fault, faults))
    if any(index >= members for index in found):
        raise ValueError(f"--fault names member {max(found)}, but the last of {members} members is {members - 1}")
    each = values if len(values) == members else values * members
    return [MemberPlan(latency_ms=(value,), fault=found.get(index)) for index, value in enumerate(each)]


def _run(words: list[str], environment: dict[str, str]) -> int:
    """Run the command in the environment of the group; the signals of the terminal reach it directly."""
    try:
        done = subprocess.run(words, env={**os.environ, **environment}, check=False)  # noqa: S603 - the user's own command, no shell
    except OSError as error:
        typer.echo(f"confkit: cannot start {escape(words[0])}: {error.strerror}", err=True)
        return _NOT_STARTED
    return done.returncode if done.returncode >= 0 else 128 - done.returncode


def _wait(group: EmulatedGroup) -> int:
    """Print what an application needs, and wait for an interrupt."""
    write_out("".join(f"export {name}={shlex.quote(value)}\n" for name, value in group.environment().items()))
    pin = f" User PIN {group.pin}, security officer PIN {group.so_pin}." if group.pin else ""
    typer.echo(f"{len(group.members)} members, HA group {group.label}.{pin} Interrupt (Ctrl-C) to stop.", err=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        return 0
    return 0
