"""Checks of the client library: a shared library for this machine, told from its first bytes; nothing is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.preflight.named import call_logger, is_call_logger, logged_library, path_of, unfilled
from confkit.preflight.observations import Check, at, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.elf import ElfHeader
    from confkit.lint.diagnostics import Finding
    from confkit.preflight.observations import FileSeen, Observations


def not_a_library(seen: Observations) -> Iterator[Finding]:
    """The library is a file, but not a shared library.

    ## Why

    A text file, an archive, a file that was truncated by a copy, or a link that `git` wrote as text cannot be loaded.

    ## What to do

    Install the client again, or name its libCryptoki2_64.so.

    ## Source

    The ELF format: https://man7.org/linux/man-pages/man5/elf.5.html
    """
    for each in seen.files:
        library = each.content.library
        if each.named.role == "library" and each.content.read and not (library and library.shared):
            what = "is a program or an object file" if library else "is not an ELF file"
            message = f"{shown(each.named.path)} {what}, not a shared library"
            yield at(each.named.entry, message, "Name the client's own library, such as libCryptoki2_64.so")


def wrong_library_machine(seen: Observations) -> Iterator[Finding]:
    """The library is made for another kind of machine.

    ## Why

    The loader then says "wrong ELF class" or "cannot open shared object file", or the application says nothing at all.
    The header of the file is compared with that of this host's programs; below `--root` with the image's own /bin/sh,
    so that an image for another machine can be checked here. For a library that only programs of the other word size
    load, it is an info.

    ## What to do

    Install the client for this kind of machine.

    ## Source

    ThalesGroup/pycryptoki, issue 48; the ELF format: https://man7.org/linux/man-pages/man5/elf.5.html
    """
    for each, elf in _libraries(seen):
        if seen.machine and not _fits(each, elf, seen.machine):
            here = seen.machine.description
            message = f"{shown(each.named.path)} is made for {elf.description}, and programs here for {here}"
            advice = "Install the client for this kind of machine"
            yield at(each.named.entry, message, advice, each.named.severity)


def swapped_libraries(seen: Observations) -> Iterator[Finding]:
    """LibUNIX and LibUNIX64 are swapped.

    ## Why

    LibUNIX64 is what 64-bit programs load; a 32-bit library there fails in all of them. The reverse, the 64-bit library
    in LibUNIX, is common in files that programs write, and affects 32-bit programs only: it is an info.

    ## What to do

    Exchange the two, or leave LibUNIX out on a host without 32-bit programs.

    ## Source

    gem-samples/sautil/sautil.c (MIT), which asks for LibUNIX64 first; the 64-bit library is in LibUNIX in files
    written by tools of AWS CloudHSM Classic and in a template of barbican-operator.
    """
    for each, elf in _libraries(seen):
        entry = each.named.entry
        if seen.machine and _swapped(each, elf, seen.machine):
            message = f"LibUNIX64 names a {elf.bits}-bit library, and programs here are {seen.machine.bits}-bit"
            yield at(entry, message, "Name the 64-bit library; the 32-bit one belongs in LibUNIX")
        elif elf.bits == 64 and entry.name == "LibUNIX":
            message = "LibUNIX names a 64-bit library: 32-bit programs cannot load it"
            yield at(entry, message, "Name it in LibUNIX64", "info")


def no_library_named(seen: Observations) -> Iterator[Finding]:
    """Section Chrystoki2 names no library for this platform.

    ## Why

    Programs that find the library through the file (the OpenSSL engine and provider, pycryptoki, `confkit check`) find
    none. A program that is given the library's path does not need it.

    ## What to do

    Add LibUNIX64 to section Chrystoki2.

    ## Source

    gem-samples/sautil/sautil.c (MIT); pycryptoki/cryptoki/helpers.py (Apache-2.0).
    """
    named = any(each.named.entry.section == "Chrystoki2" for each in seen.files)
    relative = any(entry.section == "Chrystoki2" for entry in seen.config.relative)
    sections = seen.config.document.sections
    empty = not any(section.entries for section in sections)
    reported = any(unfilled(entry) for each in sections for entry in each.entries if entry.name.startswith("LibUNIX"))
    if not (named or relative or empty or reported or seen.config.windows):
        message = "section Chrystoki2 names no library in LibUNIX64 or LibUNIX"
        yield seen.config.whole(message, "Add LibUNIX64 with the path of the client's library")


def broken_call_log_pair(seen: Observations) -> Iterator[Finding]:
    """Applications load the call logger, and it has no client library to hand their calls to.

    ## Why

    Chrystoki2 then names libcklog2.so, and section CkLog2 names the client library behind it. The logger needs that
    library whether or not it logs (Enabled): without one, or with itself in its place, no application reaches an HSM.

    ## What to do

    Name the client's own library in LibUNIX64 of section CkLog2, or name it in Chrystoki2 to switch the logger off.

    ## Source

    https://thalesdocs.com/gphsm/luna/6.3/docs/network/Content/Utilities/cklog/cklog.htm
    """
    logger = None if seen.config.windows else call_logger(seen.config.document)
    behind = logged_library(seen.config.document)
    advice = "Name the client's own library, libCryptoki2_64.so, in LibUNIX64 of section CkLog2"
    if logger and behind is None:
        message = f"{shown(path_of(logger))} is the call logger, and section CkLog2 names no library behind it"
        yield at(logger, message, advice)
    elif logger and behind and is_call_logger(path_of(behind)):
        yield at(behind, f"{shown(path_of(behind))} is the call logger itself", advice)


def _libraries(seen: Observations) -> Iterator[tuple[FileSeen, ElfHeader]]:
    """Yield the shared libraries, with their headers."""
    for each in seen.files:
        if each.content.library and each.content.library.shared:
            yield each, each.content.library


def _fits(each: FileSeen, library: ElfHeader, host: ElfHeader) -> bool:
    """Return whether programs of the host can load the library, or those of the other word size where it is theirs."""
    if _swapped(each, library, host) or (each.named.spare and host.runs_32_bit(library)):
        return True  # another check reports it, or it is right
    return library.same_machine(host)


def _swapped(each: FileSeen, library: ElfHeader, host: ElfHeader) -> bool:
    """Return whether LibUNIX64 names the 32-bit library of a 64-bit machine."""
    return each.named.entry.name == "LibUNIX64" and host.runs_32_bit(library)


CHECKS = (
    Check("CKP11", "not-a-library", "error", not_a_library),
    Check("CKP12", "wrong-library-machine", "error", wrong_library_machine),
    Check("CKP13", "swapped-libraries", "error", swapped_libraries),
    Check("CKP14", "no-library-named", "warning", no_library_named),
    Check("CKP15", "broken-call-log-pair", "error", broken_call_log_pair),
)
