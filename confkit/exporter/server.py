"""The metrics over HTTP, by prometheus_client: it knows the formats that a scraper may ask for.

A scrape copies a value that is there. A client that is slow or silent holds a thread for at most 10 s, and no other
client. Imported only where the exporter listens: prometheus_client is an extra of this package.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, MetricsHandler, ProcessCollector
from prometheus_client.core import Metric as Family

from confkit.core.errors import UnavailableError
from confkit.exporter.metrics import metrics_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confkit.exporter.state import State

_LONGEST_SILENCE = 10  # seconds


class _Collector:
    """Asks for the state at each scrape."""

    def __init__(self, current: Callable[[], State]) -> None:
        self._current = current

    def collect(self) -> Iterator[Family]:
        """Yield the metrics as prometheus_client has them; it adds _total to the names of counters itself."""
        for metric in metrics_of(self._current()):
            if metric.samples:
                family = Family(metric.name.removesuffix("_total"), metric.meaning, metric.kind)
                for sample in metric.samples:
                    family.add_sample(metric.name + sample.suffix, dict(sample.labels), sample.value)
                yield family


class _Server(ThreadingHTTPServer):
    """A server of which a client that goes away leaves no trace on standard error."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def start(address: str, port: int, current: Callable[[], State]) -> int:
    """Serve the state that `current` returns, in threads of this process; return the port, a free one for port 0.

    Raise UnavailableError when nothing can listen there.
    """
    registry = CollectorRegistry()
    registry.register(_Collector(current))
    ProcessCollector(registry=registry)
    handler = type("Handler", (MetricsHandler,), {"registry": registry, "timeout": _LONGEST_SILENCE})
    try:
        family, where = _resolved(address, port)
        server = type("Server", (_Server,), {"address_family": family})(where, handler)
    except OSError as error:
        reason = error.strerror or os.strerror(error.errno or 0)
        advice = "Name another one with --port, or end the program that has it (ss -ltnp shows it)."
        raise UnavailableError(f"cannot listen on {address} port {port}: {reason}. {advice}") from error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])


def _resolved(address: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    family, _, _, _, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return family, (str(where[0]), port)
