from __future__ import annotations

import contextlib
import ctypes
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from confkit.live import abi
from confkit.live.abi import LINUX32, LINUX64, WINDOWS, Answer, AnswerError, HaState, Layout, Platform, StatusMember
from confkit.live.returncodes import names, value_of
from testing.programs import needs

if TYPE_CHECKING:
    from pathlib import Path

PLATFORMS = (LINUX64, LINUX32, WINDOWS)
ALL_LAYOUTS = [layout for platform in PLATFORMS for layout in abi.layouts(platform)]

# Published headers, computed once by hand and by gcc:
# member size, offset of its status, offset of the list, offset of the count, total; then CK_SLOT_INFO, CK_TOKEN_INFO.
FIGURES = {
    ("linux64", "serial20"): (32, 24, 24, 1048, 1056),
    ("linux64", "serial16"): (24, 16, 16, 784, 792),
    ("linux64", "ulong"): (16, 8, 8, 520, 528),
    ("linux32", "serial20"): (24, 20, 20, 788, 792),
    ("linux32", "serial16"): (20, 16, 16, 656, 660),
    ("linux32", "ulong"): (8, 4, 4, 260, 264),
    ("windows", "serial20"): (24, 20, 20, 788, 792),
    ("windows", "serial16"): (20, 16, 16, 656, 660),
    ("windows", "ulong"): (8, 4, 4, 260, 264),
}
STANDARD_FIGURES = {"linux64": (112, 208), "linux32": (104, 160), "windows": (104, 160)}

UNWRITTEN_WORDS = {int.from_bytes(bytes([filling]) * width, "big") for filling in abi.FILLINGS for width in (4, 8)}

C_PROGRAM = """
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#if PACKED
#pragma pack(push, 1)
#endif
#define STATE(name, serial, brackets) \\
    typedef struct { serial memberSerial brackets; ULONG memberStatus; } name##_member; \\
    typedef struct { serial groupSerial brackets; name##_member memberList[32]; ULONG listSize; } name;
STATE(serial20, unsigned char, [16 + 4])
STATE(serial16, unsigned char, [16])
STATE(ulong, ULONG, )
typedef struct { unsigned char major, minor; } version;
typedef struct { unsigned char description[64], manufacturer[32]; ULONG flags; version hardware, firmware; } slot_info;
typedef struct {
    unsigned char label[32], manufacturer[32], model[16], serial[16];
    ULONG flags, maxSessions, sessions, maxRwSessions, rwSessions, maxPin, minPin, publicTotal, publicFree, total, free;
    version hardware, firmware;
    unsigned char time[16];
} token_info;
#if PACKED
#pragma pack(pop)
#endif
#define SHOW(name) printf("%zu %zu %zu %zu %zu\\n", sizeof(name##_member), offsetof(name##_member, memberStatus), \\
    offsetof(name, memberList), offsetof(name, listSize), sizeof(name))
int main(void)
{
    SHOW(serial20);
    SHOW(serial16);
    SHOW(ulong);
    printf("%zu %zu\\n", sizeof(slot_info), sizeof(token_info));
    return 0;
}
"""


def figures(layout: Layout) -> tuple[int, ...]:
    return layout.member_bytes, layout.status_offset, layout.members_offset, layout.count_offset, layout.total_bytes


@pytest.mark.parametrize("layout", ALL_LAYOUTS, ids=lambda layout: f"{layout.platform.name}-{layout.name}")
def test_every_layout_has_the_published_figures(layout: Layout) -> None:
    assert figures(layout) == FIGURES[layout.platform.name, layout.name]


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_the_standard_structures_have_the_published_sizes(platform: Platform) -> None:
    sizes = ctypes.sizeof(abi.slot_info(platform)), ctypes.sizeof(abi.token_info(platform))

    assert sizes == STANDARD_FIGURES[platform.name]


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_a_c_compiler_agrees(platform: Platform, tmp_path: Path) -> None:
    needs("gcc")
    source, program = tmp_path / "sizes.c", tmp_path / "sizes"
    source.write_text(C_PROGRAM)
    width = f"-DULONG=uint{8 * platform.ulong_bytes}_t"
    packed = f"-DPACKED={platform.packing}"
    subprocess.run(["gcc", "-std=c11", width, packed, "-o", program, source], check=True)
    printed = subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()

    expected = [figures(layout) for layout in abi.layouts(platform)]
    expected.append((ctypes.sizeof(abi.slot_info(platform)), ctypes.sizeof(abi.token_info(platform))))
    assert [tuple(map(int, line.split())) for line in printed] == expected


