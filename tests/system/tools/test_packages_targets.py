from __future__ import annotations

import pytest

from tools.packages.targets import TARGETS, named


def test_each_is_found_by_its_tag() -> None:
    assert [named(tag) for tag in TARGETS] == list(TARGETS.values())


def test_an_unknown_one_is_an_error_that_lists_them() -> None:
    with pytest.raises(ValueError, match=r"unknown target 'sparc': use one of manylinux_2_17_x86_64, .*any"):
        named("sparc")


def test_only_targets_with_a_library_need_a_compiler() -> None:
    assert {tag for tag, target in TARGETS.items() if not target.triple} == {"win_amd64", "any"}
