"""The pooled evidence in a file, so that a restart of the exporter does not lose days of it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from confkit.core.errors import FileError
from confkit.core.storage.reader import read_bounded
from confkit.exporter.pooled import Pooled
from confkit.exporter.textfile import replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES = 1 << 20
VARIABLE = "STATE_DIRECTORY"
"""Set by systemd for StateDirectory=; a list of directories, of which the first counts"""

_POOLED = TypeAdapter(Pooled)


def path_of(given: str | None, choice: int | str | None, environment: Mapping[str, str]) -> str | None:
    """Return the path of the file: `given`, else one in systemd's state directory for this group, else None."""
    directory = environment.get(VARIABLE, "").partition(":")[0]
    if given is not None or not directory:
        return given
    name = "group" if choice is None else quote(str(choice), safe="")
    return os.path.join(directory, f"rounds-{name[:200]}.json")


def load(path: str) -> Pooled:
    """Return the evidence in the file, none where there is no file. FileError where it cannot be read or is invalid."""
    if not os.path.lexists(path):
        return Pooled()
    data = read_bounded(path, MAX_BYTES)
    try:
        return _POOLED.validate_python(json.loads(data))
    except (ValueError, ValidationError, RecursionError) as error:
        message = "this is not a state file of confkit. Remove it, or name another with --state."
        raise FileError(message, path=path) from error


def save(path: str, pooled: Pooled) -> None:
    """Replace the file, whole, readable by its owner only. FileError where that fails."""
    replace_file(path, json.dumps(asdict(pooled), separators=(",", ":")) + "\n", 0o600)
