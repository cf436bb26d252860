"""Paths move with their directory, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given

from confkit.config.relocate import paths_below, relocated
from confkit.core.errors import UsageError
from confkit.core.syntax import parse
from testing.intents import configuration_files

SOURCE = b"""Chrystoki2 = {
   LibUNIX64 = /usr/luna/lib/x.so;
   LibUNIX = "/usr/luna/lib/x.so";
}
Misc = {
   ToolsDir = /usr/lunaclient/bin;
   Unknown = /usr/luna/x;
}
LunaSA Client = {
   ServerCAFile = /usr/luna;
   ServerName00 = hsm1;
}
"""


def test_whole_components_of_paths_are_compared() -> None:
    after = relocated(parse(SOURCE), "/usr/luna/", "/opt").to_bytes()
    assert after == SOURCE.replace(b"/usr/luna/lib", b"/opt/lib").replace(b"= /usr/luna;", b"= /opt;")


def test_letter_case_and_slashes_do_not_count_on_windows() -> None:
    source = b"[Chrystoki2]\r\nLibNT=c:\\program files\\SafeNet\\LunaClient\\cryptoki.dll\r\n"
    after = relocated(parse(source), "C:/Program Files/SafeNet/LunaClient", "D:\\luna")
    assert after.get("Chrystoki2", "LibNT") == "D:\\luna\\cryptoki.dll"


def test_from_one_platform_to_the_other_the_slashes_follow() -> None:
    source = b"[Chrystoki2]\r\nLibNT=/usr/luna/lib/x.dll\r\n[Misc]\r\nToolsDir=/usr/luna\r\n"
    there = relocated(parse(source), "/usr/luna", "C:\\Program Files\\Luna")
    assert there.get("Chrystoki2", "LibNT") == "C:\\Program Files\\Luna\\lib\\x.dll"
    assert relocated(there, "c:/program files/luna", "/usr/luna").to_bytes() == source


def test_the_paths_below_a_directory_are_counted() -> None:
    assert [paths_below(parse(SOURCE), each) for each in ("/usr/luna", "/usr/luna/", "/usr", "/opt")] == [3, 3, 4, 0]


@pytest.mark.parametrize("directory", ["", "/", "luna", "./luna", "//"])
def test_directories_are_absolute_and_not_the_root(directory: str) -> None:
    with pytest.raises(UsageError, match="absolute"):
        relocated(parse(SOURCE), directory, "/opt")
    with pytest.raises(UsageError, match="absolute"):
        relocated(parse(SOURCE), "/opt", directory)


@given(configuration_files())
def test_there_and_back_restores_the_bytes(source: bytes) -> None:
    there = relocated(parse(source), "/usr/safenet", "/opt/luna")
    assert b"/usr/safenet" not in there.to_bytes()
    assert relocated(there, "/usr/safenet", "/opt/luna") == there
    assert relocated(there, "/opt/luna", "/usr/safenet").to_bytes() == source
