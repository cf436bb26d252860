"""The short way through the lines of a section: one match for a plain entry, a call for any other line."""

from __future__ import annotations

from typing import AbstractSet, Callable, Pattern, Tuple

from .document import Entry

# What a plain entry looks like in one form of the file (groups: indentation, name, `=` with the blanks round it,
# value), and how many bytes it has behind its value.
Kind = Tuple[Pattern[bytes], int]


def entries(  # noqa: PLR0913, PLR0917 - one loop for both forms
    kind: Kind,
    lines: list[bytes],
    inside: range,
    section: str,
    skipped: AbstractSet[int],
    odd: Callable[[int], Entry | None],
) -> tuple[Entry, ...]:
    """Return the entries on the lines `inside`, less those `skipped`; `odd` is asked about each that is not plain.

    Half the time of a parse goes here. So the matching is a map, and a tuple is made without Entry(...), which would
    take twice the time.
    """
    found = []
    make = tuple.__new__
    pattern, behind = kind
    for number, match in zip(inside, map(pattern.match, lines[inside.start - 1 : inside.stop - 1])):
        if number in skipped:
            continue
        if match:
            indentation, name, equals, source = match.groups()
            start = len(indentation)
            value_start = start + len(name) + len(equals)
            value_end = value_start + len(source)
            value = source.decode("utf-8", "surrogateescape")
            place = number, start, value_start, value_end, value_end + behind
            found.append(make(Entry, (section, name.decode(), value, *place, True)))
        else:
            entry = odd(number)
            if entry:
                found.append(entry)
    return tuple(found)
