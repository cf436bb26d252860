"""The cleanup process: it starts a worker, outlives it and whoever wanted it, and leaves nothing of it.

It may be given a command, which it runs as its child, in a session of its own. On standard output it says how that
began and how it ended. It reads the path of a directory (or nothing) and waits until its standard input ends, because
the process that started it has closed it or has died. Then it kills the command with everything that came of it, and
removes the directory with all that is in it. (The directory's name is not an argument, so that nobody learns it before
it is made.)

Everything that came of the command is what has this process as its ancestor: it is their subreaper (prctl(2), Linux),
so what a library leaves behind becomes its child and not that of init. A session of its own, an empty environment or
PR_SET_DUMPABLE do not help a daemon: all is gone once this process has no child any more. Where there is no subreaper
(not Linux), the session of the command is killed.

One file that imports nothing of confkit, and little else: it starts with every worker.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time

TYPE_CHECKING = False  # the module typing takes longer to import than all the rest
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence

_LONGEST_END = 5.0  # seconds that a cleanup process may take before it is given up
_LONGEST_KILLING = 4.0  # of them, for processes: one that is stuck in the kernel does not go
_ROUNDS = 20  # a library may have made more directories inside each other than can be open at a time
_DEEPEST = 100  # directories inside each other that are open at a time
_PAUSE_SECONDS = 0.01  # a killed process needs a moment to go
_CHILDREN = "/proc/self/task/{}/children"
_SET_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36  # PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER of <linux/prctl.h>


def start(
    folder: str = "",
    command: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    descriptors: tuple[int, int] | None = None,
) -> subprocess.Popen[bytes]:
    """Start the process; `folder` need not be there yet. Raise OSError when that fails.

    `descriptors` become standard input and output of the command; its standard error leads nowhere. With a command the
    first line on the process's standard output is "started", or "failed" and an errno; later comes "exited" and the
    exit code, or "killed" and the number of the signal.
    """
    import subprocess  # noqa: PLC0415 - the process itself does not need it

    orders = [*map(str, descriptors or ()), *command]
    # -I and -S: no directory but Python's own is looked at, and it starts in half the time.
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-I", "-S", __file__, *orders],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE if command else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        pass_fds=descriptors or (),
        env=environment,
        start_new_session=True,  # what ends the others, such as Ctrl-C, must not end this one
    )
    assert process.stdin is not None  # noqa: S101 - it was asked for
    try:
        process.stdin.write(os.fsencode(folder))
    except OSError:  # it has ended already, and nothing may be started without it
        finish(process)
        raise
    return process


def finish(process: subprocess.Popen[bytes]) -> None:
    """Let the process do its work, and wait for it, though not for ever."""
    from subprocess import TimeoutExpired  # noqa: PLC0415 - as in `start`

    assert process.stdin is not None  # noqa: S101 - `start` makes it
    process.stdin.close()
    try:
        process.wait(_LONGEST_END)
    except TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def children() -> list[int]:
    """Return the processes whose parent is this one, ended ones among them."""
    own = os.getpid()
    try:
        with open(_CHILDREN.format(own), "rb") as file:
            return [int(word) for word in file.read().split()]
    except OSError:  # a kernel without that file, or no /proc
        return [pid for pid in _processes() if _parent(pid) == own]


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()] if os.path.isdir("/proc") else []


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, IndexError):  # it has ended meanwhile
        return 0


def kill_children() -> None:
    """Kill every child, and whatever becomes a child by that, until there is none; give up one that does not go."""
    gives_up = time.monotonic() + _LONGEST_KILLING
    while time.monotonic() < gives_up:
        for pid in children():
            _kill(pid)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:  # there is none any more
            return
        time.sleep(_PAUSE_SECONDS)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:  # it has just ended, or became another user's
        return


def remove_folder(folder: str) -> None:
    """Remove `folder`, if it is this user's own, with whatever a library has put into it; no link is followed."""
    try:
        opened = _opened(folder)
    except OSError:  # it has gone already, was never made, or is no folder
        return
    try:
        if os.fstat(opened).st_uid == os.geteuid():
            for _ in range(_ROUNDS):
                _empty(opened, opened, 0)
            os.rmdir(folder)
    except OSError:  # what is not this user's to remove stays
        return
    finally:
        os.close(opened)


