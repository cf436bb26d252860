"""A change of the text of a file; what the syntax refuses is an error that names the file and says what to do."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from confkit.core.errors import FileError, UsageError
from confkit.core.syntax import EditRefusedError, NotAllowedError, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from confkit.core.syntax import Document


def changed(path: str, source: bytes, change: Callable[[Document], Document]) -> bytes:
    """Return `source` with `change` applied; the parser's refusals become errors that name the file and the lines."""
    return applied(path, parse(source, os.path.basename(path)), change).to_bytes()


def applied(path: str, document: Document, change: Callable[[Document], Document]) -> Document:
    """Return `document` with `change` applied; the parser's refusals become errors that name the file and the lines."""
    try:
        return change(document)
    except NotAllowedError as error:
        raise UsageError(f"{error}. Nothing was changed") from error
    except EditRefusedError as refusal:
        lines = sorted(set(refusal.lines))
        where = f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"
        message = f"{refusal.reason} ({where}). Fix this first. Nothing was changed"
        raise FileError(message, path=path, line=lines[0]) from refusal
