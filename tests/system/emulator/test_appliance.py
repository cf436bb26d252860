"""A member on its own, spoken to by a client that is not our library."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HELLO, PING, OPEN_SESSION, CLOSE_SESSION = 1, 2, 3, 4
OK, SESSION_HANDLE_INVALID, TOKEN_NOT_PRESENT = 0, 0xB3, 0xE0


class Running(NamedTuple):
    process: subprocess.Popen[bytes]
    port: int
    control: Path

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.settimeout(60)
        return connection

    def ask(self, wishes: dict[str, object]) -> dict[str, int]:
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self.control))
            control.sendall(json.dumps(wishes).encode() + b"\n")
            answer: dict[str, int] = json.loads(control.makefile().readline())
            return answer


@contextmanager
def appliance(folder: Path, serials: tuple[str, ...] = ("111", "222")) -> Iterator[Running]:
    control = folder / "control"
    latency = {"law": "list", "values": [0], "seed": 0}
    wishes = {"port": 0, "control": str(control), "serials": serials, "latency": latency, "fault": None}
    with subprocess.Popen(
        [sys.executable, "-m", "confkit.emulator.appliance", json.dumps(wishes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
    ) as process:
        assert process.stdout is not None
        yield Running(process, json.loads(process.stdout.readline())["port"], control)


def request(kind: int, sequence: int, content: bytes = b"") -> bytes:
    return struct.pack(">IBI", 5 + len(content), kind, sequence) + content


def answer(connection: socket.socket) -> tuple[int, int, int, bytes]:
    (length,) = struct.unpack(">I", connection.recv(4, socket.MSG_WAITALL))
    kind, sequence, code = struct.unpack(">BII", connection.recv(9, socket.MSG_WAITALL))
    return kind, sequence, code, connection.recv(length - 9, socket.MSG_WAITALL)


def test_handshake_ping_and_session(tmp_path: Path) -> None:
    with appliance(tmp_path) as running, running.connect() as client:
        client.sendall(request(HELLO, 1))
        assert answer(client) == (0x81, 1, OK, b"111,222")
        client.sendall(request(PING, 2, b"222") + request(PING, 3, b"333") + request(PING, 4, b"\xff"))
        assert [answer(client)[1:3] for _ in range(3)] == [(2, OK), (3, TOKEN_NOT_PRESENT), (4, TOKEN_NOT_PRESENT)]
        client.sendall(request(OPEN_SESSION, 5, b"111"))
        *_, code, session = answer(client)
        assert code == OK
        with running.connect() as other:  # another client cannot close it
            other.sendall(request(CLOSE_SESSION, 1, session))
            assert answer(other)[2] == SESSION_HANDLE_INVALID
        client.sendall(request(CLOSE_SESSION, 6, session) + request(CLOSE_SESSION, 7, session))
        assert [answer(client)[2] for _ in range(2)] == [OK, SESSION_HANDLE_INVALID]
        assert running.ask({}) == {
            "connections": 2,
            "requests": 7,
            "pings": 3,
            "calls": 0,
            "sessions_opened": 1,
            "sessions_closed": 1,
        }


def test_requests_may_come_byte_by_byte(tmp_path: Path) -> None:
    with appliance(tmp_path) as running, running.connect() as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in request(PING, 9, b"222"):
            client.sendall(bytes([byte]))
            running.ask({})  # gives it the time to take every byte on its own
        assert answer(client) == (0x82, 9, OK, b"")


@pytest.mark.parametrize(
    ("kind", "value", "code"), [("slow", 1, OK), ("status", 0x80000024, 0x80000024), ("flap", 1, 0x30), ("flap", 0, OK)]
)
def test_faults_that_are_answers(tmp_path: Path, kind: str, value: float, code: int) -> None:
    with appliance(tmp_path) as running, running.connect() as client:
        running.ask({"fault": {"kind": kind, "value": value}})
        client.sendall(request(PING, 1, b"111"))
        assert answer(client) == (0x82, 1, code, b"")


@pytest.mark.parametrize("nonsense", [bytes(20), b"\xff" * 20, b"GET / HTTP/1.1\r\n\r\n"])
def test_a_client_that_speaks_something_else_is_dropped(tmp_path: Path, nonsense: bytes) -> None:
    with appliance(tmp_path) as running:
        with running.connect() as client:
            client.sendall(nonsense)
            assert client.recv(1) == b""
        with running.connect() as client:
            client.sendall(request(HELLO, 1))
            assert answer(client)[2] == OK


def test_a_client_that_reads_nothing_is_dropped_in_the_end(tmp_path: Path) -> None:
    serials = tuple(str(10**15 + number) for number in range(200))  # long answers fill the buffers in a moment
    with appliance(tmp_path, serials) as running, running.connect() as client:
        with pytest.raises(OSError, match=r"reset|pipe"):
            client.sendall(request(HELLO, 1) * 1_000_000)
        assert running.ask({})["connections"] == 1


def test_a_reset_is_a_reset_even_with_requests_waiting(tmp_path: Path) -> None:
    with appliance(tmp_path) as running, running.connect() as client:
        running.ask({"fault": {"kind": "reset", "value": 0}})
        client.sendall(request(PING, 1, b"111") * 3)
        with pytest.raises(ConnectionResetError):
            client.recv(1)
        assert running.ask({"fault": None})["requests"] == 2  # the second found the connection gone


def test_faults_may_follow_each_other_in_any_order(tmp_path: Path) -> None:
    kinds = ["refuse", "half-open", "refuse", None, "half-open", "hang", "refuse", "removed", None]
    with appliance(tmp_path) as running:
        for kind in kinds:
            running.ask({"fault": kind and {"kind": kind, "value": 0}})
            if kind == "refuse":
                with pytest.raises(ConnectionRefusedError):
                    running.connect()
            else:
                running.connect().close()
        with running.connect() as client:
            client.sendall(request(HELLO, 1))
            assert answer(client)[3] == b"111,222"


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_removes_its_control_socket(tmp_path: Path, name: signal.Signals) -> None:
    with appliance(tmp_path) as running:
        assert os.listdir(tmp_path) == ["control"]
        running.process.send_signal(name)
        assert running.process.wait(60) == 0
        assert os.listdir(tmp_path) == []


def test_the_end_of_its_input_ends_it_and_removes_its_control_socket(tmp_path: Path) -> None:
    with appliance(tmp_path) as running:
        assert running.process.stdin is not None
        running.process.stdin.write(b"whatever")
        running.process.stdin.flush()
        assert running.ask({})["requests"] == 0
        running.process.stdin.close()
        assert running.process.wait(60) == 0
    assert os.listdir(tmp_path) == []


def test_its_folder_may_go_first(tmp_path: Path) -> None:
    with appliance(tmp_path) as running:
        running.control.unlink()
        running.process.terminate()
        assert running.process.wait(60) == 0


def test_wrong_wishes_are_refused_and_change_nothing(tmp_path: Path) -> None:
    wrong = [
        b"nonsense",
        b"5",
        b'{"fault": 5}',
        b'{"fault": {"kind": "sleepy", "value": 0}}',
        b'{"fault": {"kind": "slow", "value": -1}}',
        b'{"latency": {"law": "gamma", "values": [1, 2], "seed": 0}}',
        b'{"latency": {"law": "normal", "values": [1], "seed": 0}}',
    ]
    with appliance(tmp_path) as running, running.connect() as client, socket.socket(socket.AF_UNIX) as control:
        control.connect(str(running.control))
        control.sendall(b"\n".join(wrong) + b"\n{}\n")
        with control.makefile() as answers:
            assert all("error" in json.loads(answers.readline()) for _ in wrong)
            assert json.loads(answers.readline())["requests"] == 0
        client.sendall(request(PING, 1, b"111"))
        assert answer(client) == (0x82, 1, OK, b"")


def test_wishes_may_come_in_pieces(tmp_path: Path) -> None:
    with appliance(tmp_path) as running, socket.socket(socket.AF_UNIX) as control:
        control.connect(str(running.control))
        for byte in b'{"fault": null}':
            control.sendall(bytes([byte]))
            running.ask({})
        control.sendall(b"\n")
        assert json.loads(control.makefile().readline())["pings"] == 0


def test_a_control_connection_that_breaks_off_harms_nothing(tmp_path: Path) -> None:
    with appliance(tmp_path) as running:
        for _ in range(20):
            with socket.socket(socket.AF_UNIX) as control:
                control.connect(str(running.control))
                control.sendall(b"{}\n" * 50)
        assert running.ask({})["requests"] == 0
