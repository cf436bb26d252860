"""Neovim and Emacs with the configuration of integrations/editors: findings, help, and a safe fix that is saved."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from testing.programs import REPOSITORY, needs, unmet

EDITORS = REPOSITORY / "integrations" / "editors"
DRIVERS = REPOSITORY / "testing" / "editors"
EGLOT = Path("/usr/share/emacs/site-lisp/elpa")
NEOVIM = (
    *("nvim", "--headless", "--clean", "-i", "NONE", "--cmd", f"set runtimepath^={EDITORS / 'vim'}"),
    *("-c", f"luafile {EDITORS / 'neovim' / 'before-0.11.lua'}", "-c", f"luafile {DRIVERS / 'neovim.lua'}"),
)
EMACS = ("emacs", "--batch", "-Q", "-l", str(EDITORS / "emacs" / "confkit.el"), "-l", str(DRIVERS / "emacs.el"))
PATIENCE = 240  # seconds

BROKEN = """\
Chrystoki2 = {
  LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so
}
# \N{KEY} a note
CardReader = {
  RemoteCommand = 1 ;
  RemoteCommand = 0;
}
"""
INI = "[Chrystoki2]\r\nLibNT=C:\\LunaClient\\cryptoki.dll;\r\n[CardReader]\r\nRemoteCommand=1\r\nRemoteCommand=1\r\n"
CASES = {
    "unix": ("Chrystoki.conf", BROKEN.encode()),
    "windows": ("crystoki.ini", INI.encode()),
    "latin-1": ("Chrystoki.conf", b"CardReader = {\n  # K\xfchlung\n  RemoteCommand = 1;\n  RemoteCommand = 0;\n}\n"),
}


def used(editor: str, path: Path) -> dict[str, Any]:
    """Let an editor open a file, look, fix what is safe and save; return what it saw."""
    needs("nvim" if editor == "neovim" else "emacs")
    if editor == "emacs" and not list(EGLOT.glob("eglot-*")):
        unmet("needs Eglot", "apt-get install elpa-eglot")
    home = path.parent / "home"
    home.mkdir()
    seen = path.parent / "seen.json"
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "CONFKIT_FILE": str(path),
        "CONFKIT_SEEN": str(seen),
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        NEOVIM if editor == "neovim" else EMACS,
        env=environment,
        cwd=path.parent,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert seen.exists(), done.stderr
    found: dict[str, Any] = json.loads(seen.read_text())
    assert "error" not in found, (found["error"], done.stderr)
    return found


def linted(path: Path, *options: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "confkit", "lint", str(path), "--format", "json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: list[dict[str, Any]] = json.loads(done.stdout)["diagnostics"]
    return found


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("editor", ["neovim", "emacs"])
def test_the_saved_file_is_what_the_command_makes(tmp_path: Path, editor: str, case: str) -> None:
    name, source = CASES[case]
    path, other = tmp_path / "editor" / name, tmp_path / "command" / name
    for each in (path, other):
        each.parent.mkdir()
        each.write_bytes(source)
    expected = linted(other)
    seen = used(editor, path)
    assert sorted(each["line"] for each in seen["diagnostics"]) == sorted(each["line"] for each in expected)
    for finding in expected:
        assert any(finding["message"] in shown["message"] for shown in seen["diagnostics"]), finding
    assert seen["hover"].startswith(("**CardReader / RemoteCommand**", "**Chrystoki2 / LibUNIX64**"))
    fix = [sys.executable, "-m", "confkit", "lint", "--fix", str(other)]
    subprocess.run(fix, capture_output=True, check=False)
    assert path.read_bytes() == other.read_bytes()
    assert seen["actions"] == int(other.read_bytes() != source)
    assert case != "unix" or seen["actions"] == 1


def test_neovim_detects_and_highlights_the_file(tmp_path: Path) -> None:
    path = tmp_path / "CHRYSTOKI.conf"
    path.write_bytes(CASES["unix"][1])
    seen = used("neovim", path)
    assert seen["filetype"] == "chrystoki"
    assert seen["syntax"] == [
        *("chrystokiSection", "chrystokiEntry", "chrystokiBrace", "chrystokiComment"),
        *("chrystokiSection", "chrystokiEntry", "chrystokiEntry", "chrystokiBrace"),
    ]
