"""Whatever is at a path: a clear message, the right exit code, and the other files are linted all the same."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from confkit.core.errors import FileError
from confkit.core.storage.reader import MAX_CONFIGURATION
from confkit.core.syntax import Edit, parse
from confkit.lint import inputs
from confkit.lint.diagnostics import Finding, Fix
from confkit.lint.discover import Target
from confkit.lint.inputs import MAX_LINES, read_file, read_stream
from confkit.lint.lint_file import LintOptions, lint_source, lint_target
from confkit.lint.linter import MAX_FINDINGS
from confkit.lint.results import LintedFile
from confkit.lint.rule import Rule
from confkit.lint.rules import RULES
from confkit.lint.settings.ignores import Ignore, Ignores
from testing.command import confkit
from testing.configuration_files import any_bytes
from testing.programs import needs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.lint_file import Fixing

ERROR = b"CardReader = {\n   RemoteCommand = 1\n}\n"
CARD_READER = b"CardReader = {\n}\n"
NO_IGNORES = Ignores("/", ())
PLAN = LintOptions(RULES, NO_IGNORES)


def each_line(context: LintContext) -> Iterator[Finding]:
    """Finds every line that is not empty, and empties it."""
    for number, line in enumerate(context.document.lines, 1):
        if line.strip():
            yield Finding(
                "a line", number, 0, 1, fix=Fix("Empty it", safe=True, edits=(Edit(number, 0, len(line), b"\n"),))
            )


EACH_LINE = Rule("CK199", "each-line", "info", each_line)


def why_not(path: Path) -> str:
    with pytest.raises(FileError) as raised:
        read_file(str(path))
    return raised.value.message


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("nothing", "there is no such file."),
        ("dangling", "the link leads to"),
        ("circle", "the symbolic links lead in a circle."),
        ("folder", "this is a directory."),
        ("fifo", "this is a FIFO, a socket or a device."),
        ("device", "this is a FIFO, a socket or a device."),
        ("below a file", "a part of the path is not a directory."),
        ("large", "it has more than 64 MiB"),
    ],
)
def test_what_is_no_file_to_lint_is_said(tmp_path: Path, kind: str, said: str) -> None:
    path = tmp_path / "Chrystoki.conf"
    match kind:
        case "dangling":
            path.symlink_to("nowhere")
        case "circle":
            path.symlink_to("Chrystoki.conf")
        case "folder":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "below a file":
            (tmp_path / "file").touch()
            path = tmp_path / "file" / "Chrystoki.conf"
        case "large":
            path.touch()
            os.truncate(path, MAX_CONFIGURATION + 1)
    assert why_not(path).startswith(said)


def test_a_fifo_is_never_opened(tmp_path: Path) -> None:
    """A writer that waits for a reader would be let go if this opened the other end."""
    path = tmp_path / "Chrystoki.conf"
    os.mkfifo(path)
    with subprocess.Popen(["sh", "-c", 'echo open >"$1"', "sh", str(path)]) as writer:
        assert confkit("lint", str(path), str(tmp_path)).code == 3
        assert writer.poll() is None
        assert path.read_text() == "open\n", "it was still waiting, and for us"
        assert writer.wait(timeout=60) == 0


def test_lines_without_end_are_refused_however_they_end(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    for end in (b"\n", b"\r", b"\r\n"):
        path.write_bytes(end * MAX_LINES)
        assert len(read_file(str(path))) == MAX_LINES * len(end)
        path.write_bytes(end * (MAX_LINES + 1))
        assert (
            why_not(path)
            == f"it has more than {MAX_LINES} lines. Leave it out: it is not a configuration file of the client."
        )


def test_an_endless_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MAX_CONFIGURATION", 10)
    assert read_stream(io.BytesIO(b"x" * 10), "<stdin>") == b"x" * 10
    with pytest.raises(FileError, match="it has more than"), open("/dev/zero", "rb") as endless:
        read_stream(endless, "<stdin>")


def test_a_standard_input_that_cannot_be_read_is_said() -> None:
    with open(os.devnull, "wb") as for_writing:
        command = [sys.executable, "-m", "confkit", "lint", "-"]
        done = subprocess.run(command, stdin=for_writing, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.splitlines()) == (
        3,
        [
            "1 file skipped (see the error above)",
        ],
    )
    assert done.stderr == "confkit: <stdin>: it cannot be read (Bad file descriptor). Fix this and try again.\n"


@given(any_bytes)
def test_any_bytes_are_linted_without_an_error(source: bytes) -> None:
    linted = lint_source("Chrystoki.conf", source, PLAN)
    assert linted.error is None
    assert linted.document is not None
    for each in linted.diagnostics:
        assert 1 <= each.line <= max(1, len(parse(source).lines))


def fixed(source: bytes, rule: Rule, fix: Fixing) -> LintedFile:
    return lint_source("Chrystoki.conf", source, LintOptions((rule,), NO_IGNORES, fix))


def test_findings_without_end_are_cut_off_and_that_is_an_error() -> None:
    most = fixed(b"x\n" * MAX_FINDINGS, EACH_LINE, "no")
    assert (len(most.diagnostics), most.error) == (MAX_FINDINGS, None)
    more = fixed(b"x\n" * MAX_FINDINGS * 2, EACH_LINE, "show")
    assert len(more.diagnostics) == MAX_FINDINGS + 1
    assert more.error == ("more than 1000 findings of CK199; the rest is neither reported nor fixed. Fix these first.")
    assert more.fixed is None


def test_findings_of_many_rules_are_no_such_error() -> None:
    rules = tuple(EACH_LINE._replace(code=f"CK10{number}") for number in range(3))
    linted = lint_source("Chrystoki.conf", CARD_READER + b"x\n" * 500, LintOptions(rules, NO_IGNORES))
    assert (len(linted.diagnostics), linted.error) == (3 * 502, None)


def test_ignored_findings_without_end_are_no_error() -> None:
    ignores = Ignores(os.getcwd(), (Ignore("*", ("CK1",), "x"),))
    linted = lint_source("Chrystoki.conf", b"x\n" * MAX_FINDINGS * 2, LintOptions((EACH_LINE,), ignores))
    assert (linted.diagnostics, linted.error) == ((), None)


def test_showing_a_fix_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(CARD_READER)
    shown = lint_target(Target(str(path)), LintOptions((EACH_LINE,), NO_IGNORES, "show"))
    assert shown.fixed
    assert (shown.fixed.before, shown.fixed.after, shown.fixed.codes) == (CARD_READER, b"\n\n", ("CK199", "CK199"))
    assert path.read_bytes() == CARD_READER


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        (b"".join(b"Section%05d = {\n   A = 1;\n}\n" % number for number in range(10_000)), {"CK201"}),
        (b"Misc = {\n" + b"".join(b"   E%06d = 1;\n" % number for number in range(20_000)) + b"}\n", {"CK202"}),
        (b"Misc = {\n   ToolsDir = /" + b"x" * 5_000_000 + b";\n}\n", {"CK154"}),
    ],
    ids=["ten thousand sections", "a section of twenty thousand entries", "a line of 5 MB"],
)
def test_large_files_are_linted_to_their_end(source: bytes, codes: set[str]) -> None:
    linted = lint_source("Chrystoki.conf", source, PLAN)
    assert codes <= {each.code for each in linted.diagnostics}
    assert len(linted.diagnostics) <= MAX_FINDINGS + 10


def test_bad_files_of_every_kind_and_a_good_one_among_them(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").write_bytes(ERROR)
    os.mkfifo(tmp_path / "crystoki.ini")
    (tmp_path / "chrystoki.ini").symlink_to("nowhere")
    (tmp_path / "CRYSTOKI.INI").write_bytes(bytes(range(256)) * 100)
    (tmp_path / "large").mkdir()
    (tmp_path / "large" / "Chrystoki.conf").touch()
    os.truncate(tmp_path / "large" / "Chrystoki.conf", 100 << 20)
    result = confkit("lint", str(tmp_path))
    assert result.code == 3
    assert f"{tmp_path}/Chrystoki.conf:2:21: error CK101" in result.out
    assert f"{tmp_path}/CRYSTOKI.INI:1:" in result.out
    reasons = {
        line.split(": ")[1].removeprefix(f"{tmp_path}/"): line.split(": ")[2] for line in result.err.splitlines()
    }
    assert {name: reason.split(",")[0] for name, reason in reasons.items()} == {
        "chrystoki.ini": f"the link leads to {tmp_path}/nowhere",
        "crystoki.ini": "this is a FIFO",
        "large/Chrystoki.conf": "it has more than 64 MiB. Name another file",
    }


def test_what_a_person_may_not_read(tmp_path: Path) -> None:
    """As root without its capabilities, or as anybody else."""
    needs("setpriv")
    for name in ("good", "locked", "unseen"):
        (tmp_path / name).mkdir()
    (tmp_path / "good" / "Chrystoki.conf").write_bytes(ERROR)
    (tmp_path / "good" / "crystoki.ini").touch(0o000)
    (tmp_path / "unseen" / "other.conf").touch(0o000)
    (tmp_path / "locked").chmod(0o000)
    bound = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    command = [*bound, sys.executable, "-m", "confkit", "lint"]
    done = subprocess.run([*command, "."], capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)
    (tmp_path / "confkit.toml").touch(0o000)
    unreadable = subprocess.run(
        [*command, "good"], capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path
    )
    (tmp_path / "locked").chmod(0o700)
    assert done.returncode == 3
    assert done.stdout.startswith("good/Chrystoki.conf:2:21: error CK101")
    assert done.stderr.splitlines() == [
        "confkit: good/crystoki.ini: there is no permission to read the file. Run this as its owner or as root.",
        "confkit: locked: this directory cannot be searched (Permission denied). Fix this, or name its files.",
        "confkit: warning: unseen/other.conf: this cannot be read, so it is not known whether it is a configuration. Name it if it is",
    ]
    assert (unreadable.returncode, unreadable.stdout) == (3, "")
    assert unreadable.stderr == (
        f"confkit: {tmp_path}/confkit.toml: there is no permission to read the file. Run this as its owner or as root.\n"
    )


HOSTILE = "\x1b[2J\n::error::forged\r\x9b"


@pytest.mark.parametrize("output", ["text", "json", "sarif", "junit", "github", "gitlab"])
def test_names_with_control_characters_come_out_escaped(tmp_path: Path, output: str) -> None:
    name = HOSTILE + ".conf"
    (tmp_path / name).write_bytes(b"A\x1b]0;x\x07 = {\n   B\x9b\x00 = \x1b[2J\n}\n")
    confkit_toml = '[[per-file-ignores]]\npath = "nothing\\u001b[2J"\ncodes = ["CK1"]\nreason = "x"\n'
    (tmp_path / "confkit.toml").write_text(confkit_toml)
    result = confkit("lint", str(tmp_path / name), "--settings", str(tmp_path / "confkit.toml"), "--format", output)
    missing = confkit("lint", str(tmp_path / (HOSTILE + "nowhere")), "--format", output)
    assert (result.code, missing.code) == (1, 3)
    for said in (result.out, result.err, missing.out, missing.err):
        assert [each for each in said if each != "\n" and (ord(each) < 0x20 or 0x7F <= ord(each) < 0xA0)] == []
        assert "\n::error::forged" not in said


def lint_into(redirection: str, folder: Path | str) -> tuple[int, str]:
    """Run the command by a shell, with its standard output where the redirection leads."""
    command = f'"$1" -m confkit lint "$2" {redirection}'
    arguments = ["bash", "-c", command, "bash", sys.executable, str(folder)]
    done = subprocess.run(arguments, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    return done.returncode, done.stderr


def test_a_report_that_cannot_be_written_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").write_bytes(b"CardReader = {\n   RemoteCommand = 1;\n}\n")
    assert lint_into(">/dev/null", tmp_path) == (0, "")
    assert lint_into(">&-", tmp_path) == (
        3,
        "confkit: standard output is closed, so nobody can read the report. Give it a file or a terminal\n",
    )
    assert lint_into(">/dev/full", tmp_path) == (
        3,
        "confkit: standard output cannot be written (No space left on device). Make room, or write elsewhere\n",
    )


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    source = b"Misc = {\n" + b"".join(b"   E%06d = 1;\n" % number for number in range(900)) + b"}\n"
    (tmp_path / "Chrystoki.conf").write_bytes(source)
    code, error = lint_into("| head -c 1 >/dev/null; exit ${PIPESTATUS[0]}", tmp_path)
    assert (code, error) == (141, "")


def test_a_closed_standard_input_is_said() -> None:
    code, error = lint_into("<&- >/dev/null", "-")
    assert (code, error) == (3, "confkit: <stdin>: standard input is closed. Name a file.\n")


def test_a_current_folder_that_was_removed_is_said(tmp_path: Path) -> None:
    command = 'cd "$2" && rmdir "$2" && "$1" -m confkit lint /nowhere.conf'
    arguments = ["bash", "-c", command, "bash", sys.executable, str(tmp_path)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (3, "")
    assert "the current directory does not exist any more" in done.stderr
