from __future__ import annotations

import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confkit.core.errors import UnavailableError
from confkit.live import abi
from confkit.live.client import LibraryClient, Slot, SlotError, find_again, find_slot, inspect_library
from testing.hostile import hostile_library
from testing.programs import needs

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST = Slot(5, "HA Virtual Card Slot", "first", "LunaVirtual", "1154438865287")


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., LibraryClient]:
    """Load the hostile library into this process; each time a copy, for a library is loaded only once."""
    monkeypatch.delenv("HOSTILE", raising=False)

    def copy_and_load(*deeds: str) -> LibraryClient:
        monkeypatch.setenv("HOSTILE", ",".join(deeds))
        copy = tmp_path / f"lib{len(list(tmp_path.iterdir()))}.so"
        shutil.copy(hostile_library(), copy)
        client = LibraryClient(str(copy))
        client.initialise()
        return client

    return copy_and_load


def test_the_only_ha_group_is_found_among_the_slots(load: Callable[..., LibraryClient]) -> None:
    client = load()

    assert client.slot_numbers() == [0, 5]
    assert client.ha_slots() == (FIRST,)
    assert find_slot(client, None) == FIRST
    assert find_slot(client, "first") == FIRST
    assert find_slot(client, 5) == FIRST
    client.finalise()


def test_a_slot_number_is_taken_although_the_slot_is_no_ha_groups(load: Callable[..., LibraryClient]) -> None:
    assert find_slot(load(), 0) == Slot(0, "Net Token Slot", "partition", "LunaSA 7.8.7", "154438865287")


def test_a_slot_that_is_described_otherwise_is_known_by_the_model_of_its_token(
    load: Callable[..., LibraryClient],
) -> None:
    assert [slot.number for slot in load("by-model").ha_slots()] == [5]


def test_a_group_whose_token_cannot_be_read_is_still_a_group(load: Callable[..., LibraryClient]) -> None:
    assert find_slot(load("no-token"), None) == Slot(5, "HA Virtual Card Slot", "", "", "")


def test_two_groups_and_no_choice_name_both(load: Callable[..., LibraryClient]) -> None:
    with pytest.raises(SlotError, match=r'--slot or --label.*slot 5 \(label "first".*slot 6') as raised:
        find_slot(load("two-groups"), None)

    assert [slot.number for slot in raised.value.candidates] == [5, 6]
    assert "\x1b" not in str(raised.value), "a label reaches a terminal"


@pytest.mark.parametrize(
    ("choice", "words"),
    [("third", 'no HA group with the label "third". HA groups here: slot 5'), (7, "no slot 7. HA groups here: slot 5")],
)
def test_a_choice_that_is_not_there_names_what_is(
    load: Callable[..., LibraryClient], choice: int | str, words: str
) -> None:
    with pytest.raises(SlotError, match=words) as raised:
        find_slot(load(), choice)

    assert raised.value.candidates == ()


def test_no_group_at_all_points_to_the_configuration(load: Callable[..., LibraryClient]) -> None:
    with pytest.raises(
        SlotError, match=r"shows no HA group\. Slots here: .*name it with --slot; else check section VirtualToken"
    ):
        find_slot(load("no-group"), None)


@pytest.mark.parametrize("deeds", [("renumber",), ("renumber", "no-serial-number"), ("renumber", "new-serial-number")])
def test_a_group_is_found_again_under_its_new_number(
    load: Callable[..., LibraryClient], deeds: tuple[str, ...]
) -> None:
    client = load(*deeds)
    slot = find_slot(client, None)
    client.ha_state(slot.number, 0xA5)

    again = find_again(client, slot)

    assert (again.number, again.label) == (6, "first")


def test_a_group_that_has_gone_is_an_error_that_names_it(load: Callable[..., LibraryClient]) -> None:
    client = load("vanish")
    slot = find_slot(client, None)
    for _ in range(2):
        client.ha_state(slot.number, 0xA5)

    with pytest.raises(SlotError, match=r'has gone: slot 5 .label "first", serial 1154438865287'):
        find_again(client, slot)


def test_a_group_without_label_or_serial_is_not_taken_for_another(load: Callable[..., LibraryClient]) -> None:
    client = load("no-token", "renumber")
    slot = find_slot(client, None)
    client.ha_state(slot.number, 0xA5)

    with pytest.raises(SlotError, match="serial unknown"):
        find_again(client, slot)


@pytest.mark.parametrize(("deed", "words"), [("many-slots", "4611686018427387904 slots"), ("no-slots", "DEVICE_ERROR")])
def test_a_list_of_slots_that_cannot_be_had_is_an_error(
    load: Callable[..., LibraryClient], deed: str, words: str
) -> None:
    with pytest.raises(UnavailableError, match=words):
        load(deed).slot_numbers()


