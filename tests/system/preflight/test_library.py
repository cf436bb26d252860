"""The library: there, a shared library, for this machine; told from its header."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.elf import ElfHeader, header_of
from confkit.preflight.probes.files import machine_of
from confkit.preflight.probes.tree import open_tree
from testing import pki
from testing.host import OFFLINE, Host

I386, ARM, X86_64, AARCH64, POWERPC64, S390 = 3, 40, 62, 183, 21, 22


def header(bits: int, machine: int, *, kind: int = 3, big: bool = False) -> bytes:
    """Return the start of an ELF file, as elf(5) lays it out."""
    order = "big" if big else "little"
    start = bytes([0x7F, *b"ELF", bits // 32, 2 if big else 1, 1]) + bytes(9)
    return start + kind.to_bytes(2, order) + machine.to_bytes(2, order)  # type: ignore[arg-type]


def described(data: bytes) -> str:
    elf = header_of(data)
    assert elf is not None
    return elf.description


@pytest.fixture
def image(host: Host) -> Host:
    """A host that is an image for x86-64, whatever this machine is; its paths start at its own root."""
    (host.folder / "bin").mkdir()
    host.write("bin/dash", header(64, X86_64))
    (host.folder / "bin" / "sh").symlink_to("/bin/dash")
    host.write("lib64.so", header(64, X86_64))
    host.write("lib32.so", header(32, I386))
    host.sections = {"Chrystoki2": {}}
    return host


def found(image: Host, **libraries: str) -> list[tuple[str, str, str | None]]:
    image.sections["Chrystoki2"] = {key: f"/{name}" for key, name in libraries.items()}
    return image.found(OFFLINE._replace(root=str(image.folder)))


def test_the_library_of_this_machine_fits_it(host: Host) -> None:
    assert host.found() == []
    with open_tree(None) as tree:
        machine = machine_of(tree)
    assert machine is not None
    assert machine.bits == (64 if sys.maxsize > 2**32 else 32)
    assert header_of(pki.shared_library().read_bytes()) == machine._replace(shared=True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is not an ELF file"),
        (b"../libCryptoki2.so", "is not an ELF file"),
        (header(64, X86_64)[:-1], "is not an ELF file"),
        (header(64, X86_64, kind=2), "is a program or an object file"),
        (header(64, AARCH64, kind=1), "is a program or an object file"),
    ],
)
def test_a_file_that_is_no_shared_library(host: Host, data: bytes, words: str) -> None:
    host.write("lib.so", data)
    assert host.found() == [("CKP11", "error", "LibUNIX64")]
    assert words in host.message("CKP11")


def test_a_library_for_another_machine(image: Host) -> None:
    image.write("lib64.so", header(64, AARCH64))
    assert found(image, LibUNIX64="lib64.so") == [("CKP12", "error", "LibUNIX64")]
    message = image.message("CKP12", OFFLINE._replace(root=str(image.folder)))
    assert message == "/lib64.so is made for 64-bit AArch64, and programs here for 64-bit x86-64"
    image.write("bin/dash", header(64, AARCH64))
    assert found(image, LibUNIX64="lib64.so") == []


def test_both_widths_are_right_in_their_places(image: Host) -> None:
    assert found(image, LibUNIX64="lib64.so", LibUNIX="lib32.so") == []


def test_the_widths_mixed_up(image: Host) -> None:
    assert found(image, LibUNIX64="lib32.so", LibUNIX="lib64.so") == [
        ("CKP13", "error", "LibUNIX64"),
        ("CKP13", "info", "LibUNIX"),
    ]
    assert found(image, LibUNIX="lib64.so") == [("CKP13", "info", "LibUNIX")]
    assert found(image, LibUNIX="lib32.so") == [("CKP12", "error", "LibUNIX")]


def test_a_spare_library_is_told_and_no_more(image: Host) -> None:
    image.write("arm.so", header(32, ARM))
    assert found(image, LibUNIX64="lib64.so", LibUNIX="arm.so") == [("CKP12", "info", "LibUNIX")]
    assert found(image, LibUNIX64="lib64.so", LibUNIX="none.so") == [("CKP01", "info", "LibUNIX")]


@pytest.mark.parametrize(
    ("program", "library", "fits"),
    [
        (header(64, POWERPC64), header(64, POWERPC64), True),
        (header(64, POWERPC64, big=True), header(64, POWERPC64), False),
        (header(64, S390, big=True), header(64, S390, big=True), True),
        (header(64, S390, big=True), header(32, S390, big=True), False),
        (header(32, ARM), header(64, AARCH64), False),
        (header(64, X86_64), header(64, 999), False),
    ],
)
def test_machines(image: Host, program: bytes, library: bytes, fits: bool) -> None:
    image.write("bin/dash", program)
    image.write("lib64.so", library)
    assert found(image, LibUNIX64="lib64.so") == ([] if fits else [("CKP12", "error", "LibUNIX64")])


def test_a_machine_without_a_name_is_called_by_its_number() -> None:
    assert described(header(64, 999)) == "64-bit machine 999"
    assert described(header(64, POWERPC64, big=True)) == "64-bit PowerPC64, big-endian"


def test_an_image_without_programs_is_held_against_this_host(tmp_path: Path) -> None:
    with open_tree(str(tmp_path)) as tree, open_tree(None) as host:
        assert machine_of(tree) == machine_of(host)
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "sh").write_text("#!a script")
        (tmp_path / "bin" / "busybox").write_bytes(header(32, ARM, kind=2))
        assert machine_of(tree) == ElfHeader(32, big_endian=False, machine=ARM, shared=False)


def test_a_library_is_not_judged_where_nothing_tells_the_machine(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confkit.preflight.probes.files._OWN", str(host.folder / "none"))  # a system without /proc
    host.write("lib.so", header(64, 999))
    assert host.found() == []


def test_the_library_that_the_call_log_loads(image: Host) -> None:
    image.sections["CkLog2"] = {"Enabled": "1", "LibUNIX64": "/none.so", "File": "/dev/stdout"}
    assert found(image, LibUNIX64="lib64.so") == [("CKP01", "error", "LibUNIX64")]
    image.sections["CkLog2"]["Enabled"] = "0"
    assert found(image, LibUNIX64="lib64.so") == []


def test_no_library_is_named(image: Host) -> None:
    image.sections["Misc"] = {"ToolsDir": "/"}
    assert found(image) == [("CKP14", "warning", None)]


@given(st.binary(max_size=40).map(lambda data: b"\x7fELF" + data))
def test_any_header_is_read(data: bytes) -> None:
    elf = header_of(data)
    assert elf is None or (elf.bits in {32, 64} and elf.description)
