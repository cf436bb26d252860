"""The change of a file as a unified diff, secrets redacted."""

from __future__ import annotations

from confkit.core.escape import escape
from confkit.core.redact import Redactor
from confkit.core.syntax.document import text
from confkit.core.syntax.lines import split_lines

_MOST_LINES = 10_000  # difflib takes quadratic time where every other line is new


def unified(path: str, before: bytes, after: bytes) -> str:
    """Return the unified diff from `before` to `after`; empty where they are equal.

    It is for people: control characters are escaped, a CR too unless all lines of both end in CR LF. Secrets of either
    text and the values of unknown entries are redacted; a line in which only these changed is shown twice alike.
    """
    if before.count(b"\n") > _MOST_LINES and before != after:
        return f"{escape(path)} has more than {_MOST_LINES} lines: the difference is not shown\n"
    # costs 10 ms, and only --diff comes here
    from difflib import unified_diff  # noqa: PLC0415

    end = "\r\n" if _all_end_in_crlf(before) and _all_end_in_crlf(after) else "\n"
    redactor = Redactor(split_lines(before), split_lines(after))
    old, new = ([text(line).removesuffix(end) for line in split_lines(source)] for source in (before, after))
    # two lines that differ may be shown alike
    shown = {line: escape(redactor.hide_line(line)) for line in {*old, *new}}
    name = escape(path)
    changes = unified_diff(old, new, name, f"{name} (changed)", lineterm="")
    headings = [next(changes, ""), next(changes, "")]
    lines = [change if change.startswith("@@") else change[0] + shown[change[1:]] for change in changes]
    return "".join(f"{line}\n" for line in [*filter(None, headings), *lines])


def _all_end_in_crlf(source: bytes) -> bool:
    return 0 < source.count(b"\n") == source.count(b"\r\n")
