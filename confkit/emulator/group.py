"""An emulated HA group: a client library with the C interface and members that are processes on real TCP ports."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from confkit.core.errors import FileError, UnavailableError
from confkit.emulator import processes, softhsm
from confkit.emulator.build import library
from confkit.emulator.plans import Fault, Law, MemberPlan, fault_from_text
from confkit.emulator.settings import (
    ClientSettings,
    HAGroup,
    Layout,
    OutsideRange,
    Recovery,
    Report,
    chrystoki_conf,
    ha_groups,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence

_MAX_SOCKET_PATH = 107  # bytes, of a UNIX socket on Linux
_MAX_ANSWER_SECONDS = 30  # seconds that a member may take to answer on its control socket


@dataclass(frozen=True)
class EmulatedMember:
    """A member of the emulated group, or of each of its groups."""

    index: int  # from 0, as in ServerName00
    serials: tuple[str, ...]  # of its partitions, one for each group
    port: int

    @property
    def serial(self) -> str:
        """The serial number of its partition in the first group."""
        return self.serials[0]


class EmulatedGroup:
    """A running group; made by `running_group`. A member's number counts from 0.

    library: path of the client library, for whatever wants a PKCS#11 module. directory, config_path: where
    Chrystoki.conf is. label, serial: of the first HA group; its token has the same label (token_label). pin, so_pin:
    what C_Login takes for CKU_USER and CKU_SO; without SoftHSM2 both are empty, and any PIN is right.
    """

    def __init__(
        self,
        library_path: str,
        groups: tuple[HAGroup, ...],
        plans: Sequence[MemberPlan],
        softhsm_library: str | None = None,
    ) -> None:
        self.library = library_path
        self.groups = groups
        self.label = groups[0].label
        self.serial = groups[0].serial
        self.token_label = self.label
        self.pin = ""
        self.so_pin = ""
        self.members: tuple[EmulatedMember, ...] = ()
        self.directory = ""
        self._private = ""
        self._plans = plans
        self._softhsm_library = softhsm_library
        self._reaper: subprocess.Popen[bytes] | None = None
        self._processes: list[subprocess.Popen[bytes]] = []
        self._reserved: list[socket.socket] = []

    @property
    def config_path(self) -> str:
        """The path of the group's Chrystoki.conf."""
        return os.path.join(self.directory, "Chrystoki.conf")

    def environment(self) -> dict[str, str]:
        """Return the environment of an application that uses this group.

        ChrystokiConfigurationPath is all that the library needs. CONFKIT_LIBRARY, CONFKIT_TOKEN_LABEL and, with
        SoftHSM2, CONFKIT_PIN are for scripts that have to name them.
        """
        environment = {
            "ChrystokiConfigurationPath": self.directory,
            "CONFKIT_LIBRARY": self.library,
            "CONFKIT_TOKEN_LABEL": self.token_label,
        }
        return {**environment, "CONFKIT_PIN": self.pin} if self.pin else environment

    def set_fault(self, index: int, fault: Fault | str | None) -> None:
        """Give a member a fault, such as "hang" or "slow:800", or take it away. ValueError: unknown fault."""
        if isinstance(fault, str):
            fault = fault_from_text(fault)
        self._ask(index, {"fault": _as_json(fault)})

    def set_latency(self, index: int, *latency_ms: float, law: Law = "list", seed: int = 0) -> None:
        """Change the latency of a member, from its next request on; the arguments are those of MemberPlan."""
        self._ask(index, {"latency": MemberPlan(latency_ms, law, seed).as_latency()})

    def counters(self, index: int) -> dict[str, int]:
        """Return what a member has counted since it was started.

        connections: accepted; requests: without handshakes; pings, calls: those of status calls and of cryptographic
        functions among them; sessions_opened, sessions_closed: as clients asked.
        """
        return self._ask(index, {})

    def stop_member(self, index: int) -> None:
        """Kill a member's process. Its port stays its own, and refuses connections."""
        self._processes[index].kill()
        processes.wait(self._processes[index])

    def start_member(self, index: int) -> None:
        """Start a stopped member again, as its plan says: same port, same serial numbers, counters at zero."""
        self._processes[index] = self._start_process(index)
        self._wait_for_process(index)

    def pause_member(self, index: int) -> None:
        """Stop a member's process with SIGSTOP: its port accepts connections, and nothing answers."""
        self._processes[index].send_signal(signal.SIGSTOP)

    def resume_member(self, index: int) -> None:
        """Resume a paused member."""
        self._processes[index].send_signal(signal.SIGCONT)

    def _ask(self, index: int, changes: dict[str, object]) -> dict[str, int]:
        try:
            with socket.socket(socket.AF_UNIX) as control:
                control.settimeout(_MAX_ANSWER_SECONDS)
                control.connect(self._control_path(index))
                control.sendall(json.dumps(changes).encode() + b"\n")
                with control.makefile("rb") as answers:
                    answer: dict[str, int] = json.loads(answers.readline())
        except (OSError, ValueError) as reason:
            raise UnavailableError(
                f"member {index} of the emulated group does not answer ({reason}). Is it stopped or paused?",
            ) from reason
        return answer

    def _control_path(self, index: int) -> str:
        return os.path.join(self._private, f"member{index}.control")

    # Start and stop, called by running_group alone

    def _start(self, directory: str | None, settings: ClientSettings) -> None:
        self._reaper = processes.start("reaper.py", process_group=0)
        self._private = processes.first_line(self._reaper, "the cleanup process of the emulated group")
        if len(os.fsencode(self._control_path(len(self._plans)))) > _MAX_SOCKET_PATH:
            raise UnavailableError(
                f"the path {self._private} is too long for a UNIX socket. Set TMPDIR to a shorter one."
            )
        for index in range(len(self._plans)):
            self._reserved.append(_reserve_port())
            self._processes.append(self._start_process(index))
        for index in range(len(self._plans)):
            self._wait_for_process(index)
        ports = [reserved.getsockname()[1] for reserved in self._reserved]
        serials = zip(*(group.members for group in self.groups), strict=True)
        self.members = tuple(
            EmulatedMember(index, of_member, port)
            for index, (of_member, port) in enumerate(zip(serials, ports, strict=True))
        )
        self.directory = self._make_directory(directory)
        self._write_file(chrystoki_conf(self.library, self.groups, ports, settings, self._make_tokens()))

    def _start_process(self, index: int) -> subprocess.Popen[bytes]:
        assert self._reaper is not None  # noqa: S101 - it is started first
        with suppress(FileNotFoundError):
            os.unlink(self._control_path(index))  # of a killed one
        changes = {
            "port": self._reserved[index].getsockname()[1],
            "control": self._control_path(index),
            "serials": [group.members[index] for group in self.groups],
            "latency": self._plans[index].as_latency(),
            "fault": _as_json(self._plans[index].fault),
        }
        return processes.start("appliance.py", json.dumps(changes), process_group=self._reaper.pid)

    def _wait_for_process(self, index: int) -> None:
        processes.first_line(self._processes[index], f"member {index} of the emulated group")

    def _make_tokens(self) -> softhsm.Tokens | None:
        if self._softhsm_library is None:
            return None
        directory = os.path.join(self._private, "softhsm")
        tokens = softhsm.make_tokens(self._softhsm_library, directory, [group.label for group in self.groups])
        self.pin, self.so_pin = tokens.pin, tokens.so_pin
        return tokens

    def _make_directory(self, directory: str | None) -> str:
        if directory is None:
            return self._private
        directory = os.path.abspath(directory)
        try:
            os.mkdir(directory)
            self._remove_at_the_end(directory)
        except FileExistsError:
            pass
        except OSError as reason:
            raise FileError(
                f"the directory cannot be made: {reason.strerror}. Name another one", path=directory
            ) from reason
        return directory

    def _write_file(self, text: str) -> None:
        try:
            with open(self.config_path, "x", encoding="ascii") as file:
                file.write(text)
        except OSError as reason:
            raise FileError(
                f"the file cannot be made: {reason.strerror}. Name a directory of your own without one",
                path=self.config_path,
            ) from reason
        self._remove_at_the_end(self.config_path)

    def _remove_at_the_end(self, path: str) -> None:
        assert self._reaper is not None  # noqa: S101 - it is started first
        processes.tell(self._reaper, path)

    def _stop(self) -> None:
        for process in self._processes:
            # Not by the end of its input: a process that this one has forked may hold the other end as well.
            process.terminate()
            process.send_signal(signal.SIGCONT)
        for process in self._processes:
            processes.wait(process)
        for reserved in self._reserved:
            reserved.close()
        if self._reaper is not None:
            processes.tell(self._reaper, None)
            processes.wait(self._reaper)
        if self._private:
            shutil.rmtree(self._private, ignore_errors=True)  # gone already, unless somebody killed the reaper


