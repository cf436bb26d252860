"""Which files, directories and hosts the configuration names that an application on this host will need.

Of several entries with one name the first counts, as in Thales' own reader (e_gem.c, MIT). What the configuration
switches off (NetClient, RestClient, XTC/Enabled, CkLog2/Enabled) is not needed, so it is not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from confkit.core.ha import unquoted
from confkit.core.placeholders import placeholder
from confkit.core.secret_names import is_secret_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.severity import Severity
    from confkit.core.syntax import Document, Entry

# thalesdocs.com/gphsm/luna/6.3/docs/network/Content/configuration/client_appliance/client_appliance.htm
NTLS_PORT = 1792
_LAST_PORT = 65535
_NUMBERS = [f"{number:02}" for number in range(100)]
# CkLog2 may log to /dev/stdout (cloudfoundry/java-buildpack); what that is depends on the application
_DEVICES = "/dev/"
# The vendor's call logger: Chrystoki2 loads it in the place of the client library, and it loads the library that CkLog2
# names. https://thalesdocs.com/gphsm/luna/6.3/docs/network/Content/Utilities/cklog/cklog.htm
_CALL_LOGGER = "cklog"
_MAX_SEARCHED = 4096  # characters of a value: no path is longer

Role = Literal["library", "certificate", "key", "authorities", "settings"]
_ROLE_WORDS: dict[Role, str] = {
    "library": "library",
    "certificate": "certificate file",
    "key": "private key",
    "authorities": "CA file",
    "settings": "OpenSSL configuration",
}


class NamedServer(NamedTuple):
    """A host that the client connects to.

    `port` is None where it is not known. `certified` is the name that its certificate must have.
    """

    entry: Entry
    name: str
    port: int | None
    certified: str


class NamedFile(NamedTuple):
    """A file that an entry names.

    `severity` lowers that of its absence; `spare`: a library for programs of the other word size. `partner` is the
    entry of the certificate that a key belongs to; `servers` are those that a CA file has to vouch for.
    """

    entry: Entry
    path: str
    role: Role
    severity: Severity | None = None
    spare: bool = False
    partner: Entry | None = None
    servers: tuple[NamedServer, ...] = ()

    @property
    def word(self) -> str:
        """What the file is, for a sentence."""
        return _ROLE_WORDS[self.role]


class NamedDirectory(NamedTuple):
    """A directory to write in, or a file to append to; `severity` lowers that of a finding."""

    entry: Entry
    path: str
    wanted: Literal["add", "append"]
    severity: Severity | None = None


class _Effective(NamedTuple):
    """The first entry of each name in the sections of one name."""

    windows: bool
    entries: dict[str, Entry]

    def present(self, name: str) -> Entry | None:
        """Return the entry, None where it is absent or empty."""
        entry = self.entries.get(name.lower() if self.windows else name)
        return entry if entry and entry.value else None

    def get(self, name: str) -> Entry | None:
        """Return the entry, None also where its value was not filled in: that is a finding of its own."""
        entry = self.present(name)
        return None if entry is None or unfilled(entry) else entry

    def off(self, name: str) -> bool:
        """Return whether a switch is present and off."""
        entry = self.get(name)
        return entry is not None and entry.value == "0"


def files(document: Document) -> tuple[NamedFile, ...]:
    """Return the files that the client will read, in the order library, certificates; relative paths too."""
    log = _effective(document, "CkLog2")
    found = [*_libraries(_effective(document, "Chrystoki2"))]
    found += _libraries(log) if _logs_calls(log) or call_logger(document) else []
    return (*found, *_appliance_files(_effective(document, "LunaSA Client")), *_cloud_files(document))


def directories(document: Document) -> tuple[NamedDirectory, ...]:
    """Return the directories and files that the client will write; relative paths too."""
    log = _effective(document, "CkLog2")
    wanted = [
        (_effective(document, "HAConfiguration").get("haLogPath"), "add", None),
        # only observed in files, so what follows from it is not an error
        (_effective(document, "Misc").get("MutexFolder"), "add", "warning"),
        *((log.get(name), "append", None) for name in ("File", "Error") if _logs_calls(log)),
    ]
    return tuple(
        NamedDirectory(entry, path_of(entry), kind, severity)  # type: ignore[arg-type]
        for entry, kind, severity in wanted
        if entry and not path_of(entry).startswith(_DEVICES)
    )


def servers(document: Document) -> tuple[NamedServer, ...]:
    """Return the hosts that the client connects to: appliances, clusters, the cloud service."""
    luna, rest = _effective(document, "LunaSA Client"), _effective(document, "REST")
    found = [] if luna.off("NetClient") else [*_appliances(luna), *_clusters(luna)]
    name = None if rest.off("RestClient") else rest.get("ServerName")
    if name:
        found.append(NamedServer(name, unquoted(name.value), _port(rest.get("ServerPort")), ""))
    return tuple(found)


def call_logger(document: Document) -> Entry | None:
    """Return the entry of Chrystoki2 by which applications load the call logger instead of the client library."""
    section = _effective(document, "Chrystoki2")
    entries = (section.get("LibUNIX64"), section.get("LibUNIX"))
    return next((entry for entry in entries if entry and is_call_logger(path_of(entry))), None)


def logged_library(document: Document) -> Entry | None:
    """Return the entry of CkLog2 that names the library behind the call logger."""
    section = _effective(document, "CkLog2")
    return section.get("LibUNIX64") or section.get("LibUNIX")


def is_call_logger(path: str) -> bool:
    """Return whether a library is the call logger, by its file's name (libcklog2.so)."""
    return _CALL_LOGGER in path.rpartition("/")[2].lower()


