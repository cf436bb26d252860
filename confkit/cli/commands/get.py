"""confkit get: the value of one entry, for scripts."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated

import typer

from confkit import load
from confkit.cli.options import Config, EntryName, Format, OutputFormat, SectionName, config_path
from confkit.core.catalogue.names import is_secret
from confkit.core.errors import UsageError
from confkit.core.escape import plain

EXAMPLES = """Examples:

confkit get HAConfiguration statusTimeout --default 3

confkit get "LunaSA Client" ServerName00 -c /opt/luna
"""


def command(
    section: SectionName,
    key: EntryName,
    default: Annotated[str | None, typer.Option(help="Print this where the entry is absent, and exit with 0.")] = None,
    config: Config = None,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Print the value of one entry; exit with 1 where it is absent.

    Of an entry that stands more than once the first one counts. The value of a secret entry is never printed.
    """
    path = config_path(config)
    document = load(path)
    entries = document.entries(section, key)
    if output is Format.JSON:
        found = entries[0] if entries else None
        value = found.value if found else default
        shown = None if is_secret(key) else value
        line = found.line if found else None
        print(json.dumps({"version": 1, "path": path, "section": section, "key": key, "value": shown, "line": line}))
        return 0 if value is not None else 1
    if entries and is_secret(key):
        raise UsageError(f"{key} is a secret and is never printed; it is set", path=path, line=entries[0].line)
    value = entries[0].value if entries else default
    if value is None:
        _absent(path, section, key, [problem.line for problem in document.problems if problem.key == key])
        return 1
    _print(value)
    return 0


def _absent(path: str, section: str, key: str, lines: list[int]) -> None:
    where = f"; line {lines[0]} names it in a place that is not read" if lines else ""
    typer.echo(f"confkit: {plain(path)}: no entry {plain(key)} in section {plain(section)}{where}", err=True)


def _print(value: str) -> None:
    """Print for a person without control characters, for a program byte for byte."""
    if sys.stdout.isatty():
        print(plain(value))
    else:
        os.write(sys.stdout.fileno(), value.encode("utf-8", "surrogateescape") + b"\n")
