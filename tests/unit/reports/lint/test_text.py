from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.escape import escape
from confkit.core.redact import Redactor
from confkit.core.syntax import Edit
from confkit.lint.diagnostics import Fix
from confkit.lint.results import LintedFile, Summary, summary_line, summary_of
from confkit.reports.colour import coloured
from confkit.reports.lint import text
from testing.findings import UNREADABLE, hostile_bytes, hostile_text, linted, made, result_of
from testing.programs import unmeasured

if TYPE_CHECKING:
    pass

LONG = b"A" * 100 + b"BAD" + b"C" * 200


def lines_of(source: bytes, *place: int) -> list[str]:
    return text.of_file(result_of(source, made(*place))).splitlines()


def test_one_finding() -> None:
    fix = Fix("Add the `;`", safe=True, edits=(Edit(2, 22, 22, b";"),))
    finding = made(2, 18, 23, help="Every entry ends with `;`", fix=fix, code="CK101", severity="warning")
    assert text.of_file(result_of(b"REST = {\n   AppLogLevel = error\n}\n", finding)) == (
        "Chrystoki.conf:2:18: warning CK101 this is wrong\n"
        "  2 |    AppLogLevel = error\n"
        "    |                  ^^^^^\n"
        "    = help: Every entry ends with `;`\n"
        "    = fix: Add the `;`: confkit lint --fix Chrystoki.conf\n"
    )


def test_an_unsafe_fix_says_so() -> None:
    finding = made(fix=Fix("Remove it", safe=False, edits=()))
    assert text.of_file(result_of(b"x\n", finding)).endswith(
        "    = fix: Remove it (may change what the client does): confkit lint --fix --unsafe-fixes Chrystoki.conf\n"
    )


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("etc/Chrystoki.conf", "confkit lint --fix etc/Chrystoki.conf"),
        ("my files/a;b.conf", "confkit lint --fix 'my files/a;b.conf'"),
        ("--unsafe-fixes", "confkit lint --fix -- --unsafe-fixes"),
        ("<stdin>", "confkit lint --fix FILE"),
        ("<new>.conf", "confkit lint --fix '<new>.conf'"),
        ("a\nb.conf", "confkit lint --fix FILE"),
    ],
)
def test_the_command_of_a_fix_is_complete_and_quoted_for_a_shell(path: str, shown: str) -> None:
    finding = made(path=path, fix=Fix("Add it", safe=True, edits=()))
    assert text.of_file(result_of(b"x\n", finding)).endswith(f"    = fix: Add it: {shown}\n")


def test_nothing_found_is_nothing_said() -> None:
    assert text.of_file(result_of(b"Misc = {\n}\n")) == ""
    assert text.of_file(UNREADABLE) == ""


@pytest.mark.parametrize(
    ("source", "place", "shown", "mark"),
    [
        (b"abc = 1;", (1, 7, 8), "abc = 1;", "      ^"),
        (b"abc = 1;\r\n", (1, 9, 11), "abc = 1;", "        ^"),  # the line end
        (b"abc = 1;", (1, 9), "abc = 1;", "        ^"),  # nothing, at the end
        (b"\tabc = 1;", (1, 1, 2), "\\x09abc = 1;", "^^^^"),
        (b"\tabc\t= 1;", (1, 6, 7), "\\x09abc\\x09= 1;", "           ^"),
        ("né : é;".encode(), (1, 6, 7), "né : é;", "     ^"),
        ("日本 : 語;".encode(), (1, 6, 7), "日本 : 語;", "       ^^"),
        ("日本 : 語;".encode(), (1, 1, 3), "日本 : 語;", "^^^^"),
        ("ne\u0301 = 1;".encode(), (1, 7, 8), "ne\u0301 = 1;", "     ^"),
        ("\U0001f512 = 1;".encode(), (1, 5, 6), "\U0001f512 = 1;", "     ^"),
        (b"\xef\xbb\xbfabc = 1;", (1, 7, 8), "abc = 1;", "      ^"),
        (b"\xff\xfe = 1;", (1, 6, 7), "\\xff\\xfe = 1;", "           ^"),
        (b"a\x1b[31m = 1;", (1, 10, 11), "a\\x1b[31m = 1;", "            ^"),
        (b"a : ##[error]1;", (1, 14, 15), "a : #\\x23[error]1;", "                ^"),
        (LONG, (1, 101, 104), "..." + "A" * 40 + "BAD" + "C" * 77 + "...", " " * 43 + "^^^"),
        (LONG, (1, 1, 4), "A" * 100 + "BAD" + "C" * 17 + "...", "^^^"),
        (LONG, (1, 101, 303), "..." + "A" * 40 + "BAD" + "C" * 77 + "...", " " * 43 + "^" * 80),
        (LONG, (1, 304), "..." + "C" * 120, " " * 123 + "^"),
    ],
)
def test_the_mark_stands_under_the_span(source: bytes, place: tuple[int, ...], shown: str, mark: str) -> None:
    _, line, marks = lines_of(source, *place)
    assert (line.rstrip(), marks) == (f"  1 | {shown}", f"    | {mark}")


