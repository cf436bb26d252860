"""The open connections of the exporter: how many there may be, how long each may take, and which has to go first.

A handler is a thread, and the unit of the service allows few (TasksMax): clients that are slow on purpose must not take
those that rounds, checks and other scrapes need.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MAX_HANDLERS = 16
REQUEST_SECONDS = 10.0
"""From the accepted connection to the last byte of the answer, TLS handshake included"""

_ROOM_SECONDS = 0.5


@dataclass
class _Connection:
    """A connection: a descriptor of its own to shut it down by, when it began, and whether it is being answered."""

    socket: socket.socket
    began: float
    answering: bool = False


class Connections:
    """All open connections by the address of the client."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[Hashable, _Connection] = {}
        self._changed = threading.Condition()

    def admit(self, client: Hashable, connection: socket.socket) -> bool:
        """Count a new connection; where there are too many, end the oldest one that has not sent its request.

        Return whether there is room for it.
        """
        with self._changed:
            if len(self._open) >= MAX_HANDLERS:
                self._end_oldest()
                self._changed.wait_for(lambda: len(self._open) < MAX_HANDLERS, _ROOM_SECONDS)
            if len(self._open) >= MAX_HANDLERS:
                return False
            self._open[client] = _Connection(connection.dup(), self._clock())
            return True

    def answering(self, client: Hashable) -> None:
        """Note that the request of this client is complete."""
        with self._changed:
            if found := self._open.get(client):
                found.answering = True

    def left(self, client: Hashable) -> None:
        """Forget a connection that has ended."""
        with self._changed:
            if found := self._open.pop(client, None):
                found.socket.close()
            self._changed.notify_all()

    def end_late(self) -> None:
        """End every connection that has had its time."""
        with self._changed:
            latest = self._clock() - REQUEST_SECONDS
            for each in self._open.values():
                if each.began <= latest:
                    _end(each)

    def _end_oldest(self) -> None:
        waiting = [each for each in self._open.values() if not each.answering]
        if waiting:
            _end(min(waiting, key=lambda each: each.began))


def _end(connection: _Connection) -> None:
    """Shut the connection down: whoever reads from it or writes to it goes on with an error."""
    with suppress(OSError):
        connection.socket.shutdown(socket.SHUT_RDWR)