@contextmanager
def running_group(  # noqa: PLR0913 - every switch of the emulator by its name
    members: int | Sequence[MemberPlan] = 3,
    *,
    label: str = "emulated",
    groups: int = 1,
    directory: str | None = None,
    current_ha_state: bool = True,
    layout: Layout = "serial20",
    report_early: bool = False,
    report_always_at_timeout: bool = False,
    timeout_outside_range: OutsideRange = "clamp",
    status_timeout: int | None = None,
    ha_only: bool = True,
    receive_timeout_ms: int = 20000,
    reconnect_interval_ms: int | None = None,
    recovery: Recovery = "activeEnhanced",
    empty_ha_slots: int = 0,
    empty_slots: int = 0,
    crypto: bool | Literal["if-available"] = False,
    softhsm_path: str | None = None,
    second_ms: int = 1000,
    other_slot_return: int = 0x54,
    all_down_return: int = 0,
) -> Iterator[EmulatedGroup]:
    """Run a group for the time of a `with` block; afterwards no process, port or file of it is left.

    members: how many, 1 to 32, or a plan for each. label: of the group; `groups` are made over the same members.
    directory: where Chrystoki.conf is written, made if need be; without it a private directory.

    crypto: True, SoftHSM2 does the cryptography; "if-available", only where it is found; False, functions that need
    cryptography return CKR_FUNCTION_NOT_SUPPORTED. softhsm_path: its library libsofthsm2.so; without it that in
    CONFKIT_SOFTHSM2, else the usual places.

    How the client library behaves. current_ha_state: False for a client older than 10.7.0. layout: that of
    CK_HA_STATUS. A call in which a member failed returns when statusTimeout is over, as the vendor documents it;
    report_early: it returns as soon as the status of every member is known; report_always_at_timeout: every call
    returns when statusTimeout is over. status_timeout: the entry statusTimeout, in seconds; None: no entry.
    timeout_outside_range: what the client makes of a statusTimeout outside 3 to 60 s: "clamp" takes the nearest bound,
    "default" 3 s, "as-is" the value itself. ha_only: the entry HAOnly. receive_timeout_ms: the entry ReceiveTimeout.
    reconnect_interval_ms: instead of the 60 s of AutoReconnectInterval. recovery: of sessions when the last member was
    lost; activeEnhanced restores them and their login, activeBasic does not. empty_ha_slots, empty_slots: slots without
    a token, 0 to 32, behind the HA groups. second_ms: how long a second of statusTimeout is, for tests that cannot
    wait. other_slot_return: that of a status call on a slot that is not an HA group. all_down_return: that of a status
    call when every member failed.

    UnavailableError: a compiler is needed and missing, SoftHSM2 is wanted and cannot be used, or a process does not
    start. FileError: Chrystoki.conf cannot be made in `directory`. ValueError: a number or a label out of range.
    """
    plans = [MemberPlan() for _ in range(members)] if isinstance(members, int) else list(members)
    settings = ClientSettings(
        layout=layout,
        report=_report(early=report_early, always_at_timeout=report_always_at_timeout),
        timeout_outside_range=timeout_outside_range,
        status_timeout=status_timeout,
        ha_only=ha_only,
        receive_timeout_ms=receive_timeout_ms,
        reconnect_interval_ms=reconnect_interval_ms,
        second_ms=second_ms,
        other_slot_return=other_slot_return,
        all_down_return=all_down_return,
        recovery=recovery,
        empty_ha_slots=empty_ha_slots,
        empty_slots=empty_slots,
    )
    library_path = softhsm.find(softhsm_path) if crypto else None
    if crypto is True and library_path is None:
        raise softhsm.not_found()
    named = ha_groups(label, len(plans), groups)
    group = EmulatedGroup(library(current_ha_state=current_ha_state), named, plans, library_path)
    try:
        group._start(directory, settings)  # noqa: SLF001 - the other half of this function
        yield group
    finally:
        group._stop()  # noqa: SLF001


def _report(*, early: bool, always_at_timeout: bool) -> Report:
    if early and always_at_timeout:
        raise ValueError("report_early and report_always_at_timeout exclude each other: give one of them")
    if early:
        return "early"
    return "always-at-timeout" if always_at_timeout else "at-timeout"


def _reserve_port() -> socket.socket:
    """Bind a free port of 127.0.0.1 without listening on it: connections are refused, and no other program gets it."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # so that the member can listen on it
    reserved.bind(("127.0.0.1", 0))
    return reserved


def _as_json(fault: Fault | None) -> dict[str, object] | None:
    return None if fault is None else {"kind": fault.kind, "value": fault.value}
