"""The C sources: layers without a circle, and names that agree between C and Python."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path

from confkit.emulator import appliance, build, settings

NATIVE = Path(build.DIRECTORY)


def includes() -> dict[str, set[str]]:
    """Return for each module (NAME.c and NAME.h together) the modules that it includes."""
    found: dict[str, set[str]] = {}
    for path in NATIVE.glob("*.[ch]"):
        named = re.findall(r'^#include "(\w+)\.h"', path.read_text(), re.MULTILINE)
        found.setdefault(path.stem, set()).update(set(named) - {path.stem})
    return found


def test_the_sources_have_no_circle_and_the_library_is_on_top() -> None:
    order = list(TopologicalSorter(includes()).static_order())  # CycleError: a circle
    assert order[0] == "pkcs11"
    assert not [name for name, included in includes().items() if "library" in included]


def test_requests_have_the_same_numbers_on_both_sides() -> None:
    (names,) = re.findall(r"enum request_type \{ (.+) = 1, (.+) \};", (NATIVE / "wire.h").read_text())
    for number, name in enumerate(", ".join(names).split(", "), 1):
        assert getattr(appliance, name.removeprefix("REQUEST_")) == number


def test_limits_agree() -> None:
    (limit,) = re.findall(r"#define EMPTY_SLOT_LIMIT (\d+)", (NATIVE / "config.h").read_text())
    assert int(limit) == settings._MAX_EMPTY_SLOTS
