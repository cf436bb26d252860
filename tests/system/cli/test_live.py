"""check, emulate and demo as a user runs them."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan
from testing.command import confkit
from testing.hostile import left_behind
from testing.programs import needs

FIELDS = ["version", "verdict", "reason", "advice", "started_at", "finished_at", "interrupted", "continuable"]
FIELDS += ["host", "config_path"]
FEW = ("--calls", "5", "--tolerate", "0.5")


@pytest.fixture(autouse=True)
def _compiler() -> None:
    needs("gcc")


def test_check_answers_in_text_json_and_for_nagios() -> None:
    with running_group(3, status_timeout=5, report_early=True) as group:
        environment = group.environment()
        text = confkit("check", *FEW, environment=environment)
        as_json = confkit("check", *FEW, "--format", "json", environment=environment)
        nagios = confkit("check", *FEW, "--format", "nagios", "-c", group.config_path)
    assert (text.code, "calls at statusTimeout" in text.err, nagios.err) == (0, True, "")
    assert "SUFFICIENT: 0 of 5 calls exceeded 5 s" in text.out
    assert text.out.endswith("Nothing to do.\n")
    assert re.search(r"<- T/1\.2 = 4\.17$", text.out, re.MULTILINE)
    seen = json.loads(as_json.out)
    assert list(seen)[: len(FIELDS)] == FIELDS
    assert seen["version"] == 2
    assert [(run["purpose"], run["calls"], run["return_codes"]) for run in seen["runs"]] == [("main", 5, {"CKR_OK": 5})]
    assert (seen["verdict"], seen["configured_seconds"], seen["configured_source"]) == ("sufficient", 5, "file")
    assert seen["group"] == {"label": group.label, "serial": group.serial, "slot": 0}
    assert [member["statuses"] for member in seen["members"]] == [{"CKR_OK": 5}] * 3
    assert seen["calls"] == {"planned": 5, "completed": 5, "exceeded": 0, "censored": 0, "settling": 0}
    assert seen["bound"]["further_calls_needed"] == 0
    assert (seen["library"]["path"], seen["library"]["layout"]) == (group.library, "serial20")
    assert nagios.code == 0
    assert re.fullmatch(r"LUNA HA OK - sufficient: [^|]+ \| ('[a-z0-9_]+'=[0-9.]+[s%]?;[0-9.;]* ?)+\n", nagios.out)


def test_a_member_that_is_down_is_exit_code_1_and_critical() -> None:
    plans = [MemberPlan(), MemberPlan(fault=Fault("refuse"))]
    with running_group(plans, second_ms=20, report_early=True) as group:
        text = confkit("check", *FEW, "-c", group.config_path)
        nagios = confkit("check", *FEW, "--format", "nagios", "-c", group.config_path)
    assert text.code == 1
    assert f"Bring back {group.members[1].serial}" in text.out
    assert (nagios.code, nagios.out.startswith("LUNA HA CRITICAL - member_down")) == (2, True)


@pytest.mark.parametrize("form", ["text", "json", "nagios"])
def test_an_unusable_library_is_exit_code_3_in_every_format(tmp_path: Path, form: str) -> None:
    (tmp_path / "Chrystoki.conf").write_text("Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n")
    result = confkit("check", "-c", str(tmp_path), "--format", form)
    assert result.code == 3
    assert "/no/such/lib.so" in result.out
    assert "unavailable" in result.out.lower()


@pytest.mark.parametrize(
    "arguments",
    [("--slot", "1", "--label", "x"), ("--tolerate", "0"), ("--confidence", "1"), ("--calls", "0"), ("--budget", "-1")],
)
def test_wrong_usage_of_check(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "Chrystoki.conf").write_text("")
    result = confkit("check", *arguments, "-c", str(tmp_path))
    assert (result.code, result.out) == (2, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_check_and_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    with running_group([MemberPlan(fault=Fault("hang"))], second_ms=1000, report_early=True) as group:
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        command = [sys.executable, "-m", "confkit", "check", *FEW, "-c", group.config_path]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 60
        while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.05)  # until the ceiling run has its private copy
        assert list(tmp_path.iterdir()) != []
        process.send_signal(number)
        output = process.communicate(timeout=30)[0]
        assert process.returncode == 130, output
        assert list(tmp_path.iterdir()) == []
        # a worker whose start the signal interrupted sees the pipe of its parent closed, and goes by itself
        assert left_behind(str(tmp_path), 20.0) == []  # it stands in the environment of each


def test_emulate_runs_a_command_with_the_group_and_returns_its_code() -> None:
    code = "import os, sys; print(os.listdir(os.environ['ChrystokiConfigurationPath'])); sys.exit(7)"
    result = confkit("emulate", "--members", "2", "--", sys.executable, "-c", code)
    assert result.code == 7
    assert "Chrystoki.conf" in result.out


def test_emulate_with_check_inside_finds_the_fault() -> None:
    command = (sys.executable, "-m", "confkit", "check", *FEW, "--budget", "40", "--format", "json")
    result = confkit(
        "emulate", "--report-early", "--latency", "20,30,40", "--fault", "1=status:CKR_DEVICE_MEMORY", "--", *command
    )
    seen = json.loads(result.out)
    assert (result.code, seen["verdict"]) == (1, "member_down")
    assert set(seen["members"][1]["statuses"]) == {"CKR_DEVICE_MEMORY"}


def test_emulate_accepts_the_old_option_with_a_note() -> None:
    result = confkit("emulate", "--wait-full-timeout", "--members", "1", "--", "true")
    assert (result.code, result.out) == (0, "")
    assert result.err == "confkit: note: --wait-full-timeout is the default now; the option will be removed\n"


def test_emulate_prints_the_line_to_source_and_runs_until_interrupted(tmp_path: Path) -> None:
    folder = tmp_path / "with space"
    command = [sys.executable, "-m", "confkit", "emulate", "--directory", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        script = f'{line}; ls "$ChrystokiConfigurationPath"'
        shown = subprocess.run(["bash", "-c", script], capture_output=True, check=True)
        process.send_signal(signal.SIGINT)
    assert shown.stdout == b"Chrystoki.conf\n"
    assert process.returncode == 0
    assert not (folder / "Chrystoki.conf").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--members", "0"), "1 to 32"),
        (("--members", "33"), "1 to 32"),
        (("--latency", "1,2"), "give one, or one for each"),
        (("--latency", "soon"), "soon"),
        (("--fault", "9=hang"), "the last of 3 members is 2"),
        (("--fault", "1=sleepy"), "hang"),
        (("--fault", "hang"), "MEMBER=FAULT"),
    ],
)
def test_wrong_usage_of_emulate(arguments: tuple[str, ...], message: str) -> None:
    result = confkit("emulate", *arguments, "--", "true")
    assert result.code == 2
    assert message in result.err


def test_emulate_with_a_command_that_does_not_exist() -> None:
    result = confkit("emulate", "--", "/no/such/command")
    assert result.code == 127
    assert "/no/such/command" in result.err


def test_demo_lints_checks_and_edits() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "confkit", "demo"], capture_output=True, text=True, check=False, timeout=180
    )
    assert (done.returncode, done.stderr) == (0, "")
    story = [
        "layout serial20",
        "$ confkit lint /",
        "0 errors, 0 warnings, 0 infos",
        "$ confkit check --quick -c /",
        "MEMBER_DOWN",
        "$ confkit check --quiet -c /",
    ]
    story += ["SUFFICIENT", "$ confkit set-timeout 5 --diff", "+   statusTimeout = 5;", "Done in"]
    places = [done.stdout.index(word) for word in story]
    assert places == sorted(places)
    assert "--confidence" not in done.stdout  # the statistics are those of every check


def test_demo_shows_one_bar_on_a_terminal_and_keeps_it_out_of_its_output() -> None:
    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "confkit", "demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal) as process:
        os.close(terminal)
        shown = read_terminal(master)
        assert process.stdout is not None
        report = process.stdout.read()
    assert process.returncode == 0
    assert "demo" in shown
    assert "━" in shown
    assert b"\x1b" not in report
    assert b"Done in" in report


def test_a_person_who_waits_sees_how_far_it_is() -> None:
    master, terminal = pty.openpty()
    with running_group([MemberPlan((300,))], report_early=True) as group:
        command = [sys.executable, "-m", "confkit", "check", *FEW, "-c", group.config_path]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal) as process:
            os.close(terminal)
            shown = read_terminal(master)
            assert process.stdout is not None
            report = process.stdout.read()
    assert process.returncode == 0
    assert "calls at statusTimeout" in shown
    assert b"\x1b" not in report


def read_terminal(master: int) -> str:
    """Return all that is written to a terminal until nobody has it open any more."""
    parts = []
    with os.fdopen(master, "rb", buffering=0) as screen:
        try:
            while part := screen.read(4096):
                parts.append(part)
        except OSError:  # EIO is how Linux says that the last writer has gone
            pass
    return b"".join(parts).decode("utf-8", "replace")


def test_a_monitor_gets_a_line_where_there_is_nothing_to_check(tmp_path: Path) -> None:
    for arguments in (("-c", str(tmp_path / "none")), ("--tolerate", "7", "-c", str(tmp_path))):
        done = confkit("check", "--format", "nagios", *arguments)
        assert (done.code, done.err) == (3, "")
        assert re.fullmatch(r"LUNA HA UNKNOWN - .+\n", done.out), done.out


def test_the_printed_command_names_the_file_that_the_environment_led_to() -> None:
    plans = [MemberPlan(), MemberPlan(fault=Fault("refuse"))]
    with running_group(plans, report_early=True) as group:
        done = confkit("check", *FEW, environment=group.environment())
    assert f"-c {group.config_path}" in done.out


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-"])
def test_a_check_works_where_a_standard_stream_is_closed(closed: str) -> None:
    command = f'exec "$0" -m confkit check --quick --quiet --format json -c "$1" {closed}'
    with running_group(2) as group:
        done = subprocess.run(
            ["sh", "-c", command, sys.executable, group.config_path], capture_output=True, check=False, timeout=60
        )
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (0, "sufficient"), done
