"""What to probe, and how: plain data."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class ProbeTarget:
    """What to probe.

    `library` is a path; `choice` a slot number, the label of an HA group, or None for the only group there is.
    `environment` holds variables for the library, such as ChrystokiConfigurationPath. `private_folder` is a directory
    which is removed in the end, also should this process die. `session`: open a public session on the slot of the HA
    group before the first call, and never log in.
    """

    library: str
    choice: int | str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    private_folder: str | None = None
    session: bool = False


@dataclass(frozen=True)
class Schedule:
    """How many calls (1 or more), and all times in seconds.

    `limit_seconds` is the statusTimeout under which the library runs. A call that has not come back `grace_seconds`
    later is killed, and so is a C_Finalize after `grace_seconds`. `budget_seconds` limits the whole probe, which
    answers at most `grace_seconds` and 2 s later. `start_seconds` limits loading, C_Initialize and the first search for
    the slot together: with dead appliances these are slow. `clock` gives the time by which deadlines are kept.
    """

    calls: int
    limit_seconds: int
    budget_seconds: float
    mean_gap_seconds: float = 0.1
    grace_seconds: float = 3.0
    start_seconds: float = 60.0
    clock: Callable[[], float] = time.monotonic
