"""Where the files of the catalogue lie."""

from __future__ import annotations

import os.path

from confkit.errors import FileError

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_IN_WHEEL = os.path.join(_PACKAGE, "schemas")
_IN_CHECKOUT = os.path.join(os.path.dirname(_PACKAGE), "schemas")


def section_file(section: str) -> str:
    """Return the path of the TOML file that describes `section`: the source of the catalogue, for people.

    Its name is the section's, in lower case with hyphens for spaces. FileError as below.
    """
    return os.path.join(_folder(), "sections", section.lower().replace(" ", "-") + ".toml")


def catalogue_file() -> str:
    """Return the path of the file that holds all of it, for the program; confkit.catalogue.compiled makes it.

    FileError when there is none, neither inside the package (an installed wheel) nor beside it (a checkout).
    """
    return os.path.join(_folder(), "catalogue.json")


def _folder() -> str:
    for folder in (_IN_WHEEL, _IN_CHECKOUT):
        if os.path.isdir(folder):
            return folder
    raise FileError(
        "The catalogue of entries is missing from this installation. Install luna-confkit again.", path=_IN_WHEEL
    )
