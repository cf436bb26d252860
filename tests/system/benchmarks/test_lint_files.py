"""The files that the linters are measured on are the same to both, and without a fault."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.lint_files import configuration, hostile
from confkit.core.syntax import parse
from confkit.lint.linter import lint
from confkit.lint.rules import RULES


@given(st.integers(0, 99_999), st.integers(2048, 9000))
def test_both_syntaxes_say_the_same_in_the_same_size(number: int, size: int) -> None:
    both = configuration(number, size)
    assert len(both.conf) == len(both.yaml)
    assert size - 120 < len(both.conf) <= size
    document = parse(both.conf, "Chrystoki.conf")
    said = {each.name: {entry.name: entry.value for entry in each.entries} for each in document.sections}
    assert {
        name: {key: str(value) for key, value in block.items()} for name, block in yaml.safe_load(both.yaml).items()
    } == said
    assert max(map(len, both.yaml.splitlines())) <= 80


def test_the_file_has_no_finding() -> None:
    for number in (0, 1, 9999):
        assert lint(parse(configuration(number).conf, "Chrystoki.conf"), "", RULES) == []


@pytest.mark.parametrize("kind", ["entries", "files"])
def test_a_hostile_file_grows_with_its_number(kind: str) -> None:
    small, large = hostile(kind, 10), hostile(kind, 20)
    assert 1.8 < len(large) / len(small) < 2.2
    assert parse(small).to_bytes() == small
