"""confkit lint: exit codes alike in every format, options, fixes, baseline, settings, standard input."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from confkit.cli import main
from confkit.reports.lint.formats import FORMATS
from testing.command import Result, confkit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Result]

CLEAN = b"CardReader = {\n   RemoteCommand = 1;\n}\n"
WARNING = b"CardReader = {\n   RemoteCommand = 1; // for a remote PED\n}\n"
ERROR = b"CardReader = {\n   RemoteCommand = 1\n}\n"
UNSAFE = b"LunaSA Client = {\n   HAOnly = 1;\n}\n"
SECRET = b"REST = {\n   AuthTokenClientSecret = hunter2-canary\n}\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ChrystokiConfigurationPath", raising=False)

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["confkit", "lint", *arguments])
        with pytest.raises(SystemExit) as ended:
            main.main()
        out, err = capfd.readouterr()
        return Result(int(str(ended.value.code)), out, err)

    return run


def files(folder: Path, **sources: bytes) -> None:
    for name, source in sources.items():
        (folder / f"{name}.conf").write_bytes(source)


@pytest.mark.parametrize("output", FORMATS)
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("clean.conf",), 0),
        (("warning.conf",), 0),
        (("warning.conf", "--fail-on", "warning"), 1),
        (("warning.conf", "--fail-on", "info"), 1),
        (("error.conf",), 1),
        (("clean.conf", "error.conf"), 1),
        (("nowhere.conf",), 3),
        (("error.conf", "nowhere.conf"), 3),
        (("nowhere.conf", "error.conf"), 3),
        (("empty-folder",), 3),
    ],
)
def test_exit_codes_are_alike_in_every_format(
    tmp_path: Path, run: Run, output: str, arguments: tuple[str, ...], code: int
) -> None:
    files(tmp_path, clean=CLEAN, warning=WARNING, error=ERROR)
    (tmp_path / "empty-folder").mkdir()
    assert run(*arguments, "--format", output).code == code


@pytest.mark.parametrize("output", FORMATS)
def test_one_bad_file_leaves_the_report_of_the_others_whole(tmp_path: Path, run: Run, output: str) -> None:
    files(tmp_path, error=ERROR)
    result = run("nowhere.conf", "error.conf", "--format", output)
    assert "CK101" in result.out
    assert "confkit: nowhere.conf: there is no such file." in result.err


def test_text_names_the_place_and_the_json_the_same(tmp_path: Path, run: Run) -> None:
    files(tmp_path, error=ERROR)
    shown = run("error.conf")
    assert shown.out.startswith("error.conf:2:21: error CK101 ")
    assert shown.out.endswith("1 file: 1 error, 0 warnings, 0 infos\n")
    assert shown.err == ""
    report = json.loads(run("error.conf", "--format", "json").out)
    assert report["summary"] == {"files": 1, "errors": 1, "warnings": 0, "infos": 0}
    (found,) = report["diagnostics"]
    assert (found["path"], found["line"], found["column"], found["code"]) == ("error.conf", 2, 21, "CK101")


def test_every_machine_format_is_what_its_name_says(tmp_path: Path, run: Run) -> None:
    files(tmp_path, error=ERROR)
    arguments = ("error.conf", "nowhere.conf", "--format")
    sarif = json.loads(run(*arguments, "sarif").out)["runs"][0]
    assert [each["ruleId"] for each in sarif["results"]] == ["CK101"]
    assert sarif["tool"]["driver"]["version"].startswith("0.")
    junit = ET.fromstring(run(*arguments, "junit").out)
    assert (junit.get("failures"), junit.get("errors")) == ("1", "1")
    assert [each["check_name"] for each in json.loads(run(*arguments, "gitlab").out)] == ["CK101", "not-linted"]
    assert run(*arguments, "github").out.startswith("::error file=error.conf,line=2,")


def test_without_a_path_the_file_is_found_as_elsewhere(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "Chrystoki.conf").write_bytes(ERROR)
    assert run("-c", "etc").out.startswith("etc/Chrystoki.conf:2:21: error")
    monkeypatch.setenv("ChrystokiConfigurationPath", str(folder))
    assert run().out.startswith("etc/Chrystoki.conf:2:21: error")
    monkeypatch.setenv("ChrystokiConfigurationPath", str(tmp_path / "nowhere"))
    assert run().code == 3


def test_standard_input_is_linted_under_the_name_it_is_given() -> None:
    assert confkit("lint", "-", stdin=CLEAN).code == 0
    unnamed = confkit("lint", "-", stdin=ERROR)
    assert unnamed.code == 1
    assert unnamed.out.startswith("<stdin>:2:21: error CK101")
    named = confkit("lint", "-", "--stdin-filename", "etc/crystoki.ini", stdin=CLEAN)
    assert named.out.startswith("etc/crystoki.ini:1:1: error CK144")  # the UNIX form in an .ini file
    empty = confkit("lint", "-", "--format", "json", stdin=b"")
    assert (empty.code, [each["code"] for each in json.loads(empty.out)["diagnostics"]]) == (1, ["CK161"])


def test_select_and_ignore_take_codes_and_families(tmp_path: Path, run: Run) -> None:
    files(tmp_path, both=ERROR + b"Chrystoki3 = {\n   A = 1;\n}\n")

    def found(*arguments: str) -> list[str]:
        report = json.loads(run("both.conf", "--format", "json", *arguments).out)
        return [each["code"] for each in report["diagnostics"]]

    assert found() == ["CK101", "CK201"]
    assert found("--select", "CK2") == ["CK201"]
    assert found("--select", "ck101, CK3") == ["CK101"]
    assert found("--ignore", "CK1", "--ignore", "CK201") == []
    assert found("--select", "CK201", "--ignore", "CK2") == ["CK201"]
    assert found("--ignore", "CK", "--select", "CK1") == ["CK101"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--select", "CK999"), "--select: there is no rule CK999"),
        (("--ignore", "CK1001"), "--ignore: there is no rule CK1001; did you mean CK101?"),
        (("--select", "CK101,"), "--select: a code is empty"),
        (("--select", "CK101", "--ignore", "CK101"), "no rule is left to run"),
        (("--unsafe-fixes",), "Add --fix"),
        (("--diff", "--format", "json"), "--diff prints text"),
        (("--fix", "--write-baseline", "b.json"), "Fix first"),
        (("-c", "clean.conf"), "-c and PATH both"),
        (("-", "--fix"), "standard input cannot be fixed"),
        (("--format", "xml"), "xml"),
        (("--fail-on", "never"), "never"),
        (("--baseline", "clean.conf"), "clean.conf: this is not a baseline"),
    ],
)
def test_wrong_usage_is_exit_code_2(tmp_path: Path, run: Run, arguments: tuple[str, ...], said: str) -> None:
    files(tmp_path, clean=CLEAN)
    result = run("clean.conf", *arguments)
    assert result.code == 2
    assert said in result.err
    assert result.out == ""


def test_fix_writes_what_is_safe_and_says_so(tmp_path: Path, run: Run) -> None:
    files(tmp_path, error=ERROR, unsafe=UNSAFE)
    (tmp_path / "error.conf").chmod(0o640)
    result = run(".", "--fix")
    assert (tmp_path / "error.conf").read_bytes() == CLEAN
    assert (tmp_path / "error.conf").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "unsafe.conf").read_bytes() == UNSAFE
    assert result.err == "confkit: error.conf: fixed CK101\n"
    assert result.code == 1, "what is left is reported"
    assert "unsafe.conf:2:4: error CK205" in result.out
    assert run("unsafe.conf", "--fix", "--unsafe-fixes").err == "confkit: unsafe.conf: fixed CK205\n"
    assert b"HAConfiguration" in (tmp_path / "unsafe.conf").read_bytes()
    again = run("error.conf", "--fix")
    assert (again.code, again.err) == (0, "")


def test_diff_shows_what_fix_would_do_and_writes_only_beside_fix(tmp_path: Path, run: Run) -> None:
    files(tmp_path, error=ERROR)
    shown = run("error.conf", "--diff")
    assert "-   RemoteCommand = 1\n+   RemoteCommand = 1;\n" in shown.out
    assert (tmp_path / "error.conf").read_bytes() == ERROR
    assert (shown.code, "CK101" in shown.out) == (1, True)
    both = run("error.conf", "--diff", "--fix")
    assert "+   RemoteCommand = 1;\n" in both.out
    assert both.code == 0
    assert (tmp_path / "error.conf").read_bytes() == CLEAN
    assert run("error.conf", "--diff").out == "1 file: 0 errors, 0 warnings, 0 infos\n"


@pytest.mark.parametrize("arguments", [("--diff",), ("--diff", "--fix"), *(("--format", output) for output in FORMATS)])
def test_no_secret_is_printed(tmp_path: Path, run: Run, arguments: tuple[str, ...]) -> None:
    files(tmp_path, secret=SECRET)
    result = run("secret.conf", *arguments)
    assert "CK501" in result.out
    assert "canary" not in result.out + result.err


def test_a_file_that_cannot_be_fixed_is_reported_and_the_others_are_fixed(tmp_path: Path, run: Run) -> None:
    files(tmp_path, linked=ERROR, other=ERROR)
    os.link(tmp_path / "linked.conf", tmp_path / "second-name.txt")
    result = run(".", "--fix")
    assert result.code == 3
    assert "confkit: linked.conf: not fixed: the file has 2 hard links" in result.err
    assert "linked.conf:2:21: error CK101" in result.out
    assert (tmp_path / "linked.conf").read_bytes() == ERROR
    assert (tmp_path / "other.conf").read_bytes() == CLEAN


def test_a_fix_goes_through_a_link_to_the_file_behind_it(tmp_path: Path, run: Run) -> None:
    files(tmp_path, error=ERROR)
    (tmp_path / "Chrystoki.conf").symlink_to("error.conf")
    assert run("Chrystoki.conf", "--fix").code == 0
    assert (tmp_path / "Chrystoki.conf").is_symlink()
    assert (tmp_path / "error.conf").read_bytes() == CLEAN


def test_what_the_settings_ignore_is_not_fixed(tmp_path: Path, run: Run) -> None:
    files(tmp_path, error=ERROR)
    (tmp_path / "confkit.toml").write_text('[[per-file-ignores]]\npath = "error.conf"\ncodes = ["CK1"]\nreason = "x"\n')
    assert run("error.conf", "--fix").code == 0
    assert (tmp_path / "error.conf").read_bytes() == ERROR


def test_settings_are_found_upward_and_the_command_line_wins(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(tmp_path, warning=WARNING)
    (tmp_path / "confkit.toml").write_text('fail-on = "warning"\n')
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert run("../warning.conf").code == 1
    assert run("../warning.conf", "--fail-on", "error").code == 0
    (tmp_path / "other.toml").write_text('ignore = ["CK1"]\nfail-on = "info"\n')
    assert run("../warning.conf", "--settings", "../other.toml").code == 0
    assert run("../warning.conf", "--settings", "../other.toml", "--ignore", "CK2").code == 1
    assert run("../warning.conf", "--settings", "../nowhere.toml").code == 3


def test_ignored_findings_do_not_count_and_keep_their_reason(tmp_path: Path, run: Run) -> None:
    files(tmp_path, error=ERROR)
    ignore = '[[per-file-ignores]]\npath = "*.conf"\ncodes = ["CK101"]\nreason = "as the vendor ships it"\n'
    (tmp_path / "confkit.toml").write_text(ignore)
    assert run("error.conf").out == "1 file: 0 errors, 0 warnings, 0 infos\n"
    sarif = run("error.conf", "--format", "sarif")
    assert sarif.code == 0
    (found,) = json.loads(sarif.out)["runs"][0]["results"]
    assert found["suppressions"][0]["justification"] == "as the vendor ships it"


@pytest.mark.parametrize("output", FORMATS)
def test_ignores_that_ignore_nothing_are_named(tmp_path: Path, run: Run, output: str) -> None:
    files(tmp_path, clean=CLEAN)
    ignore = '[[per-file-ignores]]\npath = "{}"\ncodes = ["CK101", "CK3"]\nreason = "x"\n'
    (tmp_path / "confkit.toml").write_text(ignore.format("clean.conf") + ignore.format("gone.conf"))
    one_file = run("clean.conf", "--format", output)
    warning = f"confkit: warning: {tmp_path}/confkit.toml: the ignore"
    assert one_file.err.splitlines() == [
        f"{warning} of CK101 for clean.conf ignored nothing. Remove it",
        f"{warning} of CK3 for clean.conf ignored nothing. Remove it",
    ]
    assert one_file.code == 0
    folder = run(".", "--select", "CK2", "--format", output)
    assert folder.err == f"{warning} for gone.conf fits no file. Remove it\n"


def test_with_a_baseline_only_new_findings_count(tmp_path: Path, run: Run) -> None:
    files(tmp_path, error=ERROR, clean=CLEAN)
    listed = run(".", "--write-baseline", "baseline.json")
    assert (listed.code, listed.out, listed.err) == (0, "baseline.json: 1 findings listed\n", "")
    assert run(".", "--baseline", "baseline.json").code == 0
    (tmp_path / "error.conf").write_bytes(b"# a line more\n\n" + ERROR)
    assert run(".", "--baseline", "baseline.json").code == 0
    (tmp_path / "error.conf").write_bytes(ERROR + b"Misc = {\n   PE1746Enabled = 0\n}\n")
    news = run(".", "--baseline", "baseline.json")
    assert news.code == 1
    assert "PE1746Enabled has no `;`" in news.out
    assert "RemoteCommand" not in news.out
    (tmp_path / "error.conf").write_bytes(CLEAN)
    done = run(".", "--baseline", "baseline.json")
    assert (done.code, done.err) == (
        0,
        "confkit: warning: baseline.json: stale: CK101 in error.conf. Write it anew with --write-baseline\n",
    )
    assert run(".", "--baseline", "baseline.json", "--select", "CK2").err == ""
    assert run("clean.conf", "--baseline", "baseline.json").err == "", "the other file was not looked at"


def test_a_baseline_is_not_written_when_a_file_cannot_be_linted(tmp_path: Path, run: Run) -> None:
    files(tmp_path, error=ERROR)
    result = run("error.conf", "nowhere.conf", "--write-baseline", "baseline.json")
    assert result.code == 3
    assert "confkit: baseline.json: not written" in result.err
    assert not (tmp_path / "baseline.json").exists()
    assert run("error.conf", "--baseline", "nowhere.json").code == 3


def test_many_files_give_the_same_in_worker_processes(tmp_path: Path, run: Run) -> None:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one processor: no worker is started")
    folder = tmp_path / "fleet"
    for number in range(240):
        (folder / f"{number:03}").mkdir(parents=True)
        source = [CLEAN, WARNING, ERROR, b"\0"][number % 4]
        (folder / f"{number:03}" / "Chrystoki.conf").write_bytes(source)
    (folder / "100" / "Chrystoki.conf").unlink()
    os.mkfifo(folder / "100" / "Chrystoki.conf")
    together = run("fleet", "--format", "json")
    assert together.code == 3
    assert "fleet/100/Chrystoki.conf: this is a FIFO" in together.err
    parts = [
        json.loads(run(f"fleet/{part}", "--format", "json").out)["diagnostics"] for part in sorted(os.listdir(folder))
    ]
    assert json.loads(together.out)["diagnostics"] == [found for part in parts for found in part]
    assert run("fleet", "--fix", "--ignore", "CK15").code == 3
    assert (folder / "002" / "Chrystoki.conf").read_bytes() == CLEAN


def test_many_files_show_a_progress_bar_on_a_terminal(tmp_path: Path) -> None:
    for number in range(201):
        (tmp_path / f"{number}.conf").write_bytes(CLEAN)
    terminal, other_end = os.openpty()
    command = [sys.executable, "-m", "confkit", "lint", str(tmp_path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=other_end, check=False, timeout=60)
    os.close(other_end)
    with io.FileIO(terminal) as file:
        shown = b""
        try:
            while part := file.read(1 << 16):
                shown += part
        except OSError:
            pass  # what a terminal says at its end
    assert b"linting" in shown
    assert (done.returncode, done.stdout) == (0, b"201 files: 0 errors, 0 warnings, 0 infos\n")
    quiet = confkit("lint", str(tmp_path))
    assert (quiet.code, quiet.err) == (0, "")


def test_a_link_out_of_the_searched_directory_is_neither_quoted_nor_fixed(tmp_path: Path, run: Run) -> None:
    """What a hostile repository may commit: a link to the checkout's own credentials, or to a file of somebody else."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text('[http]\n\textraheader = "AUTHORIZATION: basic dG9rZW4tY2FuYXJ5"\n')
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "Chrystoki.conf").write_bytes(ERROR)
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "Chrystoki.conf").symlink_to("../.git/config")
    (repository / "luna.conf").symlink_to("../other/Chrystoki.conf")
    files(repository, own=ERROR)
    for output in FORMATS:
        result = run("repository", "--format", output)
        assert "dG9rZW4tY2FuYXJ5" not in result.out + result.err
        assert "this and 1 more is a link out of the directory that was searched, and was skipped" in result.err
    assert "fixed CK101" in run("repository", "--fix", "--unsafe-fixes").err
    assert (tmp_path / "other" / "Chrystoki.conf").read_bytes() == ERROR
    assert "dG9rZW4tY2FuYXJ5" not in run(".", "--unsafe-fixes", "--diff").out, "with .git below what is searched"


