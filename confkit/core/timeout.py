"""statusTimeout: the one setting this project exists for, and its bounds.

Default 3 s and ceiling 60 s: https://thalesdocs.com/gphsm/luna/7/docs/pci/Content/sdk/extensions/improved_ha_status_syntax.htm
The floor is this project's own: less than the vendor's default is refused. A test holds the three constants against the
catalogue, so that setting the timeout need not read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.errors import UsageError

if TYPE_CHECKING:
    from confkit.core.syntax import Document

SECTION = "HAConfiguration"
KEY = "statusTimeout"
DEFAULT_SECONDS = 3
MINIMUM_SECONDS = 3
MAXIMUM_SECONDS = 60


def seconds_from(text: str, *, quoted: bool = True) -> int:
    """Return `text` as a timeout in seconds; UsageError unless it is a whole number from 3 to 60 in ASCII digits.

    The error says what `text` is, where it may be `quoted`.
    """
    if text in map(str, range(MINIMUM_SECONDS, MAXIMUM_SECONDS + 1)):
        return int(text)
    bounds = f"a whole number of seconds from {MINIMUM_SECONDS} to {MAXIMUM_SECONDS}"
    given = f"; not {text!a}" if quoted else ""
    raise UsageError(f"{KEY} must be {bounds}, written in plain digits{given}. Nothing was changed")


def is_status_timeout(section: str, key: str) -> bool:
    """Return whether this names statusTimeout; letter case is ignored so that no spelling of it escapes the bounds."""
    return section.lower() == SECTION.lower() and key.lower() == KEY.lower()


def configured(document: Document) -> tuple[int | None, int | None]:
    """Return the timeout in force in seconds and the line that sets it; (3, None) for the default.

    The first is None where the file holds a value that is not a whole number from 3 to 60.
    """
    entries = document.entries(SECTION, KEY)
    if not entries:
        return DEFAULT_SECONDS, None
    try:
        return seconds_from(entries[0].value), entries[0].line
    except UsageError:
        return None, entries[0].line
