"""What a compiled file may ask of the machine it runs on: versions of glibc's symbols, libraries, its own machine."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any

from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

if TYPE_CHECKING:
    from tools.packages.targets import Target

MACHINES = {"x86_64": "EM_X86_64", "aarch64": "EM_AARCH64"}
# What glibc itself brings, the library of GCC that wheels in Rust use (auditwheel's policy for 2.17 has more, which
# nothing of ours needs), and musl.
GLIBC_LIBRARIES = frozenset(
    f"lib{name}.so.{number}" for name, number in (("c", 6), ("m", 6), ("pthread", 0), ("dl", 2), ("util", 1), ("rt", 1))
) | {"ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libgcc_s.so.1"}
MUSL_LIBRARIES = frozenset({"libc.so"})
_NEWEST_OF_GCC = (4, 8, 0)


def faults(file: IO[bytes], target: Target) -> list[str]:
    """Return why this file would not run on every machine of `target`; an empty list if it would."""
    elf = ELFFile(file)
    found = []
    if elf["e_machine"] != MACHINES[target.machine]:
        found.append(f"it is for {elf['e_machine']}, not for {MACHINES[target.machine]}")
    glibc = re.search(r"gnu\.(\d+)\.(\d+)$", target.triple)
    allowed = GLIBC_LIBRARIES if glibc else MUSL_LIBRARIES
    found += [f"it needs {name}" for name in _needed(elf) if name not in allowed]
    newest = {"GLIBC": (int(glibc[1]), int(glibc[2])), "GCC": _NEWEST_OF_GCC} if glibc else {}
    found += [f"it needs {version}" for version in sorted(_versions(elf)) if not _allowed(version, newest)]
    return found


def _needed(elf: ELFFile) -> list[str]:
    sections = [section for section in elf.iter_sections() if isinstance(section, DynamicSection)]
    tags: list[Any] = [tag for section in sections for tag in section.iter_tags("DT_NEEDED")]
    return sorted(tag.needed for tag in tags)  # an attribute that pyelftools adds to this kind of tag


def _versions(elf: ELFFile) -> set[str]:
    needs = [section for section in elf.iter_sections() if isinstance(section, GNUVerNeedSection)]
    return {each.name for section in needs for _, versions in section.iter_versions() for each in versions}


def _allowed(version: str, newest: dict[str, tuple[int, ...]]) -> bool:
    """Return whether a version such as GLIBC_2.17 is none newer than `newest` has; others are not."""
    found = re.fullmatch(r"(\w+?)_([0-9.]+)", version)
    return found is not None and tuple(map(int, found[2].split("."))) <= newest.get(found[1], ())
