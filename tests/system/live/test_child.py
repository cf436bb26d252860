from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from confkit.live.child import Child
from testing.hostile import left_behind, processes_with

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def running(program: str, mark: str = "no mark") -> Iterator[Child]:
    child = Child([sys.executable, "-c", program], {**os.environ, "MARK": mark})
    try:
        yield child
    finally:
        child.kill()


def all_lines(child: Child) -> list[bytes]:
    """Give every line until the child has closed."""
    lines = []
    while not child.closed:
        lines += child.lines(10)
    return lines


def test_lines_come_whole_however_they_were_written() -> None:
    program = "import os, time\nfor part in (b'a', b'b\\nc', b'd\\n\\ne\\nrest'): os.write(1, part); time.sleep(0.02)"
    with running(program) as child:
        assert all_lines(child) == [b"ab", b"cd", b"", b"e"]


def test_what_is_sent_arrives() -> None:
    with running("print(input() + '!')") as child:
        child.send("hello")
        assert all_lines(child) == [b"hello!"]


def test_a_line_without_an_end_comes_in_pieces() -> None:
    with running("import os\nwhile True: os.write(1, bytes(65536))") as child:
        lines: list[bytes] = []
        while not lines:
            lines = child.lines(10)
        assert set(lines[0]) == {0}
        assert len(lines[0]) < 1 << 18


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("raise SystemExit(3)", "ended with exit code 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed (SIGSEGV)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGRTMIN + 2)", f"crashed (signal {signal.SIGRTMIN + 2})"),
        ("import os, time; os.close(1); time.sleep(600)", "closed its connection to confkit"),
    ],
)
def test_every_ending_has_its_words(program: str, words: str) -> None:
    with running(program) as child:
        all_lines(child)
        assert child.ending() == words


def test_an_end_behind_a_grandchild_that_keeps_the_pipe_is_noticed() -> None:
    mark = f"confkit-child-{os.getpid()}-pipe"
    with running(
        "import os, time\nif os.fork() == 0: time.sleep(600)\nos.write(1, b'last\\n'); os._exit(4)", mark
    ) as child:
        assert all_lines(child) == [b"last"]
        assert child.ending() == "ended with exit code 4"
        assert processes_with(mark), "the grandchild holds the pipe"
    assert left_behind(mark) == []


def test_a_line_to_a_child_that_has_ended_is_no_error() -> None:
    with running("pass") as child:
        all_lines(child)
        child.ending()
        child.send("hello?")


def test_where_this_process_ignores_the_end_of_children_it_is_explained_all_the_same() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with running("raise SystemExit(3)") as child:
            all_lines(child)
            assert child.ending() == "ended with exit code 3"
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_a_program_that_is_not_there_is_the_callers_error() -> None:
    with pytest.raises(FileNotFoundError):
        Child(["/nowhere/python"], {"PATH": os.environ["PATH"]})
