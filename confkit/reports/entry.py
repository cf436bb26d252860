"""What `confkit get --format json` prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class GetReport:
    """One entry; `value` is null where it is absent and where it is a secret. A secret inside a value is masked."""

    version: Literal[1]
    path: str
    section: str
    key: str
    value: str | None
    line: int | None
    """Null where the entry is absent"""
