"""What once ended with exit code 0 and was wrong, through the command line alone: no test here imports confkit.

So they ran on the code before the faults were put right as well, and each of them failed there. More forms of the same
kinds are tested beside the modules that they concern.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from testing.command import confkit
from testing.programs import REPOSITORY, needs, unmet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD = b"HAConfiguration = {\n   HAOnly = 1;\n   statusTimeout = 3;\n}\n"
NEW = OLD.replace(b"= 3;", b"= 10;")
SAMPLE = (REPOSITORY / "samples" / "ha-group" / "Chrystoki.conf").read_bytes()

# `confkit` in a process in which something happens at a call: at the N-th sync (0: at each), STATEMENT is executed.
AT_A_SYNC = """
import os, sys
real, calls, number, statement = os.fsync, [0], int(sys.argv[1]), sys.argv[2]
def fsync(descriptor):
    real(descriptor)
    calls[0] += 1
    if number in (0, calls[0]):
        exec(statement)
os.fsync = fsync
sys.argv[:] = ["confkit", *sys.argv[3:]]
from confkit.cli.main import main
main()
"""


def at_a_sync(number: int, statement: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", AT_A_SYNC, str(number), statement, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "luna" / "Chrystoki.conf"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


# --- edits ---


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("deployment.yaml", b"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: signer\n"),
        ("hostname", b"vm.example\n"),
        ("a.py", b"import os\n"),
        ("values.yml", b"replicas: 2\n"),
        ("php.ini", b"[Session]\nsave_path=/tmp\n"),
    ],
)
def test_what_is_not_a_configuration_is_not_edited(tmp_path: Path, name: str, source: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(source)
    done = confkit("set-timeout", "10", "-c", str(path))
    assert (done.code, path.read_bytes()) == (3, source)
    assert ("kubectl create configmap" in done.err) == (name.endswith(("yaml", "yml")))


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"# Luna client, production\n",
        b"Misc = {\n   ToolsDir = /bin;\n}\nHAConfi",
        b"Misc = {\n   ToolsDir = /bin;\n}\nLuna",
        b"Misc = {\n   ToolsDir = /bin;\n}\nHAConfiguration = {\n   HAOnly = 1;\n}\nLuna = {\n   DefaultTimeO",
    ],
)
def test_what_an_editor_has_written_so_far_is_not_edited(file: Path, written: bytes) -> None:
    file.write_bytes(written)
    done = confkit("set-timeout", "10", "-c", str(file))
    assert (done.code, file.read_bytes()) == (3, written)
    assert "half written" in done.err


def test_the_unsafe_fixes_leave_the_vendors_own_entries(file: Path) -> None:
    source = b"CardReader = {\n   RemoteCommand = 1;\n   LunaG7Slots = 0;\n}\nRBS = {\n   DaemonName = RBSD;\n}\n"
    file.write_bytes(source)
    confkit("lint", "--fix", "--unsafe-fixes", str(file))
    assert file.read_bytes() == source


def test_a_change_that_was_made_on_purpose_after_a_crash_is_not_undone(file: Path) -> None:
    before, after, on_purpose = (OLD.replace(b"= 3;", b"= %d;" % seconds) for seconds in (13, 27, 23))
    file.write_bytes(before)
    # killed when the new content was on the disk, and the journal still there
    killed = at_a_sync(3, "os._exit(9)", "set-timeout", "27", "--in-place", "-c", str(file))
    assert (killed.returncode, file.read_bytes(), len(os.listdir(file.parent))) == (9, after, 2), killed.stderr
    file.write_bytes(on_purpose)
    done = confkit("set", "HAConfiguration", "HAOnly", "0", "-c", str(file))
    assert (done.code, file.read_bytes()) == (3, on_purpose)


def test_a_refused_edit_leaves_no_backup(file: Path) -> None:
    modify = f"""
if any(name.endswith(".bak") for name in os.listdir({str(file.parent)!r})):
    open({str(file)!r}, "ab").write(b"# appended\\n")
