"""The functions that a shared library exports, read from the dynamic symbol table of its ELF file without loading it.

Format: System V Application Binary Interface, chapter 4 (https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html).
The file may be cut short, damaged or hostile: every number in it is held against the size of the file.
"""

from __future__ import annotations

import os
import struct
from typing import IO, NamedTuple

from confkit.core.errors import UnavailableError

_DYNAMIC_SYMBOLS = 11  # SHT_DYNSYM
_FUNCTIONS = frozenset({2, 10})  # STT_FUNC, STT_GNU_IFUNC
_VISIBLE = frozenset({1, 2})  # STB_GLOBAL, STB_WEAK
_MOST_BYTES = 1 << 26  # of one table; that of a large library has a few hundred thousand


class _Format(NamedTuple):
    """Where things are in a file of one class; the layouts are those of the standard."""

    section_table: str  # e_shoff, at this offset
    section_table_at: int
    section_count_at: int  # e_shentsize, e_shnum
    section: str  # name, type, flags, address, offset, size, link, info, alignment, size of an entry
    symbol: str
    symbol_parts: tuple[int, int, int]  # of name, info and section index in a symbol


_FORMATS = {
    1: _Format("I", 32, 46, "IIIIIIIIII", "IIIBBH", (0, 3, 5)),
    2: _Format("Q", 40, 58, "IIQQQQIIQQ", "IBBHQQ", (0, 1, 3)),
}
_ORDERS = {1: "<", 2: ">"}


class _Section(NamedTuple):
    kind: int
    offset: int
    size: int
    link: int


def exported_functions(path: str) -> tuple[str, ...]:
    """Return the names of all functions that the library at `path` exports, sorted. UnavailableError: it is none."""
    try:
        with open(path, "rb") as file:
            return tuple(sorted(_exported(file)))
    except OSError as error:
        raise UnavailableError(f"The library {path} cannot be read ({error.strerror}). Check its path.") from error
    except (ValueError, struct.error, IndexError) as error:
        raise UnavailableError(f"The file {path} is no shared library, or a damaged one ({error}).") from error


def _exported(file: IO[bytes]) -> set[str]:
    start = _bytes(file, 0, 16)
    if start[:4] != b"\x7fELF" or start[4] not in _FORMATS or start[5] not in _ORDERS:
        raise ValueError("it does not begin like an ELF file")
    form, order = _FORMATS[start[4]], _ORDERS[start[5]]
    sections = _sections(file, form, order)
    found: set[str] = set()
    for section in sections:
        if section.kind == _DYNAMIC_SYMBOLS:
            names = sections[section.link]
            symbols = struct.iter_unpack(order + form.symbol, _bytes(file, section.offset, section.size))
            found |= _names(symbols, _bytes(file, names.offset, names.size), form)
    return found


def _sections(file: IO[bytes], form: _Format, order: str) -> list[_Section]:
    (offset,) = _unpacked(file, form.section_table_at, order + form.section_table)
    _size, count = _unpacked(file, form.section_count_at, order + "HH")
    layout = order + form.section
    table = _bytes(file, offset, count * struct.calcsize(layout))
    return [_Section(row[1], row[4], row[5], row[6]) for row in struct.iter_unpack(layout, table)]


def _names(symbols: object, strings: bytes, form: _Format) -> set[str]:
    name_at, info_at, section_at = form.symbol_parts
    found = set()
    for symbol in symbols:  # type: ignore[attr-defined] # typeshed has no public name for struct's iterator
        name, info = symbol[name_at], symbol[info_at]
        if symbol[section_at] and info & 0xF in _FUNCTIONS and info >> 4 in _VISIBLE:
            found.add(strings[name : strings.index(b"\0", name)].decode("ascii", "replace"))
    return found


def _unpacked(file: IO[bytes], offset: int, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, _bytes(file, offset, struct.calcsize(layout)))


def _bytes(file: IO[bytes], offset: int, size: int) -> bytes:
    """Read exactly so many bytes. Raise ValueError where the file has fewer, or they are more than can be."""
    if size > _MOST_BYTES or offset + size > os.fstat(file.fileno()).st_size:
        raise ValueError(f"it ends before byte {offset + size}")
    file.seek(offset)
    return file.read(size)