def test_the_initialize_arguments_are_packed_on_windows_alone() -> None:
    pointer = ctypes.sizeof(ctypes.c_void_p)

    assert ctypes.sizeof(abi.initialize_args(WINDOWS)) == 5 * pointer + 4
    assert ctypes.sizeof(abi.initialize_args(abi.NATIVE)) == 6 * pointer


def test_this_platform_has_its_own_width_of_a_return_code() -> None:
    assert abi.NATIVE.ulong_bytes == ctypes.sizeof(ctypes.c_ulong)
    assert abi.NATIVE in PLATFORMS


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_no_two_layouts_of_a_platform_end_at_the_same_byte(platform: Platform) -> None:
    assert len({layout.total_bytes for layout in abi.layouts(platform)}) == 3


def test_no_known_return_code_could_be_taken_for_an_unwritten_word() -> None:
    assert not UNWRITTEN_WORDS & {value_of(name) for name in names()}


class Library(NamedTuple):
    """How a library that has all the freedom the headers leave writes its answer."""

    clears: bool  # the whole structure first
    pads_with_blanks: bool  # serial numbers, instead of a NUL
    leftovers: bytes  # in the places of members beyond the count


TIDY = Library(clears=True, pads_with_blanks=False, leftovers=b"")
SPARING = Library(clears=False, pads_with_blanks=False, leftovers=b"")
LIBRARIES = st.builds(Library, st.booleans(), st.booleans(), st.binary(max_size=64))


def write(layout: Layout, state: HaState, library: Library, filling: int) -> Answer:
    """Write `state` into a buffer as a library with `layout` would, by the figures above, not those under test."""
    member_bytes, status_offset, members_offset, count_offset, total = FIGURES[layout.platform.name, layout.name]
    width = layout.platform.ulong_bytes
    buffer = bytearray([filling]) * abi.BUFFER_BYTES
    if library.clears:
        buffer[:total] = bytes(total)

    def put_serial(at: int, serial: str) -> None:
        if layout.name == "ulong":
            field = int(serial).to_bytes(width, sys.byteorder)
        else:
            size = int(layout.name.removeprefix("serial"))
            field = serial.encode() + (b"" if library.pads_with_blanks or len(serial) == size else b"\0")
            field = field.ljust(size, b" ") if library.pads_with_blanks else field
        buffer[at : at + len(field)] = field

    if state.group_serial:
        put_serial(0, state.group_serial)
    for index, member in enumerate(state.members):
        at = members_offset + index * member_bytes
        put_serial(at, member.serial)
        buffer[at + status_offset : at + status_offset + width] = member.status.to_bytes(width, sys.byteorder)
    free = members_offset + len(state.members) * member_bytes
    room = count_offset - free
    buffer[free : free + min(room, len(library.leftovers))] = library.leftovers[:room]
    buffer[count_offset:total] = len(state.members).to_bytes(width, sys.byteorder)
    return abi.written_part(bytes(buffer), filling)


@st.composite
def states(draw: st.DrawFn, layout: Layout) -> HaState:
    """Draw an answer that `layout` can hold."""
    bits = 8 * layout.platform.ulong_bytes
    if layout.name == "ulong":
        serials = st.integers(1, 2**bits - 1).map(str)
    else:
        serials = st.text("0123456789", min_size=1, max_size=layout.serial_bytes)
    codes = st.sampled_from([value_of(name) for name in names()])
    members = st.builds(StatusMember, serials, codes | st.integers(0, 2**bits - 1))
    state = HaState(draw(serials | st.just("")), tuple(draw(st.lists(members, max_size=abi.MAX_MEMBERS))))
    numbers = [state.group_serial or "0", *(str(part) for member in state.members for part in member)]
    assume(not {int(number) for number in numbers} & UNWRITTEN_WORDS)
    return state


@given(data=st.data(), library=LIBRARIES, filling=st.sampled_from(abi.FILLINGS), layout=st.sampled_from(ALL_LAYOUTS))
def test_whatever_a_library_writes_is_recognised_and_read(
    data: st.DataObject, library: Library, filling: int, layout: Layout
) -> None:
    state = data.draw(states(layout))

    answer = write(layout, state, library, filling)

    assert abi.recognise(answer, layout.platform) == layout
    assert abi.decode(answer, layout) == state


@pytest.mark.parametrize("layout", ALL_LAYOUTS, ids=lambda layout: f"{layout.platform.name}-{layout.name}")
@pytest.mark.parametrize("filling", abi.FILLINGS)
def test_every_number_of_members_is_read_in_every_layout(layout: Layout, filling: int) -> None:
    for count in range(abi.MAX_MEMBERS + 1):
        state = HaState(
            "1234567890", tuple(StatusMember(str(154438865 + index), index << 24) for index in range(count))
        )
        answer = write(layout, state, SPARING, filling)

        assert abi.recognise(answer, layout.platform) == layout
        assert abi.decode(answer, layout) == state