"""
    done = at_a_sync(0, modify, "set-timeout", "10", "--backup", "-c", str(file))
    assert (done.returncode, os.listdir(file.parent)) == (3, [file.name]), done.stderr
    assert file.read_bytes().startswith(OLD)


def inode_flags(path: Path) -> int:
    with path.open("rb") as opened:
        return int.from_bytes(fcntl.ioctl(opened, 0x80086601, bytes(8))[:4], sys.byteorder)  # FS_IOC_GETFLAGS


@pytest.mark.parametrize("letter", ["d", "A"])
def test_an_edit_keeps_the_flags_of_the_inode(file: Path, letter: str) -> None:
    needs("chattr")
    if subprocess.run(["chattr", f"+{letter}", str(file)], capture_output=True, check=False).returncode:
        unmet(f"needs a file system and a user for chattr +{letter}")
    before = inode_flags(file)
    assert confkit("set-timeout", "10", "-c", str(file)).code == 0
    assert (inode_flags(file), file.read_bytes()) == (before, NEW)


def test_an_append_only_file_is_refused_with_the_reason(file: Path) -> None:
    needs("chattr")
    if subprocess.run(["chattr", "+a", str(file)], capture_output=True, check=False).returncode:
        unmet("needs a file system and a user for chattr +a")
    try:
        done = confkit("set-timeout", "10", "--backup", "-c", str(file))
    finally:
        subprocess.run(["chattr", "-a", str(file)], check=True)
    assert (done.code, file.read_bytes(), os.listdir(file.parent)) == (3, OLD, [file.name])
    assert "append-only" in done.err


@pytest.mark.parametrize("number", [1, 2])
def test_a_line_that_is_appended_while_the_journal_is_synced_is_not_lost(file: Path, number: int) -> None:
    append = f"open({str(file)!r}, 'ab').write(b'# appended\\n')"
    done = at_a_sync(number, append, "set-timeout", "10", "--in-place", "-c", str(file))
    assert file.read_bytes().endswith(b"# appended\n"), done.stderr
    assert file.read_bytes().startswith(OLD if done.returncode else NEW)


# --- gates ---


@pytest.mark.parametrize("source", [b"", b"# nothing but a comment\n", b"Misc = {\n}\n"])
def test_a_file_in_which_nothing_is_configured_passes_no_gate(file: Path, source: bytes) -> None:
    file.write_bytes(source)
    linted = confkit("lint", str(file))
    piped = confkit("lint", "-", stdin=source)
    assert (linted.code, piped.code) == (1, 1)
    assert all("nothing is configured" in each.out for each in (linted, piped))
    if not source:
        looked = confkit("preflight", "-c", str(file))
        assert (looked.code, "nothing is configured" in looked.out) == (1, True)


def test_preflight_reads_all_of_a_large_file_of_an_image_or_says_that_it_does_not(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    path = tmp_path / "etc" / "Chrystoki.conf"
    path.write_bytes(SAMPLE)
    os.truncate(path, (64 << 20) + 1)
    done = confkit("preflight", "--root", str(tmp_path))
    assert (done.code, "64 MiB" in done.err) == (3, True)


def test_findings_are_as_severe_as_rules_says(file: Path) -> None:
    text = "LunaSA Client = {\n   NetClient = 2;\n   ReceiveTimeout = 20;\n}\n"
    documented = {
        each["code"]: each["severity"] for each in json.loads(confkit("rules", "--format", "json").out)["rules"]
    }
    file.write_text(text)
    printed = json.loads(confkit("lint", "--format", "json", str(file)).out)
    found = {each["code"]: each["severity"] for each in printed["diagnostics"]}
    assert {"CK210", "CK212"} <= set(found)
    assert {code: found[code] for code in ("CK210", "CK212")} == {code: documented[code] for code in ("CK210", "CK212")}


def test_a_file_that_is_not_there_is_not_counted_among_those_without_errors() -> None:
    done = confkit("lint", "nosuch")
    assert done.code == 3
    assert "0 errors" not in done.out


# --- advice ---


def test_a_finding_prints_the_command_that_fixes_this_very_file(tmp_path: Path) -> None:
    path = tmp_path / "a b" / "Chrystoki.conf"
    path.parent.mkdir()
    path.write_bytes(b"Misc = {\n   ToolsDir = /bin\n}\n")
    found = re.search(r"(confkit lint --fix .*)$", confkit("lint", str(path)).out, re.MULTILINE)
    assert found is not None
    assert confkit(*shlex.split(found[1])[1:]).code in {0, 1}
    assert path.read_bytes() == b"Misc = {\n   ToolsDir = /bin;\n}\n"


def test_a_check_that_could_not_decide_prints_one_command_for_this_group_that_decides(tmp_path: Path) -> None:
    needs("gcc")
    directory = tmp_path / "it's $HERE"
    with emulated(directory):
        undecided = confkit("check", "-c", str(directory), "--calls", "3")
        commands = re.findall(r"confkit check .*", undecided.out)
        assert (undecided.code, len(commands)) == (3, 1), undecided.out
        assert "--calls" not in undecided.out.splitlines()[-1]
        again = confkit(*shlex.split(commands[0])[1:])
    assert (again.code, "SUFFICIENT" in again.out) == (0, True), again.out


def test_what_confkit_itself_writes_has_no_finding(tmp_path: Path) -> None:
    needs("gcc")
    with emulated(tmp_path / "luna"):
        done = confkit("lint", str(tmp_path / "luna"))
    assert (done.code, done.out) == (0, "1 file: 0 errors, 0 warnings, 0 infos\n")


@contextlib.contextmanager
def emulated(directory: Path) -> Iterator[None]:
    """Run an emulated group with its file in `directory` for the time of the block."""
    command = [sys.executable, "-m", "confkit", "emulate", "--members", "2", "--directory", str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as group:
        try:
            assert group.stdout is not None
            assert group.stdout.readline()
            yield
        finally:
            group.terminate()


# --- the way in ---


def test_a_missing_extra_is_one_line_with_the_command(tmp_path: Path) -> None:
    (tmp_path / "luna.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  Chrystoki.conf: |\n    Misc = {\n    }\n"
    )
    without = "import sys; sys.modules['yaml'] = None; from confkit.cli.main import main; main()"
    command = [sys.executable, "-c", without, "lint", str(tmp_path / "luna.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert re.search(r"Install it: pip install '[^']+'$", line)


def test_a_program_that_does_not_start_counts_as_missing(tmp_path: Path) -> None:
    stub = tmp_path / "python3.12"
    stub.write_text("#!/bin/sh\necho 'pyenv: python3.12: command not found' >&2\nexit 127\n")
    stub.chmod(0o755)
    asked = "from testing.programs import found; print(found('python3.12'))"
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{tmp_path}"}
    command = [sys.executable, "-c", asked]
    done = subprocess.run(
        command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=60
    )
    assert str(stub) not in done.stdout, done.stderr
    assert done.returncode == 0, done.stderr
