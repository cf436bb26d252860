"""Symbols of real libraries, of files made by hand for other machines, and of damaged ones."""

from __future__ import annotations

import struct
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.elf import exported_functions
from confkit.core.errors import UnavailableError
from confkit.emulator.build import library
from testing.hostile import hostile_library
from testing.programs import needs


class Kind(NamedTuple):
    """An ELF class and byte order, with what differs between them."""

    number: int
    order: str
    header: str
    section: str
    symbol: str


SMALL = Kind(1, "<", "16sHHIIIIIHHHHHH", "IIIIIIIIII", "IIIBBH")
BIG = Kind(2, ">", "16sHHIQQQIHHHHHH", "IIQQQQIIQQ", "IBBHQQ")
KINDS = [SMALL, SMALL._replace(order=">"), BIG, BIG._replace(order="<")]
# name, info (binding and type), section index
SYMBOLS = [
    ("", 0, 0),
    ("C_Initialize", 0x12, 1),
    ("CA_GetCurrentHAState", 0x22, 1),  # weak
    ("CA_Chosen", 0x1A, 1),  # an indirect function
    ("C_Imported", 0x12, 0),
    ("C_Local", 0x02, 1),
    ("C_Data", 0x11, 1),
]


def made(kind: Kind) -> bytes:
    """Make the file of a library that has SYMBOLS."""
    order = kind.order
    strings = b"\0".join([b"", *(name.encode() for name, _info, _section in SYMBOLS[1:])]) + b"\0"
    symbols = b""
    for name, info, section in SYMBOLS:
        at = strings.index(b"\0" + name.encode() + b"\0") + 1 if name else 0
        parts = (at, 0, 0, info, 0, section) if kind.number == 1 else (at, info, 0, section, 0, 0)
        symbols += struct.pack(order + kind.symbol, *parts)
    head = struct.calcsize(order + kind.header)
    sections = [(0, 0, 0, 0), (3, head, len(strings), 0), (11, head + len(strings), len(symbols), 1)]
    table = b"".join(
        struct.pack(order + kind.section, 0, number, 0, 0, offset, size, link, 0, 0, 0)
        for number, offset, size, link in sections
    )
    begins = head + len(strings) + len(symbols)
    start = b"\x7fELF" + bytes([kind.number, 1 if order == "<" else 2, 1]) + bytes(9)
    entry = struct.calcsize(order + kind.section)
    header = struct.pack(order + kind.header, start, 3, 62, 1, 0, 0, begins, 0, head, 0, 0, entry, len(sections), 0)
    return header + strings + symbols + table


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{32 * kind.number} bits {kind.order}")
def test_every_class_and_byte_order(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "library.so"
    path.write_bytes(made(kind))
    assert exported_functions(str(path)) == ("CA_Chosen", "CA_GetCurrentHAState", "C_Initialize")


def test_a_real_library_has_what_nm_shows() -> None:
    needs("gcc", "nm")
    for path in (library(current_ha_state=True), library(current_ha_state=False), hostile_library()):
        shown = subprocess.run(["nm", "-D", "--defined-only", path], capture_output=True, text=True, check=True).stdout
        functions = {words[2].split("@")[0] for line in shown.splitlines() if (words := line.split())[1] in "TWi"}
        assert set(exported_functions(path)) == functions
    assert "CA_GetCurrentHAState" not in exported_functions(library(current_ha_state=False))


@pytest.mark.parametrize("content", [b"", b"\x7fELF", b"#!/bin/sh\n" * 10, b"\x7fELF\3\1" + bytes(100)])
def test_what_is_no_library_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.so"
    path.write_bytes(content)
    with pytest.raises(UnavailableError, match=r"library\.so is not a shared library, or it is damaged"):
        exported_functions(str(path))


def test_a_file_that_cannot_be_read_is_a_clear_error(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.so"):
        with pytest.raises(UnavailableError, match="cannot be read"):
            exported_functions(str(path))


@given(st.sampled_from(KINDS), st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255))), st.integers(0, 700))
def test_a_damaged_file_never_does_more_than_fail(
    tmp_path_factory: pytest.TempPathFactory, kind: Kind, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(made(kind))
    for place, byte in changes:
        data[place % len(data)] = byte
    path = tmp_path_factory.getbasetemp() / "damaged.so"
    path.write_bytes(data[: max(cut, 0) or None])
    with suppress(UnavailableError):
        assert isinstance(exported_functions(str(path)), tuple)