def test_a_link_that_was_found_is_linted_and_not_fixed(tmp_path: Path, run: Run) -> None:
    (tmp_path / "luna.txt").write_bytes(ERROR)
    (tmp_path / "Chrystoki.conf").symlink_to("luna.txt")
    result = run(".", "--fix")
    assert (result.code, "CK101" in result.out) == (3, True)
    assert "Chrystoki.conf: not fixed: this is a link, which was found and not named." in result.err
    assert (tmp_path / "luna.txt").read_bytes() == ERROR
    assert run("Chrystoki.conf", "--fix").code == 0
    assert (tmp_path / "luna.txt").read_bytes() != ERROR


def test_a_file_that_is_not_a_baseline_is_not_replaced(tmp_path: Path, run: Run) -> None:
    files(tmp_path, error=ERROR)
    result = run("error.conf", "--write-baseline", "error.conf")
    assert (result.code, result.out) == (2, "")
    assert "this exists and is not a baseline, so it is not replaced" in result.err
    assert (tmp_path / "error.conf").read_bytes() == ERROR


def test_a_file_that_does_not_exist_has_no_0_errors(run: Run) -> None:
    result = run("nosuch")
    assert (result.code, result.out) == (3, "1 file skipped (see the error above)\n")
    assert "nosuch: there is no such file" in result.err


