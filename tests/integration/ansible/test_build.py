from __future__ import annotations

import json
import re
import subprocess
import tarfile
from pathlib import Path

from confkit.core.catalogue import all_entries
from testing.ansible_running import build, controller, play, tool
from testing.programs import REPOSITORY

CONFKIT = REPOSITORY / "confkit"
PACKAGE = "ansible_collections.confkit.luna.plugins.module_utils.confkit"


def test_what_is_carried_is_confkits_own_source(collection: Path) -> None:
    carried = collection / "plugins" / "module_utils" / "confkit"
    made = carried / "core" / "catalogue" / "files.py"
    copies = [path for path in carried.rglob("*.py") if path.read_text() and path != made]
    assert {path.relative_to(carried) for path in copies} >= {
        path.relative_to(CONFKIT)
        for path in (CONFKIT / "core").rglob("*.py")
        if path.read_text() and path.name != "files.py"
    }
    for copy in copies:
        lines = [
            line
            for line in copy.read_text().splitlines()
            if not line.startswith(("# Carried", "# Copyright", "# pylint"))
        ]
        assert "\n".join(lines).replace(f"from {PACKAGE}", "from confkit") == (
            CONFKIT / copy.relative_to(carried)
        ).read_text().rstrip("\n")


def test_nothing_carried_needs_a_module_that_is_not(collection: Path, python: str) -> None:
    utils = collection / "plugins" / "module_utils"
    names = [".".join(path.relative_to(collection.parents[2]).with_suffix("").parts) for path in utils.rglob("*.py")]
    for name in names:
        assert not re.search(
            r"^\s*(from|import) confkit\b",
            (collection.parents[2] / (name.replace(".", "/") + ".py")).read_text(),
            re.MULTILINE,
        )
    program = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name.replace('.__init__', ''))"
    done = subprocess.run(
        [python, "-S", "-c", program, *names], cwd=collection.parents[2], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_sources_hold_no_copy_of_what_is_made() -> None:
    source = REPOSITORY / "integrations" / "ansible" / "plugins" / "module_utils"
    assert not (source / "confkit").exists()


def test_every_entry_of_the_catalogue_is_carried(collection: Path, python: str) -> None:
    program = (
        f"import json; from {PACKAGE}.core.catalogue.loader import all_entries; print(json.dumps(list(all_entries())))"
    )
    command = [python, "-S", "-c", program]
    done = subprocess.run(command, cwd=collection.parents[2], check=True, capture_output=True)
    expected = [entry._replace(note=None, source=()) for entry in all_entries()]
    assert json.loads(done.stdout) == json.loads(json.dumps(expected))


def test_a_second_build_replaces_the_first(tmp_path: Path) -> None:
    build(tmp_path)
    collection = tmp_path / "ansible_collections" / "confkit" / "luna"
    (collection / "plugins" / "modules" / "old.py").touch()
    build(tmp_path)
    assert not (collection / "plugins" / "modules" / "old.py").exists()
    assert not (collection / "build.py").exists()


def test_the_archive_installs_and_works(tmp_path: Path) -> None:
    tool("ansible-galaxy")
    built = build(tmp_path / "build", "--archive").splitlines()[-1]
    with tarfile.open(built) as archive:
        names = archive.getnames()
    assert "plugins/module_utils/confkit/core/syntax/edits.py" in names
    assert not [name for name in names if name.endswith(("build.py", ".pyc"))]
    installed = tmp_path / "installed"
    command = [tool("ansible-galaxy"), "collection", "install", "--offline", "-p", str(installed), built]
    subprocess.run(command, check=True, capture_output=True, env=controller(tmp_path, installed))
    (tmp_path / "Chrystoki.conf").write_text("HAConfiguration = {\n   HAOnly = 1;\n}\n")
    task = (
        f"- confkit.luna.chrystoki_entry: {{path: {tmp_path}, section: HAConfiguration, key: statusTimeout, value: 10}}"
    )
    done = play(tmp_path, installed, task)
    assert done.returncode == 0, done.stdout
    assert "changed=1" in done.stdout
    assert "   statusTimeout = 10;\n}" in (tmp_path / "Chrystoki.conf").read_text()


def test_every_page_of_the_documentation_can_be_read(tmp_path: Path, root: Path) -> None:
    names = ("chrystoki_config", "chrystoki_entry", "chrystoki_info", "chrystoki_lint", "luna_ha_check")
    pages = [f"confkit.luna.{name}" for name in names]
    done = subprocess.run(
        [tool("ansible-doc"), *pages], env=controller(tmp_path, root), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for name in names:
        assert f"> MODULE confkit.luna.{name}" in done.stdout
