"""Which entries of the configuration name files, folders and hosts that an application of this host will need.

Of several entries of a name the first counts, as in Thales' own reader (e_gem.c, MIT). What the configuration switches
off (NetClient, RestClient, XTC/Enabled, CkLog2/Enabled) is not needed, so it is not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Document, Entry
    from confkit.lint.diagnostics import Severity

# thalesdocs.com/gphsm/luna/6.3/docs/network/Content/configuration/client_appliance/client_appliance.htm
NTLS_PORT = 1792
_LAST_PORT = 65535
_NUMBERS = [f"{number:02}" for number in range(100)]
# CkLog2 may log to /dev/stdout (cloudfoundry/java-buildpack); what that is, the application decides
_DEVICES = "/dev/"

Role = Literal["library", "certificate", "key", "authorities", "settings"]
WORDS: dict[Role, str] = {
    "library": "library",
    "certificate": "certificate file",
    "key": "private key",
    "authorities": "CA file",
    "settings": "OpenSSL configuration",
}


class Server(NamedTuple):
    """A host that the client connects to.

    `port` is None where it is not known. `certified` is the name that its certificate has to have.
    """

    entry: Entry
    name: str
    port: int | None
    certified: str


class Named(NamedTuple):
    """A file that an entry names.

    `severity` lowers that of its absence; `spare` is a library besides the one that this platform loads. `partner` is
    the entry of the certificate that a key belongs to; `servers` are those whose certificates a CA file has to hold.
    """

    entry: Entry
    path: str
    role: Role
    severity: Severity | None = None
    spare: bool = False
    partner: Entry | None = None
    servers: tuple[Server, ...] = ()

    @property
    def word(self) -> str:
        """What the file is, for a sentence."""
        return WORDS[self.role]


class Folder(NamedTuple):
    """A folder to write in, or a file to append to; `severity` lowers that of a finding."""

    entry: Entry
    path: str
    wanted: Literal["add", "append"]
    severity: Severity | None = None


class _Live(NamedTuple):
    """The first entry of each name in the sections of one name."""

    windows: bool
    entries: dict[str, Entry]

    def get(self, name: str) -> Entry | None:
        """Return the entry, None where it is absent or empty."""
        entry = self.entries.get(name.lower() if self.windows else name)
        return entry if entry and entry.value else None

    def off(self, name: str) -> bool:
        """Tell whether a switch is there and off."""
        entry = self.get(name)
        return entry is not None and entry.value == "0"


def files(document: Document) -> tuple[Named, ...]:
    """Return the files that the client will read, in the order library, certificates; relative paths too."""
    log = _live(document, "CkLog2")
    found = [*_libraries(_live(document, "Chrystoki2"))]
    found += _libraries(log) if _logs_calls(log) else []
    return (*found, *_appliance_files(_live(document, "LunaSA Client")), *_cloud_files(document))


def folders(document: Document) -> tuple[Folder, ...]:
    """Return the folders and files that the client will write; relative paths too."""
    log = _live(document, "CkLog2")
    wanted = [
        (_live(document, "HAConfiguration").get("haLogPath"), "add", None),
        # only files show this entry, so what follows from it is no error (catalogue: seen)
        (_live(document, "Misc").get("MutexFolder"), "add", "warning"),
        *((log.get(name), "append", None) for name in ("File", "Error") if _logs_calls(log)),
    ]
    return tuple(
        Folder(entry, path_of(entry), kind, severity)  # type: ignore[arg-type]
        for entry, kind, severity in wanted
        if entry and not path_of(entry).startswith(_DEVICES)
    )


def servers(document: Document) -> tuple[Server, ...]:
    """Return the hosts that the client connects to: appliances, clusters, the cloud service."""
    luna, rest = _live(document, "LunaSA Client"), _live(document, "REST")
    found = [] if luna.off("NetClient") else [*_appliances(luna), *_clusters(luna)]
    name = None if rest.off("RestClient") else rest.get("ServerName")
    if name:
        found.append(Server(name, unquoted(name.value), _port(rest.get("ServerPort")), ""))
    return tuple(found)


def path_of(entry: Entry) -> str:
    """Return the path that an entry names."""
    return unquoted(entry.value)


def unquoted(value: str) -> str:
    """Return a value without a pair of quotation marks round it; whether they are right is the linter's matter."""
    quoted = len(value) > 1 and value[0] in "\"'" and value[0] == value[-1]
    return value[1:-1] if quoted else value


