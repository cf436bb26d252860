"""The data of preflight: what a configuration names, what was observed of it on the host, and what a check is.

Plain data. What a probe reports comes from a child process as JSON (see `probes.child`), so an observation holds words,
numbers and times only: no open file, no parsed certificate.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - as below
from typing import TYPE_CHECKING, Literal, NamedTuple

from confkit.core.elf import ElfHeader  # noqa: TC001 - pydantic reads it when the program runs
from confkit.lint.diagnostics import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from confkit.core.severity import Severity
    from confkit.core.syntax import Document, Entry
    from confkit.preflight.named import NamedDirectory, NamedFile, NamedServer

Permission = Literal["yes", "no", "unknown"]
FileState = Literal["file", "directory", "special", "missing", "forbidden", "silent"]
ServerOutcome = Literal["accepts", "refused", "silent", "unreachable", "unresolved", "resolved"]
Trust = Literal["named", "issued", "not issued", "absent", "unknown"]

_MAX_SHOWN = 120  # characters of a path or a name in a message


class Account(NamedTuple):
    """A user: its name or number, its own group, and all groups that it is in."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...]


class Question(NamedTuple):
    """Whether the user may `read` a file, `add` files to a directory, or `append` to a file, creating it if need be."""

    path: str
    wanted: Literal["read", "add", "append"]


class Status(NamedTuple):
    """What is at a path: its kind, its mode, and the system's reason where it is missing or forbidden.

    `silent`: the file system did not answer in time, as a network mount whose server is gone.
    """

    state: FileState
    mode: int = 0
    reason: str = ""


class CertificateSeen(NamedTuple):
    """A certificate: SHA-256 of its public key (None for an unknown kind of key), and when it is valid (UTC)."""

    public_key: str | None
    not_before: datetime
    not_after: datetime


class KnownServer(NamedTuple):
    """Whether a CA file vouches for a server, and the certificate that this was told from.

    `named`: a certificate in the file has its name. `issued`, `not issued`: its own certificate lies beside the CA
    file, and a chain leads from it to a root or does not. `absent`: nothing in the file can have issued it. `unknown`:
    something may have issued it, and its own certificate is not at hand.
    """

    trust: Trust
    certificate: CertificateSeen | None = None


class CertificatesSeen(NamedTuple):
    """What a certificate file or a CA file holds; `fault` says what is wrong with it, to follow its name in a sentence.

    `doubt` says what could not be read of certificates that may serve all the same. `certificates` is empty for a CA
    file; `known` has one item for each server that a CA file has to vouch for.
    """

    fault: str | None
    doubt: str | None = None
    certificates: tuple[CertificateSeen, ...] = ()
    known: tuple[KnownServer, ...] = ()


class KeySeen(NamedTuple):
    """A private key: its form, and SHA-256 of its public half where it is not encrypted; `fault` as above."""

    form: str
    public_key: str | None
    encrypted: bool
    fault: str | None


class FileContent(NamedTuple):
    """What one file is and holds: at most one of the last three, and `unread`: why there is none of them."""

    status: Status
    unread: str | None = None
    library: ElfHeader | None = None
    """None also for a library that is not an ELF file; see `read`"""
    certificates: CertificatesSeen | None = None
    key: KeySeen | None = None
    read: bool = False
    """Whether its content was read"""


class FileSeen(NamedTuple):
    """A file that an entry names, with its content."""

    named: NamedFile
    content: FileContent

    @property
    def status(self) -> Status:
        """What is at its path."""
        return self.content.status


class DirectorySeen(NamedTuple):
    """A directory that an entry names, or the parent of a file that it names; `answer`: the user may write there."""

    named: NamedDirectory
    path: str
    status: Status
    answer: Permission

    @property
    def entry(self) -> Entry:
        """The entry that names it."""
        return self.named.entry


class ServerSeen(NamedTuple):
    """The outcome of looking for a host; `resolved` where its port is not known; `reason` in the system's words."""

    server: NamedServer
    outcome: ServerOutcome
    reason: str = ""


class ConfigSeen(NamedTuple):
    """The configuration file itself: its path on this host, its text, its mode, and entries whose paths are relative.

    `path_below` is where it lies below the root that is looked at; None for a file that lies elsewhere.
    """

    path: str
    document: Document
    status: Status
    path_below: str | None
    relative: tuple[Entry, ...] = ()

    @property
    def windows(self) -> bool:
        """Whether it has the Windows form."""
        return self.document.windows

    def whole(self, message: str, advice: str, severity: Severity | None = None) -> Finding:
        """Return a finding that concerns the file as a whole: it is placed at its start."""
        return Finding(message, 1, 0, 0, help=advice, severity=severity)


class Circumstances(NamedTuple):
    """For whom and when the host is judged: the user, what it may do, the current time (UTC), and two limits."""

    account: Account
    answers: Mapping[Question, Permission]
    now: datetime
    warn_days: int
    timeout_seconds: float


class Observations(NamedTuple):
    """Everything that was observed, for the checks to judge; they read nothing further."""

    host: Circumstances
    config: ConfigSeen
    files: tuple[FileSeen, ...] = ()
    directories: tuple[DirectorySeen, ...] = ()
    servers: tuple[ServerSeen, ...] = ()
    can_read_certificates: bool = True
    machine: ElfHeader | None = None
    """What a program of this host, or of the image, is made for"""


class Check(NamedTuple):
    """A check: like a rule of the linter, but of what was observed on the host. Its docstring is its page."""

    code: str
    name: str
    severity: Severity
    find: Callable[[Observations], Iterator[Finding]]


def at(entry: Entry, message: str, advice: str, severity: Severity | None = None) -> Finding:
    """Return a finding at the value of the entry that names the file, directory or host."""
    start, end = entry.value_start, entry.value_end
    return Finding(message, entry.line, start, end, entry.section, entry.name, help=advice, severity=severity)


def shown(name: str) -> str:
    """Return a path or a name for a message, cut where a hostile file has made it long."""
    return name if len(name) <= _MAX_SHOWN else f"{name[:_MAX_SHOWN]}..."
