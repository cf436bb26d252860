"""Evidence of an earlier check, which further calls continue, and whether it is about the same group and library."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confkit.live.calls import FoundGroup, Run


class Earlier(NamedTuple):
    """What an earlier check found: its runs, and what they are about, as far as only the library can tell.

    `path` is the file it was read from. The call times are on the monotonic clock of this process, so those of an
    earlier boot may be negative. `library_state` is that of `ProbeResult`.
    """

    path: str = ""
    runs: tuple[Run, ...] = ()
    group: FoundGroup | None = None
    layout: str | None = None
    library_state: str = ""

    @property
    def main_calls(self) -> int:
        """How many calls at the configured timeout were made."""
        return sum(len(run.calls) for run in self.runs if run.purpose == "main")

    def must_fit(self, group: FoundGroup | None, library_state: str) -> None:
        """Raise UsageError where the library found another group, or is another one; what is unknown fits."""
        found = {}
        if self.group is not None and group is not None:
            found["HA group"] = (_name(self.group), _name(group))
        if self.library_state and library_state:
            found["library file (size, time)"] = (self.library_state, library_state)
        must_be_same(self.path, found)


NOTHING = Earlier()


def must_be_same(path: str, found: Mapping[str, tuple[object, object]]) -> None:
    """Raise UsageError that names each value of `found` (name -> before, now) that is not the same any more."""
    changed = [f"the {name} was {before}, and is {now}" for name, (before, now) in found.items() if before != now]
    if changed:
        raise UsageError(
            f"{path} is evidence of another check: {'; '.join(changed)}. Leave out --resume to start anew, or name "
            "the evidence of this one"
        )


def _name(group: FoundGroup) -> str:
    """Return what tells a group from others: its serial number, else its label; slot numbers may change."""
    return group.serial.lstrip("0") or group.label
