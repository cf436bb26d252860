"""What lies in this checkout and is the project's own: no environment, no cache, nothing that was installed or built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NOT_OURS = {".venv", ".git", ".cache", "node_modules", "dist", ".pytest_cache", ".hypothesis"}


def own_files(pattern: str, directory: str = ".") -> Iterator[Path]:
    """Yield the project's own files below `directory` of the checkout whose names fit `pattern`."""
    for path in (REPOSITORY / directory).rglob(pattern):
        if path.is_file() and not _NOT_OURS.intersection(path.relative_to(REPOSITORY).parts):
            yield path
