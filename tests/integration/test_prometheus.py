"""A real Prometheus scrapes the exporter, and its alert fires and resolves. Rules, dashboard and units are looked at."""

from __future__ import annotations

import configparser
import json
import os
import re
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client import CollectorRegistry, ProcessCollector

from confkit.emulator.group import running_group
from confkit.exporter.metrics import metrics_of
from testing.checks import FINISHED, SLOW
from testing.exporter import exporter, faulty, wait_for
from testing.exporter_states import STATE
from testing.programs import REPOSITORY, needs

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = REPOSITORY / "integrations" / "monitoring"
RULES = FILES / "confkit.rules.yml"
CONFIG = """\
global: {{scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}}
rule_files: [{rules}]
scrape_configs:
  - job_name: confkit
    static_configs: [{{targets: ["{target}"]}}]
"""


class Server:
    """A running Prometheus."""

    def __init__(self, address: str) -> None:
        self._address = address

    def ask(self, what: str, **query: str) -> Any:
        url = f"http://{self._address}/api/v1/{what}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]

    def value(self, expression: str) -> str | None:
        found = self.ask("query", query=expression)["result"]
        return found[0]["value"][1] if found else None

    def firing(self) -> set[str]:
        return {alert["labels"]["alertname"] for alert in self.ask("alerts")["alerts"] if alert["state"] == "firing"}


@contextmanager
def prometheus(folder: Path, target: str) -> Iterator[Server]:
    """Run Prometheus with our own rules, whose waiting times are cut to one second, over one target."""
    rules = folder / "rules.yml"
    rules.write_text(re.sub(r"for: \w+", "for: 1s", RULES.read_text()))
    config = folder / "prometheus.yml"
    config.write_text(CONFIG.format(rules=rules, target=target))
    with socket.socket() as found:  # it does not say which port it has, so it cannot look for one itself
        found.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{found.getsockname()[1]}"
    log = folder / "log"
    with log.open("wb") as output:
        command = ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}"]
        process = subprocess.Popen([*command, f"--web.listen-address={address}"], stderr=output)
    try:
        wait_for(lambda: "Server is ready" in log.read_text(), "Prometheus is ready")
        yield Server(address)
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_prometheus_scrapes_and_the_alert_fires_and_resolves(tmp_path: Path) -> None:
    needs("gcc", "prometheus")
    with (
        running_group(3, status_timeout=30, receive_timeout_ms=1000, report_early=True) as group,
        exporter(group.config_path, "--interval", "1", "--tolerate", "0.5") as exporting,
        prometheus(tmp_path, urllib.parse.urlsplit(exporting.url).netloc) as server,
    ):
        serial = group.members[1].serial
        up, down = (f'luna_ha_member_state{{member="{serial}",state="{state}"}}' for state in ("up", "down"))
        wait_for(lambda: server.value(up) == "1", "the member is up")
        wait_for(lambda: server.value('luna_ha_check_verdict{verdict="sufficient"}') == "1", "the verdict is there")
        assert server.value("luna_ha_configured_seconds") == "30"
        assert server.firing() == set()
        wait_for(lambda: server.value("luna_ha:check_age:seconds < 60"), "the age of the check is recorded")
        # It fails at once, under 60 s too: so it is shown to be down within seconds, without shortening a second.
        with faulty(group, 1, "removed"):
            wait_for(lambda: "LunaHAMemberFailing" in server.firing(), "the alert fires")
            wait_for(lambda: server.value(down) == "1", "the check finds that the member is down")
            assert server.value(up) == "0"
            assert server.value('luna_ha_check_verdict{verdict="member_down"}') == "1"
        wait_for(lambda: "LunaHAMemberFailing" not in server.firing(), "the alert resolves")
        assert (server.value(up), server.value(down)) == ("1", "0")
        # the library itself hangs: C_Initialize waits for a member that is stopped; scrapes go on
        scraped = server.value("count_over_time(up[1h])")
        group.pause_member(0)
        wait_for(lambda: float(server.value("count_over_time(up[1h])") or 0) > float(scraped or 0) + 2, "it scrapes on")
        assert server.value("min_over_time(up[1h])") == "1"
        group.resume_member(0)


def test_promtool_accepts_the_rules_and_their_tests_pass() -> None:
    needs("promtool")
    for words in (["check", "rules", RULES.name], ["test", "rules", "confkit.rules.test.yml"]):
        done = subprocess.run(["promtool", *words], cwd=FILES, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def metric_names() -> set[str]:
    """Return every name that an exporter can have: of rounds, of a check, and the ones that Prometheus adds."""
    from confkit.reports.check.prometheus import check_metrics  # noqa: PLC0415

    metrics = [*metrics_of(STATE), *check_metrics(*SLOW, FINISHED)]
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    suffixes = ("", "_bucket", "_sum", "_count")
    recorded = set(re.findall(r"record: (\S+)", RULES.read_text()))
    return {metric.name + suffix for metric in metrics for suffix in suffixes} | recorded | {"up"}


def expressions() -> list[str]:
    """Return what the dashboard asks for."""
    board = json.loads((FILES / "grafana-dashboard.json").read_text())
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def test_rules_and_dashboard_ask_for_metrics_that_exist() -> None:
    asked = set(re.findall(r"\bluna_ha[a-z_:]*", RULES.read_text() + "".join(expressions())))
    assert asked <= metric_names()
    assert len(asked) > 10


def test_every_expression_of_the_dashboard_is_one(tmp_path: Path) -> None:
    needs("promtool")
    rules = [{"record": f"panel{number}", "expr": text} for number, text in enumerate(expressions())]
    path = tmp_path / "rules.yml"
    path.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))  # JSON is YAML
    done = subprocess.run(["promtool", "check", "rules", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_panels_of_the_dashboard_lie_beside_each_other() -> None:
    panels = json.loads((FILES / "grafana-dashboard.json").read_text())["panels"]
    places = [panel["gridPos"] for panel in panels]
    cells = [
        (column, row)
        for place in places
        for column in range(place["x"], place["x"] + place["w"])
        for row in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(column for column, _row in cells) == 23
    assert len({panel["id"] for panel in panels}) == len(panels)


UNITS = sorted((FILES / "systemd").glob("*.service"))


def installed(folder: Path) -> list[str]:
    """Put the units into `folder` with a command that exists on this machine."""
    program = Path(sys.executable).with_name("confkit")
    for unit in [*UNITS, FILES / "systemd" / "confkit-textfile.timer"]:
        (folder / unit.name).write_text(unit.read_text().replace("/usr/local/bin/confkit", str(program)))
    return sorted(str(path) for path in folder.iterdir())


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    needs("systemd-analyze")
    units = installed(tmp_path)
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if str(tmp_path) in line] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_the_services_are_hardened(unit: Path) -> None:
    needs("systemd-analyze")
    # of 10; the threshold is in tenths
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stdout + done.stderr


def test_both_services_are_hardened_alike() -> None:
    def hardening(unit: Path) -> set[str]:
        text = unit.read_text()
        return {line for line in text.splitlines() if re.match("(Protect|Private|Restrict|SystemCall|NoNew|Cap)", line)}

    first, second = (hardening(unit) for unit in UNITS)
    assert first == second
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.read(UNITS[0])
    assert parsed["Service"]["ProtectSystem"] == "strict"
