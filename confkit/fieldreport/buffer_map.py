"""Which bytes of its buffer a status call wrote, and what kind of byte it wrote there: a map, not the content."""

from __future__ import annotations

import itertools

_KINDS = {0: "nul", 0x20: "spaces", **dict.fromkeys(range(0x30, 0x3A), "digits")}


def buffer_map(written: bytes, filling: int) -> str:
    """Return the map of `written`, in order, such as "12 digits, 8 nul, 4 untouched, 32 other".

    untouched: still the byte `filling` with which the buffer had been filled. A byte that was written and is the same
    cannot be told from it; the next call has another filling.
    """
    kinds = ("untouched" if byte == filling else _KINDS.get(byte, "other") for byte in written)
    return ", ".join(f"{len(list(run))} {kind}" for kind, run in itertools.groupby(kinds))
