"""Real files have the findings that were seen in them, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from confkit.core.syntax import parse
from confkit.lint.linter import lint
from confkit.lint.rules import entries, layout, readers
from testing.programs import corpus, unmet


@pytest.mark.parametrize("path", corpus() or [None], ids=lambda path: path.name if path else "missing")
def test_real_files_have_the_findings_that_were_seen_in_them(path: Path | None) -> None:
    if path is None:
        unmet("the corpus of real files is not beside this checkout (CONFKIT_CORPUS)")
    else:
        known = {"038-keyfactor-example-ha.conf": ["CK111", "CK101"]}
        found = lint(parse(path.read_bytes(), path.name), path.name, layout.RULES)
        assert [each.code for each in found] == known.get(path.name, [])


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.name)
def test_public_files_hold_no_unknown_name_but_the_known_slips(path: Path) -> None:
    slips = {"007-cfjb-fixture-logging-ReconnAtt.conf": {"CK203"}, "011-songyaos-fixture.conf": {"CK205"}}
    document = parse(path.read_bytes(), path.name)
    names = {each.code for each in lint(document, path.name, entries.RULES) if each.code <= "CK206"}
    assert names == slips.get(path.name, set())


@pytest.mark.parametrize("path", corpus() or [None], ids=lambda path: path.name if path else "missing")
def test_real_files_are_read_alike(path: Path | None) -> None:
    if path is None:
        unmet("the corpus of real files is not beside this checkout (CONFKIT_CORPUS)")
    else:
        assert lint(parse(path.read_bytes(), path.name), path.name, readers.RULES) == []
