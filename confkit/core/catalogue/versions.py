"""Versions of the client, such as 10.4 or 10.7.2."""

from __future__ import annotations

import re

_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,2}")
_PARTS = 3


def parse_version(text: str) -> tuple[int, ...]:
    """Return a version as numbers that can be compared; 10.4 is 10.4.0. ValueError for anything else."""
    if not _VERSION.fullmatch(text):
        raise ValueError(f"{text} is not a client version. Write it as 10.4 or 10.7.2")
    parts = [int(part) for part in text.split(".")]
    return tuple(parts + [0] * (_PARTS - len(parts)))
