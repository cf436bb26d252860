"""What the parent makes of a worker that does not behave."""

from __future__ import annotations

import sys

import pytest

from confkit.core.errors import UnavailableError
from confkit.fieldreport import observe, site
from confkit.fieldreport.observe import Orders

ORDERS = Orders("/no/such/lib.so", None, 1, {}, None, 3)


def test_a_bug_in_the_worker_comes_with_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observe, "_START", """print('{"bug": "Traceback of the worker"}')""")
    with pytest.raises(RuntimeError, match="Traceback of the worker"):
        observe.observe(ORDERS)


@pytest.mark.parametrize("line", ["[]", "nonsense", "[" * 100_000])
def test_a_line_that_is_no_message_ends_the_run(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr(observe, "_START", f"print({line!r})")
    ended = observe.observe(ORDERS).ended
    assert ended is not None
    assert "garbled" in ended


def test_a_python_that_cannot_be_started_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(UnavailableError, match="/no/such/python cannot be started"):
        observe.observe(ORDERS)


def test_a_user_without_a_name_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert site._user() == ""