SECRET = "hunter2-hunter-2"  # 16 characters


@pytest.mark.parametrize(
    ("source", "place", "shown", "mark"),
    [
        (f"AuthTokenClientSecret = {SECRET};", (1, 22), "AuthTokenClientSecret = ********;", "^" * 21),
        (f"AuthTokenClientSecret = {SECRET};", (25, 41), "AuthTokenClientSecret = ********;", " " * 24 + "^" * 8),
        (f"AuthTokenClientSecret = {SECRET};", (29, 31), "AuthTokenClientSecret = ********;", " " * 24 + "^" * 8),
        (f"AuthTokenClientSecret = {SECRET};", (41, 42), "AuthTokenClientSecret = ********;", " " * 32 + "^"),
        (f"AuthTokenClientSecret = {SECRET};", (1, 42), "AuthTokenClientSecret = ********;", "^" * 33),
        (f"AuthTokenClientSecret = {SECRET}", (41, 41), "AuthTokenClientSecret = ********", " " * 32 + "^"),
        # what follows the secret is hidden with it
        (f"AuthTokenClientSecret = {SECRET}; // x", (43, 47), "AuthTokenClientSecret = ********;", " " * 24 + "^" * 9),
        (f"// AuthTokenClientSecret {SECRET} // x", (4, 25), "// AuthTokenClientSecret ********", "   " + "^" * 21),
        (f"CVAppSpecificData = **{SECRET}", (21, 39), "CVAppSpecificData = ********", " " * 20 + "^" * 8),
    ],
)
def test_a_masked_secret_does_not_move_the_mark(source: str, place: tuple[int, int], shown: str, mark: str) -> None:
    _, line, marks = lines_of(source.encode(), 1, *place)
    assert (line, marks) == (f"  1 | {shown}", f"    | {mark}")


def test_an_empty_file_has_no_line_to_show() -> None:
    assert lines_of(b"", 1, 1) == ["Chrystoki.conf:1:1: error CK199 this is wrong"]


def test_a_finding_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    finding = made(1, 3, 2, end_line=2)
    assert text.of_file(result_of(b"abcde\nx\n", finding)).splitlines()[2] == "    |   ^^^"


def test_the_gutter_holds_large_line_numbers() -> None:
    _, line, marks = lines_of(b"\n" * 12344 + b"x\n", 12345, 1, 2)
    assert (line, marks) == ("12345 | x", "      | ^")


def test_a_message_without_end_is_cut() -> None:
    first, *_ = text.of_file(result_of(b"x\n", made(message="x" * 10_000))).splitlines()
    assert len(first) < 600
    assert first.endswith("...")


def test_colour_marks_the_severity_and_nothing_else() -> None:
    result = result_of(b"x\n", made(1, 1, 2, severity="warning"))
    shown = text.of_file(result, coloured)
    assert "\x1b[33mwarning\x1b[0m" in shown
    assert "\x1b[33m^\x1b[0m" in shown
    assert shown.replace("\x1b[33m", "").replace("\x1b[0m", "") == text.of_file(result)