def _opened(name: str, parent: int | None = None) -> int:
    """Open a folder of this user, also one whose mode forbids that; no link is followed."""
    found = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    try:
        through = f"/proc/self/fd/{found}"
        if os.fstat(found).st_uid == os.geteuid() and os.path.exists(through):
            os.chmod(through, 0o700)
        return os.open(".", os.O_RDONLY | os.O_DIRECTORY, dir_fd=found)
    finally:
        os.close(found)


def _empty(opened: int, top: int, depth: int) -> None:
    """Remove what can be removed from an open folder; folders at _DEEPEST go up to `top`, for its next round."""
    for name in os.listdir(opened):
        try:
            os.unlink(name, dir_fd=opened)
            continue
        except OSError:  # a folder
            pass
        try:
            if depth == _DEEPEST:
                os.rename(name, os.urandom(16).hex(), src_dir_fd=opened, dst_dir_fd=top)
                continue
            inside = _opened(name, opened)
            try:
                _empty(inside, top, depth + 1)
            finally:
                os.close(inside)
            os.rmdir(name, dir_fd=opened)
        except OSError:  # somebody else's
            continue


def main() -> None:
    """Run the command, if there is one, wait, and clean up."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # the process that started this one may ignore it
    worker = 0
    if len(sys.argv) > 1:
        _prctl(_SET_CHILD_SUBREAPER, 1)
        worker = _run(sys.argv[3:], int(sys.argv[1]), int(sys.argv[2]))
    folder = _wait(worker)
    if worker:
        _kill_session(worker)
        kill_children()
    if folder:
        remove_folder(os.fsdecode(folder))


def _prctl(option: int, value: int) -> None:
    """Call prctl(2) where there is one."""
    import ctypes  # noqa: PLC0415 - not for a directory alone

    call = getattr(ctypes.CDLL(None), "prctl", None)
    if call is not None:
        call(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))


def _run(command: list[str], incoming: int, outgoing: int) -> int:
    """Start the command and say so; return its process number, 0 when it could not be started."""
    failed, failing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        _prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)  # a library may kill this process: the worker goes with it
        for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # by Python itself
            signal.signal(ignored, signal.SIG_DFL)
        os.dup2(incoming, 0)
        os.dup2(outgoing, 1)
        os.close(incoming)
        os.close(outgoing)
        try:
            os.execvp(command[0], command)  # noqa: S606 - the caller's own program
        except OSError as error:
            os.write(failing, str(error.errno).encode())
        os._exit(127)
    for descriptor in (failing, incoming, outgoing):
        os.close(descriptor)
    reason = os.read(failed, 16)
    _say(f"failed {reason.decode()}" if reason else "started")
    return 0 if reason else pid


def _wait(worker: int) -> bytes:
    """Wait until standard input ends, and return what it held; say meanwhile how the worker ended.

    The worker stays a zombie, so that its number belongs to nobody else before it is killed. Others are reaped.
    """
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    read, has_ended = b"", not worker
    while True:
        if not has_ended:
            found = os.waitid(os.P_PID, worker, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if found is not None:
                has_ended = True
                how = "exited" if found.si_code == os.CLD_EXITED else "killed"
                _say(f"{how} {found.si_status}")
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 512)
            for pid in children():
                if pid != worker:
                    os.waitpid(pid, os.WNOHANG)
        if 0 in ready:
            part = os.read(0, 1 << 16)
            if not part:
                return read
            read += part


def _say(line: str) -> None:
    try:
        os.write(1, f"{line}\n".encode())
    except OSError:  # the process that wanted to know has gone
        return


def _kill_session(worker: int) -> None:
    try:
        os.killpg(worker, signal.SIGKILL)
    except OSError:  # there is nobody left in it
        return


if __name__ == "__main__":
    main()
