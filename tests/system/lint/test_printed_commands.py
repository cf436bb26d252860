"""The command that a finding prints with its fix, taken from the output and run by a shell, fixes that file."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from testing.command import confkit

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [
    "plain.conf",
    "two words.conf",
    "it's.conf",
    'so "called".conf',
    "-x.conf",
    "--fix",
    "<new>.conf",
    "a;b&c|d.conf",
    "$HOME `id` $(id).conf",
    "back\\slash.conf",
    "brackets (1).conf",
    "*.conf",
    "größe.conf",
    "#comment.conf",
    "~.conf",
]
SAFE = b"Misc = {\n  ToolsDir = /usr/bin\n}\n"  # no `;`
UNSAFE = b"Misc = {\n  ToolsDir = /usr/bin;\n"  # no `}`


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("source", "option"), [(SAFE, ""), (UNSAFE, " --unsafe-fixes")], ids=["safe", "unsafe"])
def test_the_printed_command_fixes_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, source: bytes, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(source)
    before = confkit("lint", "--", name)
    starting = f"confkit lint --fix{option} "
    (line,) = {line for line in before.out.splitlines() if " = fix: " in line and starting in line}
    printed = line[line.index(starting) :]

    subprocess.run(
        ["/bin/sh", "-c", f'confkit() {{ "{sys.executable}" -m confkit "$@"; }}\n{printed}'],
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert (tmp_path / name).read_bytes() == source.replace(b"/usr/bin\n", b"/usr/bin;\n").removesuffix(b"}\n") + b"}\n"
    assert [each.name for each in tmp_path.iterdir() if each.suffix != ".lock"] == [name]
    assert starting not in confkit("lint", "--", name).out
