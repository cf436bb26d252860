"""Serve the metrics over HTTP; prometheus_client knows the formats that a scraper may ask for.

A scrape copies a value that is there. Imported only where the exporter listens: prometheus_client is an extra.
"""

from __future__ import annotations

import base64
import errno
import os
import socket
import sys
import threading
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, MetricsHandler, ProcessCollector

from confkit.core.errors import UnavailableError
from confkit.exporter.connections import REQUEST_SECONDS, Connections
from confkit.exporter.metrics import metrics_of
from confkit.exporter.web_config import Authentication, WebConfig, WebSettings
from confkit.reports.check.metrics import families

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prometheus_client.core import Metric as Family

    from confkit.exporter.state import State

_LANDING = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>confkit exporter</title></head>
<body><h1>confkit exporter</h1><p><a href="/metrics">Metrics</a> of a Luna HA group.</p></body></html>
"""


class Address(NamedTuple):
    """Where the exporter listens; port 0 takes a free one."""

    host: str
    port: int


class _Collector:
    """Asks for the state at each scrape."""

    def __init__(self, current: Callable[[], State]) -> None:
        self._current = current

    def collect(self) -> Iterator[Family]:
        """Yield the metrics as prometheus_client has them."""
        yield from families(metrics_of(self._current()))


class _Server(ThreadingHTTPServer):
    """A server with few handlers, each of which has a deadline."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, address: Address, family: socket.AddressFamily, current: Callable[[], State], web: WebConfig
    ) -> None:
        self.address_family = family
        self.connections = Connections()
        self.current = current
        self.web = web
        self.authentication = Authentication()
        self.registry = CollectorRegistry()
        self.registry.register(_Collector(current))
        ProcessCollector(registry=self.registry)
        super().__init__((address.host, address.port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as in socketserver
        """Start a handler where there is room for one."""
        if not self.connections.admit(client_address, request):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:  # no thread can be started
            self.connections.left(client_address)
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as above
        """Answer one request, in a thread of its own."""
        try:
            request.settimeout(REQUEST_SECONDS)
            tls = self.web.settings().tls
            super().process_request_thread(
                tls.wrap_socket(request, server_side=True) if tls else request, client_address
            )
        except OSError:  # the handshake failed, or took too long
            self.shutdown_request(request)
        finally:
            self.connections.left(client_address)

    def service_actions(self) -> None:
        """End the connections that have had their time; called twice a second."""
        self.connections.end_late()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as above
        """Leave no trace on standard error of a client that goes away."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(MetricsHandler):
    """One request."""

    server: _Server

    def setup(self) -> None:
        """Take the registry of this server, and the settings in force."""
        self.registry = self.server.registry
        self._settings: WebSettings = self.server.web.settings()
        super().setup()

    def do_GET(self) -> None:  # noqa: N802 - as in http.server
        """Answer by the path; everything needs a password where there are users."""
        self.server.connections.answering(self.client_address)
        path = urlsplit(self.path).path
        if self._settings.users and not self._allowed():
            self._answer(401, b"Unauthorized\n", **{"WWW-Authenticate": 'Basic realm="confkit exporter"'})
        elif path == "/metrics":
            super().do_GET()
        elif path == "/":
            self._answer(200, _LANDING, **{"Content-Type": "text/html; charset=utf-8"})
        elif path == "/-/healthy":
            self._answer(200, b"Healthy\n")
        elif path == "/-/ready":
            ready = self.server.current().answered is not None
            self._answer(200 if ready else 503, b"Ready\n" if ready else b"The first round has not ended\n")
        else:
            self._answer(404, b"Not found. The metrics are at /metrics\n")

    def _allowed(self) -> bool:
        kind, _, encoded = self.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "basic":
            return False
        try:
            name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            return False
        return self.server.authentication.allows(self._settings.users, name, password)

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "text/plain; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        """Add the headers of the web configuration."""
        for name, value in self._settings.headers.items():
            self.send_header(name, value)
        super().end_headers()


_OTHER_PORT = "Name another one with --port, or end the program that has it (ss -ltnp shows it)."
_ADVICE = {
    errno.EADDRNOTAVAIL: "Name an address of this host with --listen.",
    errno.EACCES: "Name a port from 1024 up with --port, or run this as root.",
}


def start(address: Address, current: Callable[[], State], web: WebConfig) -> int:
    """Serve the state that `current` returns, in threads of this process; return the port.

    Raise UnavailableError when nothing can listen there.
    """
    try:
        family, _, _, _, where = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        server = _Server(Address(str(where[0]), address.port), family, current, web)
    except (socket.gaierror, UnicodeError) as error:  # the latter: a name that is too long, or has an empty part
        reason = error.strerror if isinstance(error, OSError) else "no host can have this name"
        advice = "Name an address of this host with --listen."
        raise UnavailableError(f"cannot listen on {address.host}: {reason}. {advice}") from error
    except OSError as error:
        reason = error.strerror or os.strerror(error.errno or 0)
        advice = _ADVICE.get(error.errno or 0, _OTHER_PORT)
        raise UnavailableError(f"cannot listen on {address.host} port {address.port}: {reason}. {advice}") from error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])
