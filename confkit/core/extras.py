"""What to say where an optional dependency is not installed: one line with the command that installs it."""

from __future__ import annotations

from confkit.core.errors import UnavailableError


def install_command(extra: str) -> str:
    """Return the command that installs confkit with an extra of pyproject.toml."""
    return f"pip install 'luna-confkit[{extra}]'"


def missing_extra(what: str, package: str, extra: str) -> UnavailableError:
    """Return the error for `what` (the subject of a sentence), which needs a Python package that is not installed."""
    return UnavailableError(f"{what} needs the Python package {package}. Install it: {install_command(extra)}")
