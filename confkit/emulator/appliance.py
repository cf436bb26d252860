"""One member of the emulated HA group: an appliance that answers the emulated client on a TCP port of 127.0.0.1.

`python -m confkit.emulator.appliance SETTINGS`, where SETTINGS is a JSON object: `port` (0: any free one), `control`
(path of the control socket), `serials` (of its partitions), `latency` and `fault`. It prints `{"port": N}` when it is
ready, and ends, removing its control socket, when its standard input does: its parent holds the other end.

Control socket: one JSON object a line, with any of `latency` and `fault` to change them; the answer is the counters.
Latency: `{"law": NAME, "values": [...], "seed": N}`, see `delays`. Fault: null or `{"kind": NAME, "value": NUMBER}`, a
kind of FAULTS.

Frames: see wire.h. One file that imports nothing of confkit and runs as a script too: 32 of these start in a second.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import json
import math
import os
import random
import selectors
import signal
import socket
import struct
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HELLO, PING, OPEN_SESSION, CLOSE_SESSION, CALL = 1, 2, 3, 4, 5
ANSWER = 0x80
HEADER = struct.Struct(">IBI")  # length of what follows it, type, sequence number
LENGTH_SIZE = 4
FRAME_LIMIT = 4096
READ_SIZE = 65536

CKR_OK, CKR_DEVICE_ERROR, CKR_SESSION_HANDLE_INVALID, CKR_TOKEN_NOT_PRESENT = 0x00, 0x30, 0xB3, 0xE0

# The one table of faults. Kind: how its value is written, the greatest value, what the member does.
FAULTS = {
    "hang": ("", 0, "accepts connections and requests and never answers a request"),
    "refuse": ("", 0, "closes its port and every connection"),
    "reset": ("", 0, "resets a connection when a request arrives on it"),
    "half-open": ("", 0, "keeps its connections and reads nothing; a new one is not even greeted"),
    "removed": ("", 0, "no longer holds its partition: answers CKR_TOKEN_NOT_PRESENT"),
    "slow": ("MS", 2**32 - 1, "answers after MS milliseconds, whatever its latency"),
    "status": ("CKR_NAME", 2**32 - 1, "answers every request with this return code"),
    "flap": ("P", 1, "answers a request with CKR_DEVICE_ERROR with probability P"),
}
COUNTERS = ("connections", "requests", "pings", "calls", "sessions_opened", "sessions_closed")


def delays(law: str, values: list[float], seed: int) -> Iterator[float]:
    """Yield the delay of one request after the other, in ms.

    Laws: list (the values, over and over), normal (mean, standard deviation; never below 0), lognormal (median, sigma),
    pareto (minimum, exponent), bimodal (usual, other, share of the other).
    """
    chance = random.Random(seed)  # noqa: S311 - delays are no secret
    if law == "list":
        yield from itertools.cycle(values)
    while True:
        yield _draw(chance, law, *values)


def _draw(chance: random.Random, law: str, first: float, second: float, third: float = 0.0) -> float:
    match law:
        case "normal":
            return max(0.0, chance.gauss(first, second))
        case "lognormal":
            return chance.lognormvariate(math.log(first), second)
        case "pareto":
            return first * chance.paretovariate(second)
        case "bimodal":
            return second if chance.random() < third else first
    raise ValueError(f"unknown law {law}")


class Client:
    """A connection of a client library: what has arrived of it, and its open sessions."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.sessions: set[bytes] = set()
        self._rest = b""

    def requests(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """Return type, sequence number and content of every request that `data` completes; ValueError: not a frame."""
        data = self._rest + data
        requests = []
        start = 0
        while len(data) - start >= HEADER.size:
            length, kind, sequence = HEADER.unpack_from(data, start)
            end = start + LENGTH_SIZE + length
            if not HEADER.size <= LENGTH_SIZE + length <= FRAME_LIMIT:
                raise ValueError(f"a frame of {length} bytes")
            if len(data) < end:
                break
            requests.append((kind, sequence, data[start + HEADER.size : end]))
            start = end
        self._rest = data[start:]
        return requests


class Appliance:
    """The member: its sockets, its faults and its counters. One thread; nothing waits but the loop in `serve`."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._selector = selectors.PollSelector()
        self._serials: list[str] = settings["serials"]
        self.address = ("127.0.0.1", int(settings["port"]))
        self._readers: dict[socket.socket, Callable[[], None]] = {}  # of the port and its connections
        self._reading = True  # whether these are read at all
        self._answers: list[tuple[float, int, socket.socket, bytes]] = []  # a heap: when due, running number, to, frame
        self._numbers = itertools.count(1)
        self._counters = dict.fromkeys(COUNTERS, 0)
        self._chance = random.Random(settings["latency"]["seed"])  # noqa: S311 - flapping is no secret
        self._fault, self._fault_value = "", 0.0
        self._listen()
        self.change(settings)

    def change(self, changes: dict[str, Any]) -> dict[str, int]:
        """Adopt the `latency` and the `fault` in `changes`, where they are named, and return the counters."""
        if "latency" in changes:
            next(delays(**changes["latency"]))  # an invalid one fails now, not when a request comes
            self._delays = delays(**changes["latency"])
        if "fault" in changes:
            fault = changes["fault"] or {"kind": "", "value": 0}
            if fault["kind"] and not 0 <= fault["value"] <= FAULTS[fault["kind"]][1]:
                raise ValueError(f"invalid fault {fault}: the value is out of range")
            self._fault, self._fault_value = fault["kind"], fault["value"]
            self._adapt_sockets()
        return self._counters

    def serve(self, control: socket.socket) -> None:
        """Serve the port and the control socket until standard input ends."""
        self._selector.register(control, selectors.EVENT_READ, partial(self._accept_control, control))
        self._selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select(self._until_next_answer()):
                if key.data:
                    key.data()
                elif not os.read(key.fd, READ_SIZE):
                    return
            self._send_due_answers()

    # The port and its connections

    def _listen(self) -> None:
        # Reuses the address: the group keeps a socket bound to it, so that no other program takes it meanwhile.
        listener = socket.create_server(self.address)
        self.address = listener.getsockname()
        self._watch(listener, partial(self._accept, listener))

    def _adapt_sockets(self) -> None:
        if self._fault == "refuse":
            for watched in list(self._readers):
                self._drop(watched)
        elif not self._readers:
            self._listen()
        reading = self._fault != "half-open"
        if reading != self._reading:
            self._reading = reading
            for watched, read in self._readers.items():
                if reading:
                    self._selector.register(watched, selectors.EVENT_READ, read)
                else:
                    self._selector.unregister(watched)

    def _watch(self, watched: socket.socket, read: Callable[[], None]) -> None:
        watched.settimeout(0)
        self._readers[watched] = read
        if self._reading:
            self._selector.register(watched, selectors.EVENT_READ, read)

    def _drop(self, dropped: socket.socket) -> None:
        if self._readers.pop(dropped, None) and self._reading:
            self._selector.unregister(dropped)
        dropped.close()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the client is gone already
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._counters["connections"] += 1
            self._watch(connection, partial(self._read, Client(connection)))

    def _read(self, client: Client) -> None:
        try:
            data = client.socket.recv(READ_SIZE)
            for kind, sequence, content in client.requests(data):
                self._take(client, kind, sequence, content)
        except (OSError, ValueError):  # the connection is broken, or speaks something else
            data = b""
        if not data:
            self._drop(client.socket)

    # Requests and answers

    def _take(self, client: Client, kind: int, sequence: int, content: bytes) -> None:
        if kind == HELLO:
            serials = [] if self._fault == "removed" else self._serials
            self._answer(client, kind, sequence, (CKR_OK, ",".join(serials).encode()), delay=0)
            return
        self._counters["requests"] += 1
        self._counters["pings"] += kind == PING
        self._counters["calls"] += kind == CALL
        if self._fault == "reset":
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close sends RST
            self._drop(client.socket)
        elif self._fault != "hang":
            delay = self._fault_value if self._fault == "slow" else next(self._delays)
            self._answer(client, kind, sequence, self._perform(client, kind, content), delay)

    def _perform(self, client: Client, kind: int, content: bytes) -> tuple[int, bytes]:
        """Do what is asked; return the answer's code and content."""
        if self._fault == "status":
            return int(self._fault_value), b""
        if self._fault == "flap" and self._chance.random() < self._fault_value:
            return CKR_DEVICE_ERROR, b""
        if kind == CLOSE_SESSION:
            return self._close_session(client, content), b""
        if self._fault == "removed" or content.decode("ascii", "replace") not in self._serials:
            return CKR_TOKEN_NOT_PRESENT, b""
        if kind in {PING, CALL}:
            return CKR_OK, b""
        session = str(next(self._numbers)).encode()
        client.sessions.add(session)
        self._counters["sessions_opened"] += 1
        return CKR_OK, session

    def _close_session(self, client: Client, session: bytes) -> int:
        if session not in client.sessions:
            return CKR_SESSION_HANDLE_INVALID
        client.sessions.remove(session)
        self._counters["sessions_closed"] += 1
        return CKR_OK

    def _answer(self, client: Client, kind: int, sequence: int, answer: tuple[int, bytes], delay: float) -> None:
        code, content = answer
        body = code.to_bytes(4, "big") + content
        frame = HEADER.pack(HEADER.size - LENGTH_SIZE + len(body), kind | ANSWER, sequence) + body
        heapq.heappush(self._answers, (time.monotonic() + delay / 1000, next(self._numbers), client.socket, frame))

    def _until_next_answer(self) -> float | None:
        return max(0.0, self._answers[0][0] - time.monotonic()) if self._answers else None

    def _send_due_answers(self) -> None:
        while self._answers and self._answers[0][0] <= time.monotonic():
            *_, connection, frame = heapq.heappop(self._answers)
            try:
                connection.send(frame)
            except OSError:  # the client is gone, or has not read for so long that not even a few bytes fit
                self._drop(connection)

    # Control

    def _accept_control(self, control: socket.socket) -> None:
        connection, _ = control.accept()
        self._selector.register(connection, selectors.EVENT_READ, partial(self._read_control, connection, bytearray()))

    def _read_control(self, connection: socket.socket, received: bytearray) -> None:
        try:
            data = connection.recv(READ_SIZE)
            *lines, received[:] = bytes(received + data).split(b"\n")
            for line in lines:
                connection.sendall(json.dumps(self._reply(line)).encode() + b"\n")
        except OSError:
            data = b""
        if not data:
            self._selector.unregister(connection)
            connection.close()

    def _reply(self, line: bytes) -> dict[str, Any]:
        try:
            return self.change(json.loads(line))
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as reason:
            return {"error": f"{type(reason).__name__}: {reason}"}


def main() -> None:
    """Run one appliance as the first argument says."""
    settings = json.loads(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the control socket is removed
    with socket.socket(socket.AF_UNIX) as control, contextlib.suppress(KeyboardInterrupt):
        control.bind(settings["control"])
        try:
            control.listen()
            appliance = Appliance(settings)
            print(json.dumps({"port": appliance.address[1]}), flush=True)  # noqa: T201 - what the parent waits for
            appliance.serve(control)
        finally:
            with contextlib.suppress(FileNotFoundError):  # its directory was removed first
                os.unlink(settings["control"])


if __name__ == "__main__":
    main()
