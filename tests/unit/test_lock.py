"""What CI and releases install is pinned by hash, and is all that pyproject.toml asks for (`nox -s lock`)."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from testing.programs import REPOSITORY

PROJECT: dict[str, Any] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^ \\;]+)")


def wanted(extra: str | None) -> dict[str, SpecifierSet]:
    """Return what the package needs with an extra, the extras named in it included: name -> versions."""
    lines = PROJECT["dependencies"] if extra is None else PROJECT["optional-dependencies"][extra]
    found: dict[str, SpecifierSet] = {}
    for requirement in map(Requirement, lines):
        if requirement.name == PROJECT["name"]:
            for other in requirement.extras:
                found |= wanted(other)
        else:
            found[canonicalize_name(requirement.name)] = requirement.specifier
    return found


def pinned(name: str) -> dict[str, list[str]]:
    """Return the versions of a lock by name, after a look at every pin's hash."""
    blocks = re.split(r"\n(?=\S)", (REPOSITORY / "requirements" / f"{name}.txt").read_text())
    found: dict[str, list[str]] = {}
    for block in blocks:
        if match := _PIN.match(block):
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block
            found.setdefault(canonicalize_name(match["name"]), []).append(match["version"])
    return found


@pytest.mark.parametrize("extra", ["all", "test", "dev", "docs"])
def test_the_lock_has_all_that_is_asked_for_in_a_version_that_fits(extra: str) -> None:
    there = pinned(extra)
    for name, versions in {**wanted(None), **wanted(extra)}.items():
        assert name in there, f"{name} is not in requirements/{extra}.txt: run nox -s lock"
        assert all(versions.contains(version) for version in there[name]), (name, there[name], versions)


def test_what_releases_build_with_is_pinned_too() -> None:
    lines = (REPOSITORY / "requirements" / "release.in").read_text().splitlines()
    asked = {canonicalize_name(Requirement(line).name) for line in lines if line and not line.startswith("#")}
    assert asked >= {"build", "hatchling"}
    assert asked <= set(pinned("release"))
