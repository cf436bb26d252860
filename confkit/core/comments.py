"""A comment behind a value, which has become a part of it. Carried into modules that run on Python 3.8."""

from __future__ import annotations

import re

# A sign of a comment after a space.
_COMMENT = re.compile(r"[ \t]+(//|/\*|#|;|--[ \t])")


def comment_in(value: str) -> re.Match[str] | None:
    """Return where in a value a comment seems to start, with the space in front of it; group 1 is its sign."""
    return _COMMENT.search(value)
