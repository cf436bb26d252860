"""Hide the values of secret entries in text that is shown: in a unified diff, in a line under a caret."""

from __future__ import annotations

import re

from confkit.catalogue.names import SECRET_NAMES

MASK = "********"
_SECRET = re.compile(
    f"((?:{'|'.join(map(re.escape, SECRET_NAMES))})[^=\n]{{0,64}}=[ \t]*)[^;\r\n]*(;[^\r\n]*)?", re.IGNORECASE
)


def masked(text: str) -> str:
    """Return `text` with what follows the `=` of a secret entry masked, anywhere on a line, comments included."""
    return _SECRET.sub(lambda match: f"{match[1]}{MASK}{';' if match[2] else ''}", text)
