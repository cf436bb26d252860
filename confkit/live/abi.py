"""The structures of the Luna client as they lie in memory, and what a status call wrote into its buffer.

Three layouts of CK_HA_STATUS are published, and nobody outside Thales can tell which one CA_GetCurrentHAState writes:

    serial20  serial numbers as 20 characters: Thales' luna-openssl engine (2026) and pycryptoki
    serial16  serial numbers as 16 characters: the current page of the SDK reference alone
    ulong     serial numbers as CK_ULONG: clients before 6, and the older text of the SDK reference

A call passes no length, so a buffer made for a smaller layout than the library's would be overrun. The caller passes
one much larger than any of them, filled with one byte, and reads the layout from what was written: the count of members
is the last word of every layout and its upper bytes are 0, so the last byte that differs from the filling ends the
structure, and the three have different lengths on every platform. All the rest must then agree: a count of at most 32,
a status for every member, serial numbers that are digits. If not, that is an error, never a guess.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any, NamedTuple

from confkit.core.errors import UnavailableError

MAX_MEMBERS = 32
"""CK_HA_MAX_MEMBERS in every public header (2004 to 2024) and in the text of the SDK reference."""

BUFFER_BYTES = 8192
"""Bytes of the buffer of a status call: seven times the largest layout."""

FILLINGS = (0xA5, 0x5A)
"""What a buffer is filled with, in turns from call to call. Neither is a digit, a blank, NUL or a count up to 32. One
byte in a status may be the same; a word of it alone was not written, for no known return code is that word."""


class Platform(NamedTuple):
    """What decides the layout of a structure on one platform."""

    name: str
    ulong_bytes: int  # size of CK_ULONG, and so of CK_RV, CK_FLAGS and CK_SLOT_ID
    packing: int  # 1: members follow each other without a gap; 0: each at its natural alignment


# The client's headers pack to single bytes on Windows alone; a long has four bytes there, in 64-bit programs as well.
LINUX64 = Platform("linux64", 8, 0)
LINUX32 = Platform("linux32", 4, 0)
WINDOWS = Platform("windows", 4, 1)
_UNIX = LINUX64 if ctypes.sizeof(ctypes.c_ulong) == 8 else LINUX32
NATIVE = WINDOWS if os.name == "nt" else _UNIX
"""The platform of this interpreter."""


class Layout(NamedTuple):
    """Sizes and offsets of CK_HA_STATUS (groupSerial, memberList[32], listSize), in bytes."""

    name: str
    platform: Platform
    serial_bytes: int
    status_offset: int  # of memberStatus in a member; memberSerial is at 0
    member_bytes: int
    members_offset: int
    count_offset: int
    total_bytes: int


class StatusMember(NamedTuple):
    """One member as a status call reported it: the serial number of its partition, and a return code."""

    serial: str
    status: int


class HaState(NamedTuple):
    """One CK_HA_STATUS. `group_serial` is empty when the library wrote none."""

    group_serial: str
    members: tuple[StatusMember, ...]


class Answer(NamedTuple):
    """What a call left in its buffer: the byte it was filled with, and all up to the last that differs from it."""

    filling: int
    written: bytes


class AnswerError(UnavailableError):
    """The buffer holds none of the three layouts. The message says what was found instead."""


def structure(name: str, platform: Platform, fields: list[tuple[str, Any]]) -> type[ctypes.Structure]:
    """Make the ctypes structure `name` of `fields` with the packing of `platform`."""
    body: dict[str, Any] = {"_fields_": fields}
    if platform.packing:
        # Python 3.14 wants to be told that this is the packing of Microsoft's compiler; older ones ignore _layout_.
        body = {"_pack_": platform.packing, "_layout_": "ms", **body}
    return type(name, (ctypes.Structure,), body)


def _ulong(platform: Platform) -> Any:  # noqa: ANN401 - a ctypes type has no common public type but Any
    return ctypes.c_uint64 if platform.ulong_bytes == 8 else ctypes.c_uint32


def slot_info(platform: Platform) -> type[ctypes.Structure]:
    """CK_SLOT_INFO of PKCS#11."""
    return structure(
        "CK_SLOT_INFO",
        platform,
        [
            ("slotDescription", ctypes.c_ubyte * 64),
            ("manufacturerID", ctypes.c_ubyte * 32),
            ("flags", _ulong(platform)),
            ("versions", ctypes.c_ubyte * 4),  # two CK_VERSION: hardware, firmware
        ],
    )


def token_info(platform: Platform) -> type[ctypes.Structure]:
    """CK_TOKEN_INFO of PKCS#11."""
    return structure(
        "CK_TOKEN_INFO",
        platform,
        [
            ("label", ctypes.c_ubyte * 32),
            ("manufacturerID", ctypes.c_ubyte * 32),
            ("model", ctypes.c_ubyte * 16),
            ("serialNumber", ctypes.c_ubyte * 16),
            ("flags", _ulong(platform)),
            ("counts", _ulong(platform) * 10),  # sessions, PIN lengths and memory, none of which matters here
            ("versions", ctypes.c_ubyte * 4),
            ("utcTime", ctypes.c_ubyte * 16),
        ],
    )