def _live(document: Document, section: str) -> _Live:
    entries: dict[str, Entry] = {}
    for entry in (entry for each in document.sections_named(section) for entry in each.entries):
        entries.setdefault(entry.name.lower() if document.windows else entry.name, entry)
    return _Live(document.windows, entries)


def _logs_calls(log: _Live) -> bool:
    enabled = log.get("Enabled")
    return enabled is not None and enabled.value == "1"


def _libraries(section: _Live) -> Iterator[Named]:
    """Yield the library that this platform loads, and then, should it be absent, only told, that of the other width.

    In the order of Thales' own sautil (gem-samples/sautil/sautil.c, MIT).
    """
    entries = [entry for entry in (section.get("LibUNIX64"), section.get("LibUNIX")) if entry]
    if entries:
        yield Named(entries[0], path_of(entries[0]), "library")
    for entry in entries[1:]:
        yield Named(entry, path_of(entry), "library", "info", spare=True)


def _appliance_files(section: _Live) -> Iterator[Named]:
    if section.off("NetClient"):
        return
    yield from _identity(section, "ClientCertFile", "ClientPrivKeyFile", "ServerCAFile", tuple(_appliances(section)))
    settings = section.get("SSLConfigFile")
    if settings:
        yield Named(settings, path_of(settings), "settings", "warning")
    for server in _clusters(section):
        number = server.entry.name[-2:]
        certificate, key, authorities = (f"LNHServer{part}{number}" for part in ("ClientCert", "ClientKey", "CAFile"))
        yield from _identity(section, certificate, key, authorities, (server,))


def _identity(
    section: _Live, certificate: str, key: str, authorities: str, known: tuple[Server, ...]
) -> Iterator[Named]:
    entries = section.get(certificate), section.get(key), section.get(authorities)
    if entries[0]:
        yield Named(entries[0], path_of(entries[0]), "certificate")
    if entries[1]:
        yield Named(entries[1], path_of(entries[1]), "key", partner=entries[0])
    if entries[2]:
        yield Named(entries[2], path_of(entries[2]), "authorities", servers=known)


def _cloud_files(document: Document) -> Iterator[Named]:
    rest, channel = _live(document, "REST"), _live(document, "XTC")
    verified = None if rest.off("RestClient") else rest.get("SSLClientSideVerifyFile")
    if verified:
        yield Named(verified, path_of(verified), "certificate")
    if not channel.off("Enabled"):
        names = ["PartitionCAPath", *(f"PartitionCertPath{number}" for number in _NUMBERS)]
        for entry in filter(None, map(channel.get, names)):
            yield Named(entry, path_of(entry), "certificate")


def _appliances(section: _Live) -> Iterator[Server]:
    for number in _NUMBERS:
        entry = section.get(f"ServerName{number}")
        if entry:
            name, port = unquoted(entry.value), section.get(f"ServerPort{number}")
            yield Server(entry, name, _port(port) if port else NTLS_PORT, name)


def _clusters(section: _Live) -> Iterator[Server]:
    """Yield the entry points of clusters; no text read gives their port, and LNHServerCN names the certificate."""
    for number in _NUMBERS:
        entry, expected = section.get(f"LNHServer{number}"), section.get(f"LNHServerCN{number}")
        if entry:
            name = unquoted(entry.value)
            yield Server(entry, name, None, unquoted(expected.value) if expected else name)


def _port(entry: Entry | None) -> int | None:
    """Return the port; None where it is absent, or no port (which the linter tells)."""
    value = unquoted(entry.value) if entry else ""
    number = int(value) if value.isascii() and value.isdigit() and len(value) <= 5 else 0
    return number if 0 < number <= _LAST_PORT else None
