"""The Luna client library, called by symbol name: what the live check needs of it and nothing more.

It never logs in, and opens a public session only where it is asked to: the Thales SDK reference ("High Availability
Group Status") asks for neither.
It does ask applications to serialise their calls, so every call is made under one lock. A library can hang or crash its
process; `confkit.live.probe` therefore runs it in a child. POSIX only.
"""

from __future__ import annotations

import ctypes
import os
import stat
import threading
import time
from typing import Any, NamedTuple

from confkit.core.errors import FileError, UnavailableError
from confkit.core.storage.reader import read_start
from confkit.live import abi
from confkit.live.returncodes import name_of

STATUS_CALL = "CA_GetCurrentHAState"

_CKR_OK = 0
_CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191
_CKR_BUFFER_TOO_SMALL = 0x150
# CKR_ARGUMENTS_BAD, CKR_NEED_TO_CREATE_THREADS, CKR_CANT_LOCK: what a library returns that wants no arguments.
_NO_OS_LOCKING = frozenset({0x07, 0x09, 0x0A})
_CKF_OS_LOCKING_OK = 2
_CKF_SERIAL_SESSION = 4
_MAX_SLOTS = 4096
_SLOT_LIST_ATTEMPTS = 5  # the list may grow between two calls; PKCS#11 says to ask again
_LATE_SLOT_SECONDS = 5.0  # slots of network members may appear only once they are connected
# As seen on client 10.7.2: the slot of an HA group is described so, and the model of its token is the second.
_HA_DESCRIPTION = "HA Virtual Card Slot"
_HA_MODEL = "LunaVirtual"

