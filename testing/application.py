"""The C program driver.c as an object: an application that uses the client library, in a process of its own."""

from __future__ import annotations

import os
import select
import struct
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PATTERN = 0xA5
OK, SLOT_ID_INVALID, GENERAL_ERROR, FUNCTION_FAILED, ARGUMENTS_BAD = 0x00, 0x03, 0x05, 0x06, 0x07
DEVICE_ERROR, FUNCTION_NOT_SUPPORTED, TOKEN_NOT_PRESENT = 0x30, 0x54, 0xE0
NOT_INITIALIZED, ALREADY_INITIALIZED = 0x190, 0x191

_LONGEST_ANSWER = 120  # seconds; nothing here takes that long, but a failing test must end


class Call(NamedTuple):
    """One status call: its return, its duration, and the buffer, which was full of PATTERN before."""

    rv: int
    nanoseconds: int
    buffer: bytes


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for something that is bound to happen; fail when it does not."""
    deadline = time.monotonic() + _LONGEST_ANSWER
    while not condition():
        assert time.monotonic() < deadline, "it has not happened"
        time.sleep(0.005)


def expected_buffer(layout: str, group: str, members: dict[str, int], size: int) -> bytes:
    """Say what a library writes, on a platform with 8-byte CK_ULONG and natural alignment; padding stays as it was."""
    serial, member_padding = {"serial20": ("20s", 4), "serial16": ("16s", 0), "ulong": ("Q", 0)}[layout]

    def packed(text: str) -> bytes:
        value = struct.pack(serial, int(text) if serial == "Q" else text.encode())
        return value + bytes([PATTERN]) * member_padding

    state = packed(group)
    for member, status in members.items():
        state += packed(member) + struct.pack("Q", status)
    state += bytes([PATTERN]) * ((32 - len(members)) * (len(packed(group)) + 8))
    state += struct.pack("Q", len(members))
    return state.ljust(size, bytes([PATTERN]))


def statuses(call: Call) -> list[int]:
    """Decode the members' statuses of a call in the layout serial20."""
    (count,) = struct.unpack_from("Q", call.buffer, 1048)
    return [struct.unpack_from("Q", call.buffer, 24 + 32 * member + 24)[0] for member in range(count)]


class Application:
    """A running driver. `close` checks that it ended well: a sanitizer that found something makes it end badly."""

    def __init__(self, driver: str, library: str, environment: Mapping[str, str], messages: Path) -> None:
        self._messages = messages
        with messages.open("wb") as stderr:
            self.process = subprocess.Popen(
                [driver, library],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**os.environ, **environment},
            )

    def send(self, *words: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(map(str, words)).encode() + b"\n")
        self.process.stdin.flush()

    def receive(self) -> str:
        assert self.process.stdout is not None
        deadline = time.monotonic() + _LONGEST_ANSWER
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not data:
                pytest.fail(f"the application gave no answer: {self.messages()}")
            line += data
        return line.decode("ascii", "replace").rstrip("\n")

    def ask(self, *words: object) -> str:
        self.send(*words)
        return self.receive()

    def numbers(self, *words: object) -> list[int]:
        return [int(word) for word in self.ask(*words).split()]

    def rv(self, *words: object) -> int:
        return int(self.ask(*words).split()[0])

    def receive_call(self) -> Call:
        rv, nanoseconds, buffer = self.receive().split()
        return Call(int(rv), int(nanoseconds), bytes.fromhex(buffer))

    def state(self, slot: int = 0, command: str = "state") -> Call:
        self.send(command, slot)
        return self.receive_call()

    def slots(self) -> list[str]:
        """Return each slot's description and serial number, by slot number."""
        rv, _, *slots = self.numbers("slots", 256)
        assert rv == OK
        descriptions = [self.ask("slot", slot).split("|")[1].rstrip() for slot in slots]
        serials = [self.ask("token", slot).split("|")[4].rstrip() for slot in slots]
        assert slots == list(range(len(slots)))
        return [f"{description} {serial}" for description, serial in zip(descriptions, serials, strict=True)]

    def messages(self) -> str:
        return self._messages.read_text(errors="replace")

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            assert self.process.wait(_LONGEST_ANSWER) == 0, self.messages()
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
