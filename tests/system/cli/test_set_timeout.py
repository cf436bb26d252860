from __future__ import annotations

from pathlib import Path

import pytest

import confkit as api
from testing.command import confkit

PLAIN = b"HAConfiguration = {\n   HAOnly = 1;\n   statusTimeout = 3;\n}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(PLAIN)
    return path


def test_the_value_changes_and_nothing_else(file: Path) -> None:
    result = confkit("set-timeout", "10", "-c", str(file))
    assert (result.code, result.err) == (0, "")
    note = f"{file}: there is no HA group in it, so statusTimeout has no effect yet\n"
    assert result.out == f"{file}: HAConfiguration/statusTimeout = 10 s\n{note}"
    assert file.read_bytes() == PLAIN.replace(b"= 3", b"= 10")
    assert sorted(file.parent.iterdir()) == [file]
    file.write_bytes(file.read_bytes() + b"VirtualToken = {\n   VirtualToken00Label = one;\n}\n")
    again = confkit("set-timeout", "10", "-c", str(file))
    assert again == (0, f"{file}: already 10 s; file unchanged\n", "")


@pytest.mark.parametrize(
    "value", ["3.5", "abc", "-1", "0", "2", "61", "10s", "", "1e9", "٣", "010", "+5", " 5", "--x", "1_0"]
)
def test_values_out_of_bounds_name_the_bounds_and_touch_nothing(file: Path, value: str) -> None:
    before = file.stat()
    result = (
        confkit("set-timeout", "-c", str(file), "--", value)
        if value == "--x"
        else confkit("set-timeout", value, "-c", str(file))
    )
    assert result.code == 2
    assert "from 3 to 60" in result.err
    assert file.read_bytes() == PLAIN
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize("seconds", [2, 61, 10.0, True, "x"])
def test_the_api_holds_the_same_bounds(file: Path, seconds: int) -> None:
    with pytest.raises(api.UsageError, match="from 3 to 60"):
        api.set_timeout(file, seconds)
    assert file.read_bytes() == PLAIN


def test_the_api_sets_and_loads(file: Path) -> None:
    outcome = api.set_timeout(file, 60, backup=True)
    assert outcome.written
    assert outcome.backup is not None
    assert Path(outcome.backup).read_bytes() == PLAIN
    assert api.load(file).get("HAConfiguration", "statusTimeout") == "60"
    assert api.loads("[A]\nx=1\n").get("a", "X") == "1"


def test_dry_run_and_diff(file: Path) -> None:
    result = confkit("set-timeout", "10", "-c", str(file), "--dry-run", "--diff")
    assert result.code == 0
    assert "-   statusTimeout = 3;\n+   statusTimeout = 10;\n" in result.out
    assert "--dry-run" in result.out
    assert file.read_bytes() == PLAIN


def test_the_same_value_writes_nothing(file: Path) -> None:
    before = file.stat().st_mtime_ns
    result = confkit("set-timeout", "3", "-c", str(file), "--backup")
    assert (result.code, "unchanged" in result.out) == (0, True)
    assert file.stat().st_mtime_ns == before
    assert sorted(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (PLAIN.replace(b"}", b"   statusTimeout = 4;\n}"), ["3", "4"]),
        (b"HAConfiguration = {\n   statusTimeout = 3;\n", ["1"]),
        (b"HAConfiguration = {\n   HAGroup00 = {\n   }\n   statusTimeout = 3;\n}\n", ["1", "2"]),
    ],
)
def test_a_file_that_is_not_safe_to_edit_is_left_alone_and_its_lines_named(
    file: Path, source: bytes, lines: list[str]
) -> None:
    file.write_bytes(source)
    result = confkit("set-timeout", "10", "-c", str(file))
    assert result.code == 3
    assert f"{file}:{lines[0]}: " in result.err
    assert ", ".join(lines) in result.err
    assert file.read_bytes() == source


def test_a_commented_out_entry_that_a_public_reader_takes_is_a_warning_with_reader_and_line(file: Path) -> None:
    file.write_bytes(PLAIN.replace(b"   statusTimeout", b"   # statusTimeout = 7;\n   statusTimeout"))
    result = confkit("set-timeout", "10", "-c", str(file))
    assert result.code == 0
    assert "luna_getprop reads statusTimeout as '7' on line 3" in result.err
    assert "pkcs11_luna reads statusTimeout as '7' on line 3" in result.err
    assert "pycryptoki" not in result.err
    assert b"   # statusTimeout = 7;\n   statusTimeout = 10;\n" in file.read_bytes()


def test_the_file_is_found_through_the_environment_and_in_a_folder(file: Path) -> None:
    assert confkit("set-timeout", "10", environment={"ChrystokiConfigurationPath": str(file.parent)}).code == 0
    assert confkit("set-timeout", "11", "-c", str(file.parent)).code == 0
    assert confkit("get", "HAConfiguration", "statusTimeout", "-c", str(file)).out == "11\n"


@pytest.mark.parametrize("what", ["absent", "empty folder", "dangling", "folder named so"])
def test_no_file_is_exit_code_3_with_advice(tmp_path: Path, what: str) -> None:
    path = tmp_path / "Chrystoki.conf"
    if what == "dangling":
        path.symlink_to(tmp_path / "gone")
    if what == "folder named so":
        (path / "Chrystoki.conf").mkdir(parents=True)
    result = confkit("set-timeout", "10", "-c", str(tmp_path if what == "empty folder" else path))
    assert result.code == 3
    assert result.out == ""
    assert len(result.err.splitlines()) == 1
    assert str(tmp_path) in result.err


def test_windows_form(tmp_path: Path) -> None:
    path = tmp_path / "crystoki.ini"
    path.write_bytes(b"[HAConfiguration]\r\nHAOnly=1\r\n")
    assert confkit("set-timeout", "10", "-c", str(tmp_path)).code == 0
    assert path.read_bytes() == b"[HAConfiguration]\r\nHAOnly=1\r\nstatusTimeout=10\r\n"
