"""When text is coloured."""

from __future__ import annotations

import io

import pytest

from confkit.cli.output import wants_colour


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("when", "environment", "on_terminal", "in_pipe"),
    [
        ("auto", {"TERM": "xterm"}, True, False),
        ("auto", {"NO_COLOR": "", "FORCE_COLOR": ""}, True, False),
        ("auto", {"NO_COLOR": "1"}, False, False),
        ("auto", {"TERM": "dumb"}, False, False),
        ("auto", {"FORCE_COLOR": "1"}, True, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, True, True),
        ("never", {"FORCE_COLOR": "1"}, False, False),
    ],
)
def test_colour_is_for_those_who_want_it(
    when: str, environment: dict[str, str], on_terminal: bool, in_pipe: bool
) -> None:
    assert wants_colour(when, Terminal(), environment) is on_terminal
    assert wants_colour(when, io.StringIO(), environment) is in_pipe


def test_a_closed_stream_is_not_a_terminal() -> None:
    assert not wants_colour("auto", None, {})
