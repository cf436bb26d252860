"""What to probe, and how: plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class ProbeTarget:
    """What to probe.

    `library` is a path; `choice` a slot number, the label of an HA group, or None for the only group there is.
    `environment` holds variables for the library, such as ChrystokiConfigurationPath. `private_folder` is a directory
    with nothing but files in it, which is removed in the end, also should this process die.
    """

    library: str
    choice: int | str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    private_folder: str | None = None


@dataclass(frozen=True)
class Schedule:
    """How many calls (1 or more), and all times in seconds.

    `limit_seconds` is the statusTimeout under which the library runs. A call that has not come back `grace_seconds`
    later is killed, and so is a C_Finalize after `grace_seconds`. `budget_seconds` limits the whole probe, which
    answers at most `grace_seconds` and 2 s later.
    """

    calls: int
    limit_seconds: int
    budget_seconds: float
    mean_gap_seconds: float = 0.1
    grace_seconds: float = 3.0