@pytest.mark.parametrize("layout", ["serial20", "serial16", "ulong"])
def test_a_status_call_is_read_in_every_layout(
    load: Callable[..., LibraryClient], monkeypatch: pytest.MonkeyPatch, layout: str
) -> None:
    monkeypatch.setenv("HOSTILE_LAYOUT", layout)
    monkeypatch.setenv("HOSTILE_STATUS", "0,0x30,0x80000024")
    client = load("fill-only")

    for filling in abi.FILLINGS:
        result, answer = client.ha_state(5, filling)
        assert result == 0
        assert abi.recognise(answer).name == layout
        state = abi.decode(answer, abi.recognise(answer))
        assert state.group_serial == "1154438865287"
        assert state.members == (("154438865287", 0), ("154438865288", 0x30), ("154438865289", 0x80000024))


def test_calls_from_several_threads_enter_the_library_one_by_one(load: Callable[..., LibraryClient]) -> None:
    client = load("slow-status")
    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(client.ha_state(5, 0xA5)[0])) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [0] * 4  # the library returns something else when it is entered twice


def test_a_refused_c_initialize_names_the_code(
    load: Callable[..., LibraryClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTILE_INITIALIZE", "0x30")

    with pytest.raises(UnavailableError, match=r"C_Initialize of .* returned CKR_DEVICE_ERROR"):
        load()


def test_a_library_that_is_initialised_already_is_used(
    load: Callable[..., LibraryClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTILE_INITIALIZE", "0x191")

    assert load().ha_slots() == (FIRST,)


@pytest.mark.parametrize(
    ("define", "words"),
    [
        ("NO_INITIALIZE", "no function C_Initialize, so it is no PKCS#11 library"),
        ("NO_STATUS_CALL", "no function CA_GetCurrentHAState: the client is older than 10.7.0, or this is not"),
        ("OLD_CLIENT", r"no function CA_GetCurrentHAState: the client is older than 10.7.0\. Update it"),
    ],
)
def test_a_missing_function_is_named(define: str, words: str) -> None:
    with pytest.raises(UnavailableError, match=words):
        LibraryClient(hostile_library(define))


def test_a_library_whose_own_library_is_missing_gives_the_loaders_reason(tmp_path: Path) -> None:
    needs("gcc")
    inner, outer = tmp_path / "libinner.so", tmp_path / "libouter.so"
    source = tmp_path / "empty.c"
    source.write_text("int empty;\n")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", inner, source], check=True)
    subprocess.run(["gcc", "-shared", "-fPIC", "-Wl,--no-as-needed", "-o", outer, source, inner], check=True)
    inner.unlink()

    with pytest.raises(UnavailableError, match=r"cannot be loaded \(.*libinner.so"):
        LibraryClient(str(outer))


def elf_with(change: Callable[[bytearray], None], path: Path) -> str:
    """Write this Python's own ELF file to `path` with its header changed."""
    content = bytearray(Path("/proc/self/exe").read_bytes()[:4096])
    change(content)
    path.write_bytes(content)
    return str(path)


def test_a_library_for_another_machine_is_named_as_such(tmp_path: Path) -> None:
    def foreign(content: bytearray) -> None:
        content[18:20] = (21 if content[18] != 21 else 62).to_bytes(2, "little")

    def odd(content: bytearray) -> None:
        content[18:20] = (0x1234).to_bytes(2, "little")

    def narrow(content: bytearray) -> None:
        content[4] = 1

    for change, words in ((foreign, "64-bit PowerPC64"), (odd, "64-bit machine 4660"), (narrow, "32-bit")):
        with pytest.raises(UnavailableError, match=f"is made for {words}"):
            inspect_library(elf_with(change, tmp_path / change.__name__))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent.so", "cannot be read .No such file"),
        ("text.so/below.so", "cannot be read .Not a directory"),
        ("nul\0.so", "cannot be read .embedded null"),
        ("text.so", "is no shared library"),
        ("empty.so", "is no shared library"),
        ("cut.so", "is no shared library"),
        ("folder.so", "is a folder"),
        ("pipe.so", "is no ordinary file"),
    ],
)
def test_a_file_that_is_no_library_is_called_what_it_is(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "text.so").write_text("INPUT ( libCryptoki2_64.so ), or something longer than an ELF header")
    (tmp_path / "empty.so").touch()
    (tmp_path / "cut.so").write_bytes(b"\x7fELF\x02\x01")
    (tmp_path / "folder.so").mkdir()
    os.mkfifo(tmp_path / "pipe.so")

    with pytest.raises(UnavailableError, match=words):
        inspect_library(str(tmp_path / name))
