"""The change of a file as a unified diff, secrets hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.escape import plain
from confkit.core.redact import Secrets
from confkit.core.syntax.document import text
from confkit.core.syntax.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_LINES = 10_000  # difflib takes quadratic time where every other line is new


def unified(path: str, before: bytes, after: bytes) -> str:
    """Return the unified diff from `before` to `after`; empty where they are equal.

    It is for people: control characters are escaped, a CR too unless all lines of both end in CR LF.
    """
    if before.count(b"\n") > _MOST_LINES and before != after:
        return f"{plain(path)} has more than {_MOST_LINES} lines: the difference is not shown\n"
    # costs 10 ms, and only --diff comes here
    from difflib import unified_diff  # noqa: PLC0415

    name, end = plain(path), "\r\n" if _all_end_in_crlf(before) and _all_end_in_crlf(after) else "\n"
    lines = unified_diff(list(_shown(before, end)), list(_shown(after, end)), name, f"{name} (changed)", lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _shown(source: bytes, end: str) -> Iterator[str]:
    lines = split_lines(source)
    secrets = Secrets(lines)
    for line in lines:
        yield plain(secrets.hide(text(line)).removesuffix(end))


def _all_end_in_crlf(source: bytes) -> bool:
    return 0 < source.count(b"\n") == source.count(b"\r\n")
