"""The house: which package may import which, and no circle; docs/architecture.md draws it."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Each package may import those on lower floors, and nothing else of confkit.
FLOORS = {
    "core": 1,
    "config": 2,
    "live": 2,
    "check": 3,
    "emulator": 3,
    "lint": 3,
    "fieldreport": 3,
    "preflight": 4,
    "reports": 4,
    "exporter": 5,
    "lsp": 5,
    "cli": 6,
}
PACKAGE = REPOSITORY / "confkit"
# Imports that are still to go; each has to exist, so that this list only shrinks.
TO_GO: set[tuple[str, str]] = set()
# Class names that two modules still share; each has to be one, so that this list only shrinks.
SHARED_STILL: set[str] = set()
# the public API stands above what it offers; only the command line imports it
API = "confkit"
API_FLOOR = 3

# Test modules of tests/unit that mirror no module; each has to be one, so that this list only shrinks.
OVER_SEVERAL = {
    "check/test_known_truth.py",  # verdicts over checker, evidence and plans, against a simulated truth
    "check/test_verdict_properties.py",
    "cli/test_help.py",  # over all commands
    "cli/test_specification.py",
    "core/syntax/test_invariants.py",  # over parser, edits and both forms
    "core/syntax/test_problems.py",
    "lint/environment/test_manifest_properties.py",
    "lint/test_do_not_flag.py",  # over all rules
    "lint/test_own_files.py",
    "lint/test_samples.py",
    "preflight/test_names.py",
    "reports/check/test_prometheus_html.py",  # a format inside another
    "reports/lint/test_every_format.py",
}


@cache
def modules() -> dict[str, Path]:
    """Return every module of confkit by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(REPOSITORY).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports(name: str) -> frozenset[str]:
    """Return the modules of confkit that a module imports, anywhere in it and for annotations too."""
    path = modules()[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    named = {found for node in ast.walk(ast.parse(path.read_text())) for found in _named(node, package)}
    return frozenset(other for other in named if (name, other) not in TO_GO)


def _named(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in modules())
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*parents, *([node.module] if node.module else [])])
        for alias in node.names:
            full = f"{base}.{alias.name}"
            if full in modules():
                yield full
            elif base in modules():
                yield base


def room(name: str) -> str:
    """Return the package of confkit in which a module lies; the module itself where it is in none."""
    return name.split(".")[1] if "." in name else name


def floor(name: str) -> int:
    return API_FLOOR if name == API else max(FLOORS.values()) + 1 if room(name) == "__main__" else FLOORS[room(name)]


def arrows() -> set[tuple[str, str]]:
    """Return the pairs of rooms of which the first imports the second."""
    return {(room(name), room(other)) for name in modules() for other in imports(name) if room(name) != room(other)}


def test_what_is_to_go_is_still_there() -> None:
    for name, other in TO_GO:
        short = other.rpartition(".")
        text = modules()[name].read_text()
        assert other in text or f"from {short[0]} import {short[2]}" in text, (name, other)


def test_every_module_lies_in_a_known_package() -> None:
    assert {room(name) for name in modules()} - {API, "__main__"} <= set(FLOORS)
    assert len(modules()) > 100


def test_packages_import_downward_only() -> None:
    wrong = sorted(
        f"{name} -> {other}"
        for name in modules()
        for other in imports(name)
        if room(name) != room(other) and floor(other) >= floor(name)
    )
    assert wrong == []


def test_core_imports_nothing_outside_core() -> None:
    for name in modules():
        if room(name) == "core":
            assert {room(other) for other in imports(name)} <= {"core"}, name


@pytest.mark.parametrize("what", ["modules", "packages"])
def test_there_is_no_circle(what: str) -> None:
    graph: dict[str, set[str]] = {}
    if what == "modules":
        graph = {name: {other for other in imports(name) if other != name} for name in modules()}
    else:
        for one, other in arrows():
            graph.setdefault(one, set()).add(other)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of {what}: {' -> '.join(error.args[1])}")


def test_no_two_classes_share_a_name() -> None:
    places: dict[str, list[str]] = {}
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(name)
    assert {name: found for name, found in places.items() if len(found) > 1 and name not in SHARED_STILL} == {}
    assert all(len(places[name]) > 1 for name in SHARED_STILL)


def test_the_house_is_as_small_as_it_is_said_to_be() -> None:
    assert len({room(name) for name in modules()}) <= 17
    assert len(arrows()) <= 50


def test_the_architecture_page_shows_the_house_as_it_is() -> None:
    page = (REPOSITORY / "docs" / "architecture.md").read_text()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| `")
    ]
    shown = {name.strip("`"): (int(floor_), imported) for name, floor_, _, imported in rows}
    rooms = {room(name) for name in modules()} - {API, "__main__"}
    for name in rooms:
        imported = {other for one, other in arrows() if one == name} & rooms
        everything = len(imported) >= len(rooms) - 3
        said = "all" if everything else ", ".join(sorted(imported)) or "nothing of confkit"
        assert shown.get(name) == (FLOORS[name], said), name
    assert set(shown) == rooms


def test_unit_tests_mirror_the_modules() -> None:
    """Each lies where its module lies; rules have a test each (test_every_rule_has_its_test.py)."""
    top = REPOSITORY / "tests" / "unit"
    paths = [path.relative_to(top) for path in top.rglob("test_*.py")]
    others = {
        str(path)
        for path in paths
        if len(path.parts) > 1 and path.parts[:2] != ("lint", "rules") and not _mirrored(path)
    }
    assert len(paths) > 100
    assert others == OVER_SEVERAL


def _mirrored(path: Path) -> bool:
    module = PACKAGE / path.parent / path.name.removeprefix("test_")
    return module.exists() or module.with_suffix("").is_dir()
