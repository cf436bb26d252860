"""The same configuration in the syntax of every program that reads it, at any size."""

from __future__ import annotations

from itertools import count

Sections = list[tuple[str, list[tuple[str, str]]]]

_HOME = "/usr/safenet/lunaclient"
_SERVERS = [
    entry
    for number in range(24)
    for entry in (
        (f"ServerName{number:02}", f"hsm{number:02}.example.com"),
        (f"ServerPort{number:02}", "1792"),
        (f"ServerHtl{number:02}", "0"),
    )
]

# What a client of a group of 24 members has: 4 KB, the size that most runs meet.
CLIENT: Sections = [
    (
        "Chrystoki2",
        [("LibUNIX", f"{_HOME}/lib/libCryptoki2.so"), ("LibUNIX64", f"{_HOME}/lib/libCryptoki2_64.so")],
    ),
    (
        "Luna",
        [
            ("DefaultTimeOut", "500000"),
            ("PEDTimeout1", "100000"),
            ("PEDTimeout2", "200000"),
            ("PEDTimeout3", "10000"),
            ("KeypairGenTimeOut", "2700000"),
            ("CloningCommandTimeOut", "300000"),
            ("CommandTimeOutPedSet", "720000"),
        ],
    ),
    ("CardReader", [("RemoteCommand", "1"), ("LunaG5Slots", "0")]),
    (
        "Misc",
        [
            ("ToolsDir", f"{_HOME}/bin"),
            ("MutexFolder", f"{_HOME}/lock"),
            ("PE1746Enabled", "0"),
            ("PartitionPolicyTemplatePath", f"{_HOME}/data/partition_policy_templates"),
            ("ProtectedAuthenticationPathFlagStatus", "0"),
        ],
    ),
    (
        "LunaSA Client",
        [
            ("NetClient", "1"),
            ("TCPKeepAlive", "1"),
            ("ReceiveTimeout", "20000"),
            ("SSLConfigFile", f"{_HOME}/bin/openssl.cnf"),
            ("ClientPrivKeyFile", f"{_HOME}/cert/client/app1Key.pem"),
            ("ClientCertFile", f"{_HOME}/cert/client/app1.pem"),
            ("ServerCAFile", f"{_HOME}/cert/server/CAFile.pem"),
            *_SERVERS,
        ],
    ),
    (
        "Secure Trusted Channel",
        [
            ("ClientTokenLib", f"{_HOME}/lib/libSoftToken.so"),
            ("SoftTokenDir", f"{_HOME}/data/token"),
            ("ClientIdentitiesDir", f"{_HOME}/data/client_identities"),
            ("PartitionIdentitiesDir", f"{_HOME}/data/partition_identities"),
        ],
    ),
    (
        "VirtualToken",
        [
            ("VirtualToken00Label", "production"),
            ("VirtualToken00SN", "11238700701509"),
            ("VirtualToken00Members", ",".join(str(1238700701510 + number) for number in range(24))),
            ("VirtualTokenActiveRecovery", "activeEnhanced"),
        ],
    ),
    ("HASynchronize", [("production", "1")]),
    (
        "HAConfiguration",
        [
            ("haLogStatus", "enabled"),
            ("haLogPath", f"{_HOME}/log"),
            ("logLen", "262144"),
            ("HAOnly", "1"),
            ("reconnAtt", "500"),
            ("statusTimeout", "5"),
        ],
    ),
    ("Presentation", [("ShowEmptySlots", "no")]),
]


def of_size(size: int) -> Sections:
    """Return CLIENT over and over, its sections numbered, until the UNIX form has `size` bytes."""
    sections: Sections = []
    length = 0
    for number in count():
        for name, entries in CLIENT:
            section = (f"{name} {number:06}", entries)
            length += len(unix([section])) + 1
            sections.append(section)
            if length >= size:
                return sections
    raise AssertionError


def unix(sections: Sections) -> bytes:
    """Return the UNIX form, Chrystoki.conf."""
    return _written(sections, "{} = {{\n", "   {} = {};\n", "}\n").encode()


def windows(sections: Sections) -> bytes:
    """Return the Windows form, crystoki.ini: what configparser, ConfigUpdater and crudini read."""
    return _written(sections, "[{}]\n", "{} = {}\n", "").encode()


def toml(sections: Sections) -> bytes:
    """Return TOML, with every value a string."""
    return _written(sections, '["{}"]\n', '{} = "{}"\n', "").encode()


def nginx(sections: Sections) -> bytes:
    """Return blocks and directives as nginx writes them."""
    return _written(sections, '"{}" {{\n', "    {} {};\n", "}\n").encode()


def yaml(sections: Sections) -> bytes:
    """Return YAML with a mapping for each section."""
    return ("---\n" + _written(sections, "{}:\n", "  {}: {}\n", "")).encode()


def _written(sections: Sections, header: str, entry: str, end: str) -> str:
    return "\n".join(
        header.format(name) + "".join(entry.format(key, value) for key, value in entries) + end
        for name, entries in sections
    )
