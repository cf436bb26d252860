"""Help, exit codes, and what is imported on the fast path."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from confkit.cli import main
from confkit.cli.application import VERBS
from testing.command import confkit
from testing.programs import unmeasured

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = {
    *("pydantic", "rich", "asyncio", "importlib.metadata", "multiprocessing", "tomllib", "ctypes", "dataclasses"),
    *("yaml", "confkit.lint.environment.manifests", "base64"),
}
SOURCE = b"HAConfiguration = {\n   HAOnly = 1;\n}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(SOURCE)
    return path


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str) -> None:
    result = confkit(verb, "--help")
    assert result.code == 0
    assert f"confkit {verb}" in result.out.split("Examples:")[1]


def test_help_lists_every_verb_and_no_arguments_show_it() -> None:
    result = confkit("--help")
    assert result.code == 0
    assert [verb for verb in VERBS if verb not in result.out] == []
    assert confkit("-h").out == result.out


def test_version() -> None:
    assert confkit("--version").out.startswith("confkit 0.")


@pytest.mark.parametrize(
    "arguments", [("no-such-verb",), ("get",), ("show", "--no-such-option"), ("show", "--format", "x")]
)
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    result = confkit(*arguments)
    assert result.code == 2
    assert result.err != ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("get", "HAConfiguration", "HAOnly"),
        ("set-timeout", "10"),
        ("set", "HAConfiguration", "HAOnly", "0"),
        ("lint",),
        ("lint", "--fix"),
    ],
)
def test_the_fast_path_imports_nothing_heavy(file: Path, arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom confkit.cli.main import main\n"
        "try:\n    main()\nfinally:\n    sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, "-c", str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=file.parent,  # away from our pyproject.toml, which lint would read for its settings
        env=unmeasured(),
    )
    assert done.returncode == 0
    assert HEAVY.intersection(done.stderr.split()) == set()


def test_a_bug_is_exit_code_4_with_a_block_to_paste_and_no_value(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_path: str) -> None:
        raise RuntimeError("hunter2")

    monkeypatch.setattr("confkit.cli.commands.get.read_document", broken)
    monkeypatch.setattr(sys, "argv", ["confkit", "get", "A", "b", "-c", str(file)])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 4
    shown = capsys.readouterr().err
    assert "confkit: internal error: RuntimeError. No file was left partially written." in shown
    assert "get.py" in shown
    assert "hunter2" not in shown


def test_a_library_that_this_installation_lacks_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_path: str) -> None:
        raise ImportError("libpthread.so.0: cannot open shared object file")

    monkeypatch.setattr("confkit.cli.commands.get.read_document", broken)
    monkeypatch.setattr(sys, "argv", ["confkit", "get", "A", "b", "-c", str(file)])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 4
    assert "\n  libpthread.so.0: cannot open shared object file\n" in capsys.readouterr().err


def test_an_interrupt_is_exit_code_130(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_path: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("confkit.cli.commands.get.read_document", interrupted)
    monkeypatch.setattr(sys, "argv", ["confkit", "get", "A", "b", "-c", str(file)])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 130


def test_a_reader_that_goes_away_is_no_bug(file: Path) -> None:
    command = f"{sys.executable} -m confkit show --format json -c {file} | head -c 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert "bug" not in done.stderr
