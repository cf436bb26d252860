"""Read and edit Chrystoki.conf and crystoki.ini without losing a byte.

Standard library only, no knowledge of Luna, Python 3.8 or newer: this package is carried into fleet modules as it is.
"""

from __future__ import annotations

import re

from . import chrystoki
from .document import Document, Edit, Entry, Problem, Section
from .edits import (
    EditRefusedError,
    NotAllowedError,
    edited,
    may_be_a_name,
    remove_empty_section,
    set_entry,
    set_value,
    unset_entry,
    unset_value,
)

__all__ = [
    "Document",
    "Edit",
    "EditRefusedError",
    "Entry",
    "NotAllowedError",
    "Problem",
    "Section",
    "edited",
    "may_be_a_name",
    "parse",
    "remove_empty_section",
    "set_entry",
    "set_value",
    "unset_entry",
    "unset_value",
]

_LINE = re.compile(rb"[^\r\n]+")


def parse(source: bytes, name: str = "") -> Document:
    """Parse a file of either form; any bytes parse, and `parse(source).to_bytes() == source`.

    The form is recognised from the first line that shows one, else from `name` (one that ends in .ini is the Windows
    form). Where the two disagree, the document carries the problem `wrong-form`.
    """
    ini_name, conf_name = name.lower().endswith(".ini"), name.lower().endswith("chrystoki.conf")
    seen = _form_seen(source)
    windows = ini_name if seen is None else seen
    document = _parse_windows(source) if windows else chrystoki.parse(source)
    if (windows and conf_name) or (ini_name and not windows):
        message = "the Windows form in a .conf file" if windows else "the UNIX form in an .ini file"
        wrong = Problem("wrong-form", f"{message}: the client would not read it", 1, 0, 0)
        return document._replace(problems=(wrong, *document.problems))
    return document


def _parse_windows(source: bytes) -> Document:
    from . import crystoki_ini  # noqa: PLC0415 - a run that reads the UNIX form does without

    return crystoki_ini.parse(source)


def _form_seen(source: bytes) -> bool | None:
    """Return whether the first telling line is of the Windows form; None where no line tells."""
    for line in _LINE.finditer(source):  # one at a time: the first line with a name nearly always tells
        code = line.group().lstrip(b"\xef\xbb\xbf \t")
        if code.startswith(b"[") and b"]" in code:
            return True
        if b"{" in code and not code.startswith((b"#", b"//", b"/*", b";")):
            return False
    return None
