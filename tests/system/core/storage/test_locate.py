"""Find the configuration file as the client does."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confkit.core.storage import locate
from confkit.core.storage.locate import find
from testing.storage_child import as_somebody, open_to_all
from testing.storage_refusals import FILE_NAMES, refusal

OLD = b"HAConfiguration = {\n   statusTimeout = 3;\n}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(OLD)
    path.chmod(0o640)
    return path


@pytest.mark.parametrize("name", ["Chrystoki.conf", "crystoki.ini", "crystoki.conf", "CHRYSTOKI.INI", "cRyStOkI.iNi"])
def test_find_knows_every_documented_name_in_any_letter_case(tmp_path: Path, name: str) -> None:
    for other in (name, "Chrystoki.conf.bak", "old-crystoki.ini", "cert"):
        (tmp_path / other).touch()
    assert find(str(tmp_path), {}) == str(tmp_path / name)
    assert find(None, {"ChrystokiConfigurationPath": f"{tmp_path}/"}) == str(tmp_path / name)


@given(names_there=st.sets(FILE_NAMES | st.sampled_from(["Chrystoki.conf", "crystoki.ini", "crystoki.conf"])))
@settings(max_examples=50)
def test_find_takes_the_one_file_that_has_such_a_name(names_there: set[str]) -> None:
    wanted = [name for name in names_there if name in {"Chrystoki.conf", "crystoki.ini", "crystoki.conf"}]
    with tempfile.TemporaryDirectory() as directory:
        for name in names_there:
            Path(directory, name).touch()
        if len(wanted) == 1:
            assert find(directory, {}) == os.path.join(directory, wanted[0])
        else:
            message = refusal(lambda: find(directory, {}))
            assert all(name in message for name in wanted)


def test_find_returns_a_file_that_was_given_whatever_the_environment_says(tmp_path: Path) -> None:
    assert find("no/such.conf", {"ChrystokiConfigurationPath": str(tmp_path)}) == "no/such.conf"


@pytest.mark.parametrize("environment", [{}, {"ChrystokiConfigurationPath": ""}])
def test_find_looks_in_etc_last(file: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    assert locate.DEFAULT_FILE == "/etc/Chrystoki.conf"
    monkeypatch.setattr(locate, "DEFAULT_FILE", str(file))
    assert find(None, environment) == str(file)
    file.unlink()
    message = refusal(lambda: find(None, environment))
    assert str(file) in message
    assert "ChrystokiConfigurationPath" in message
    assert "-c" in message


def test_find_says_which_of_two_files_it_cannot_choose_between(tmp_path: Path) -> None:
    for name in ("Chrystoki.conf", "crystoki.ini"):
        (tmp_path / name).touch()
    message = refusal(lambda: find(None, {"ChrystokiConfigurationPath": str(tmp_path)}))
    assert "Chrystoki.conf and crystoki.ini" in message
    assert "-c" in message


def test_find_in_a_directory_without_one_says_what_it_looked_for(tmp_path: Path) -> None:
    message = refusal(lambda: find(str(tmp_path), {}))
    assert message.startswith(str(tmp_path))
    assert "no Chrystoki.conf or crystoki.ini" in message


@pytest.mark.parametrize(
    ("wrong", "reason"), [("Chrystoki.conf", "Not a directory"), ("absent", "No such file"), ("a\0b", "null")]
)
def test_find_explains_a_variable_that_names_no_directory(file: Path, wrong: str, reason: str) -> None:
    message = refusal(lambda: find(None, {"ChrystokiConfigurationPath": f"{file.parent}/{wrong}"}))
    assert "ChrystokiConfigurationPath names it" in message
    assert reason in message


def test_find_explains_a_directory_that_may_not_be_listed() -> None:
    with open_to_all() as directory:
        directory.chmod(0o311)
        message = as_somebody(lambda: refusal(lambda: find(str(directory), {})))
        directory.chmod(0o755)
    assert "Permission denied" in message


def test_find_never_takes_an_empty_path_for_no_path() -> None:
    assert "empty" in refusal(lambda: find("", {}))
