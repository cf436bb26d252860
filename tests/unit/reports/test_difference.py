"""The unified diff of a fix."""

from __future__ import annotations

from hypothesis import example, given

from confkit.core.escape import escape_lines
from confkit.reports.difference import unified
from testing.findings import hostile_bytes, hostile_text
from testing.secrets import CANARY, files_with_a_secret


def test_a_line_that_changes() -> None:
    assert unified("a\x1b.conf", b"A = {\n   B = 1\n}\n", b"A = {\n   B = 1;\n}\n") == (
        "--- a\\x1b.conf\n+++ a\\x1b.conf (changed)\n@@ -1,3 +1,3 @@\n A = {\n-   B = 1\n+   B = 1;\n }\n"
    )


def test_line_ends_show_where_they_are_not_all_the_same() -> None:
    windows = unified("x", b"[A]\r\nB=1;\r\n", b"[A]\r\nB=1\r\n")
    assert windows.endswith(" [A]\n-B=1;\n+B=1\n")
    assert unified("x", b"A\r\nB\n", b"A\r\nB\r\n").endswith(" A\\x0d\n-B\n+B\\x0d\n")


def test_a_file_without_a_last_line_end() -> None:
    assert unified("x", b"A", b"A\nB").endswith(" A\n+B\n")


def test_a_very_long_file_is_not_compared() -> None:
    said = unified("x", b"a\n" * 20_000, b"b\n" * 20_000)
    assert said == "x has more than 10000 lines: the difference is not shown\n"


@given(hostile_bytes, hostile_bytes, hostile_text)
def test_no_control_character_comes_out(before: bytes, after: bytes, path: str) -> None:
    said = unified(path, before, after)
    assert escape_lines(said) == said
    assert bool(said) == (before != after) or before.splitlines() == after.splitlines()


@given(files_with_a_secret())
@example(f"AuthTokenClientSecret\n = {CANARY};\n".encode())
def test_no_secret_comes_out(source: bytes) -> None:
    assert CANARY not in unified("x", source, b"")
    assert CANARY not in unified("x", source, source + b"\nA = 1;\n")
