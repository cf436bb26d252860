"""Colour for text on a terminal, without a library: the text of a lint has to be there at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from confkit.core.severity import Severity

    Paint = Callable[[str, Severity], str]

_ANSI: dict[Severity, str] = {"error": "\x1b[31m", "warning": "\x1b[33m", "info": "\x1b[36m"}
_RESET = "\x1b[0m"


def uncoloured(text: str, severity: Severity) -> str:  # noqa: ARG001 - one of the two that take the same
    """Return `text` as it is."""
    return text


def coloured(text: str, severity: Severity) -> str:
    """Return `text` in the colour of its severity: red, yellow or cyan."""
    return f"{_ANSI[severity]}{text}{_RESET}"
