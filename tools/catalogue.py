"""The catalogue in one file that is read at once, schemas/catalogue.json, from the TOML files in schemas/sections.

Reading TOML takes 20 ms of a lint, and this a fortieth. The TOML files are what people read and change.
"""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from confkit.core.catalogue.files import section_file
from confkit.core.catalogue.loader import FIELDS
from confkit.core.catalogue.names import SECTION_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping


def compiled() -> str:
    """Return the text of the file: for each section its meaning, its misspelt names, and a row for each entry.

    A row has the fields of `EntryFacts` after the section. FileError when the TOML files are not there.
    """
    sections = ",\n".join(_section(name) for name in SECTION_NAMES)
    return f"{{\n{sections}\n}}\n"


def _section(name: str) -> str:
    with open(section_file(name), "rb") as file:
        table = tomllib.load(file)
    rows = ",\n".join(json.dumps(_row(entry, fields)) for entry, fields in table["entry"].items())
    about = {"meaning": table["meaning"], "misspelt": table.get("misspelt", {})}
    about.update((field, table[field]) for field in ("deprecated", "until") if field in table)
    head = json.dumps(about)[1:-1]
    return f'{json.dumps(name)}: {{{head}, "entries": [\n{rows}\n]}}'


def _row(name: str, table: Mapping[str, Any]) -> list[Any]:
    default = table.get("default")
    said = {
        **table,
        "name": name,
        "default": None if default is None else str(default),
        "choices": [str(choice) for choice in table.get("choices", ())],
        "secret": table.get("secret", False),
        "may_be_empty": table.get("may_be_empty", False),
        "undocumented": table.get("undocumented", []),
    }
    return [said.get(field) for field in FIELDS]
