"""Call PKCS#11 functions one by one: each line of standard input is a step, the answer is its return code in hex.

login, logout, random, digest-begin, digest-part, digest-end, open (a new session takes the place of the old one), finalize.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CKM_SHA256 = 0x250
CKF_RW_SERIAL_SESSION = 6
CKU_USER = 1


class Mechanism(ctypes.Structure):
    """CK_MECHANISM."""

    _fields_ = (("mechanism", ctypes.c_ulong), ("parameter", ctypes.c_void_p), ("size", ctypes.c_ulong))


library = ctypes.CDLL(os.environ["CONFKIT_LIBRARY"])
session = ctypes.c_ulong()
buffer = ctypes.create_string_buffer(64)


def call(name: str, *arguments: object) -> int:
    """Call a function and return its return code."""
    function = getattr(library, name)
    function.restype = ctypes.c_ulong
    return int(function(*arguments))


def open_session() -> int:
    """Open a session on the first slot."""
    flags = ctypes.c_ulong(CKF_RW_SERIAL_SESSION)
    return call("C_OpenSession", ctypes.c_ulong(0), flags, None, None, ctypes.byref(session))


def login() -> int:
    """Log in as the user."""
    pin = os.environ["CONFKIT_PIN"].encode()
    return call("C_Login", session, ctypes.c_ulong(CKU_USER), pin, ctypes.c_ulong(len(pin)))


def digest_begin() -> int:
    """Begin a digest."""
    return call("C_DigestInit", session, ctypes.byref(Mechanism(CKM_SHA256, None, 0)))


STEPS: dict[str, Callable[[], int]] = {
    "open": open_session,
    "login": login,
    "logout": lambda: call("C_Logout", session),
    "random": lambda: call("C_GenerateRandom", session, buffer, ctypes.c_ulong(8)),
    "digest-begin": digest_begin,
    "digest-part": lambda: call("C_DigestUpdate", session, b"part", ctypes.c_ulong(4)),
    "digest-size": lambda: call("C_DigestFinal", session, None, ctypes.byref(ctypes.c_ulong())),
    "digest-end": lambda: call("C_DigestFinal", session, buffer, ctypes.byref(ctypes.c_ulong(64))),
    "finalize": lambda: call("C_Finalize", None),
}

if __name__ == "__main__":
    print(f"{call('C_Initialize', None):x}", flush=True)
    for line in sys.stdin:
        print(f"{STEPS[line.strip()]():x}", flush=True)
