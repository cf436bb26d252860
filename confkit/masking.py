"""Hide the values of secret entries in text that is shown: in a unified diff, in a line under a caret."""

from __future__ import annotations

import re

from confkit.catalogue.names import SECRET_NAMES

MASK = "********"
# Compiled when it is used: most texts are shown without.
_SECRET = f"((?:{'|'.join(map(re.escape, SECRET_NAMES))})[^=\n]{{0,64}}=[ \t]*)[^;\r\n]*(;[^\r\n]*)?"


def masked(text: str) -> str:
    """Return `text` with what follows the `=` of a secret entry masked, anywhere on a line, comments included."""
    return re.sub(_SECRET, lambda match: f"{match[1]}{MASK}{';' if match[2] else ''}", text, flags=re.IGNORECASE)
