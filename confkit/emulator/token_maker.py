"""Make the SoftHSM2 tokens of an emulated group; a script, run by softhsm.py with SOFTHSM2_CONF set.

Standard input is a JSON object: `libraries` (paths; the first that can be loaded is used), `labels` (one token for
each), `pin` and `so_pin`. Standard output is `{"library": PATH}`, or `{"error": TEXT}` when that failed.

One file that imports nothing of confkit.
"""

from __future__ import annotations

import ctypes
import json
import sys

CKU_SO = 0
CKF_RW_SERIAL_SESSION = 6
LABEL_SIZE = 32
FLAGS_OF_TOKEN_INFO = 96
CKF_TOKEN_INITIALIZED = 0x400
MAX_SLOTS = 64


class TokenError(Exception):
    """SoftHSM2 refused something."""


def load(paths: list[str]) -> tuple[ctypes.CDLL, str]:
    """Return the first library that can be loaded, and its path."""
    for path in paths:
        try:
            library = ctypes.CDLL(path)
        except OSError as error:
            reason = str(error)
        else:
            if hasattr(library, "C_InitToken"):
                return library, path
            reason = f"{path} is not a PKCS#11 library: it has no C_InitToken"
    raise TokenError(reason)


def call(library: ctypes.CDLL, name: str, *arguments: object) -> None:
    """Call a function of the library. TokenError: it did not return CKR_OK."""
    function = getattr(library, name)
    function.restype = ctypes.c_ulong
    code = function(*arguments)
    if code:
        raise TokenError(f"{name} returned 0x{code:x}")


def slots(library: ctypes.CDLL) -> list[int]:
    """Return the numbers of all slots; one of them has a token that is not initialised."""
    numbers = (ctypes.c_ulong * MAX_SLOTS)()
    count = ctypes.c_ulong()
    call(library, "C_GetSlotList", ctypes.c_ubyte(0), None, ctypes.byref(count))  # makes that one where there is none
    count = ctypes.c_ulong(MAX_SLOTS)
    call(library, "C_GetSlotList", ctypes.c_ubyte(0), numbers, ctypes.byref(count))
    return list(numbers[: count.value])


def slot_with(library: ctypes.CDLL, label: bytes | None) -> int:
    """Return the slot whose token has the label; None: whose token is not initialised."""
    for slot in slots(library):
        info = ctypes.create_string_buffer(
            1024
        )  # CK_TOKEN_INFO begins with texts of 32, 32, 16 and 16 bytes, then flags
        call(library, "C_GetTokenInfo", ctypes.c_ulong(slot), info)
        initialised = ctypes.c_ulong.from_buffer(info, FLAGS_OF_TOKEN_INFO).value & CKF_TOKEN_INITIALIZED
        if (initialised and info.raw[:LABEL_SIZE] == label) or (not initialised and label is None):
            return slot
    raise TokenError("no slot has " + (label.decode().rstrip() if label else "a new token"))


def make_token(library: ctypes.CDLL, name: str, pin: bytes, so_pin: bytes) -> None:
    """Initialise one token and its user PIN."""
    label = name.encode().ljust(LABEL_SIZE)
    so_size = ctypes.c_ulong(len(so_pin))
    call(library, "C_InitToken", ctypes.c_ulong(slot_with(library, None)), so_pin, so_size, label)
    session = ctypes.c_ulong()
    slot = ctypes.c_ulong(slot_with(library, label))
    call(library, "C_OpenSession", slot, ctypes.c_ulong(CKF_RW_SERIAL_SESSION), None, None, ctypes.byref(session))
    call(library, "C_Login", session, ctypes.c_ulong(CKU_SO), so_pin, so_size)
    call(library, "C_InitPIN", session, pin, ctypes.c_ulong(len(pin)))
    call(library, "C_CloseSession", session)


def main() -> None:
    """Make the tokens that standard input asks for."""
    wanted = json.load(sys.stdin)
    try:
        library, path = load(wanted["libraries"])
        call(library, "C_Initialize", None)
        for label in wanted["labels"]:
            make_token(library, label, wanted["pin"].encode(), wanted["so_pin"].encode())
        call(library, "C_Finalize", None)
    except TokenError as error:
        print(json.dumps({"error": str(error)}))  # noqa: T201 - what the parent waits for
    else:
        print(json.dumps({"library": path}))  # noqa: T201 - as above


if __name__ == "__main__":
    main()
