"""The library against a peer that is not an appliance of ours: it may send anything, in any pieces."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confkit.emulator import build
from testing.application import DEVICE_ERROR, OK, Application, statuses, wait_until
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from testing.emulator import Built, StartApplication

FULL_BUFFER = REPOSITORY / "testing" / "full_buffer.c"
HELLO, PING = 1, 2
ANSWER = 0x80
SERIAL = "1234567890"
VENDOR_CODE = 0x80000024
FILE = f"""VirtualToken = {{
   VirtualToken00Label = fake;
   VirtualToken00SN = 1{SERIAL};
   VirtualToken00Members = MEMBERS;
}}
HAConfiguration = {{
   HAOnly = 1;
   reconnAtt = -1;
}}
Emulator = {{
   reconnectIntervalMs = 2;
   secondMs = SECOND;
   report = early;
}}
LunaSA Client = {{
   ServerName00 = 127.0.0.1;
   ServerPort00 = PORT;
   ReceiveTimeout = 500;
}}
"""


def frame(kind: int, sequence: int, code: int, content: bytes = b"") -> bytes:
    body = struct.pack(">BII", kind | ANSWER, sequence, code) + content
    return struct.pack(">I", len(body)) + body


def receive(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


class Peer:
    """Answers handshakes with `hello` and pings with `reply`; both are given the sequence number. None: it closes."""

    def __init__(self) -> None:
        self.hello: Callable[[int], list[bytes]] = lambda sequence: [frame(HELLO, sequence, OK, SERIAL.encode())]
        self.reply: Callable[[int], list[bytes]] = lambda sequence: [frame(PING, sequence, OK)]
        self.connections = 0
        self.connected: socket.socket | None = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.connected = connection
            with closing(connection):
                try:
                    self._answer(connection)
                except OSError:
                    continue

    def _answer(self, connection: socket.socket) -> None:
        while True:
            length, kind, sequence = struct.unpack(">IBI", receive(connection, 9))
            receive(connection, length - 5)
            pieces = (self.hello if kind == HELLO else self.reply)(sequence)
            for piece in pieces:
                connection.sendall(piece)
            if not pieces:
                return

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        if self.connected is not None:
            with suppress(OSError):  # over already
                self.connected.shutdown(socket.SHUT_RDWR)
        self.thread.join()


@pytest.fixture
def peer() -> Iterator[Peer]:
    with closing(Peer()) as made:
        yield made


def write(folder: Path, peer: Peer, second_ms: int, members: list[str]) -> None:
    port = str(peer.listener.getsockname()[1])
    text = FILE.replace("PORT", port).replace("SECOND", str(second_ms)).replace("MEMBERS", ",".join(members))
    folder.joinpath("Chrystoki.conf").write_text(text)


@pytest.fixture
def application(start: StartApplication, peer: Peer, tmp_path: Path) -> Iterator[Application]:
    write(tmp_path, peer, 20_000, [SERIAL])  # a call may take a minute: a busy peer is not a silent one
    application = start(tmp_path, initialised=True)
    yield application
    application.close()  # before the peer's thread is waited for


@pytest.fixture
def hasty(start: StartApplication, peer: Peer, tmp_path: Path) -> Iterator[Application]:
    write(tmp_path, peer, 10, [SERIAL])  # a call takes 30 ms at most
    application = start(tmp_path, initialised=True)
    yield application
    application.close()


def test_answers_may_come_byte_by_byte(application: Application, peer: Peer) -> None:
    peer.reply = lambda sequence: [bytes([byte]) for byte in frame(PING, sequence, VENDOR_CODE, b"ignored")]
    assert [statuses(application.state()) for _ in range(3)] == [[VENDOR_CODE]] * 3
    assert peer.connections == 1


def test_answers_to_nobody_are_dropped(application: Application, peer: Peer) -> None:
    peer.reply = lambda sequence: [
        frame(PING, sequence - 1, OK) + frame(PING, sequence + 1, OK) + frame(PING, sequence, VENDOR_CODE),
    ]
    assert [statuses(application.state()) for _ in range(3)] == [[VENDOR_CODE]] * 3


def test_the_first_of_two_answers_counts(application: Application, peer: Peer) -> None:
    peer.reply = lambda sequence: [frame(PING, sequence, VENDOR_CODE) + frame(PING, sequence, OK)]
    assert statuses(application.state()) == [VENDOR_CODE]


@pytest.mark.parametrize(
    "reply",
    [
        [],
        [b"\0\0\0\0" + bytes(20)],
        [b"\xff\xff\xff\xff" + bytes(20)],
        [struct.pack(">IBI", 5, PING | ANSWER, 1) + bytes(20)],
        [struct.pack(">IBII", 9, PING, 1, 0)],
        [b"HTTP/1.1 400 Bad Request\r\n\r\n"],
    ],
)
def test_a_peer_that_speaks_something_else_is_dropped(application: Application, peer: Peer, reply: list[bytes]) -> None:
    good = peer.reply
    peer.reply = lambda _: reply
    assert statuses(application.state()) == [DEVICE_ERROR]
    peer.reply = good
    wait_until(lambda: statuses(application.state()) == [OK])
    assert peer.connections >= 2


def test_the_longest_frame_and_one_byte_more(application: Application, peer: Peer) -> None:
    peer.reply = lambda sequence: [frame(PING, sequence, VENDOR_CODE, bytes(4096 - 13))]
    assert statuses(application.state()) == [VENDOR_CODE]
    peer.reply = lambda sequence: [frame(PING, sequence, VENDOR_CODE, bytes(4096 - 12))]
    assert statuses(application.state()) == [DEVICE_ERROR]


def test_a_handshake_that_names_too_much(start: StartApplication, peer: Peer, tmp_path: Path) -> None:
    """More partitions than there is room for, and serial numbers that are too long."""
    serials = b",".join(b"%030d" % number for number in range(130))
    peer.hello = lambda sequence: [frame(HELLO, sequence, OK, serials)]
    write(tmp_path, peer, 1000, [SERIAL])
    file = tmp_path / "Chrystoki.conf"
    file.write_text(file.read_text().replace("HAOnly = 1;", "HAOnly = 0;"))
    application = start(tmp_path, initialised=True)
    slots = application.slots()
    assert len(slots) == 128 + 1
    assert slots[0] == f"Net Token Slot {'0' * 16}"
    application.close()


def test_a_connection_that_can_take_no_more(built: Built, tmp_path: Path) -> None:
    program = str(tmp_path / "full_buffer")
    sources = [str(FULL_BUFFER), os.path.join(build.DIRECTORY, "wire.c")]
    flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", *built.flags, "-I", build.DIRECTORY]
    subprocess.run([build.compiler(), *flags, "-o", program, *sources], check=True)
    subprocess.run([program], check=True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    garbage=st.one_of(st.binary(min_size=1, max_size=200), st.binary(max_size=40).map(lambda data: b"\0\0\0" + data))
)
def test_no_answer_harms_the_library(hasty: Application, peer: Peer, garbage: bytes) -> None:
    good = peer.reply
    peer.reply = lambda _: [garbage]
    assert len(statuses(hasty.state())) == 1
    # Whatever is left of a frame that seemed to begin is completed by later answers, or ends the connection.
    peer.reply = good
    wait_until(lambda: statuses(hasty.state()) == [OK])
