"""Where the files of the catalogue lie."""

from __future__ import annotations

import os.path

from confkit.errors import FileError

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_IN_WHEEL = os.path.join(_PACKAGE, "schemas", "sections")
_IN_CHECKOUT = os.path.join(os.path.dirname(_PACKAGE), "schemas", "sections")


def section_file(section: str) -> str:
    """Return the path of the TOML file that describes `section`.

    Its name is the section's, in lower case with hyphens for spaces. FileError when no folder of the catalogue exists,
    neither inside the package (an installed wheel) nor beside it (a checkout).
    """
    for folder in (_IN_WHEEL, _IN_CHECKOUT):
        if os.path.isdir(folder):
            return os.path.join(folder, section.lower().replace(" ", "-") + ".toml")
    raise FileError(
        "The catalogue of entries is missing from this installation. Install luna-confkit again.", path=_IN_WHEEL
    )
