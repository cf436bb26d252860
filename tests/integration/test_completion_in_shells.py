"""Completion in the real bash, zsh and fish: on a terminal, with the key pressed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from testing.programs import REPOSITORY, needs
from testing.terminal import Terminal, on_a_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPTS = REPOSITORY / "confkit" / "cli" / "completion" / "scripts"
FILE = "Own Section = {\n  OwnKey = 1;\n}\nLunaSA Client = {\n  ServerName00 = hsm1.example.com;\n}\n"
# what is typed before the key is pressed, and what stands in the line afterwards
LINES = [
    ("confkit get LunaSA", r"confkit get LunaSA\ Client "),
    (r"confkit get LunaSA\ Cl", r"confkit get LunaSA\ Client "),
    ('confkit get "LunaSA C', 'confkit get "LunaSA Client" '),
    ("confkit get 'LunaSA C", "confkit get 'LunaSA Client' "),
    ('confkit get "LunaSA Client" Receive', 'confkit get "LunaSA Client" ReceiveTimeout '),
    ("confkit get -c Chrystoki.conf Own", r"confkit get -c Chrystoki.conf Own\ Section "),
    ("confkit get --config=Chryst", "confkit get --config=Chrystoki.conf"),
    ("confkit set -c Chrystoki.conf Own\\ Section Ow", "confkit set -c Chrystoki.conf Own\\ Section OwnKey "),
    ("confkit lint --format=js", "confkit lint --format=json"),
    ("confkit lint --format sar", "confkit lint --format sarif "),
    ("confkit lint Chry", "confkit lint Chrystoki.conf "),
    ("confkit explain CK10", "confkit explain CK10"),
    ("confkit emulate --fault 1=hal", "confkit emulate --fault 1=half-open "),
    ("confkit server remove -c Chrystoki.conf h", "confkit server remove -c Chrystoki.conf hsm1.example.com "),
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "Chrystoki.conf").write_text(FILE)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "confkit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m confkit "$@"\n')
    (tmp_path / "bin" / "confkit").chmod(0o755)
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    path = f"{home}/bin:{os.environ['PATH']}"
    python = {"PYTHONPATH": str(REPOSITORY)}
    return {
        "HOME": str(home),
        "PATH": path,
        "TERM": "dumb",
        "LANG": "C.UTF-8",
        "PS1": "> ",
        "ZDOTDIR": str(home),
        **python,
    }


def shells(name: str, home: Path) -> Iterator[Terminal]:
    needs(name)
    if name == "bash":
        command, start = ["bash", "--norc", "--noprofile"], f"source {SCRIPTS}/confkit.bash"
    else:
        command, start = ["zsh", "-f"], f"fpath=({SCRIPTS} $fpath); autoload -U compinit; compinit -u -D; PS1='> '"
    with on_a_terminal(command, environment(home)) as terminal:
        terminal.press(f"stty cols 200; cd {home}; {start}; echo rea''dy\n")
        terminal.read_until("ready\r\n")
        yield terminal


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_key_completes_the_line(shell: str, home: Path) -> None:
    for terminal in shells(shell, home):
        for typed, expected in LINES:
            terminal.press(f"{typed}\t")
            terminal.read_until(expected)
            terminal.press("\x15\n")  # the line is thrown away
            terminal.read_until("> ")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("confkit get LunaSA", "LunaSA Client\t"),
        ("confkit get LunaSA\\ C", "LunaSA Client\t"),
        ("confkit get 'LunaSA C", "LunaSA Client\t"),
        ('confkit get "LunaSA Client" Receive', "ReceiveTimeout\t"),
        ("confkit get -c Chrystoki.conf Own", "Own Section"),
        ("confkit get --config=Chryst", "--config=Chrystoki.conf"),
        ("confkit lint --format=js", "--format=json"),
        ("confkit lint Chry", "Chrystoki.conf"),
        ("confkit explain CK101", "CK101\tmissing-semicolon"),
        ("confkit emulate --fault 1=half-o", "1=half-open\t"),
        ("confkit ha ", "list\t"),
    ],
)
def test_fish_offers(typed: str, expected: str, home: Path) -> None:
    needs("fish")
    program = f"source {SCRIPTS}/confkit.fish; complete -C $argv[1]"
    done = subprocess.run(
        ["fish", "--no-config", "-c", program, typed],
        check=True,
        capture_output=True,
        text=True,
        cwd=home,
        env=environment(home),
        timeout=60,
    )
    assert done.stdout.startswith(expected)
    assert done.stderr == ""


@pytest.mark.parametrize(
    "page", sorted((REPOSITORY / "confkit" / "cli" / "man").glob("*.1")), ids=lambda page: page.name
)
def test_readers_of_manuals_have_no_complaint(page: Path) -> None:
    needs("mandoc", "man")
    linted = subprocess.run(
        ["mandoc", "-Tlint", "-Wwarning", str(page)], check=False, capture_output=True, text=True, timeout=60
    )
    assert linted.stdout + linted.stderr == ""
    shown = subprocess.run(
        ["man", "--warnings", "--local-file", str(page)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "MANWIDTH": "100", "LC_ALL": "C.UTF-8"},
    )
    assert shown.stderr == ""
    assert page.stem.upper() in shown.stdout
