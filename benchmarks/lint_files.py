"""The files that the linters are measured on: one content, as a Chrystoki.conf and as YAML, both without a fault."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks import inputs

_WIDEST = 79  # columns of a comment; yamllint's default rules allow 80


class Both(NamedTuple):
    """One content in the two syntaxes, in the same number of bytes."""

    conf: bytes
    yaml: bytes


def configuration(number: int, most: int = 4096) -> Both:
    """Return the configuration of client `number`, with as many appliances as fit into `most` bytes, and up to 100.

    Everything that names the client or an appliance differs from one number to the next. The YAML is made as long as
    the other by comments at its end.
    """
    appliances: list[tuple[str, str]] = []
    for index in range(100):
        more = [
            (f"ServerName{index:02}", f"hsm{index:02}.site{number:05}.example.com"),
            (f"ServerPort{index:02}", "1792"),
            (f"ServerHtl{index:02}", "0"),
        ]
        if len(inputs.unix(_sections(number, [*appliances, *more]))) > most:
            break
        appliances += more
    sections = _sections(number, appliances)
    conf = inputs.unix(sections)
    return Both(conf, _filled(inputs.yaml(sections), len(conf)))


def _sections(number: int, appliances: list[tuple[str, str]]) -> inputs.Sections:
    cert = "/usr/safenet/lunaclient/cert"
    sections = {
        "Chrystoki2": [("LibUNIX64", "/usr/safenet/lunaclient/lib/libCryptoki2_64.so")],
        "Luna": [
            ("DefaultTimeOut", "500000"),
            ("PEDTimeout1", "100000"),
            ("PEDTimeout2", "200000"),
            ("PEDTimeout3", "10000"),
            ("KeypairGenTimeOut", "2700000"),
            ("CloningCommandTimeOut", "300000"),
            ("CommandTimeOutPedSet", "720000"),
        ],
        "CardReader": [("RemoteCommand", "1"), ("LunaG5Slots", "0")],
        "Misc": [("ToolsDir", "/usr/safenet/lunaclient/bin"), ("PE1746Enabled", "0")],
        "LunaSA Client": [
            ("NetClient", "1"),
            ("TCPKeepAlive", "1"),
            ("ReceiveTimeout", "20000"),
            ("SSLConfigFile", "/usr/safenet/lunaclient/bin/openssl.cnf"),
            ("ClientPrivKeyFile", f"{cert}/client/app{number}Key.pem"),
            ("ClientCertFile", f"{cert}/client/app{number}.pem"),
            ("ServerCAFile", f"{cert}/server/CAFile.pem"),
            *appliances,
        ],
        "VirtualToken": [
            ("VirtualToken00Label", f"app{number}"),
            ("VirtualToken00SN", f"1153078{number:06}"),
            ("VirtualToken00Members", f"153078{number:06},153079{number:06},153080{number:06}"),
        ],
        "HASynchronize": [(f"app{number}", "1")],
        "HAConfiguration": [
            ("HAOnly", "1"),
            ("reconnAtt", "-1"),
            ("AutoReconnectInterval", "60"),
            ("statusTimeout", "10"),
        ],
    }
    return list(sections.items())


def _filled(source: bytes, size: int) -> bytes:
    """Return the source with comments at its end, so that it has `size` bytes: at least four more than it has."""
    while left := size - len(source):
        # what is left after a line is nothing, or enough for one more
        width = left if left <= _WIDEST + 1 else min(_WIDEST + 1, left - 4)
        source += b"# " + b"." * (width - 3) + b"\n"
    return source


def hostile(kind: str, count: int) -> bytes:
    """Return a file that is no real one: `count` entries with unknown names, or `count` copies of a good file."""
    if kind == "entries":
        return b"Misc = {\n" + b"".join(b"  Entry%07d = 1;\n" % number for number in range(count)) + b"}\n"
    return b"".join(configuration(number).conf for number in range(count))
