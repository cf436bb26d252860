"""No command, in any format, lets the value of a secret entry out: not to its streams, a file, or the process list.

The file under test is that of a running group, so that the live commands go all their way. It names each entry that
the catalogue marks secret as an entry, in a comment and in a line that is no entry.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import typer.main

from confkit.cli.application import VERBS, application
from confkit.core.catalogue.names import SECRET_NAMES
from confkit.emulator.group import running_group
from testing.programs import needs

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "hunter2-canary"
ANOTHER = "hunter3-canary"  # what a command sets, and a second file has

# What each verb is given besides --format; C, D and OUT stand for the file, a second one and a new one.
ARGUMENTS: dict[str, list[list[str]]] = {
    "set-timeout": [["10", "--diff", "-c", "C"], ["11", "--backup", "-c", "C"], ["99", "-c", "C"]],
    "get": [["REST", "AuthTokenClientSecret", "-c", "C"], ["REST", "Nothing", "--default", "-c", "C"]],
    "set": [
        ["REST", "AuthTokenClientSecret", "-", "--diff", "-c", "C"],
        ["Misc", "Unknown", "x", "-c", "C"],
        ["REST", "CVAppSpecificData", "-", "--force", "--dry-run", "--diff", "-c", "C"],
    ],
    "unset": [["REST", "AuthTokenClientSecret", "--diff", "-c", "C"], ["Misc", "ToolsDir", "-c", "C"]],
    "show": [["-c", "C"]],
    "diff": [["C", "D"]],
    "apply": [["CHANGES", "--diff", "-c", "C"], ["CHANGES", "--check", "-c", "C"]],
    "server": [["list", "-c", "C"], ["add", "hsm9", "--diff", "-c", "C"], ["remove", "hsm8", "-c", "C"]],
    "ha": [
        ["list", "-c", "C"],
        ["create", "pay", "--serial", "1", "--member", "2", "--diff", "-c", "C"],
        ["only", "on", "--diff", "-c", "C"],
    ],
    "relocate": [["/usr", "/opt", "--diff", "-c", "C"]],
    "call-log": [["on", "--file", "/tmp/x", "--diff", "-c", "C"], ["off", "-c", "C"]],
    "convert": [["C", "OUT"]],
    "redact": [["C"]],
    "lint": [
        ["--select", "ALL", "C"],
        ["--fix", "--unsafe-fixes", "--diff", "C"],
        ["--write-baseline", "OUT", "C"],
    ],
    "rules": [[]],
    "explain": [["REST", "AuthTokenClientSecret"], ["CK101"]],
    "lsp": [],  # answers an editor: tests/system/lsp
    "preflight": [["-c", "C"], ["--root", "ROOT", "--offline", "-c", "C"]],
    "check": [["--calls", "2", "--tolerate", "0.9", "-c", "C"]],
    "exporter": [["--textfile", "OUT", "-c", "C"]],
    "report": [["--yes", "--output", "OUT", "-c", "C"]],
    "emulate": [["--members", "1", "--", "/bin/true"]],
    "demo": [],  # has no file of its user: it makes one, without secrets
}
# These write the secret where its user asked for it, each into a file with the rights of the one it came from.
MAY_WRITE_IT = {"convert": {"OUT"}, "set-timeout": {"backup"}}


class Place(NamedTuple):
    """A folder of the test's own: the file, a second one, and a temporary folder for the command."""

    folder: Path
    temporary: Path


@pytest.fixture(scope="module")
def of_a_group() -> Iterator[str]:
    """The text of the file of a running group, with the secrets in it."""
    with running_group(2) as group:
        entries = "".join(f"   {name} = {CANARY};\n" for name in sorted(SECRET_NAMES))
        odd = "".join(f"# {name} = {CANARY};\n{name}: {CANARY}\n{name} = {CANARY}\n" for name in sorted(SECRET_NAMES))
        yield Path(group.config_path).read_text() + f"REST = {{\n{entries}   AuthTokenClientId = x y;\n}}\n" + odd


@pytest.fixture
def place(of_a_group: str, tmp_path: Path) -> Place:
    folder, temporary = tmp_path / "files", tmp_path / "temporary"
    for each in (folder, temporary, folder / "ROOT"):
        each.mkdir()
    (folder / "C").write_text(of_a_group)
    (folder / "CHANGES").write_text('[set.REST]\nAuthTokenClientSecret = { file = "SECRET" }\n')
    (folder / "SECRET").write_text(f"{ANOTHER}\n")
    (folder / "D").write_text(of_a_group.replace(CANARY, ANOTHER))
    return Place(folder, temporary)


def formats(verb: str, below: str = "") -> list[str | None]:
    """The values of --format that the verb, or the command `below` it, takes, or None alone."""
    command = typer.main.get_command(application(list(VERBS))).commands[verb]  # type: ignore[attr-defined]
    command = getattr(command, "commands", {}).get(below, command)
    options = [option for option in command.params if "--format" in option.opts]
    if not options:
        return [None]
    (option,) = options
    choices = getattr(option.type, "choices", None) or option.metavar.strip("[]").split("|")
    return [getattr(choice, "value", choice) for choice in choices]


def runs() -> list[tuple[str, list[str]]]:
    return [
        (verb, [*given, *([] if form is None else ["--format", form])])
        for verb in VERBS
        for given in ARGUMENTS[verb]
        for form in formats(verb, given[0] if given else "")
    ]


def test_every_verb_and_every_format_is_tried() -> None:
    assert list(ARGUMENTS) == list(VERBS)
    assert formats("check") == ["text", "json", "nagios", "prometheus", "html"]
    assert formats("lint") == ["text", "json", "sarif", "junit", "github", "gitlab"]


def holders(folder: Path) -> set[str]:
    """The files below the folder that hold a canary, backups under one name."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file() and re.search(rb"hunter[23]", path.read_bytes()):
            found.add("backup" if path.suffix == ".bak" else str(path.relative_to(folder)))
    return found


@pytest.mark.parametrize(
    ("verb", "arguments"), runs(), ids=lambda value: value if isinstance(value, str) else " ".join(value)
)
def test_no_command_lets_a_secret_out(place: Place, verb: str, arguments: list[str]) -> None:
    needs("strace")
    trace = place.folder.parent / "trace"
    # every program that is started, with all its arguments and its whole environment: what a process list can show
    watched = ["strace", "-f", "-v", "-qq", "-s", "200000", "-e", "trace=execve", "-o", str(trace)]
    environment = {name: value for name, value in os.environ.items() if name != "ChrystokiConfigurationPath"}
    done = subprocess.run(
        [*watched, sys.executable, "-m", "confkit", verb, *arguments],
        input=ANOTHER.encode(),
        capture_output=True,
        check=False,
        timeout=120,
        cwd=place.folder,
        env={**environment, "TMPDIR": str(place.temporary), "COLUMNS": "500"},
    )
    assert done.returncode in {0, 1, 2, 3}, done.stderr
    assert not re.search(rb"hunter[23]", done.stdout + done.stderr)
    assert not re.search(r"hunter[23]", trace.read_text(errors="replace"))
    assert holders(place.folder) <= {"C", "D", "SECRET"} | MAY_WRITE_IT.get(verb, set())
    assert list(place.temporary.iterdir()) == []