def test_the_summary_counts_what_is_not_suppressed() -> None:
    findings = tuple(made(severity=severity) for severity in ("error", "error", "warning", "info"))
    suppressed = ((made(), "known"),)
    results = [LintedFile("a", None, findings, suppressed), LintedFile("b", None, ()), UNREADABLE]
    assert summary_of(results) == Summary(files=3, errors=2, warnings=1, infos=1, failed=1, skipped=1)
    assert summary_line(summary_of(results)) == (
        "2 files: 2 errors, 1 warning, 1 info\n1 file skipped (see the error above)\n"
    )
    assert summary_line(Summary(1, 0, 0, 0)) == "1 file: 0 errors, 0 warnings, 0 infos\n"


def test_of_skipped_files_it_is_not_said_that_they_have_no_errors() -> None:
    assert summary_line(summary_of([UNREADABLE])) == "1 file skipped (see the error above)\n"
    assert summary_line(summary_of([UNREADABLE] * 2)) == "2 files skipped (see the errors above)\n"
    unfinished = result_of(b"x\n", made())._replace(error="more than 10 findings")
    assert summary_line(summary_of([unfinished])) == (
        "1 file: 1 error, 0 warnings, 0 infos\n1 file not linted or fixed completely (see the error above)\n"
    )


@given(hostile_bytes)
def test_the_text_over_the_marks_is_the_text_of_the_finding(source: bytes) -> None:
    for finding in linted(source).diagnostics:
        document = linted(source).document
        assert document is not None
        shown = text.of_file(result_of(source, finding)).splitlines()
        line = document.lines[finding.line - 1] if finding.line <= len(document.lines) else b""
        if not line.isascii() or len(line) > 120 or b"##" in line:
            continue
        content = line.decode().rstrip("\r\n")
        if content.lstrip().startswith("::") or Redactor(document.lines).hide_line(content) != content:
            continue
        wanted = escape(content[finding.column - 1 : finding.end_column - 1])
        start = len(escape(content[: finding.column - 1]))
        assert shown[2].index("^") == len("    | ") + start
        if wanted.strip():
            assert shown[1][shown[2].index("^") :].startswith(wanted.rstrip())
            assert shown[2].count("^") == len(wanted)


COMMANDS = {"error", "warning", "notice", "debug", "add-mask", "set-output", "group", "stop-commands"}


def is_workflow_command(line: str) -> bool:
    """How actions/runner recognises a command (ActionCommand.cs): :: at the start of a line, ##[ anywhere."""
    stripped = line.lstrip()
    second = stripped.find("::", 2)
    if stripped.startswith("::") and second > 0 and stripped[2:second].partition(" ")[0] in COMMANDS:
        return True
    first = line.find("##[")
    return first >= 0 and "]" in line[first:]


@given(hostile_bytes, hostile_text.filter(lambda path: "\ud800" not in path and "\x00" not in path))
def test_no_line_of_the_text_is_a_workflow_command(source: bytes, path: str) -> None:
    path = path or "Chrystoki.conf"
    for line in text.of_file(linted(source, path)).splitlines():
        assert not is_workflow_command(line)


@given(st.sampled_from(["::error::", " ::error::", "\u3000::error::x"]))
def test_a_file_named_like_a_command_is_shown_in_its_folder(path: str) -> None:
    assert text.of_file(LintedFile(path, None, (made(path=path),))).startswith(f"./{path}:1:1: ")


def test_the_text_is_made_without_the_slow_libraries() -> None:
    program = (
        "import sys, confkit.reports.lint.text, confkit.reports.colour, confkit.reports.lint.github;"
        "print({'rich', 'pydantic', 'asyncio', 'json', 'dataclasses', 'inspect', 'unicodedata'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=unmeasured())
    assert done.stdout == "set()\n"
