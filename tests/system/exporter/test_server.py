"""Real sockets: what is served, to whom, and what a client that misbehaves can do."""

from __future__ import annotations

import socket
import subprocess
import urllib.request
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from confkit.core.errors import UnavailableError
from confkit.exporter import server
from confkit.exporter.metrics import metrics_of
from confkit.exporter.state import State
from testing.exporter_states import STATE
from testing.programs import needs


def scraped(port: int, **headers: str) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read(), "utf-8")


def test_everything_that_is_known_is_served() -> None:
    port = server.start("127.0.0.1", 0, lambda: STATE)
    for headers in ({}, {"Accept": "application/openmetrics-text; version=1.0.0"}):
        text = scraped(port, **headers)
        for metric in metrics_of(STATE):
            for sample in metric.samples:
                assert f"{metric.name}{sample.suffix}{{" in text
    names = {family.name for family in text_string_to_metric_families(scraped(port))}
    assert "process_open_fds" in names


def test_each_scrape_asks_anew() -> None:
    states = iter([STATE, replace(STATE, configured_seconds=10)])
    port = server.start("127.0.0.1", 0, lambda: next(states))
    assert 'luna_ha_configured_seconds{group="signing"} 3.0' in scraped(port)
    assert 'luna_ha_configured_seconds{group="signing"} 10.0' in scraped(port)


def test_promtool_has_nothing_to_say_against_what_is_served() -> None:
    needs("promtool")
    port = server.start("127.0.0.1", 0, lambda: STATE)
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
            server.start("127.0.0.1", port, State)


@pytest.mark.parametrize("address", ["192.0.2.1", "no.such.name.invalid"])
def test_an_address_that_is_not_ours_is_a_clear_error(address: str) -> None:
    with pytest.raises(UnavailableError, match=f"cannot listen on {address}"):
        server.start(address, 0, State)


def test_ipv6() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 in this Python")
    try:
        port = server.start("::1", 0, lambda: STATE)
    except UnavailableError:
        pytest.skip("no IPv6 on this machine")
    with urllib.request.urlopen(f"http://[::1]:{port}/metrics", timeout=10) as answer:
        assert b"luna_ha_member_state" in answer.read()


def test_a_silent_client_keeps_nobody_waiting_and_is_let_go(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server, "_LONGEST_SILENCE", 0.2)
    port = server.start("127.0.0.1", 0, lambda: STATE)
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


def test_a_bug_in_serving_is_not_hidden(capfd: pytest.CaptureFixture[str]) -> None:
    def broken() -> State:
        raise RuntimeError("broken")

    port = server.start("127.0.0.1", 0, broken)
    with pytest.raises(ConnectionError):
        scraped(port)
    assert "RuntimeError" in capfd.readouterr().err
