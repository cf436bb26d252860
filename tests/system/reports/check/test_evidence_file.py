"""What --save writes: a new file, or in the place of earlier evidence, and never anything else."""

from __future__ import annotations

import errno
import os
import resource
import stat
from pathlib import Path

import pytest

from confkit.check.request import CheckRequest, CheckResult
from confkit.check.results import plan_for
from confkit.core.errors import ConfkitError, FileError, UsageError
from confkit.reports.check import models
from confkit.reports.check.evidence_file import inspect, save
from confkit.reports.check.resume import parsed
from testing.command import confkit
from testing.storage_child import SOMEBODY, forked, need_root, open_to_all

CONFIGURATION = "Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n"
PATH = "/etc/Chrystoki.conf"
RESULT = CheckResult(3, 2, None, None, None, None, "no library", (), PATH, "0" * 64, "")
VIEW = models.view(CheckRequest(PATH, plan_for()), RESULT)
LATER = VIEW.model_copy(update={"reason": "later"})


def test_it_is_written_and_replaced_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    inspect(str(path))
    save(str(path), VIEW)
    assert parsed(str(path), path.read_bytes()) == VIEW
    path.chmod(0o640)
    inspect(str(path))
    save(str(path), LATER)
    assert parsed(str(path), path.read_bytes()) == LATER
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["evidence.json"]


@pytest.mark.parametrize("text", [CONFIGURATION, "", "{}", '{"version": 2}', "[1]", "\ud800"])
def test_what_is_no_evidence_is_not_replaced(tmp_path: Path, text: str) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_text(text, errors="surrogatepass")
    before = path.read_bytes()
    link = tmp_path / "link"
    link.symlink_to(path)
    for name in (path, link):
        with pytest.raises(UsageError, match="is not the JSON output of confkit check"):
            inspect(str(name))
        with pytest.raises(UsageError, match="is not the JSON output of confkit check"):
            save(str(name), VIEW)
    assert path.read_bytes() == before
    assert link.is_symlink()


def test_places_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to(tmp_path / "not-there")
    for name in ("dangling", "no/such/folder", ".", "a\0b"):
        for write in (inspect, lambda path: save(path, VIEW)):
            with pytest.raises(ConfkitError):
                write(str(tmp_path / name))
    assert os.listdir(tmp_path) == ["dangling"]


def test_a_link_of_somebody_else_leads_root_to_no_file() -> None:
    need_root("makes a link of another user")
    with open_to_all() as folder:
        target = folder / "root.json"
        save(str(target), VIEW)
        link = folder / "evidence.json"
        link.symlink_to(target)
        os.lchown(link, SOMEBODY, SOMEBODY)
        before = target.read_bytes()
        for write in (inspect, lambda path: save(path, LATER)):
            with pytest.raises(FileError, match="belongs to uid"):
                write(str(link))
        assert target.read_bytes() == before


def test_old_evidence_stays_whole_where_the_disk_is_full(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    save(str(path), VIEW)
    before = path.read_bytes()

    def on_a_full_disk() -> str:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        for name in (path, tmp_path / "new.json"):
            try:
                save(str(name), LATER)
            except FileError as error:
                said = str(error)
        return said

    assert os.strerror(errno.EFBIG) in forked(on_a_full_disk)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["evidence.json"]


def test_what_was_found_is_printed_where_it_cannot_be_saved(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_text(CONFIGURATION)
    name = str(tmp_path / ("x" * 250))  # which leaves no room for that of the temporary file
    result = confkit("check", "--save", name, "-c", str(path))
    assert (result.code, "UNAVAILABLE" in result.out) == (3, True), result
    assert "its name leaves no room" in result.err
    monitor = confkit("check", "--save", name, "-c", str(path), "--format", "nagios")
    assert (monitor.code, monitor.out[:16], len(monitor.out.splitlines())) == (3, "LUNA HA UNKNOWN ", 1)
    assert "its name leaves no room" in monitor.err


@pytest.mark.parametrize("quick", [(), ("--quick",)])
def test_the_command_refuses_before_it_asks_the_library(tmp_path: Path, quick: tuple[str, ...]) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_text(CONFIGURATION)
    result = confkit("check", *quick, "--save", str(path), "-c", str(path))
    assert (result.code, result.out) == (2, "")
    assert f"{path}: this exists and is not the JSON output of confkit check" in result.err
    monitor = confkit("check", *quick, "--save", str(path), "-c", str(path), "--format", "nagios")
    assert (monitor.code, monitor.out[:16]) == (3, "LUNA HA UNKNOWN ")
    assert path.read_text() == CONFIGURATION
