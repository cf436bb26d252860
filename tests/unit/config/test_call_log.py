"""The call log: both sections change together."""

from __future__ import annotations

import pytest
from hypothesis import assume, given

from confkit.config.call_log import switched_off, switched_on
from confkit.core.errors import FileError, UsageError
from confkit.core.syntax import parse
from testing.intents import configuration_files

OFF = b"""Chrystoki2 = {
   LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
}
CkLog2 = {
   LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
   Enabled = 0;
   File = /tmp/cklog.txt;
   NewFormat = 1;
}
"""
ON = OFF.replace(b"libCryptoki2_64", b"libcklog2", 1).replace(b"Enabled = 0", b"Enabled = 1")


def test_on_and_off_change_the_pair() -> None:
    assert switched_on(parse(OFF), None).to_bytes() == ON
    assert switched_off(parse(ON)).to_bytes() == OFF
    assert switched_on(parse(ON), None).to_bytes() == ON
    assert switched_off(parse(OFF)).to_bytes() == OFF


def test_the_windows_library_has_another_name() -> None:
    document = parse(b"[Chrystoki2]\r\nLibNT=C:\\Luna\\cryptoki.dll\r\n")
    on = switched_on(document, "C:\\log.txt")
    assert on.get("Chrystoki2", "LibNT") == "C:\\Luna\\cklog201.dll"
    assert on.get("CkLog2", "LibNT") == "C:\\Luna\\cryptoki.dll"
    assert switched_off(on).to_bytes() == document.to_bytes()


def test_a_file_is_needed() -> None:
    with pytest.raises(UsageError, match="--file"):
        switched_on(parse(OFF.replace(b"   File = /tmp/cklog.txt;\n", b"")), None)


def test_without_a_library_there_is_nothing_to_log() -> None:
    with pytest.raises(FileError, match="names no library"):
        switched_on(parse(b"Chrystoki2 = {\n}\n"), "/x")


def test_a_log_without_a_real_library_is_refused() -> None:
    source = ON.replace(b"   LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;\n   Enabled", b"   Enabled")
    with pytest.raises(FileError, match="no real library"):
        switched_off(parse(source))
    with pytest.raises(FileError, match="no real library"):
        switched_on(parse(source), None)


@given(configuration_files())
def test_on_and_off_restores_the_bytes(source: bytes) -> None:
    document = parse(source)
    assume(document.get("Chrystoki2", "LibUNIX64"))
    on = switched_on(document, "/var/log/cklog.txt")
    assert switched_on(on, "/var/log/cklog.txt").to_bytes() == on.to_bytes()
    assert switched_off(on).to_bytes() == source
