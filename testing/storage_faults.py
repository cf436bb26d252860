"""Run a function in a child process whose system calls fail, fall short or kill it at a chosen place.

The kernel asks this process about every call of the child (seccomp(2), SECCOMP_RET_USER_NOTIF; Linux 5.19 or newer), so a
fault costs milliseconds where strace takes a fifth of a second, and a short write really writes its half.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import gc
import os
import pickle
import platform
import select
import signal
import socket
import struct
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from testing.programs import unmet

if TYPE_CHECKING:
    from collections.abc import Callable

# x86-64 (arch/x86/entry/syscalls/syscall_64.tbl), the calls that a run is known to make; others are named by number.
NAMES = {
    0: "read", 1: "write", 2: "open", 3: "close", 4: "stat", 5: "fstat", 6: "lstat", 8: "lseek", 16: "ioctl",
    18: "pwrite64", 72: "fcntl", 21: "access", 73: "flock", 74: "fsync", 77: "ftruncate", 82: "rename", 83: "mkdir", 86: "link",
    87: "unlink", 89: "readlink", 91: "fchmod", 93: "fchown", 190: "fsetxattr", 193: "fgetxattr", 196: "flistxattr",
    199: "fremovexattr", 257: "openat", 262: "newfstatat", 263: "unlinkat", 264: "renameat", 265: "linkat",
    267: "readlinkat", 269: "faccessat", 316: "renameat2", 332: "statx", 439: "faccessat2",
}  # fmt: skip
# The interpreter's own (memory, locks, signals, time, its end), calls that cannot fail, and the child's report to us.
_LEFT_ALONE = (9, 10, 11, 12, 13, 14, 15, 25, 28, 39, 44, 46, 102, 104, 107, 108, 115, 186, 202, 228, 230, 231, 318)
_WRITES = {1, 18}
_SECTOR = 512

ERRORS = (errno.EIO, errno.ENOSPC, errno.EINTR, errno.EDQUOT, errno.EROFS, errno.EPERM)

_SECCOMP, _PIDFD_GETFD = 317, 438
_SET_MODE_FILTER, _PR_SET_NO_NEW_PRIVS = 1, 38
# The second flag: a call that we know of waits for our answer, and is not made again, where the child is stopped meanwhile.
_NEW_LISTENER, _WAIT_KILLABLE = 1 << 3, 1 << 5
_ASK, _ALLOW, _X86_64 = 0x7FC00000, 0x7FFF0000, 0xC000003E
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_RECEIVE, _SEND, _SET_FLAGS, _CONTINUE = 0xC0502100, 0xC0182101, 0x40082104, 1
_SYNC_WAKE_UP = 1  # Linux 6.6: the two processes take turns on one processor, which halves the time
_NOTICE, _ANSWER = struct.Struct("=QIIiIQ6Q"), struct.Struct("=QqiI")

_libc = ctypes.CDLL(None, use_errno=True)


class StorageFault(Enum):
    """What can befall a call, besides an error number."""

    SHORT = "short"  # a write writes half of what it was given
    KILL = "kill"  # the process is killed before the call


class Run(NamedTuple):
    """What a child did: the names of its calls in order, and what the function returned (None: it was killed)."""

    calls: list[str]
    result: object


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def need_faults() -> None:
    """Skip the test, or fail it where everything is required, unless calls can be made to fail here."""
    if platform.machine() != "x86_64":
        unmet("needs x86-64: the numbers of the system calls are written down for that alone")
    if not isinstance(run(lambda: os.stat("/") and 1, lambda *_: None).result, int):
        unmet("needs seccomp(2) with user notification")


def run(function: Callable[[], object], plan: Callable[[int, str], int | StorageFault | None]) -> Run:
    """Run `function` in a child; `plan` is asked what befalls the call at a position (from 0), None: nothing."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        child = os.fork()
        if child == 0:
            _be_the_child(function, theirs)
        theirs.close()
        ours.settimeout(60)
        _, descriptors, _, _ = socket.recv_fds(ours, 1, 1)
        calls = _supervise(descriptors[0], child, plan) if descriptors else []
        answer = ours.recv(1 << 16)
    os.waitpid(child, 0)
    return Run(calls, pickle.loads(answer) if answer else None)


