"""The client library: a shared library for this machine, told from its first bytes; nothing is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.preflight.model import Check, at, shown
from confkit.preflight.tree import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.diagnostics import Finding
    from confkit.preflight.files import FileSeen
    from confkit.preflight.model import Seen
    from confkit.preflight.tree import Tree

_HEADER_BYTES = 20
_SHARED = 3  # e_type ET_DYN
# e_machine, of the System V gABI registry (elf(5) has the common ones)
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
# the machine whose 32-bit programs a 64-bit one runs as well
_NARROW = {62: 3, 183: 40, 21: 20, 43: 2}
# A program that an image holds whatever it is for: the Filesystem Hierarchy Standard asks for the first.
_PROGRAMS = ("/bin/sh", "/bin/busybox", "/usr/bin/env")
_OWN = "/proc/self/exe"


class Elf(NamedTuple):
    """What the header of an ELF file says; `bits` is 0 for a file that is none."""

    bits: int
    big_endian: bool
    machine: int
    shared: bool

    @property
    def word(self) -> str:
        """Name it: 64-bit x86-64."""
        order = ", big-endian" if self.big_endian and self.machine in {21, 40, 183} else ""
        return f"{self.bits}-bit {_MACHINES.get(self.machine, f'machine {self.machine}')}{order}"


NO_ELF = Elf(0, big_endian=False, machine=0, shared=False)


def read_elf(tree: Tree, path: str) -> Elf:
    """Read the header of the file at `path`. OSError when it cannot be read."""
    return elf_of(read(tree, path, _HEADER_BYTES))


def elf_of(start: bytes) -> Elf:
    """Return what the first bytes of a file say."""
    if start[:4] != b"\x7fELF" or len(start) < _HEADER_BYTES or start[4] not in {1, 2} or start[5] not in {1, 2}:
        return NO_ELF
    order = "big" if start[5] == 2 else "little"
    kind, machine = (int.from_bytes(start[i : i + 2], order) for i in (16, 18))  # type: ignore[arg-type]
    return Elf(32 * start[4], start[5] == 2, machine, kind == _SHARED)


def machine_of(tree: Tree) -> Elf | None:
    """Return what the programs below the tree are made for; this Python tells for an image that has none.

    None where neither can be read: a system without /proc.
    """
    for path in _PROGRAMS if tree.name else ():
        try:
            found = read_elf(tree, path)
        except OSError:
            continue
        if found.bits:
            return found
    try:
        with open(_OWN, "rb") as file:
            return elf_of(file.read(_HEADER_BYTES))
    except OSError:
        return None


def not_a_library(seen: Seen) -> Iterator[Finding]:
    """The library is a file, but no shared library.

    ## Why

    A text file, an archive, a file cut off while it was copied or a link that `git` wrote as text cannot be loaded.

    ## What to do

    Install the client again, or name its libCryptoki2_64.so.

    ## Source

    The ELF format: https://man7.org/linux/man-pages/man5/elf.5.html
    """
    for each, elf in _libraries(seen):
        if not elf.shared:
            what = "is a program or an object file" if elf.bits else "is no ELF file"
            message = f"{shown(each.named.path)} {what}, no shared library"
            yield at(each.named.entry, message, "Name the client's own library, such as libCryptoki2_64.so")


def library_machine(seen: Seen) -> Iterator[Finding]:
    """The library is made for another kind of machine.

    ## Why

    The loader then says "wrong ELF class" or "cannot open shared object file", or the application says nothing at all.
    The header of the file is compared with that of this host's programs; below `--root` with the image's own /bin/sh,
    so that an image for another machine can be judged here. A library that is only there for programs of the other
    width is told and no more.

    ## What to do

    Install the client for this kind of machine.

    ## Source

    ThalesGroup/pycryptoki, issue 48; the ELF format: https://man7.org/linux/man-pages/man5/elf.5.html
    """
    for each, elf in _libraries(seen):
        if elf.shared and seen.machine and not _fits(each, elf, seen.machine):
            message = f"{shown(each.named.path)} is made for {elf.word}, and programs here for {seen.machine.word}"
            advice = "Install the client for this kind of machine"
            yield at(each.named.entry, message, advice, each.named.severity)


def library_width(seen: Seen) -> Iterator[Finding]:
    """LibUNIX and LibUNIX64 are mixed up.

    ## Why

    LibUNIX64 is what 64-bit programs load; a 32-bit library there fails in all of them. The reverse, the 64-bit library
    in LibUNIX, is common in files that programs write, and only 32-bit programs are hurt: it is told and no more.

    ## What to do

    Exchange the two, or leave LibUNIX out on a host without 32-bit programs.

    ## Source

    gem-samples/sautil/sautil.c (MIT), which asks for LibUNIX64 first; the 64-bit library stands in LibUNIX in files
    written by tools of AWS CloudHSM Classic and in a template of barbican-operator.
    """
    for each, elf in _libraries(seen):
        entry = each.named.entry
        if elf.shared and seen.machine and _mixed_up(each, elf, seen.machine):
            message = f"LibUNIX64 names a {elf.bits}-bit library, and programs here are {seen.machine.bits}-bit"
            yield at(entry, message, "Name the 64-bit library; the 32-bit one belongs in LibUNIX")
        elif elf.shared and elf.bits == 64 and entry.name == "LibUNIX":
            message = "LibUNIX names a 64-bit library: 32-bit programs cannot load it"
            yield at(entry, message, "Name it in LibUNIX64", "info")


def library_not_named(seen: Seen) -> Iterator[Finding]:
    """Section Chrystoki2 names no library for this platform.

    ## Why

    Programs that find the library through the file (the OpenSSL engine and provider, pycryptoki, `confkit check`) find
    none. One that is told the library's path does without.

    ## What to do

    Add LibUNIX64 to section Chrystoki2.

    ## Source

    gem-samples/sautil/sautil.c (MIT); pycryptoki/cryptoki/helpers.py (Apache-2.0).
    """
    named = any(each.named.entry.section == "Chrystoki2" for each in seen.files)
    relative = any(entry.section == "Chrystoki2" for entry in seen.config.relative)
    if not (named or relative or seen.config.windows):
        message = "section Chrystoki2 names no library in LibUNIX64 or LibUNIX"
        yield seen.config.whole(message, "Add LibUNIX64 with the path of the client's library")


def _libraries(seen: Seen) -> Iterator[tuple[FileSeen, Elf]]:
    for each in seen.files:
        if isinstance(each.content, Elf):
            yield each, each.content


def _fits(each: FileSeen, library: Elf, host: Elf) -> bool:
    """Tell whether programs of the host can load the library, or those of the other width where it is for them."""
    if _mixed_up(each, library, host) or (each.named.spare and _narrow(library, host)):
        return True  # told by the other check, or right
    return library._replace(shared=host.shared) == host


def _mixed_up(each: FileSeen, library: Elf, host: Elf) -> bool:
    """Tell whether LibUNIX64 names the 32-bit library of a 64-bit machine."""
    return each.named.entry.name == "LibUNIX64" and _narrow(library, host)


def _narrow(library: Elf, host: Elf) -> bool:
    """Tell whether the library is for the 32-bit programs of this 64-bit host."""
    same_order = library.big_endian == host.big_endian
    return library.bits == 32 and host.bits == 64 and same_order and _NARROW.get(host.machine) == library.machine


CHECKS = (
    Check("CKP11", "not-a-library", "error", not_a_library),
    Check("CKP12", "library-machine", "error", library_machine),
    Check("CKP13", "library-width", "error", library_width),
    Check("CKP14", "library-not-named", "warning", library_not_named),
)
