"""Real ports of the loopback interface that accept, refuse, or do not answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

HOST = "127.0.0.1"


@contextmanager
def accepting() -> Iterator[int]:
    """Yield a port on which the system accepts connections, and nobody ever says a word."""
    with socket.create_server((HOST, 0), backlog=128) as listening:
        yield listening.getsockname()[1]


@contextmanager
def refusing() -> Iterator[int]:
    """Yield a port that is taken, so that nobody else listens on it, and refuses."""
    with socket.socket() as bound:
        bound.bind((HOST, 0))
        yield bound.getsockname()[1]


@contextmanager
def silent() -> Iterator[int]:
    """Yield a port whose queue is full: Linux drops further attempts without an answer."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server((HOST, 0), backlog=1))
        address = listening.getsockname()
        for _ in range(8):
            filling = stack.enter_context(socket.socket())
            filling.settimeout(0)
            filling.connect_ex(address)
        yield address[1]