def _be_the_child(function: Callable[[], object], parent: socket.socket) -> None:
    """Report what `function` returns, or the exception it raises, and end."""
    gc.disable()  # a collection closes files at a moment of its own choice
    signal.alarm(60)
    try:
        socket.send_fds(parent, [b"!"], [_listen()])
        try:
            result = function()
        except Exception as error:  # noqa: BLE001 - the parent judges it
            result = repr(error)
        parent.send(pickle.dumps(result))
    finally:
        _libc._exit(0)  # os._exit is coverage's own while that runs: it would write its data by thousands of calls


def _listen() -> int:
    """Have the kernel ask about every call of this process from now on; return the descriptor it asks through."""

    def step(code: int, value: int, equal: int = 0, other: int = 0) -> bytes:
        return struct.pack("=HBBI", code, equal, other, value)

    count = len(_LEFT_ALONE)
    steps = [step(_LOAD, 4), step(_EQUAL, _X86_64, 0, count + 2), step(_LOAD, 0)]
    steps += [step(_EQUAL, number, count - position) for position, number in enumerate(_LEFT_ALONE)]
    code = b"".join([*steps, step(_RETURN, _ASK), step(_RETURN, _ALLOW)])
    program = _Program(len(code) // 8, code)
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    listener = _libc.syscall(_SECCOMP, _SET_MODE_FILTER, _NEW_LISTENER | _WAIT_KILLABLE, ctypes.byref(program))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return int(listener)


def _supervise(listener: int, child: int, plan: Callable[[int, str], int | StorageFault | None]) -> list[str]:
    """Answer what the kernel asks until the child is gone; return the names of the calls."""
    calls: list[str] = []
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    with contextlib.suppress(OSError):
        fcntl.ioctl(listener, _SET_FLAGS, _SYNC_WAKE_UP)
    try:
        while poll.poll(60_000)[0][1] & select.POLLIN:
            notice = bytearray(_NOTICE.size)
            try:
                fcntl.ioctl(listener, _RECEIVE, notice)
            except FileNotFoundError:  # the child was stopped before its call was told; it makes the call again
                continue
            fields = _NOTICE.unpack(notice)
            number, arguments = fields[3], fields[6:]
            name = NAMES.get(number, f"call {number}")
            fault = plan(len(calls), name)
            calls.append(name)
            if fault is StorageFault.KILL:
                os.kill(child, signal.SIGKILL)
                break
            fcntl.ioctl(listener, _SEND, _answer(fields[0], child, number, arguments, fault))
    finally:
        os.close(listener)
    return calls


def _answer(
    notice: int, child: int, number: int, arguments: tuple[int, ...], fault: int | StorageFault | None
) -> bytes:
    if isinstance(fault, int):
        return _ANSWER.pack(notice, 0, -fault, 0)
    if fault is StorageFault.SHORT and number in _WRITES and arguments[2] > 1:
        return _ANSWER.pack(notice, _write_half(child, number, arguments), 0, 0)
    return _ANSWER.pack(notice, 0, 0, _CONTINUE)


def _half(number: int, arguments: tuple[int, ...]) -> int:
    """Return the number of bytes that a short write writes."""
    if number == 1:
        return arguments[2] // 2
    end = (arguments[3] + arguments[2] // 2) // _SECTOR * _SECTOR
    return max(end - arguments[3], 0) or min(arguments[2], _SECTOR - arguments[3] % _SECTOR)


def _write_half(child: int, number: int, arguments: tuple[int, ...]) -> int:
    """Write the first half of what the child wants to write, through its own open file.

    At a position in a file that half ends with a sector, as the kernel's do, where there is a whole one.
    """
    process = os.pidfd_open(child)
    descriptor = _libc.syscall(_PIDFD_GETFD, process, arguments[0], 0)
    os.close(process)
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    try:
        with open(f"/proc/{child}/mem", "rb", buffering=0) as memory:
            data = os.pread(memory.fileno(), _half(number, arguments), arguments[1])
        return os.write(descriptor, data) if number == 1 else os.pwrite(descriptor, data, arguments[3])
    finally:
        os.close(descriptor)
