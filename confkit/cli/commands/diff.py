"""confkit diff: differences of meaning between two files."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from confkit import load
from confkit.cli.options import Format, OutputFormat, config_path
from confkit.config.compare import Difference, differences
from confkit.core.escape import plain
from confkit.core.redact import MASK

EXAMPLES = """Examples:

confkit diff /etc/Chrystoki.conf /etc/Chrystoki.conf.new

confkit diff Chrystoki.conf crystoki.ini --format json
"""

_File = Annotated[str, typer.Argument(metavar="FILE", help="A file, or the folder it lies in.")]


def command(one: _File, other: _File, output: OutputFormat = Format.TEXT) -> int:
    """Compare what two files say, not how they are laid out; exit with 1 where they differ.

    The order of sections and entries, spacing, comments and line ends do not count. A UNIX and a Windows file can be
    compared. Secret values are masked, and said to differ.
    """
    paths = config_path(one), config_path(other)
    found = differences(load(paths[0]), load(paths[1]))
    if output is Format.JSON:
        print(json.dumps({"version": 1, "paths": paths, "differences": [_as_json(each) for each in found]}, indent=2))
        return 1 if found else 0
    for each in found:
        print(plain(f"{each.section}/{each.key}"))
        for sign, path, values, lines in zip("-+", paths, each.values, each.lines, strict=True):
            for value, line in zip(values, lines, strict=True):
                print(f"  {sign} {MASK if each.secret else plain(value)}   ({plain(path)}:{line})")
    return 1 if found else 0


def _as_json(difference: Difference) -> dict[str, object]:
    sides = (
        [{"value": None if difference.secret else value, "line": line} for value, line in zip(*side, strict=True)]
        for side in zip(difference.values, difference.lines, strict=True)
    )
    one, other = sides
    key = {"section": difference.section, "key": difference.key, "secret": difference.secret}
    return {**key, "one": one, "other": other}
