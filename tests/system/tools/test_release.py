"""What keeps a version from being released."""

from __future__ import annotations

import pytest

from confkit.core.version import VERSION
from testing.programs import REPOSITORY
from tools.release import notes, problems

GOOD = """# Changelog

## [Unreleased]

## [1.2.0] - 2026-11-28

### Added
- A command.

## [1.1.0] - 2026-01-01

- The first.
"""


@pytest.mark.parametrize("tag", [None, "v1.2.0"])
def test_a_version_with_its_section_can_be_released(tag: str | None) -> None:
    assert problems("1.2.0", GOOD, tag) == []


@pytest.mark.parametrize(
    ("version", "changelog", "tag", "said"),
    [
        ("1.2.0", GOOD, "v1.2.1", "the tag must be v1.2.0"),
        ("1.2.0", GOOD, "1.2.0", "the tag must be v1.2.0"),
        ("1.3.0", GOOD, None, "comes no section `## [1.3.0] - DATE`"),
        ("1.2.0", GOOD.replace(" - 2026-11-28", ""), None, "has no date"),
        ("1.2.0", GOOD.replace("- A command.\n", ""), None, "lists no change"),
        ("1.2.0", GOOD.replace("## [Unreleased]\n", ""), None, "must be `## [Unreleased]`"),
        ("1.2.0", GOOD.replace("[Unreleased]\n", "[Unreleased]\n\n- Something new.\n"), None, "move them to [1.2.0]"),
        ("1.2.0", "# Changelog\n\n## [Unreleased]\n\n- All.\n", None, "comes no section"),
        ("1.2.0", "", None, "must be `## [Unreleased]`"),
    ],
)
def test_what_is_missing_is_said(version: str, changelog: str, tag: str | None, said: str) -> None:
    (fault,) = problems(version, changelog, tag)
    assert said in fault


def test_the_changelog_of_this_project_waits_for_its_release() -> None:
    faults = problems(VERSION, (REPOSITORY / "CHANGELOG.md").read_text(), None)
    assert all("[Unreleased]" in fault and "comes no section" in fault for fault in faults)


def test_the_notes_are_the_section_of_the_version() -> None:
    assert notes("1.2.0", GOOD) == "### Added\n- A command."
    assert notes("1.1.0", GOOD) == "- The first."
    assert notes("2.0.0", GOOD) == ""
