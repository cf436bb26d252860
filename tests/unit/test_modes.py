"""No mode and no owner is changed by a path: another file may have the name by then."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

FORBIDDEN = frozenset({"chmod", "lchmod", "chown", "lchown", "copymode", "copystat", "copy", "copy2"})
# A directory that its mode forbids to open has no other descriptor than O_PATH, on which fchmod(2) fails; its name below
# /proc/self/fd is that descriptor, and no path that another file may have by then.
BY_DESCRIPTOR = {("confkit/live/reaper.py", "os.chmod(through, 0o700)")}
PLACES = (REPOSITORY / "confkit", REPOSITORY / "integrations" / "ansible" / "plugins")


def changes_by_path(source: str) -> list[int]:
    """Return the lines that call, or pass on, a function that sets a mode or an owner by a path."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN - {"copy", "copy2"}:
            found.append(node.lineno)
        elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN:
            if isinstance(node.value, ast.Name) and node.value.id == "shutil":
                found.append(node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module in {"os", "shutil"}:
            found += [node.lineno for alias in node.names if alias.name in FORBIDDEN]
    return found


def files() -> list[Path]:
    return sorted(path for place in PLACES for path in place.rglob("*.py"))


@pytest.mark.parametrize(
    "line",
    [
        "os.chmod(path, 0o644)",
        "os.chmod(name, 0o644, dir_fd=directory)",
        "os.chown(path, 0, 0)",
        "os.lchown(path, 0, 0)",
        "Path(path).chmod(0o644)",
        "shutil.chown(path, 'root')",
        "shutil.copy2(path, other)",
        "from os import chmod",
        "run(os.chmod, path)",
    ],
)
def test_the_forbidden_is_found(line: str) -> None:
    assert changes_by_path(f"import os\n{line}\n") == [2]


@pytest.mark.parametrize("line", ["os.fchmod(descriptor, 0o644)", "os.fchown(descriptor, 0, 0)", "items.copy()"])
def test_what_goes_by_a_descriptor_is_allowed(line: str) -> None:
    assert changes_by_path(line) == []


def test_no_module_changes_a_mode_or_an_owner_by_a_path() -> None:
    assert len(files()) > 100
    found = {
        (path.relative_to(REPOSITORY).as_posix(), path.read_text().splitlines()[line - 1].strip())
        for path in files()
        for line in changes_by_path(path.read_text())
    }
    assert found == BY_DESCRIPTOR
