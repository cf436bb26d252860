"""The extension for Visual Studio Code: its grammar, the server as it starts it, and the package."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from confkit.core.version import VERSION
from confkit.lsp.open_file import LANGUAGE
from testing.programs import REPOSITORY, needs, unmet

EXTENSION = REPOSITORY / "integrations" / "editors" / "vscode"
MANIFEST = json.loads((EXTENSION / "package.json").read_text())


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the extension with what npm has installed for it: hundreds of packages, so one for all."""
    needs("node", "npm")
    if not (EXTENSION / "node_modules" / ".package-lock.json").exists():
        unmet(
            "needs the packages of the extension",
            f"npm ci --ignore-scripts --prefix {EXTENSION.relative_to(REPOSITORY)}",
        )
    root = tmp_path_factory.mktemp("checkout")
    shutil.copy(REPOSITORY / "LICENSE", root)
    place = root / "integrations" / "editors" / "vscode"
    shutil.copytree(EXTENSION, place, ignore=shutil.ignore_patterns("node_modules"))
    shutil.copytree(EXTENSION / "node_modules", place / "node_modules", symlinks=True)
    return place


def run(directory: Path, *command: str) -> str:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "CI": "1"}
    done = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_grammar_and_the_start_of_the_server(copy: Path) -> None:
    said = run(copy, "npm", "test")
    for name in ("unix.conf", "windows.ini"):
        assert f"{name} run success" in said
    assert "the server of the extension: findings, fix, completion, end" in said


def test_a_wrong_scope_fails_the_test_of_the_grammar(copy: Path) -> None:
    grammar = copy / "syntaxes" / "chrystoki.tmLanguage.json"
    right = grammar.read_text()
    grammar.write_text(right.replace("constant.numeric", "constant.other"))
    command = ["npx", "--no-install", "vscode-tmgrammar-test", "tests/*.conf"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False, timeout=120)
    grammar.write_text(right)
    assert done.returncode != 0
    assert "constant.numeric.chrystoki" in done.stdout + done.stderr


def test_the_package_holds_what_the_extension_needs(copy: Path) -> None:
    run(copy, "npm", "run", "package")
    with zipfile.ZipFile(copy / "confkit.vsix") as package:
        package.extractall(copy / "unpacked")
        names = package.namelist()
    inside = copy / "unpacked" / "extension"
    for name in (MANIFEST["main"], "language-configuration.json", MANIFEST["contributes"]["grammars"][0]["path"]):
        assert (inside / name).is_file(), name
    assert not any("/tests/" in name and "node_modules" not in name for name in names)
    # every package that another one needs is there, up to `vscode`, which the editor brings
    missing = """
      const fs = require('fs'), path = require('path'), seen = new Set();
      const visit = (directory) => {
        const { dependencies } = JSON.parse(fs.readFileSync(path.join(directory, 'package.json')));
        for (const name of Object.keys(dependencies || {})) {
          let at = directory;
          while (!fs.existsSync(path.join(at, 'node_modules', name))) {
            if (at === path.dirname(at) || !at.includes('unpacked')) { console.log(name); return; }
            at = path.dirname(at);
          }
          const found = path.join(at, 'node_modules', name);
          if (!seen.has(found)) { seen.add(found); visit(found); }
        }
      };
      visit(process.argv[1]);
    """
    assert run(copy, "node", "-e", missing, str(inside)) == ""


def test_the_manifest_says_what_the_server_says() -> None:
    assert MANIFEST["version"] == VERSION
    assert [each["id"] for each in MANIFEST["contributes"]["languages"]] == [LANGUAGE]
    assert "onLanguage:*" not in MANIFEST["activationEvents"]


def test_nothing_is_measured_or_sent() -> None:
    source = (EXTENSION / "extension.js").read_text()
    for word in ("http", "fetch", "TelemetryLogger", "net'"):
        assert word not in source
    assert [*MANIFEST["dependencies"]] == ["vscode-languageclient"]


@pytest.mark.parametrize("name", ["helix/languages.toml", "kate/settings.json", "sublime/LSP.sublime-settings"])
def test_the_settings_of_other_editors_start_the_server(name: str) -> None:
    text = (REPOSITORY / "integrations" / "editors" / name).read_text()
    if name.endswith(".toml"):
        said = tomllib.loads(text)["language-server"]["confkit"]
        assert [said["command"], *said["args"]] == ["confkit", "lsp"]
        return
    plain = "\n".join(line for line in text.splitlines() if not line.strip().startswith("//"))
    table = json.loads(re.sub(r",(?=\s*\})", "", plain))  # Sublime Text allows both
    (server,) = (table.get("servers") or table["clients"]).values()
    assert server["command"] == ["confkit", "lsp"]
