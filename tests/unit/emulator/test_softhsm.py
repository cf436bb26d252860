from __future__ import annotations

import os
from typing import TYPE_CHECKING

from confkit.emulator import softhsm

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_is_named_comes_before_the_variable_and_the_usual_places(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usual = tmp_path / "libsofthsm2.so"
    monkeypatch.setattr(softhsm, "PLACES", (str(tmp_path / "missing"), str(usual), str(tmp_path)))
    assert softhsm.find(environment={}) is None
    usual.write_bytes(b"")
    assert softhsm.find(environment={}) == str(usual)
    assert softhsm.find(environment={softhsm.VARIABLE: ""}) == str(usual)
    assert softhsm.find(environment={softhsm.VARIABLE: "/own.so"}) == "/own.so"
    assert softhsm.find("/named.so", {softhsm.VARIABLE: "/own.so"}) == "/named.so"


def test_a_relative_path_is_made_absolute_because_the_application_may_run_elsewhere() -> None:
    assert softhsm.find("./own.so", {}) == os.path.join(os.getcwd(), "own.so")
    assert softhsm.find("own.so", {}) == "own.so"
