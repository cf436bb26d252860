"""The text of `confkit show`."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from confkit.core.escape import escape

_PIPE_WIDTH = 200  # a program or a pager breaks no lines

if TYPE_CHECKING:
    from confkit.core.view import GroupView, ServerView, TimeoutView, View


def text_of(seen: View, path: str) -> str:
    """Return groups, servers and timeouts as tables: as wide as the terminal of standard output, and in its colours."""
    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    held = io.StringIO()
    width = None if on_terminal else _PIPE_WIDTH
    _print(Console(file=held, force_terminal=on_terminal or None, highlight=False, width=width), seen, path)
    return held.getvalue()


def _print(console: Console, seen: View, path: str) -> None:
    form = "the Windows form" if seen.form == "windows" else "the UNIX form"
    console.print(Text(f"{escape(path)} ({form}, {len(seen.sections)} sections)"))
    console.print(_groups(seen.groups) if seen.groups else Text("\nNo HA group (section VirtualToken)."))
    console.print(_servers(seen.servers) if seen.servers else Text("\nNo server (section LunaSA Client)."))
    console.print(_timeouts(seen.timeouts))
    if seen.problems:
        console.print(Text(f"\n{len(seen.problems)} problems in the text; confkit lint explains them."))


def _groups(groups: tuple[GroupView, ...]) -> Table:
    table = _table("HA groups", "Label", "Serial", "Members", "Standby", "Synchronised", "Line")
    for group in groups:
        cells = group.label, group.serial, ", ".join(group.members), ", ".join(group.standby), group.synchronize
        table.add_row(*map(_cell, cells), str(group.line))
    return table


def _servers(servers: tuple[ServerView, ...]) -> Table:
    table = _table("Servers", "NN", "Name", "Port", "Line")
    for server in servers:
        table.add_row(f"{server.index:02}", _cell(server.name), _cell(server.port), str(server.line))
    return table


def _timeouts(timeouts: tuple[TimeoutView, ...]) -> Table:
    table = _table("Timeouts in force", "Section", "Entry", "Value", "From", "Meaning")
    for timeout in timeouts:
        source = f"line {timeout.line}" if timeout.line else timeout.source
        value = "-" if timeout.value is None else f"{escape(timeout.value)} {timeout.unit}"
        table.add_row(timeout.section, timeout.key, Text(value), source, timeout.meaning)
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=f"\n{title}", title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _cell(value: str | int | None) -> Text:
    return Text(escape(str(value)) if value not in {None, ""} else "-")
