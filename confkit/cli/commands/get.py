"""confkit get: the value of one entry, for scripts."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli.options import Config, EntryName, Format, OutputFormat, SectionName, config_path, read_document
from confkit.cli.output import write_bytes_out, write_out
from confkit.core.errors import UsageError
from confkit.core.escape import escape, on_build_server, without_commands, without_commands_in_json
from confkit.core.redact import BY_CONTENT
from confkit.core.secret_names import is_secret_name
from confkit.core.syntax.document import readable

if TYPE_CHECKING:
    from confkit.core.syntax import Document

EXAMPLES = """Examples:

confkit get HAConfiguration statusTimeout --default 3

confkit get "LunaSA Client" ServerName00 -c /opt/luna
"""


def command(
    section: SectionName,
    key: EntryName,
    default: Annotated[
        str | None, typer.Option(metavar="VALUE", help="Print this where the entry is absent, and exit with 0.")
    ] = None,
    config: Config = None,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Print the value of one entry; exit with 1 where it is absent.

    Of a duplicate entry the first one counts. A secret is never printed.
    """
    path = config_path(config)
    document = read_document(path)
    entries = document.entries(section, key)
    found = entries[0] if entries else None
    shown = BY_CONTENT.hide_value(key, found.value) if found else default
    if output is Format.JSON:
        line = found.line if found else None
        from confkit.reports.entry import GetReport  # noqa: PLC0415 - for JSON alone

        answer = GetReport(1, readable(path), section, key, shown, line)
        write_out(without_commands_in_json(json.dumps(vars(answer))) + "\n")
        return 0 if found or default is not None else 1
    if found and shown != found.value:
        what = "is a secret" if is_secret_name(key) else "holds a secret"
        raise UsageError(f"{key} {what} and is never printed; it is set", path=path, line=found.line)
    if shown is None:
        _absent(path, section, key, document)
        return 1
    _print(shown)
    return 0


def _absent(path: str, section: str, key: str, document: Document) -> None:
    """Say that there is no such entry, and which one was meant, or where one of this name is hidden."""
    from confkit.core.validate import near  # noqa: PLC0415 - it brings the catalogue along

    names = [entry.name for found in document.sections_named(section) for entry in found.entries]
    hint = near(key, names) if names else near(section, [each.name for each in document.sections])
    lines = [problem.line for problem in document.problems if problem.key == key]
    where = f"; line {lines[0]} names it in a place that is not read" if lines else "" if hint == "." else hint
    message = f"{path}: no entry {key} in section {section}{where}"
    typer.echo(f"confkit: {escape(BY_CONTENT.hide(message))}", err=True)


def _print(value: str) -> None:
    """Print for a person without control characters, for a program byte for byte, for a build log without commands."""
    if sys.stdout is not None and sys.stdout.isatty():
        write_out(escape(value) + "\n")
        return
    if on_build_server(os.environ):
        value = without_commands(value)
    write_bytes_out(value.encode("utf-8", "surrogateescape") + b"\n")
