"""What to say where an optional dependency is not installed: one line with the command that installs it."""

from __future__ import annotations

from confkit.core.errors import UnavailableError

# extra of pyproject.toml -> what it brings. The packages themselves are named: where confkit came from a checkout or a
# wheel, pip finds no distribution luna-confkit. A test holds this against pyproject.toml.
PACKAGES = {
    "preflight": ("cryptography>=42",),
    "exporter": ("prometheus-client>=0.20", "PyYAML>=6.0", "bcrypt>=4.0"),
    "manifests": ("PyYAML>=6.0",),
    "lsp": ("pygls>=2.0,<3", "lsprotocol>=2025.0"),
}


def install_command(extra: str) -> str:
    """Return the command that installs what an extra of pyproject.toml brings, wherever confkit came from."""
    return "pip install " + " ".join(f"'{package}'" for package in PACKAGES[extra])


def missing_extra(what: str, package: str, extra: str) -> UnavailableError:
    """Return the error for `what` (the subject of a sentence), which needs a Python package that is not installed."""
    return UnavailableError(f"{what} needs the Python package {package}. Install it: {install_command(extra)}")
