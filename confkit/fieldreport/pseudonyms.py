"""Names that stand for what must not leave the site: serial-1 is the same serial number everywhere in one report."""

from __future__ import annotations

import re

_SHORT = 4  # a name with fewer characters is replaced only where it stands as a word: it may be part of any other
_NO_NAME = re.compile("[0-9]{0,3}")  # stands in every version number

# Texts of slots and tokens that public traces of Luna clients have, whatever a site calls its groups.
_PUBLIC = frozenset({"HA Virtual Card Slot", "Net Token Slot", "LunaNet Slot", "LunaVirtual", "Safenet, Inc."})

# What looks like a site's own although it was not named: addresses, paths, long numbers. In this order.
_LOOKS = (
    (
        "address",
        re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|(?<!\w)[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7}"),
    ),
    ("path", re.compile(r"(?<!\w)(?:[A-Za-z]:)?[\\/][\w.+~-]+(?:[\\/][\w.+~-]+)*")),
    ("number", re.compile(r"(?<![0-9xX])\d{6,}")),
)


class Pseudonyms:
    """What has been replaced so far."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def of(self, kind: str, value: str) -> str:
        """Return what stands for `value`: `kind` and a number, the same for the same value; nothing for nothing."""
        if not value:
            return ""
        if value not in self._names:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._names[value] = f"{kind}-{self._counts[kind]}"
        return self._names[value]

    def hide(self, text: str) -> str:
        """Return free text with every known value replaced, whatever its letter case, and all that looks like one."""
        if text in _PUBLIC:
            return text
        for value in sorted(self._names, key=len, reverse=True):
            if _NO_NAME.fullmatch(value):
                continue
            pattern = re.escape(value)
            if len(value) < _SHORT:
                pattern = rf"(?<!\w){pattern}(?!\w)"
            text = re.sub(pattern, self._names[value], text, flags=re.IGNORECASE)
        for name, look in _LOOKS:
            text = look.sub(name, text)
        return text
