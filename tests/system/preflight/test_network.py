"""Names and ports: real ports of the loopback interface, and one finding for each that does not answer."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
import threading

import pytest

from confkit.preflight.probes import network
from confkit.preflight.probes.look import PreflightSettings
from confkit.preflight.probes.parallel import start, within
from testing import ports
from testing.host import Host
from testing.programs import needs, unmet

QUICK = PreflightSettings(timeout_seconds=0.2)
LONG_LABEL = "y" * 64  # no label of a name has more than 63 characters, so no question leaves this host


@pytest.fixture
def bare(host: Host) -> Host:
    """A configuration that names no file of the client's identity, only hosts."""
    host.sections["LunaSA Client"] = {}
    return host


def appliance(host: Host, port: int | str, *, number: int = 0, name: str = ports.HOST) -> None:
    host.sections["LunaSA Client"] |= {f"ServerName{number:02}": name, f"ServerPort{number:02}": str(port)}


def test_a_port_that_accepts_is_right_even_if_nobody_answers(bare: Host) -> None:
    with ports.accepting() as port:
        appliance(bare, port)
        assert bare.found(QUICK) == []


def test_a_port_that_refuses(bare: Host) -> None:
    with ports.refusing() as port:
        appliance(bare, port)
        assert bare.found(QUICK) == [("CKP52", "error", "ServerName00")]
        assert bare.message("CKP52", QUICK) == f"127.0.0.1 port {port} refuses the connection"


def test_a_port_that_does_not_answer(bare: Host) -> None:
    with ports.silent() as port:
        appliance(bare, port)
        assert bare.found(QUICK) == [("CKP53", "error", "ServerName00")]
        assert bare.message("CKP53", QUICK) == f"127.0.0.1 port {port} did not answer within 0.2 s"


def test_each_server_has_its_own_finding(bare: Host) -> None:
    with ports.accepting() as good, ports.refusing() as refused, ports.silent() as silent:
        for number, port in enumerate((good, refused, silent, good)):
            appliance(bare, port, number=number)
        appliance(bare, good, number=10, name=LONG_LABEL)
        assert bare.found(QUICK) == [
            ("CKP52", "error", "ServerName01"),
            ("CKP53", "error", "ServerName02"),
            ("CKP51", "error", "ServerName10"),
        ]
    assert bare.message("CKP51", QUICK).endswith("does not resolve: no host can have such a name")


def test_offline_leaves_the_network_alone(bare: Host) -> None:
    with ports.refusing() as port:
        appliance(bare, port)
        assert bare.found(QUICK._replace(offline=True)) == []


def test_a_cloud_service_and_a_cluster(bare: Host) -> None:
    with ports.refusing() as port, ports.accepting():
        bare.sections["REST"] = {"ServerName": ports.HOST, "ServerPort": str(port)}
        bare.sections["LunaSA Client"] = {"LNHServer00": ports.HOST, "LNHServer01": LONG_LABEL}
        assert bare.found(QUICK) == [("CKP51", "error", "LNHServer01"), ("CKP52", "error", "ServerName")]
        bare.sections["REST"]["RestClient"] = "0"
        bare.sections["LunaSA Client"]["NetClient"] = "0"
        assert bare.found(QUICK) == []


@pytest.mark.parametrize("port", ["", "0", "65536", "x", "\u0661", "1" * 5000])
def test_a_port_that_is_none_is_the_linter_s_matter(bare: Host, port: str) -> None:
    bare.sections["REST"] = {"ServerName": ports.HOST, "ServerPort": port}
    assert bare.found(QUICK) == []


def test_the_port_of_an_appliance_has_a_default(bare: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[network.Address] = []

    def connect(addresses: list[network.Address], _seconds: float) -> set[int]:
        asked.extend(addresses)
        return {0}

    monkeypatch.setattr(network, "connect", connect)
    bare.sections["LunaSA Client"] = {"ServerName00": ports.HOST}
    assert bare.found(QUICK) == []
    assert [address[4][1] for address in asked] == [1792]


@pytest.mark.parametrize("name", ["a\0b", "..", "\udcff", LONG_LABEL, "a" * 5000])
def test_names_that_no_host_can_have(bare: Host, name: str) -> None:
    path = bare.folder / "Chrystoki.conf"
    path.write_bytes(f"LunaSA Client = {{\nServerName00 = {name};\n}}\n".encode("utf-8", "surrogateescape"))
    bare.config = lambda: path  # type: ignore[method-assign]
    assert ("CKP51", "error", "ServerName00") in bare.found(QUICK)


def test_a_name_with_several_addresses() -> None:
    with ports.accepting() as good, ports.refusing() as refused, ports.silent() as silent:
        addresses = {
            port: (socket.AF_INET, socket.SOCK_STREAM, 0, "", (ports.HOST, port)) for port in (good, refused, silent)
        }
        assert 0 in network.connect([addresses[silent], addresses[refused], addresses[good]], 30)
        assert network.connect([addresses[silent], addresses[refused]], 0.1) == {errno.ECONNREFUSED, errno.ETIMEDOUT}
        assert network.connect([], 0.1) == set()


def test_an_address_of_a_family_that_this_host_lacks() -> None:
    kind = socket.SOCK_STREAM
    absent = (socket.AddressFamily(socket.AF_APPLETALK), kind, 0, "", (ports.HOST, 1))
    assert network.connect([absent], 0.1) == {errno.EAFNOSUPPORT}


def test_a_host_without_a_route(bare: Host) -> None:
    """In a network of its own, whose one interface is down, even the loopback addresses have no route."""
    needs("unshare")
    if subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode != 0:
        unmet("needs the right to make a network namespace")
    appliance(bare, 1792)
    command = ["unshare", "-rn", sys.executable, "-m", "confkit", "preflight", "-c", str(bare.config())]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")
    assert "error CKP53 127.0.0.1 port 1792 cannot be reached: Network is unreachable" in done.stdout


def test_a_resolver_that_does_not_answer_is_left_alone(bare: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name of this host takes a resolver longer than another, so it is replaced by one that waits."""
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: done.wait(60))
    appliance(bare, 1792)
    try:
        assert bare.message("CKP51", QUICK).endswith("does not resolve: no answer within 0.2 s")
    finally:
        done.set()


def test_sixty_four_servers_are_tried_at_the_same_time(bare: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits at a barrier until all have come there: one after the other, none would pass it."""
    barrier = threading.Barrier(64)
    connect = network.connect

    def waiting(addresses: list[network.Address], seconds: float) -> set[int]:
        barrier.wait(60)
        return connect(addresses, seconds)

    monkeypatch.setattr(network, "connect", waiting)
    with ports.silent() as port:
        for number in range(64):
            appliance(bare, port, number=number)
        assert bare.found(QUICK) == [("CKP53", "error", f"ServerName{number:02}") for number in range(64)]


def test_a_task_s_exception_is_its_asker_s() -> None:
    def fail() -> None:
        raise TimeoutError("its own, not ours")

    with pytest.raises(TimeoutError, match="its own"):
        within(60, fail)
    with pytest.raises(TimeoutError, match="its own"):
        start(fail).result()
    assert within(60, lambda: 1) == 1
