"""Real sockets: what is served, to whom, and what a client that misbehaves can do."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from confkit.core.errors import UnavailableError
from confkit.exporter import server
from confkit.exporter.connections import MAX_HANDLERS
from confkit.exporter.metrics import metrics_of
from confkit.exporter.state import State
from confkit.exporter.web_config import WebConfig
from testing.exporter import slow_connections
from testing.exporter_states import STATE
from testing.programs import needs


def serve(current: Callable[[], State], host: str = "127.0.0.1", port: int = 0, web: str | None = None) -> int:
    return server.start(server.Address(host, port), current, WebConfig(web, print))


def scraped(port: int, **headers: str) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read(), "utf-8")


def test_everything_that_is_known_is_served() -> None:
    port = serve(lambda: STATE)
    for headers in ({}, {"Accept": "application/openmetrics-text; version=1.0.0"}):
        text = scraped(port, **headers)
        for metric in metrics_of(STATE):
            for sample in metric.samples:
                assert f"{metric.name}{sample.suffix}{{" in text
    names = {family.name for family in text_string_to_metric_families(scraped(port))}
    assert "process_open_fds" in names


def test_each_scrape_asks_anew() -> None:
    states = iter([STATE, replace(STATE, configured_seconds=10)])
    port = serve(lambda: next(states))
    assert 'luna_ha_configured_seconds{group="signing"} 3.0' in scraped(port)
    assert 'luna_ha_configured_seconds{group="signing"} 10.0' in scraped(port)


def test_promtool_has_nothing_to_say_against_what_is_served() -> None:
    needs("promtool")
    port = serve(lambda: STATE)
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=scraped(port), text=True, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_port_in_use_is_a_clear_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UnavailableError, match=rf"cannot listen on 127\.0\.0\.1 port {port}: .*in use.*--port"):
            serve(State, port=port)


@pytest.mark.parametrize("address", ["192.0.2.1", "no.such.name.invalid"])
def test_an_address_that_is_not_ours_is_a_clear_error(address: str) -> None:
    with pytest.raises(UnavailableError, match=f"cannot listen on {address}"):
        serve(State, host=address)


def test_ipv6() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 in this Python")
    try:
        port = serve(lambda: STATE, host="::1")
    except UnavailableError:
        pytest.skip("no IPv6 on this machine")
    with urllib.request.urlopen(f"http://[::1]:{port}/metrics", timeout=10) as answer:
        assert b"luna_ha_member_state" in answer.read()


def test_a_silent_client_keeps_nobody_waiting_and_is_let_go(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("confkit.exporter.connections.REQUEST_SECONDS", 0.2)
    port = serve(lambda: STATE)
    with socket.create_connection(("127.0.0.1", port)) as silent:
        silent.sendall(b"GET /metr")
        assert "luna_ha_member_state" in scraped(port)
        silent.settimeout(10)
        assert silent.recv(100) == b""  # closed by the server
    with socket.create_connection(("127.0.0.1", port)) as rude:
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close with a reset
        rude.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
    assert "luna_ha_member_state" in scraped(port)
    assert capfd.readouterr().err == ""


def answer(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as given:
            return given.status, str(given.read(), "utf-8")
    except urllib.error.HTTPError as error:
        return error.code, str(error.read(), "utf-8")


def test_only_known_paths_are_served() -> None:
    port = serve(lambda: STATE)
    assert answer(port, "/-/healthy") == (200, "Healthy\n")
    assert answer(port, "/-/ready") == (200, "Ready\n")
    assert answer(port, "/")[0] == 200
    assert 'href="/metrics"' in answer(port, "/")[1]
    assert "luna_ha_member_state" in answer(port, "/metrics?x=1")[1]
    for path in (
        "/metric",
        "/metrics/",
        "/metrics/x",
        "/favicon.ico",
        "/-/",
        "/etc/passwd",
        "/%2fmetrics",
    ):
        status, text = answer(port, path)
        assert (status, "luna_ha" in text) == (404, False), path


def test_it_is_ready_after_the_first_round() -> None:
    states = [State()]
    port = serve(lambda: states[0])
    assert answer(port, "/-/ready")[0] == 503
    assert answer(port, "/-/healthy")[0] == 200
    states[0] = STATE
    assert answer(port, "/-/ready")[0] == 200


def test_slow_connections_take_few_threads_and_no_scrape_waits_for_them() -> None:
    before = threading.active_count()
    port = serve(lambda: STATE)
    with slow_connections(f"http://127.0.0.1:{port}", 62):
        time.sleep(0.5)
        for _ in range(10):
            began = time.monotonic()
            assert "luna_ha_member_state" in scraped(port)
            assert time.monotonic() - began < 5
            assert threading.active_count() - before <= 62 + MAX_HANDLERS + 2


def test_a_request_that_drips_is_ended_at_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confkit.exporter.connections.REQUEST_SECONDS", 1.0)
    port = serve(lambda: STATE)
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"GET /metrics HTTP/1.1\r\nX: ")
        began = time.monotonic()
        with suppress(OSError):  # a reset, or a broken pipe
            while time.monotonic() - began < 30:
                slow.sendall(b"x")
                time.sleep(0.05)
        assert time.monotonic() - began < 10


def test_a_bug_in_serving_is_not_hidden(capfd: pytest.CaptureFixture[str]) -> None:
    def broken() -> State:
        raise RuntimeError("broken")

    port = serve(broken)
    with pytest.raises(ConnectionError):
        scraped(port)
    assert "RuntimeError" in capfd.readouterr().err