# Bytes that mean something to the reader, so that not all arbitrary answers fail at the first of them.
TELLING = bytes([0, 1, 2, 0x20, 0x30, 0x39, *abi.FILLINGS])


@given(
    data=st.data(),
    platform=st.sampled_from(PLATFORMS),
    filling=st.sampled_from(abi.FILLINGS),
    size=st.sampled_from([*(layout.total_bytes for layout in ALL_LAYOUTS), 0, 1, 1100]),
)
def test_arbitrary_bytes_are_read_or_refused_by_name(
    data: st.DataObject, platform: Platform, filling: int, size: int
) -> None:
    drawn = data.draw(st.binary(min_size=size, max_size=size))
    if data.draw(st.booleans()):
        drawn = bytes(TELLING[byte % len(TELLING)] for byte in drawn)
    answer = abi.written_part(drawn + bytes([filling]) * 64, filling)

    with contextlib.suppress(AnswerError):  # nothing else may be raised
        layout = abi.recognise(answer, platform)
        assert all(member.serial.isdigit() for member in abi.decode(answer, layout).members)


@given(data=st.data(), library=LIBRARIES, filling=st.sampled_from(abi.FILLINGS), layout=st.sampled_from(ALL_LAYOUTS))
def test_an_answer_with_any_byte_changed_is_read_or_refused_by_name(
    data: st.DataObject, library: Library, filling: int, layout: Layout
) -> None:
    answer = write(layout, data.draw(states(layout)), library, filling)
    position = data.draw(st.integers(0, len(answer.written) - 1))
    changed = bytearray(answer.written)
    changed[position] = data.draw(st.integers(0, 255))

    with contextlib.suppress(AnswerError):  # nothing else may be raised
        assert abi.recognise(abi.written_part(bytes(changed), filling), layout.platform) == layout


LAYOUT = abi.layouts(LINUX64)[0]
ONE = HaState("1154438865287", (StatusMember("154438865287", 0),))


def changed(answer: Answer, at: int, field: bytes) -> Answer:
    return Answer(answer.filling, answer.written[:at] + field + answer.written[at + len(field) :])


@pytest.mark.parametrize(
    ("at", "field", "words"),
    [
        (1048, (33).to_bytes(8, "little"), "33 members"),
        (1048, (2**63).to_bytes(8, "little"), "9223372036854775808 members"),
        (24, b"\xa5" * 20, "serial number of member 1"),
        (24, b" " * 20, "serial number of member 1"),
        (24, b"12ab\0", "Byte 24"),
        (24, "\u0661".encode(), "Byte 24"),
        (0, b"HSM", "Byte 0"),
        (48, b"\xa5" * 8, "status of member 154438865287"),
    ],
)
def test_an_answer_that_contradicts_itself_is_refused(at: int, field: bytes, words: str) -> None:
    answer = write(LAYOUT, ONE, SPARING, 0xA5)

    with pytest.raises(AnswerError, match=words):
        abi.recognise(changed(answer, at, field), LINUX64)


def test_a_buffer_that_nobody_wrote_to_is_refused() -> None:
    with pytest.raises(AnswerError, match="wrote nothing"):
        abi.recognise(abi.written_part(b"\xa5" * 4096, 0xA5), LINUX64)


def test_a_structure_of_another_length_is_refused_with_the_known_lengths() -> None:
    with pytest.raises(AnswerError, match=r"up to byte 924 .* 1056, 792, 528"):
        abi.recognise(Answer(0xA5, bytes(924)), LINUX64)


def test_an_answer_in_another_layout_than_the_one_before_is_refused() -> None:
    with pytest.raises(AnswerError, match="1056 bytes; a structure in layout serial16 has 792"):
        abi.decode(write(LAYOUT, ONE, TIDY, 0xA5), abi.layouts(LINUX64)[1])


def test_the_other_filling_reads_the_one_status_that_a_filling_hides_on_a_32_bit_platform() -> None:
    layout = abi.layouts(WINDOWS)[0]
    state = HaState("1154438865287", (StatusMember("154438865287", 0xA5A5A5A5),))

    with pytest.raises(AnswerError, match="left out the status"):
        abi.recognise(write(layout, state, SPARING, 0xA5), WINDOWS)
    assert abi.decode(write(layout, state, SPARING, 0x5A), layout) == state


def test_an_answer_of_a_serial_number_of_zero_is_none() -> None:
    layout = abi.layouts(LINUX64)[2]

    with pytest.raises(AnswerError, match="serial number of member 1"):
        abi.recognise(write(layout, HaState("1", (StatusMember("0", 0),)), TIDY, 0xA5), LINUX64)
