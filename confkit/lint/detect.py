"""What is a configuration file of the client, told from its first bytes."""

from __future__ import annotations

import re

from confkit.core.catalogue.names import SECTION_NAMES

LOOKED_AT = 64 * 1024  # bytes; a header stands in the first lines of every real file

# Other programs have sections of these names in their .ini and .conf files too.
_COMMON_NAMES = frozenset({"Misc", "Session", "Presentation", "Toggles", "REST"})
_NAMES = b"|".join(re.escape(name.encode()) for name in SECTION_NAMES if name not in _COMMON_NAMES)
_BRACE = rb"(?:=[ \t]*)?(?:\r?\n[ \t]*)?\{"
# Compiled when it is used, which takes 1 ms: a file that is named is not asked what it is.
_HEADER = rb"^(?:\xef\xbb\xbf)?[ \t]*(?:(?:%b)[ \t]*%b|\[[ \t]*(?i:%b)[ \t]*\])" % (_NAMES, _BRACE, _NAMES)


def looks_like_one(start: bytes) -> bool:
    """Tell whether a file that starts with these bytes holds a section of the client's file, in either form."""
    start = start[:LOOKED_AT]
    return b"\0" not in start and re.search(_HEADER, start, re.MULTILINE) is not None
