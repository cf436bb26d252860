"""Redact the values of secret entries in text that is shown: in a unified diff, in a line under a caret.

`masked` hides what follows the `=` of a secret entry on its own line. A file gone wrong may hold the value elsewhere as
well: without the `=`, on the next line, or in the name of what the parser took for a section; `Secrets` knows those.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.core.catalogue.names import SECRET_NAMES
from confkit.core.syntax.document import text as decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MASK = "********"
# Compiled when it is used: most texts are shown without.
_SECRET = f"((?:{'|'.join(map(re.escape, SECRET_NAMES))})[^=\n]{{0,64}}=[ \t]*)[^;\r\n]*(;[^\r\n]*)?"
_NAME = re.compile(f"(?:{'|'.join(map(re.escape, SECRET_NAMES))})[0-9A-Za-z_]*", re.IGNORECASE)
_AROUND_VALUE = " \t\r\n\v\f\"'=:;{}[]"
_PROSE = re.compile("[a-z]*")  # "must", in a comment, is no secret, and stands in many messages
_ANOTHER_THING = re.compile(r"[#\[}]|//|/\*|[^=]+=.*[^=\s;]")  # a comment, a header, a brace, an entry

_SHORTEST_VALUE = 4  # shorter ones are hidden behind their names only: 0 is no secret, and stands everywhere
_MOST_VALUES = 100  # a file has one or two; each costs a search in every text that is shown
_LONGEST_TEXT = 4096  # searching for names takes quadratic time in a text that repeats them


def masked(text: str) -> str:
    """Return `text` with what follows the `=` of a secret entry masked, anywhere on a line, comments included."""
    return re.sub(_SECRET, lambda match: f"{match[1]}{MASK}{';' if match[2] else ''}", text, flags=re.IGNORECASE)


class Secrets:
    """The secrets of one file; `hide` takes them out of a text."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        folded = decoded(b"".join(lines)).lower()
        self._present = any(name.lower() in folded for name in SECRET_NAMES)
        self._values = _longest_first(_values(lines)) if self._present else []

    def hide(self, shown: str) -> str:
        """Return `shown` with every secret replaced by asterisks; a very long text in a file with secrets wholly."""
        if not self._present:
            return shown
        if len(shown) > _LONGEST_TEXT:
            return MASK
        hidden = masked(shown)
        for value in self._values:
            hidden = hidden.replace(value, MASK)
        return hidden


def _longest_first(values: Iterator[str]) -> list[str]:
    """Return at most `_MOST_VALUES` distinct values; a longer one may hold a shorter one and has to go first."""
    found: dict[str, None] = {}
    for value in values:
        found[value] = None
        if len(found) == _MOST_VALUES:
            break
    return sorted(found, key=len, reverse=True)


def _values(lines: Sequence[bytes]) -> Iterator[str]:
    """Yield what stands behind each secret name: up to the `;`, and the whole line for the Windows form."""
    awaited = False
    for line in lines:
        words = decoded(line)
        name = _NAME.search(words)
        if name:
            rest = words[name.end() :]
        elif awaited and not _ANOTHER_THING.match(words.lstrip()):
            rest = words
        else:
            awaited = awaited and not words.strip()
            continue
        found = [value for piece in rest.split("=", 1) for value in _readings(piece)]
        awaited = not found and ";" not in rest
        yield from (value for value in found if len(value) >= _SHORTEST_VALUE)


def _readings(piece: str) -> Iterator[str]:
    """Yield what the value may be: all there is, what stands before the `;` or a second `=`, and the first word."""
    piece = piece.strip(_AROUND_VALUE)
    first, *_ = [*piece.split(maxsplit=1), ""]
    readings = [piece, *(piece.partition(sign)[0] for sign in ";="), *([] if _PROSE.fullmatch(first) else [first])]
    yield from filter(None, (reading.strip(_AROUND_VALUE) for reading in readings))
