"""Which connections are admitted, and which are ended: on a clock of the test's own, over pairs of connected sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from confkit.exporter.connections import MAX_HANDLERS, REQUEST_SECONDS, Connections


class Clients:
    """Connections by number; each is left as soon as it is ended, as its handler would do."""

    def __init__(self, stack: ExitStack) -> None:
        self.seconds = 0.0
        self.connections = Connections(lambda: self.seconds)
        self._stack = stack
        self.ours: dict[int, socket.socket] = {}

    def admit(self, number: int) -> bool:
        ours, theirs = (self._stack.enter_context(each) for each in socket.socketpair())
        self.ours[number] = theirs
        return self.connections.admit(number, ours)

    def is_ended(self, number: int) -> bool:
        self.ours[number].setblocking(False)  # noqa: FBT003 - as the standard library has it
        try:
            return self.ours[number].recv(1) == b""
        except BlockingIOError:
            return False


@pytest.fixture
def clients() -> Iterator[Clients]:
    with ExitStack() as stack:
        made = Clients(stack)
        yield made
        for number in made.ours:
            made.connections.left(number)


def test_a_connection_that_has_had_its_time_is_ended(clients: Clients) -> None:
    clients.admit(1)
    clients.seconds = 1.0
    clients.admit(2)
    clients.seconds = REQUEST_SECONDS
    clients.connections.end_late()
    assert [clients.is_ended(number) for number in (1, 2)] == [True, False]
    clients.seconds += 1.0
    clients.connections.end_late()
    assert clients.is_ended(2)


def test_where_there_are_too_many_the_oldest_without_a_request_makes_room(clients: Clients) -> None:
    for number in range(MAX_HANDLERS):
        clients.seconds += 0.1
        assert clients.admit(number)
    clients.connections.answering(0)

    def leave() -> None:  # the handler of the connection that is ended
        clients.ours[1].settimeout(30)
        assert clients.ours[1].recv(1) == b""
        clients.connections.left(1)

    handler = threading.Thread(target=leave)
    handler.start()
    assert clients.admit(99)
    handler.join()
    assert [number for number in range(MAX_HANDLERS) if number != 1 and clients.is_ended(number)] == []


def test_where_all_are_being_answered_there_is_no_room(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confkit.exporter.connections._ROOM_SECONDS", 0.0)
    for number in range(MAX_HANDLERS):
        assert clients.admit(number)
        clients.connections.answering(number)
    assert not clients.admit(99)
    clients.connections.left(3)
    assert clients.admit(100)


def test_a_connection_that_left_is_forgotten(clients: Clients) -> None:
    clients.admit(1)
    clients.connections.left(1)
    clients.connections.left(1)
    clients.connections.answering(1)
    clients.seconds = 2 * REQUEST_SECONDS
    clients.connections.end_late()
    assert not clients.is_ended(1)  # its handler closes it, not we
