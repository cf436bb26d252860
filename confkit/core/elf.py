"""What the file of a shared library says of itself, read without loading it: its machine, and the functions it exports.

Format: System V Application Binary Interface, chapter 4 (https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html).
The file may be cut short, damaged or hostile: every number in it is checked against the size of the file.
"""

from __future__ import annotations

import os
import struct
from typing import NamedTuple

from confkit.core.errors import FileError, UnavailableError
from confkit.core.storage.reader import open_regular

HEADER_BYTES = 20
"""How much of the start of a file `header_of` needs"""

_MAGIC = b"\x7fELF"
_SHARED = 3  # e_type ET_DYN
_DYNAMIC_SYMBOLS = 11  # SHT_DYNSYM
_FUNCTIONS = frozenset({2, 10})  # STT_FUNC, STT_GNU_IFUNC
_VISIBLE = frozenset({1, 2})  # STB_GLOBAL, STB_WEAK
_MAX_TABLE_BYTES = 1 << 26  # that of a large library has a few hundred thousand
_ORDERS = {1: "<", 2: ">"}

# e_machine, of the registry of the System V gABI (elf(5) has the common ones)
_MACHINES = {
    2: "SPARC",
    3: "i386",
    8: "MIPS",
    20: "PowerPC",
    21: "PowerPC64",
    22: "S/390",
    40: "ARM",
    43: "SPARC V9",
    50: "IA-64",
    62: "x86-64",
    183: "AArch64",
    243: "RISC-V",
}
_BOTH_ORDERS = frozenset({21, 40, 183})  # machines that run in either byte order
# 64-bit machine -> the machine whose 32-bit programs it runs as well
_COMPATIBLE = {62: 3, 183: 40, 21: 20, 43: 2}


class ElfHeader(NamedTuple):
    """What the first bytes of an ELF file say: word size (32 or 64 bits), byte order, machine, and its kind."""

    bits: int
    big_endian: bool
    machine: int
    shared: bool

    @property
    def description(self) -> str:
        """The machine in words, such as "64-bit x86-64"."""
        order = ", big-endian" if self.big_endian and self.machine in _BOTH_ORDERS else ""
        return f"{self.bits}-bit {_MACHINES.get(self.machine, f'machine {self.machine}')}{order}"

    def same_machine(self, other: ElfHeader) -> bool:
        """Return whether both are for the same machine, word size and byte order."""
        return self[:3] == other[:3]

    def runs_32_bit(self, library: ElfHeader) -> bool:
        """Return whether `library` is for the 32-bit programs that this 64-bit machine runs as well."""
        same_order = self.big_endian == library.big_endian
        return (self.bits, library.bits) == (64, 32) and same_order and _COMPATIBLE.get(self.machine) == library.machine


class _Format(NamedTuple):
    """Offsets and layouts of one ELF class; those of the standard."""

    section_table: str  # e_shoff, at the offset that follows
    section_table_at: int
    section_count_at: int  # e_shentsize, e_shnum
    section: str  # name, type, flags, address, offset, size, link, info, alignment, size of an entry
    symbol: str
    symbol_parts: tuple[int, int, int]  # of name, info and section index in a symbol


_FORMATS = {
    1: _Format("I", 32, 46, "IIIIIIIIII", "IIIBBH", (0, 3, 5)),
    2: _Format("Q", 40, 58, "IIQQQQIIQQ", "IBBHQQ", (0, 1, 3)),
}


class _Section(NamedTuple):
    kind: int
    offset: int
    size: int
    link: int


def header_of(start: bytes) -> ElfHeader | None:
    """Return what the first `HEADER_BYTES` of a file say; None where it is not an ELF file."""
    if start[:4] != _MAGIC or len(start) < HEADER_BYTES or start[4] not in _FORMATS or start[5] not in _ORDERS:
        return None
    kind, machine = struct.unpack_from(_ORDERS[start[5]] + "HH", start, 16)
    return ElfHeader(32 * start[4], start[5] == 2, machine, kind == _SHARED)


def exported_functions(path: str) -> tuple[str, ...]:
    """Return the names of all functions that the library at `path` exports, sorted.

    UnavailableError: it cannot be read, or is not a shared library.
    """
    try:
        with open_regular(path) as descriptor:
            return tuple(sorted(_exported(descriptor)))
    except FileError as error:
        raise UnavailableError(f"The library {path} cannot be read: {error.message}") from error
    except OSError as error:
        raise UnavailableError(f"The library {path} cannot be read ({error.strerror}). Check its path.") from error
    except (ValueError, struct.error, IndexError) as error:
        raise UnavailableError(f"The file {path} is not a shared library, or it is damaged ({error}).") from error


def _exported(file: int) -> set[str]:
    start = _bytes(file, 0, 16)
    if start[:4] != _MAGIC or start[4] not in _FORMATS or start[5] not in _ORDERS:
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


def _sections(file: int, form: _Format, order: str) -> list[_Section]:
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


def _unpacked(file: int, offset: int, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, _bytes(file, offset, struct.calcsize(layout)))


def _bytes(file: int, offset: int, size: int) -> bytes:
    """Return exactly `size` bytes. ValueError where the file has fewer, or they are more than a table may have."""
    if size > _MAX_TABLE_BYTES or offset + size > os.fstat(file).st_size:
        raise ValueError(f"it ends before byte {offset + size}")
    os.lseek(file, offset, os.SEEK_SET)
    found = os.read(file, size)
    if len(found) != size:
        raise ValueError(f"it ends before byte {offset + size}")
    return found
