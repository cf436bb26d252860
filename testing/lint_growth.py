"""Hostile and bad inputs of the linter by size: what must grow no faster than the input does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

UNIX = b"Chrystoki2 = {\n   LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;\n}\n"


def _entries(count: int, line: bytes, section: bytes = b"Misc") -> bytes:
    lines = b"".join(line % number if b"%" in line else line for number in range(count))
    return UNIX + section + b" = {\n" + lines + b"}\n"


def _groups(count: int) -> bytes:
    lines = b"".join(
        b"   VirtualToken%02dLabel = g%d;\n   VirtualToken%02dSN = 1%d;\n   VirtualToken%02dMembers = 1,2,3;\n"
        % (n % 20, n, n % 20, n, n % 20)
        for n in range(count // 3)
    )
    return UNIX + b"VirtualToken = {\n" + lines + b"}\nHASynchronize = {\n   g1 = 1;\n}\n"


def _servers(count: int) -> bytes:
    lines = b"".join(
        b"   ServerName%02d = host%d;\n   ServerPort%02d = x;\n" % (n % 20, n, n % 20) for n in range(count // 2)
    )
    return UNIX + b"LunaSA Client = {\n" + lines + b"}\n"


# name -> the input of about `size` bytes
CONFIGURATIONS: dict[str, Callable[[int], bytes]] = {
    "nested headers": lambda size: UNIX + b"a = {\n" * (size // 6),
    "nested blocks": lambda size: UNIX + b"a = {\n" * (size // 8) + b"}\n" * (size // 8),
    "nested blocks with braces below": lambda size: UNIX + b"a\n{\n" * (size // 6) + b"}\n" * (size // 6),
    "nested headers on one line": lambda size: UNIX + b"a = { " * (size // 6) + b"\n",
    "open and close braces": lambda size: UNIX + b"{}" * (size // 2),
    "closing braces": lambda size: UNIX + b"}\n" * (size // 2),
    "statements on one line": lambda size: UNIX + b"Misc = {\n" + b"a = 1; " * (size // 7) + b"\n}\n",
    "known statements on one line": lambda size: (
        UNIX + b"Misc = {\n" + b"PE1746Enabled = 0; " * (size // 19) + b"\n}\n"
    ),
    "statements beside a header": lambda size: UNIX + b"Misc = { " + b"PE1746Enabled = 0; " * (size // 19) + b"}\n",
    "sections on one line": lambda size: UNIX + b"Misc = { A = 1; } " * (size // 18) + b"\n",
    "statements behind an entry": lambda size: (
        UNIX + b"Misc = {\n PE1746Enabled = 0; " + b"ToolsDir = /a; " * (size // 15) + b"\n}\n"
    ),
    "statements without a section": lambda size: UNIX + b"PE1746Enabled = 0; " * (size // 19) + b"\n",
    "statements on one line of the windows form": lambda size: b"[Misc]\n" + b"ToolsDir=/a; " * (size // 13) + b"\n",
    "no semicolons": lambda size: _entries(size // 14, b"   E%06d = 1\n"),
    "tabs": lambda size: _entries(size // 14, b"\tE%06d\t= 1;\n"),
    "unknown entries": lambda size: _entries(size // 15, b"   E%06d = 1;\n"),
    "one entry again and again": lambda size: _entries(size // 22, b"   PE1746Enabled = 0;\n"),
    "commented entries": lambda size: _entries(size // 22, b" # PE1746Enabled = 0;\n"),
    "invalid values": lambda size: _entries(size // 24, b"   ReceiveTimeout = x;\n", b"LunaSA Client"),
    "unknown sections": lambda size: UNIX + b"".join(b"Section%05d = {\n}\n" % n for n in range(size // 18)),
    "one section again and again": lambda size: UNIX + b"Misc = {\n}\n" * (size // 11),
    "unclosed sections": lambda size: UNIX + b"Misc = {\n A = 1;\n" * (size // 17),
    "stray text": lambda size: UNIX + b"some words of a log that is not a configuration\n" * (size // 48),
    "a log": lambda size: UNIX + b"2024-01-01 12:00:00 host app[1]: x=1; y={2} # z\n" * (size // 48),
    "carriage returns": lambda size: UNIX + b"Misc = {\r   A = 1;\r}\r" * (size // 20),
    "mixed line endings": lambda size: UNIX + b"Misc = {\r\n   A = 1;\n}\r\n" * (size // 22),
    "bytes that are not text": lambda size: UNIX + bytes(range(256)) * (size // 256),
    "one long value": lambda size: UNIX + b"Misc = {\n   ToolsDir = /" + b"x" * size + b";\n}\n",
    "one long name": lambda size: UNIX + b"Misc = {\n   " + b"x" * size + b" = 1;\n}\n",
    "one list of members": lambda size: (
        UNIX
        + b"VirtualToken = {\n   VirtualToken00Label = g;\n   VirtualToken00SN = 1;\n   VirtualToken00Members = "
        + b"1234567," * (size // 8)
        + b"1;\n}\n"
    ),
    "groups": lambda size: _groups(size // 28),
    "servers": lambda size: _servers(size // 27),
    "quotes": lambda size: _entries(size // 20, b'   ToolsDir = "/a";\n'),
    "secrets": lambda size: UNIX + b"REST = {\n" + b"   AuthTokenClientSecret = hunter2;\n" * (size // 36) + b"}\n",
    "names of secrets": lambda size: UNIX + b"REST = {\n   " + b"AuthTokenClientSecret" * (size // 21) + b"\n}\n",
    "comments": lambda size: UNIX + b"# a comment { with = signs; }\n" * (size // 30),
    "windows form": lambda size: b"[Chrystoki2]\r\n" + b"LibNT=x\r\n" * (size // 9),
}


def _config_map(data: str, *, before: str = "") -> bytes:
    return f"{before}apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: luna}}\n{data}".encode()


MANIFESTS: dict[str, Callable[[int], bytes]] = {
    "merge keys": lambda size: _config_map(
        "data:\n  <<: [" + ", ".join(f"*a{n}" for n in range(size // 30)) + "]\n  Chrystoki.conf: ''\n",
        before="x:\n" + "".join(f"- &a{n} {{k{n}: v}}\n" for n in range(size // 30)),
    ),
    "merge keys of merge keys": lambda size: _config_map(
        f"data: *a{size // 25 - 1}\n",
        before="x:\n- &a0 {Chrystoki.conf: ''}\n"
        + "".join(f"- &a{n} {{<<: *a{n - 1}, k: v}}\n" for n in range(1, size // 25)),
    ),
    "shared lists of objects": lambda size: (
        "apiVersion: v1\nkind: List\nitems:\n- &o {apiVersion: v1, kind: ConfigMap, data: &d {"
        + ", ".join(f"k{n}: v" for n in range(size // 40))
        + "}}\n"
        + "- {kind: ConfigMap, data: *d}\n" * (size // 56)
    ).encode(),
    "shared merge": lambda size: (
        "apiVersion: v1\nkind: List\nitems:\n- &o {apiVersion: v1, kind: ConfigMap, data: &d {"
        + ", ".join(f"k{n}: v" for n in range(size // 40))
        + "}}\n"
        + "- {kind: ConfigMap, data: {<<: *d}}\n" * (size // 64)
    ).encode(),
    "objects": lambda size: (
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  Chrystoki.conf: |\n    Misc = {\n    }\n"
        * (size // 100)
    ).encode(),
    "keys": lambda size: _config_map("data:\n" + "".join(f"  k{n:06}.conf: x\n" for n in range(size // 18))),
    "one large file": lambda size: _config_map(
        "data:\n  Chrystoki.conf: |\n    Misc = {\n" + "      A = 1\n" * (size // 12) + "    }\n"
    ),
    "escaped lines": lambda size: _config_map(
        'data:\n  Chrystoki.conf: "Misc = {\\n' + "A = 1\\n" * (size // 7) + '}\\n"\n'
    ),
    "one secret": lambda size: (
        "apiVersion: v1\nkind: Secret\nstringData:\n  Chrystoki.conf: |\n    Misc = {\n"
        + "      A = 1\n" * (size // 12)
        + "    }\n"
    ).encode(),
}


def work_of(done: Callable[[], object]) -> int:
    """Return how many functions are called, Python's own ones too, while `done` runs: the same on any machine."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        done()
    finally:
        sys.setprofile(before)
    return count
