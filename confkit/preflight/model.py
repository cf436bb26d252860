"""The data of preflight: what is looked at and how, what was seen, and the checks that judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.lint.diagnostics import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from confkit.core.syntax import Entry
    from confkit.lint.diagnostics import Severity
    from confkit.preflight.access import Answer, Question
    from confkit.preflight.accounts import Account
    from confkit.preflight.files import FileSeen
    from confkit.preflight.folders import FolderSeen
    from confkit.preflight.library import Elf
    from confkit.preflight.network import ServerSeen
    from confkit.preflight.permissions import ConfigSeen
    from confkit.preflight.tree import Tree

_LONGEST_SHOWN = 120


class Host(NamedTuple):
    """What is looked at: paths below `tree`, access as `account` has it, the time that counts as now (aware)."""

    tree: Tree
    account: Account
    answers: Mapping[Question, Answer]
    now: datetime
    warn_days: int
    timeout_seconds: float


class Seen(NamedTuple):
    """Everything that was looked at, for the checks to judge; nothing further is read by them."""

    host: Host
    config: ConfigSeen
    files: tuple[FileSeen, ...] = ()
    folders: tuple[FolderSeen, ...] = ()
    servers: tuple[ServerSeen, ...] = ()
    can_read_certificates: bool = True
    machine: Elf | None = None
    """What a program of this host, or of the image, is made for"""


class Check(NamedTuple):
    """A check: like a rule of the linter, but of what was seen on the host. Its docstring is its page."""

    code: str
    name: str
    severity: Severity
    find: Callable[[Seen], Iterator[Finding]]


def at(entry: Entry, message: str, advice: str, severity: Severity | None = None) -> Finding:
    """Return a finding at the value of the entry that names the file, folder or host."""
    start, end = entry.value_start, entry.value_end
    return Finding(message, entry.line, start, end, entry.section, entry.name, help=advice, severity=severity)


def shown(name: str) -> str:
    """Return a path or a name for a message, cut where a hostile file has made it long."""
    return name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}..."