def initialize_args(platform: Platform) -> type[ctypes.Structure]:
    """CK_C_INITIALIZE_ARGS of PKCS#11; its pointers have the width of this interpreter's."""
    return structure(
        "CK_C_INITIALIZE_ARGS",
        platform,
        [("mutexFunctions", ctypes.c_void_p * 4), ("flags", _ulong(platform)), ("pReserved", ctypes.c_void_p)],
    )


def _layout(name: str, serial: Any, platform: Platform) -> Layout:  # noqa: ANN401 - as in _ulong
    status = _ulong(platform)
    member = structure("CK_HA_MEMBER", platform, [("memberSerial", serial), ("memberStatus", status)])
    members = member * MAX_MEMBERS
    fields = [("groupSerial", serial), ("memberList", members), ("listSize", status)]
    state = structure("CK_HA_STATUS", platform, fields)
    return Layout(
        name=name,
        platform=platform,
        serial_bytes=ctypes.sizeof(serial),
        status_offset=vars(member)["memberStatus"].offset,
        member_bytes=ctypes.sizeof(member),
        members_offset=vars(state)["memberList"].offset,
        count_offset=vars(state)["listSize"].offset,
        total_bytes=ctypes.sizeof(state),
    )


def layouts(platform: Platform) -> tuple[Layout, ...]:
    """Give the three layouts of `platform`; the widths are explicit, so every machine gives the same figures."""
    return (
        _layout("serial20", ctypes.c_ubyte * 20, platform),
        _layout("serial16", ctypes.c_ubyte * 16, platform),
        _layout("ulong", _ulong(platform), platform),
    )


def written_part(buffer: bytes, filling: int) -> Answer:
    """Cut `buffer`, filled with the byte `filling` before the call, behind the last byte that the call wrote."""
    return Answer(filling, buffer.rstrip(bytes([filling])))


def recognise(answer: Answer, platform: Platform = NATIVE) -> Layout:
    """Find the layout that `answer` was written in. Raise AnswerError when it fits none of them."""
    for layout in layouts(platform):
        if layout.total_bytes == len(answer.written):
            decode(answer, layout)
            return layout
    if not answer.written:
        raise AnswerError("The library wrote nothing into the buffer of CA_GetCurrentHAState")
    sizes = ", ".join(str(layout.total_bytes) for layout in layouts(platform))
    raise AnswerError(
        f"The library wrote up to byte {len(answer.written)} of the buffer of CA_GetCurrentHAState, "
        f"and the known structures end at {sizes}"
    )


def decode(answer: Answer, layout: Layout) -> HaState:
    """Read `answer` as `layout`. Raise AnswerError for whatever cannot have been meant so."""
    if len(answer.written) != layout.total_bytes:
        end = len(answer.written)
        raise AnswerError(
            f"The library wrote {end} bytes; a structure in layout {layout.name} has {layout.total_bytes}"
        )
    count = _number(answer.written[layout.count_offset :])
    if count > MAX_MEMBERS:
        raise AnswerError(f"The library says that the group has {count} members; at most {MAX_MEMBERS} are possible")
    members = tuple(_member(answer, layout, index) for index in range(count))
    return HaState(_serial(answer, layout, 0), members)


def _member(answer: Answer, layout: Layout, index: int) -> StatusMember:
    start = layout.members_offset + index * layout.member_bytes
    serial = _serial(answer, layout, start)
    if not serial:
        raise AnswerError(f"The library left out the serial number of member {index + 1} of its list")
    status = answer.written[start + layout.status_offset :][: layout.platform.ulong_bytes]
    half = len(status) // 2
    # A status of which only one half was written is no status either: no known return code looks like the filling.
    if _untouched(status[:half], answer) or _untouched(status[half:], answer):
        raise AnswerError(f"The library left out the status of member {serial}")
    return StatusMember(serial, _number(status))


def _serial(answer: Answer, layout: Layout, start: int) -> str:
    """Read the serial number at `start`: digits; empty when the library wrote none.

    The engine prints text serial numbers up to a NUL, the header says padded with blanks: both are understood.
    """
    field = answer.written[start : start + layout.serial_bytes]
    if layout.name == "ulong":
        number = 0 if _untouched(field, answer) else _number(field)
        return str(number) if number else ""
    text = field.split(b"\0")[0].split(bytes([answer.filling]))[0].strip(b" ")
    if text and not text.isdigit():  # of bytes, isdigit() means 0 to 9 alone
        raise AnswerError(f"Byte {start} of the library's answer should begin a serial number, and it is no number")
    return text.decode("ascii")


def _untouched(field: bytes, answer: Answer) -> bool:
    return field == bytes([answer.filling]) * len(field)


def _number(field: bytes) -> int:
    return int.from_bytes(field, sys.byteorder)