_ARGUMENTS: dict[str, list[Any]] = {
    "C_Initialize": [ctypes.c_void_p],
    "C_Finalize": [ctypes.c_void_p],
    "C_GetSlotList": [ctypes.c_ubyte, ctypes.c_void_p, ctypes.c_void_p],
    "C_GetSlotInfo": [ctypes.c_ulong, ctypes.c_void_p],
    "C_GetTokenInfo": [ctypes.c_ulong, ctypes.c_void_p],
    STATUS_CALL: [ctypes.c_ulong, ctypes.c_void_p],
}
_OPEN_SESSION = [ctypes.c_ulong, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
# Where they stand in CK_FUNCTION_LIST, counted in pointers behind its version (PKCS#11 2.40, pkcs11f.h).
_PLACES = {
    "C_Initialize": 0,
    "C_Finalize": 1,
    "C_GetSlotList": 4,
    "C_GetSlotInfo": 5,
    "C_GetTokenInfo": 6,
    "C_OpenSession": 12,
}

# e_machine of an ELF header, for the message alone.
_MACHINES = {3: "i386", 20: "PowerPC", 21: "PowerPC64", 22: "S/390", 40: "ARM", 62: "x86-64", 183: "AArch64"}


class Slot(NamedTuple):
    """A slot and its token. The texts are stripped of padding and empty when there is no token."""

    number: int
    description: str
    label: str
    model: str
    serial: str


class StatusCall(NamedTuple):
    """One status call: its return code, what it wrote, and when it was made (seconds of time.monotonic)."""

    result: int
    answer: abi.Answer
    started: float
    returned: float


class SlotError(UnavailableError):
    """No slot, or more than one, answers the choice; `candidates` are the slots to choose from in the second case."""

    def __init__(self, message: str, candidates: tuple[Slot, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class LibraryClient:
    """A loaded library: make one, `initialise`, ask, `finalise`. One for each process, for more are not allowed."""

    def __init__(self, path: str) -> None:
        """Load the library at `path`. Raise UnavailableError when it is none, or lacks a function."""
        inspect_library(path)
        self._path = path
        self._lock = threading.Lock()
        self._library = _load(path)
        self._functions = {
            name: _function(path, self._library, name, arguments) for name, arguments in _ARGUMENTS.items()
        }

    def _call(self, name: str, *arguments: Any) -> int:  # noqa: ANN401 - C values of any type
        with self._lock:
            return int(self._functions[name](*arguments))

    def _demand(self, name: str, *arguments: Any) -> None:  # noqa: ANN401 - as above
        result = self._call(name, *arguments)
        if result != _CKR_OK:
            raise UnavailableError(f"{name} of {self._path} returned {name_of(result)}. Look at the library's log.")

    def initialise(self) -> None:
        """Call C_Initialize for a program with threads, without arguments where the library refuses that.

        All calls are made under one lock, so either will do. That it has been called already is no error.
        """
        arguments = abi.initialize_args(abi.NATIVE)(flags=_CKF_OS_LOCKING_OK)
        result = self._call("C_Initialize", ctypes.byref(arguments))
        if result in _NO_OS_LOCKING:
            result = self._call("C_Initialize", None)
        if result not in {_CKR_OK, _CKR_CRYPTOKI_ALREADY_INITIALIZED}:
            raise UnavailableError(
                f"C_Initialize of {self._path} returned {name_of(result)}. "
                "Look at the configuration file that the library reads, and at its log."
            )

    def finalise(self) -> None:
        """Call C_Finalize. What it returns changes nothing any more."""
        self._call("C_Finalize", None)

    def open_session(self, number: int) -> None:
        """Open a public read-only session on slot `number`; C_Finalize closes it. Raise UnavailableError."""
        name = "C_OpenSession"
        self._functions[name] = _function(self._path, self._library, name, _OPEN_SESSION)
        handle = ctypes.c_ulong(0)
        self._demand(name, number, _CKF_SERIAL_SESSION, None, None, ctypes.byref(handle))

    def slot_numbers(self) -> list[int]:
        """Ask for all slots, those without a token too. Raise UnavailableError when the library refuses."""
        for _ in range(_SLOT_LIST_ATTEMPTS):
            count = ctypes.c_ulong(0)
            # The call without a list is also what makes a library look for new slots (PKCS#11 2.20, C_GetSlotList).
            self._demand("C_GetSlotList", 0, None, ctypes.byref(count))
            if count.value > _MAX_SLOTS:
                raise UnavailableError(
                    f"C_GetSlotList of {self._path} counts {count.value} slots, which cannot be. Check --library."
                )
            room = count.value + 16  # for slots that appear between the two calls
            numbers = (ctypes.c_ulong * room)()
            count = ctypes.c_ulong(room)
            result = self._call("C_GetSlotList", 0, ctypes.byref(numbers), ctypes.byref(count))
            if result != _CKR_BUFFER_TOO_SMALL:
                break
        if result != _CKR_OK:
            raise UnavailableError(
                f"C_GetSlotList of {self._path} returned {name_of(result)}. Look at the library's log."
            )
        return numbers[: min(count.value, room)]

    def slot(self, number: int) -> Slot | None:
        """Describe slot `number` and its token; None when there is no such slot."""
        description = self._description(number)
        if description is None:
            return None
        token = abi.token_info(abi.NATIVE)()
        if self._call("C_GetTokenInfo", number, ctypes.byref(token)) != _CKR_OK:
            return Slot(number, description, "", "", "")
        return Slot(number, description, _text(token.label), _text(token.model), _text(token.serialNumber))

    def _description(self, number: int) -> str | None:
        info = abi.slot_info(abi.NATIVE)()
        if self._call("C_GetSlotInfo", number, ctypes.byref(info)) != _CKR_OK:
            return None
        return _text(info.slotDescription)

    def ha_slots(self) -> tuple[Slot, ...]:
        """Find the slots of HA groups by the slot's description, or by the token's model where no description tells."""
        numbers = self.slot_numbers()
        # Described slots first and alone: asking the slot of a dead member for its token can take its whole time-out.
        described = [number for number in numbers if self._description(number) == _HA_DESCRIPTION]
        slots = [slot for number in described or numbers if (slot := self.slot(number)) is not None]
        found = [slot for slot in slots if slot.description == _HA_DESCRIPTION or slot.model.startswith(_HA_MODEL)]
        # The client shows slots for HA groups that do not exist, without a token (Thales, managing.htm, client 6.2).
        return tuple([slot for slot in found if slot.label or slot.model or slot.serial] or found)

    def ha_state(self, number: int, filling: int) -> tuple[int, abi.Answer]:
        """Make the status call for slot `number`; give its return code and what it wrote over a buffer of `filling`."""
        made = self.ha_state_at(0.0, number, filling)
        return made.result, made.answer

    def ha_state_at(self, intended: float, number: int, filling: int) -> StatusCall:
        """Make the status call as `ha_state` does, at the time `intended`: all that can be is done before it."""
        buffer = ctypes.create_string_buffer(bytes([filling]) * abi.BUFFER_BYTES, abi.BUFFER_BYTES)
        time.sleep(max(0.0, intended - time.monotonic()))
        started = time.monotonic()
        result = self._call(STATUS_CALL, number, buffer)
        returned = time.monotonic()
        return StatusCall(result, abi.written_part(buffer.raw, filling), started, returned)


def find_slot(client: LibraryClient, choice: int | str | None) -> Slot:
    """Find the slot of the HA group that `choice` means: a slot number, a label, or None for the only group there is.

    A number is taken as it is, for the sign of an HA slot is known from one client version alone. Raise SlotError.
    """
    if isinstance(choice, int):
        slot = client.slot(choice) if choice in client.slot_numbers() else None
        if slot is None:
            raise SlotError(f"There is no slot {choice}. {_listed(client.ha_slots())}")
        return slot
    slots = client.ha_slots()
    found = tuple(slot for slot in slots if choice in {None, slot.label})
    if len(found) == 1:
        return found[0]
    if found:
        raise SlotError(f"There is more than one HA group; choose one with --slot or --label. {_listed(found)}", found)
    wanted = "" if choice is None else f' with the label "{choice}"'
    raise SlotError(f"The library shows no HA group{wanted}. {_listed(slots) if slots else _others(client)}")


def wait_for_slot(client: LibraryClient, choice: int | str | None) -> Slot:
    """Find the slot as `find_slot` does, and wait a few seconds for one that appears late. Raise SlotError."""
    ends = time.monotonic() + _LATE_SLOT_SECONDS
    while True:
        try:
            return find_slot(client, choice)
        except SlotError as error:
            if error.candidates or time.monotonic() > ends:
                raise
        time.sleep(_LATE_SLOT_SECONDS / 20)


def find_again(client: LibraryClient, slot: Slot) -> Slot:
    """Find the group of `slot` once more: without HAOnly a member that fails or recovers can renumber every slot.

    By serial number, else by label, because the serial number changes when the group's first member is removed.
    Raise SlotError when it has gone.
    """
    if client.slot(slot.number) == slot:
        return slot
    slots = client.ha_slots()
    found = [other for other in slots if slot.serial and other.serial == slot.serial]
    found = found or [other for other in slots if slot.label and other.label == slot.label]
    if len(found) != 1:
        raise SlotError(f"The HA group has gone: {_named(slot)}. Look for it with lunacm (hagroup listgroups).")
    return found[0]


def inspect_library(path: str) -> None:
    """Look at the file `path` before it is loaded: the loader's own words for a wrong file mislead.

    Raise UnavailableError when it cannot be read, is no shared library, or is made for another kind of machine.
    """
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "no ordinary file"
            raise UnavailableError(f"The library {path} is {kind}. Name the client's shared library itself.")
        header = _elf_header(path)
    except FileError as error:
        raise UnavailableError(f"The library {path} cannot be read: {error.message}") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) else error
        raise UnavailableError(f"The library {path} cannot be read ({reason}). Check its path.") from error
    own = _elf_header("/proc/self/exe")
    if not header:
        raise UnavailableError(f"The file {path} is no shared library. Name the client's libCryptoki2_64.so.")
    if header != own:
        raise UnavailableError(
            f"The library {path} is made for {_machine(header)}, and this Python for {_machine(own)}. "
            "Name the library that fits, or run confkit with a Python that does."
        )


def _elf_header(path: str) -> bytes:
    """Give what a library and its program must agree in: class, byte order, machine; empty when it is no ELF file."""
    start = read_start(path, 20)
    return start[4:6] + start[18:20] if start[:4] == b"\x7fELF" and len(start) == 20 else b""


def _machine(header: bytes) -> str:
    bits = "32-bit" if header[0] == 1 else "64-bit"
    number = int.from_bytes(header[2:], "big" if header[1] == 2 else "little")
    return f"{bits} {_MACHINES.get(number, f'machine {number}')}"


def _load(path: str) -> ctypes.CDLL:
    """Load the library at `path`, which must not be a bare name. Raise UnavailableError with the loader's reason.

    Not by ctypes.CDLL(path): up to Python 3.13 at least that holds the interpreter's lock while the library's own
    initialisation runs, so a library that hangs there would also stop the thread that watches for the parent's end.
    """
    system = ctypes.CDLL(None)
    dlopen, dlerror = system.dlopen, system.dlerror
    dlopen.argtypes, dlopen.restype = [ctypes.c_char_p, ctypes.c_int], ctypes.c_void_p
    dlerror.argtypes, dlerror.restype = [], ctypes.c_char_p
    handle = dlopen(os.fsencode(path), os.RTLD_NOW | os.RTLD_LOCAL)
    if not handle:
        reason = (dlerror() or b"no reason given").decode(errors="replace")
        raise UnavailableError(f"The library {path} cannot be loaded ({reason}). Install what it needs.")
    return ctypes.CDLL(path, handle=handle)


def _missing(path: str, name: str, *, old_client: bool) -> str:
    lacks = f"The library {path} has no function {name}"
    if name != STATUS_CALL:
        return f"{lacks}, so it is no PKCS#11 library. Name the client's own."
    if old_client:
        return f"{lacks}: the client is older than 10.7.0. Update it to check statusTimeout."
    return (
        f"{lacks}: the client is older than 10.7.0, or this is not the client's own library (a logging shim, another "
        "vendor's). Name the library of a client from 10.7.0 on."
    )


def _function(path: str, library: ctypes.CDLL, name: str, arguments: list[Any]) -> Any:  # noqa: ANN401 - ctypes
    """Return a function by its symbol, or from the list of C_GetFunctionList where that alone is exported."""
    if hasattr(library, name):
        function: Any = library[name]
    elif name in _PLACES and hasattr(library, "C_GetFunctionList"):
        pointers = ctypes.c_void_p(0)
        library["C_GetFunctionList"](ctypes.byref(pointers))
        size = ctypes.sizeof(ctypes.c_void_p)
        address = pointers.value and ctypes.c_void_p.from_address(pointers.value + size * (1 + _PLACES[name])).value
        if not address:
            raise UnavailableError(_missing(path, name, old_client=False))
        function = ctypes.CFUNCTYPE(ctypes.c_ulong, *arguments)(address)
    else:
        raise UnavailableError(_missing(path, name, old_client=hasattr(library, "CA_GetHAState")))
    function.argtypes = arguments
    function.restype = ctypes.c_ulong
    return function


def _others(client: LibraryClient) -> str:
    """Return what slots there are besides: that of the group may be described otherwise."""
    slots = [slot for number in client.slot_numbers() if (slot := client.slot(number)) and slot.label]
    if not slots:
        return _listed(())
    return (
        f"Slots here: {', '.join(_named(slot) for slot in slots)}. If one of them is the HA group, name it with "
        "--slot; else check section VirtualToken of the configuration file that the library reads."
    )


def _named(slot: Slot) -> str:
    return f'slot {slot.number} (label "{slot.label}", serial {slot.serial or "unknown"})'


def _listed(slots: tuple[Slot, ...]) -> str:
    if slots:
        return f"HA groups here: {', '.join(_named(slot) for slot in slots)}."
    return "Check section VirtualToken of the configuration file that the library reads."


def _text(field: Any) -> str:  # noqa: ANN401 - a ctypes array
    """Read a text field: up to a NUL, without padding. What cannot be printed is replaced: it may reach a terminal."""
    text = bytes(field).split(b"\0")[0].decode("utf-8", "replace").strip()
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