def path_of(entry: Entry) -> str:
    """Return the path that an entry names."""
    return unquoted(entry.value)


def unfilled(entry: Entry) -> str | None:
    """Return what was to be filled in, in the value of an entry; None for a secret, which is not quoted."""
    return None if is_secret_name(entry.name) else placeholder(unquoted(entry.value[:_MAX_SEARCHED]))


def _effective(document: Document, section: str) -> _Effective:
    entries: dict[str, Entry] = {}
    for entry in (entry for each in document.sections_named(section) for entry in each.entries):
        entries.setdefault(entry.name.lower() if document.windows else entry.name, entry)
    return _Effective(document.windows, entries)


def _logs_calls(log: _Effective) -> bool:
    enabled = log.get("Enabled")
    return enabled is not None and enabled.value == "1"


def _libraries(section: _Effective) -> Iterator[NamedFile]:
    """Yield the library that this platform loads, then that of the other word size, whose absence is only an info.

    In the order of Thales' own sautil (gem-samples/sautil/sautil.c, MIT).
    """
    entries = [entry for entry in (section.get("LibUNIX64"), section.get("LibUNIX")) if entry]
    if entries:
        yield NamedFile(entries[0], path_of(entries[0]), "library")
    for entry in entries[1:]:
        yield NamedFile(entry, path_of(entry), "library", "info", spare=True)


def _appliance_files(section: _Effective) -> Iterator[NamedFile]:
    if section.off("NetClient"):
        return
    yield from _identity(section, "ClientCertFile", "ClientPrivKeyFile", "ServerCAFile", tuple(_appliances(section)))
    settings = section.get("SSLConfigFile")
    if settings:
        yield NamedFile(settings, path_of(settings), "settings", "warning")
    for server in _clusters(section):
        number = server.entry.name[-2:]
        certificate, key, authorities = (f"LNHServer{part}{number}" for part in ("ClientCert", "ClientKey", "CAFile"))
        yield from _identity(section, certificate, key, authorities, (server,))


def _identity(
    section: _Effective, certificate: str, key: str, authorities: str, known: tuple[NamedServer, ...]
) -> Iterator[NamedFile]:
    entries = section.get(certificate), section.get(key), section.get(authorities)
    if entries[0]:
        yield NamedFile(entries[0], path_of(entries[0]), "certificate")
    if entries[1]:
        yield NamedFile(entries[1], path_of(entries[1]), "key", partner=entries[0])
    if entries[2]:
        yield NamedFile(entries[2], path_of(entries[2]), "authorities", servers=known)


def _cloud_files(document: Document) -> Iterator[NamedFile]:
    rest, channel = _effective(document, "REST"), _effective(document, "XTC")
    verified = None if rest.off("RestClient") else rest.get("SSLClientSideVerifyFile")
    if verified:
        yield NamedFile(verified, path_of(verified), "certificate")
    if not channel.off("Enabled"):
        names = ["PartitionCAPath", *(f"PartitionCertPath{number}" for number in _NUMBERS)]
        for entry in filter(None, map(channel.get, names)):
            yield NamedFile(entry, path_of(entry), "certificate")


def _appliances(section: _Effective) -> Iterator[NamedServer]:
    for number in _NUMBERS:
        entry = section.get(f"ServerName{number}")
        if entry:
            name, port = unquoted(entry.value), section.present(f"ServerPort{number}")
            yield NamedServer(entry, name, _port(port) if port else NTLS_PORT, name)


def _clusters(section: _Effective) -> Iterator[NamedServer]:
    """Yield the entry points of clusters; no source gives their port, and LNHServerCN names the certificate."""
    for number in _NUMBERS:
        entry, expected = section.get(f"LNHServer{number}"), section.get(f"LNHServerCN{number}")
        if entry:
            name = unquoted(entry.value)
            yield NamedServer(entry, name, None, unquoted(expected.value) if expected else name)


def _port(entry: Entry | None) -> int | None:
    """Return the port; None where it is absent or invalid (which the linter reports)."""
    value = unquoted(entry.value) if entry else ""
    number = int(value) if value.isascii() and value.isdigit() and len(value) <= 5 else 0
    return number if 0 < number <= _LAST_PORT else None
