"""`confkit exporter` as a user or systemd runs it."""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan
from testing import pki
from testing.command import confkit
from testing.exporter import exporter, slow_connections, task_limit, wait_for
from testing.hostile import hostile_library, left_behind
from testing.programs import REPOSITORY, needs


@pytest.fixture(autouse=True)
def _compiler() -> None:
    needs("gcc")


def test_it_serves_what_it_finds_and_ends_on_a_signal_with_nothing_left(tmp_path: Path) -> None:
    arguments, environment = ("--interval", "1", "--tolerate", "0.5"), {"MARK": str(tmp_path)}
    with running_group(2, status_timeout=20, report_early=True) as group:
        with exporter(group.config_path, *arguments, environment=environment) as exporting:
            wait_for(lambda: exporting.value("luna_ha_check_verdict", verdict="sufficient"), "the first verdict")
            assert [exporting.state(member.serial) for member in group.members] == ["up", "up"]
            assert exporting.value("luna_ha_configured_seconds", group=group.label) == 20
        assert left_behind(str(tmp_path)) == []


def workers_of(library: str) -> list[str]:
    """Return the command lines of probe workers that use this library."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"-P" in words and any(library.encode() in word for word in words):
            found.append(b" ".join(words).decode())
    return found


@pytest.mark.parametrize("deed", ["hang-load", "hang-initialize", "hang-slots", "hang-status"])
def test_a_library_that_hangs_delays_no_scrape_and_no_end(tmp_path: Path, deed: str) -> None:
    library = hostile_library()
    (tmp_path / "Chrystoki.conf").write_text(f"Chrystoki2 = {{\n   LibUNIX64 = {library};\n}}\n")
    with exporter(str(tmp_path), environment={"HOSTILE": deed, "MARK": "exporter"}) as exporting:
        wait_for(lambda: workers_of(library), "the library hangs in a child process")
        assert exporting.value("luna_ha_rounds_total") == 0
        assert exporting.value("luna_ha_round_success") is None
    wait_for(lambda: workers_of(library) == [], "no child process is left")


def test_a_lost_group_shows_while_a_check_is_under_way() -> None:
    """A member that hangs starts a check, whose calls at 60 s take minutes; rounds go on beside it."""
    with running_group(2, status_timeout=3) as group:
        serial = group.members[1].serial
        with exporter(group.config_path, "--interval", "1", "--tolerate", "0.5") as exporting:
            wait_for(lambda: exporting.value("luna_ha_check_verdict", verdict="sufficient"), "the first verdict")
            first = exporting.value("luna_ha_check_timestamp_seconds")
            group.set_fault(1, "hang")
            wait_for(lambda: exporting.state(serial) == "unknown", "the member fails")
            time.sleep(8)  # so that a check is under way: one begins 5 intervals after the last
            began = time.monotonic()
            group.set_fault(0, "refuse")
            wait_for(lambda: exporting.value("luna_ha_group_up") == 0, "the group is lost")
            assert time.monotonic() - began < 15  # a round with a member that hangs lasts 3 calls of 3 s
            assert exporting.value("luna_ha_check_timestamp_seconds") == first


def test_sixty_two_slow_connections_under_the_limit_of_the_unit_stop_neither_scrapes_nor_rounds() -> None:
    unit = (REPOSITORY / "integrations" / "monitoring" / "systemd" / "confkit-exporter.service").read_text()
    (limit,) = re.findall(r"^TasksMax=(\d+)$", unit, re.MULTILINE)
    with (
        running_group(2, status_timeout=20) as group,
        task_limit(int(limit)) as join,
        exporter(group.config_path, "--interval", "1", "--tolerate", "0.5", prefix=join) as exporting,
        slow_connections(exporting.url, 62),
    ):
        wait_for(lambda: exporting.value("luna_ha_check_verdict", verdict="sufficient"), "the first verdict")
        made = exporting.value("luna_ha_rounds_total") or 0
        for _ in range(5):
            began = time.monotonic()
            exporting.text()
            assert time.monotonic() - began < 5
        wait_for(lambda: (exporting.value("luna_ha_rounds_total") or 0) >= made + 3, "rounds go on")
        assert exporting.value("luna_ha_round_success") == 1


def test_a_textfile_is_one_check(tmp_path: Path) -> None:
    path = tmp_path / "luna.prom"
    plans = [MemberPlan(), MemberPlan(fault=Fault("refuse"))]
    with running_group(plans, second_ms=20, status_timeout=50, report_early=True) as group:
        result = confkit("exporter", "--textfile", str(path), "--tolerate", "0.5", "-c", group.config_path)
        serial = group.members[1].serial
    assert result == (0, "", "")
    text = path.read_text()
    assert f'luna_ha_check_member_state{{group="emulated",member="{serial}",state="down"}} 1.0\n' in text
    assert 'luna_ha_check_verdict{group="emulated",verdict="member_down"} 1.0\n' in text
    assert "luna_ha_rounds_total" not in text  # a counter that begins anew with each run would say nothing


def test_a_textfile_is_also_written_where_there_is_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").write_text("Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n")
    path = tmp_path / "luna.prom"
    assert confkit("exporter", "--textfile", str(path), "-c", str(tmp_path)).code == 0
    assert 'verdict="unavailable"} 1.0\n' in path.read_text()


def test_a_read_only_folder_is_a_clear_error_and_nothing_changes(tmp_path: Path) -> None:
    folder = tmp_path / "collector"
    folder.mkdir()
    (folder / "luna.prom").write_text("old\n")
    config = tmp_path / "Chrystoki.conf"
    config.write_text("")
    before = folder.stat().st_mtime_ns
    folder.chmod(0o555)
    # root may write anywhere, as long as it has its capabilities
    needs("setpriv")
    bound = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    command = [*bound, sys.executable, "-m", "confkit", "exporter", "-c", str(config)]
    done = subprocess.run(
        [*command, "--textfile", str(folder / "luna.prom")], capture_output=True, text=True, check=False
    )
    folder.chmod(0o755)
    assert (done.returncode, done.stdout) == (3, "")
    assert "luna.prom: its directory cannot be written to" in done.stderr
    assert "Nothing was changed." in done.stderr
    assert [path.name for path in folder.iterdir()] == ["luna.prom"]
    assert (folder / "luna.prom").read_text() == "old\n"
    assert folder.stat().st_mtime_ns == before


def test_a_port_in_use_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").write_text("")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = confkit("exporter", "--port", str(port), "-c", str(tmp_path))
    assert (result.code, result.out) == (3, "")
    assert f"cannot listen on 127.0.0.1 port {port}" in result.err
    assert "--port" in result.err


def test_tls_and_users_by_the_web_configuration_file(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").write_text("Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n")
    (tmp_path / "server.pem").write_bytes(pki.pem(pki.certificate("exporter", alternative=("127.0.0.1",))))
    (tmp_path / "server.key").write_bytes(pki.key_pem(pki.SERVER_KEY))
    web = tmp_path / "web.yml"
    web.write_text("tls_server_config: {cert_file: server.pem, key_file: server.key}\n")
    context = ssl.create_default_context(cafile=str(tmp_path / "server.pem"))
    with exporter(str(tmp_path), "--web-config", str(web)) as exporting:
        assert exporting.url.startswith("https://127.0.0.1:")
        with urllib.request.urlopen(exporting.url, timeout=10, context=context) as answer:
            assert b"luna_ha_rounds_total" in answer.read()
    web.write_text("tls_server_config: {}\n")
    done = confkit("exporter", "-c", str(tmp_path), "--web-config", str(web))
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"confkit: {web}: tls_server_config.cert_file: Field required.")


def test_without_prometheus_client_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").write_text("Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n")
    # a None in sys.modules makes an import of that name fail, as on a machine without it
    code = "import sys; sys.modules['prometheus_client'] = None; from confkit.cli.main import main; main()"

    def without(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, "exporter", "-c", str(tmp_path), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    for arguments in ((), ("--textfile", str(tmp_path / "luna.prom"))):
        done = without(*arguments)
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.count("\n") == 1
        assert "pip install 'prometheus-client>=0.20' 'PyYAML>=6.0' 'bcrypt>=4.0'" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--slot", "1", "--label", "x"),
        ("--interval", "0"),
        ("--check-interval", "-1"),
        ("--tolerate", "0"),
        ("--confidence", "1"),
        ("--interval", "inf"),
        ("--port", "70000"),
        ("--textfile", "/tmp/luna.txt"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "Chrystoki.conf").write_text("")
    result = confkit("exporter", *arguments, "-c", str(tmp_path))
    assert (result.code, result.out) == (2, "")
    assert result.err != ""


def test_without_a_file_it_does_not_begin(tmp_path: Path) -> None:
    result = confkit("exporter", "-c", str(tmp_path))
    assert result.code == 3
    assert "no Chrystoki.conf" in result.err
