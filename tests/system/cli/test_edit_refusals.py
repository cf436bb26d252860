"""What set, unset and set-timeout do not edit, and what they wait for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

import confkit as api
from confkit.config.edit import EditOptions, set_in_file
from confkit.core.storage.snapshot import _PAUSE_SECONDS
from testing.command import confkit
from testing.storage_state import names, untouched

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = b"HAConfiguration = {\n   HAOnly = 1;\n   statusTimeout = 3;\n}\nMisc = {\n   ToolsDir = /bin;\n}\n"
TEN = PLAIN.replace(b"= 3", b"= 10")
MANIFEST = b"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: signer\n"
COMMANDS = {
    "set-timeout": ("set-timeout", "10"),
    "set": ("set", "HAConfiguration", "statusTimeout", "10"),
    "unset": ("unset", "HAConfiguration", "statusTimeout"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("name", "source"),
    [("deployment.yaml", MANIFEST), ("hostname", b"vm.example\n"), ("empty.json", b"{}"), ("a.py", b"import os\n")],
)
def test_what_is_not_a_configuration_is_exit_code_3_and_untouched(
    tmp_path: Path, command: str, name: str, source: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(source)
    for dry in ((), ("--dry-run",), ("--in-place",), ("--backup",)):
        with untouched(tmp_path):
            result = confkit(*COMMANDS[command], "-c", str(path), *dry)
        assert (result.code, result.out) == (3, "")
        assert f"{path}: " in result.err
    assert ("manifest" in result.err) == (name == "deployment.yaml" or name.endswith(".json"))


def test_force_edits_it_all_the_same_within_the_bounds(tmp_path: Path) -> None:
    path = tmp_path / "hostname"
    path.write_bytes(b"vm.example\n")
    with untouched(tmp_path):
        assert confkit("set-timeout", "61", "-c", str(path), "--force").code == 2
        assert confkit("set-timeout", "2", "-c", str(path), "--create").code == 2
    assert confkit("set-timeout", "10", "-c", str(path), "--force").code == 0
    assert path.read_bytes() == b"vm.example\nHAConfiguration = {\n   statusTimeout = 10;\n}\n"


@pytest.mark.parametrize("source", [b"", b"# comments\n", PLAIN[:60], PLAIN[:-2]])
def test_a_half_written_file_is_exit_code_3_and_untouched(tmp_path: Path, source: bytes) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(source)
    with untouched(tmp_path):
        results = [confkit(*command, "-c", str(path)) for command in COMMANDS.values()]
        with pytest.raises(api.FileError, match="half written"):
            api.set_timeout(path, 10)
    assert {result.code for result in results} == {3}
    assert all("half written" in result.err for result in results)


@pytest.mark.parametrize("there", [True, False])
def test_create_starts_a_configuration(tmp_path: Path, there: bool) -> None:
    path = tmp_path / "Chrystoki.conf"
    if there:
        path.touch()
    else:
        assert confkit("set-timeout", "10", "-c", str(path)).code == 3
        assert confkit("set-timeout", "10", "-c", str(path), "--create", "--dry-run").code == 0
        assert names(tmp_path) == set()
    assert confkit("set-timeout", "10", "-c", str(path), "--create").code == 0
    assert path.read_bytes() == b"HAConfiguration = {\n   statusTimeout = 10;\n}\n"
    assert path.stat().st_mode & 0o777 == 0o644 & ~current_umask()
    assert names(tmp_path) == {"Chrystoki.conf"}


def current_umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def test_fixes_close_a_section_only_where_unsafe_ones_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    source = b"Misc = {\n\tToolsDir = /bin;\n}\nLuna = {\n   DefaultTimeOut = 500000;\n"
    path.write_bytes(source)
    with untouched(tmp_path):
        refused = confkit("lint", "--fix", str(path))
    assert refused.code == 3
    assert "not fixed: the file looks half written: it ends inside section Luna" in refused.err
    assert "use --unsafe-fixes" in refused.err
    assert "--force" not in refused.err
    confkit("lint", "--fix", "--unsafe-fixes", str(path))
    assert path.read_bytes() == source.replace(b"\t", b"    ") + b"}\n"


@pytest.mark.parametrize("source", [b"vm\texample\n", b"http = {\n\tserver = 1;\n}\n"])
def test_what_is_not_a_configuration_is_not_fixed_either(tmp_path: Path, source: bytes) -> None:
    path = tmp_path / "nginx.conf"
    path.write_bytes(source)
    with untouched(tmp_path):
        result = confkit("lint", "--fix", "--unsafe-fixes", str(path))
    assert result.code in {1, 3}
    assert "--force" not in result.err


WRITER = """
import sys, time
path, pieces, pause = sys.argv[1], sys.argv[2].encode("latin-1").split(b"|"), float(sys.argv[3])
file = open(path, "wb", buffering=0)
print("truncated", flush=True)
for piece in pieces:
    time.sleep(pause)
    file.write(piece)
file.close()
"""


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize("cut", [0, 60, 70])  # 70: at the end of a section, where half a file looks like a whole one
def test_a_file_that_somebody_is_writing_is_waited_for(tmp_path: Path, cut: int, in_place: bool) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(PLAIN)
    os.utime(path, (0, 0))
    pieces = (PLAIN[:cut] + b"|" + PLAIN[cut:]).decode("latin-1")
    command = [sys.executable, "-c", WRITER, str(path), pieces, "0.4"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"truncated\n"
        outcome = set_in_file(str(path), "HAConfiguration", "statusTimeout", "10", EditOptions(in_place=in_place))
    assert (outcome.before, path.read_bytes()) == (PLAIN, TEN)


def test_a_file_that_stays_open_for_writing_is_refused_after_a_while(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(PLAIN)
    with path.open("ab"), untouched(tmp_path):
        begin = time.monotonic()
        result = confkit("set-timeout", "10", "-c", str(path))
        assert 2.5 < time.monotonic() - begin < 20
        assert result.code == 3
        assert "has it open for writing" in result.err
    with path.open("ab"):
        assert confkit("set-timeout", "10", "-c", str(path), "--force").code == 0


def test_a_file_of_just_now_is_read_twice_and_an_older_one_once(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(PLAIN)

    def seconds(age: float) -> float:
        os.utime(path, (time.time() - age,) * 2)
        begin = time.monotonic()
        api.set_timeout(path, 10, dry_run=True)
        return time.monotonic() - begin

    assert min(seconds(0) for _ in range(10)) >= _PAUSE_SECONDS
    assert min(seconds(100) for _ in range(10)) < _PAUSE_SECONDS
