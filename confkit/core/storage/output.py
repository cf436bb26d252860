"""Replace a file that an earlier run of the same command wrote, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.storage.atomic import replace
from confkit.core.storage.lock import edit_lock
from confkit.core.storage.snapshot import take

if TYPE_CHECKING:
    from typing import Callable


def replace_earlier(path: str, new: bytes, refuse_other: Callable[[bytes], None]) -> None:
    """Replace the whole file by `new`; `refuse_other` gets the old content, and raises where it is something else.

    FileError as for `edit_lock`, `take` and `replace`: the old file is whole then.
    """
    with edit_lock(path) as place:
        snapshot = take(place)
        refuse_other(snapshot.data)
        replace(snapshot, new, backup=False)
