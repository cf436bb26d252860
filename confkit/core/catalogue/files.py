"""The files of the catalogue. The fleet modules carry it in another module of this name, which their build makes."""

from __future__ import annotations

import os.path
from functools import cache
from typing import TYPE_CHECKING

from confkit.core.errors import FileError

if TYPE_CHECKING:
    from typing import Any

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_IN_WHEEL = os.path.join(_PACKAGE, "schemas")
_IN_CHECKOUT = os.path.join(os.path.dirname(_PACKAGE), "schemas")


def section_file(section: str) -> str:
    """Return the path of the TOML file that describes `section`: the source of the catalogue, for people.

    Its name is the section's, in lower case with hyphens for spaces. FileError as below.
    """
    return os.path.join(_folder(), "sections", section.lower().replace(" ", "-") + ".toml")


@cache
def catalogue() -> dict[str, Any]:
    """Return all of it, for the program: section -> meaning, misspelt names, rows; tools.generate writes it.

    FileError when the file is neither inside the package (an installed wheel) nor beside it (a checkout).
    """
    # get or set-timeout never come here
    import json  # noqa: PLC0415

    with open(os.path.join(_folder(), "catalogue.json"), "rb") as file:
        stored: dict[str, Any] = json.load(file)
    return stored


def _folder() -> str:
    for directory in (_IN_WHEEL, _IN_CHECKOUT):
        if os.path.isdir(directory):
            return directory
    raise FileError(
        "The catalogue of entries is missing from this installation. Install luna-confkit again.", path=_IN_WHEEL
    )
