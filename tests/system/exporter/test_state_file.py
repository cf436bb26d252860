"""The file that keeps the evidence of the rounds over a restart."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from confkit.core.errors import FileError
from confkit.emulator.group import running_group
from confkit.exporter.pooled import Pooled, PooledQuestion
from confkit.exporter.state_file import load, path_of, save
from testing.command import confkit
from testing.exporter import exporter, wait_for
from testing.programs import needs

POOLED = Pooled(PooledQuestion("h", "d", "/l.so", "g\u2028", 3, 0.05, 0.95), (False, True, False), 2, 10.5, 99.0)


def test_it_reads_what_it_wrote(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for pooled in (POOLED, Pooled()):
        save(str(path), pooled)
        assert load(str(path)) == pooled
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load(str(tmp_path / "none.json")) == Pooled()


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", '{"flags": [2]}', '{"flags": "01"}', '{"began": "x"}', "[" * 100_000, "\ud800"]
)
def test_what_is_not_a_state_file_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text, errors="surrogatepass")
    with pytest.raises(FileError, match="this is not a state file of confkit"):
        load(str(path))


def test_a_file_without_end_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    with path.open("wb") as file:
        file.truncate(1 << 34)
    with pytest.raises(FileError, match="more than 1 MiB"):
        load(str(path))


def test_where_it_lies() -> None:
    systemd = {"STATE_DIRECTORY": "/var/lib/confkit:/x"}
    assert path_of("/a.json", None, systemd) == "/a.json"
    assert path_of(None, None, {}) is None
    assert path_of(None, None, systemd) == "/var/lib/confkit/rounds-group.json"
    assert path_of(None, "../a b", systemd) == "/var/lib/confkit/rounds-..%2Fa%20b.json"
    assert path_of(None, 7, systemd) == "/var/lib/confkit/rounds-7.json"


def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    needs("gcc")
    path = tmp_path / "state.json"
    arguments = ("--interval", "1", "--tolerate", "0.5", "--state", str(path))
    with running_group(2, status_timeout=20) as group:
        with exporter(group.config_path, *arguments) as first:
            wait_for(lambda: (first.value("luna_ha_pooled_calls", result="counted") or 0) >= 2, "two rounds count")
        kept = len(json.loads(path.read_text())["flags"])
        assert kept >= 2
        with exporter(group.config_path, *arguments) as second:
            wait_for(lambda: second.value("luna_ha_round_success"), "a round")
            assert (second.value("luna_ha_pooled_calls", result="counted") or 0) > kept
            assert second.value("luna_ha_pooled_calls", result="exceeded") == 0


def test_a_state_file_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").write_text("Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n")
    (tmp_path / "state.json").write_text("garbage")
    done = confkit("exporter", "-c", str(tmp_path), "--state", str(tmp_path / "state.json"))
    assert (done.code, done.out) == (3, "")
    assert "state.json: this is not a state file of confkit" in done.err
