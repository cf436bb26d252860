"""Which files, directories and hosts a configuration names, and what it switches off."""

from __future__ import annotations

import pytest

from confkit.core.syntax import Document, parse
from confkit.preflight import named

FULL = """Chrystoki2 = {
   LibUNIX64 = /lib64.so;
   LibUNIX = /lib32.so;
}
LunaSA Client = {
   ClientCertFile = /client.pem;
   ClientPrivKeyFile = "/client.key";
   ServerCAFile = /ca.pem;
   ServerName00 = a;
   ServerName07 = 'b';
   ServerPort07 = 1793;
   ServerPort08 = 1;
}
HAConfiguration = {
   haLogPath = /log;
}
Misc = {
   MutexFolder = /lock;
}
"""


def document(text: str, name: str = "Chrystoki.conf") -> Document:
    return parse(text.encode(), name)


def paths(text: str) -> list[tuple[str, str]]:
    return [(each.role, each.path) for each in named.files(document(text))]


def test_files_in_the_order_in_which_they_are_needed() -> None:
    assert paths(FULL) == [
        ("library", "/lib64.so"),
        ("library", "/lib32.so"),
        ("certificate", "/client.pem"),
        ("key", "/client.key"),
        ("authorities", "/ca.pem"),
    ]
    assert [each.spare for each in named.files(document(FULL))] == [False, True, False, False, False]


def test_directories_and_hosts() -> None:
    assert [(each.path, each.wanted, each.severity) for each in named.directories(document(FULL))] == [
        ("/log", "add", None),
        ("/lock", "add", "warning"),
    ]
    assert [(each.name, each.port) for each in named.servers(document(FULL))] == [("a", 1792), ("b", 1793)]


@pytest.mark.parametrize("value", ["0", "0 "])
def test_a_client_without_a_network_names_neither_certificates_nor_hosts(value: str) -> None:
    text = FULL.replace("LunaSA Client = {", f"LunaSA Client = {{\n   NetClient = {value};")
    assert [role for role, _ in paths(text)] == ["library", "library"]
    assert named.servers(document(text)) == ()


def test_of_several_entries_the_first_counts() -> None:
    assert paths("Chrystoki2 = {\n LibUNIX64 = /a;\n LibUNIX64 = /b;\n}\n") == [("library", "/a")]


@pytest.mark.parametrize("name", ["libcklog2.so", "/usr/lib/libcklog2.so", "/opt/LibCkLog2_64.so"])
def test_a_call_logger_needs_the_library_behind_it_whether_it_logs_or_not(name: str) -> None:
    text = f"Chrystoki2 = {{\n LibUNIX64 = {name};\n}}\nCkLog2 = {{\n LibUNIX64 = /real.so;\n}}\n"
    assert ("library", "/real.so") in paths(text)
    assert named.call_logger(document(text)) is not None
    assert ("library", "/real.so") not in paths(text.replace(name, "/usr/lib/libCryptoki2_64.so"))


def test_devices_are_not_written_to_as_files() -> None:
    text = "CkLog2 = {\n Enabled = 1;\n File = /dev/stdout;\n Error = /var/log/x;\n}\n"
    assert [(each.path, each.wanted) for each in named.directories(document(text))] == [("/var/log/x", "append")]