def test_colour_by_option_and_by_variable(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    files(tmp_path, error=ERROR)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    assert "\x1b[" not in run("error.conf").out
    assert "\x1b[31merror\x1b[0m" in run("error.conf", "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31merror\x1b[0m" in run("error.conf").out
    assert "\x1b[" not in run("error.conf", "--color", "never").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("error.conf").out
    assert run("error.conf", "--color", "blue").code == 2


def test_the_version_of_the_client_is_an_option_and_a_setting(tmp_path: Path, run: Run) -> None:
    files(tmp_path, a=b"HAConfiguration = {\n   statusTimeout = 10;\n}\n")
    asked = run(".", "--client-version", "10.4", "--fail-on", "warning")
    assert (asked.code, "client 10.4 does not have statusTimeout, which came with 10.7.0" in asked.out) == (1, True)
    assert run(".", "--client-version", "10.7.1", "--fail-on", "warning").code == 0
    (tmp_path / "confkit.toml").write_text('client-version = "10.4"\n')
    assert run(".", "--fail-on", "warning").code == 1
    wrong = run(".", "--client-version", "ten")
    assert (wrong.code, wrong.err) == (
        2,
        "confkit: client-version: ten is not a client version. Write it as 10.4 or 10.7.2\n",
    )


@pytest.mark.parametrize("output", FORMATS)
def test_of_a_file_without_a_known_section_nothing_is_quoted(tmp_path: Path, run: Run, output: str) -> None:
    """It is most likely the file of another program, and may be all secrets."""
    (tmp_path / "Chrystoki.conf").write_text(
        '[http "https://token-canary@example.org"]\n\textraheader = basic-canary\ncanary-line\n[Canary]\n\tx = canary = {\n'
    )
    for options in ((), ("--fix",), ("--fix", "--unsafe-fixes"), ("-c", ".")):
        result = run(*(("Chrystoki.conf",) if options != ("-c", ".") else ()), *options, "--format", output)
        assert result.code == 1
        assert "canary" not in (result.out + result.err).lower()
    assert "canary" in (tmp_path / "Chrystoki.conf").read_text(), "nor is it changed"
