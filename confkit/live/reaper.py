"""A process that tidies up after a worker, whatever becomes of the worker and of this process.

It reads two lines, a mark and the path of a folder, one of them empty, and waits until its standard input ends: because
this process has closed it, or has died. Then it kills every process that has the mark in its environment, and removes
the folder with all that is in it. (Nobody else may know the folder's name before it is made, as its arguments are.)

The mark finds what killing the worker's process group does not: a library may start a daemon, which has a session of
its own and is no longer a child of the worker. And it does not take the worker: a library may have stopped that, or
left it no descriptor to work with. Processes are found on Linux alone.

One file that imports nothing of confkit, and little else: it starts with every worker.
"""

from __future__ import annotations

import os
import signal
import sys
import time

TYPE_CHECKING = False  # the module typing takes longer to import than all the rest
if TYPE_CHECKING:
    import subprocess

VARIABLE = "CONFKIT_WORKER"
"""The environment variable that holds the mark."""

_LONGEST_END = 2  # seconds that a tidier may take
_ROUNDS = 20  # a process may start another one while the list is read
_LOOKS = 3  # that find nothing before there is nothing: one that forks and ends while the list is read hides its child
_DEEPEST = 100  # folders inside each other that are open at a time
_PAUSE_SECONDS = 0.01  # a killed process needs a moment to go


def start(mark: str = "", folder: str = "") -> subprocess.Popen[bytes]:
    """Start the process; `folder` need not be there yet. Raise OSError when that fails."""
    import subprocess  # noqa: PLC0415 - the process itself needs it not

    # -I and -S: no folder but Python's own is looked at, and it starts in half the time.
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-I", "-S", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,  # what ends the others, such as Ctrl-C, must not end this one
    )
    assert process.stdin is not None  # noqa: S101 - it was asked for
    try:
        process.stdin.write(f"{mark}\n".encode() + os.fsencode(folder))
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


def marked(mark: str) -> list[int]:
    """Return the processes that run with `mark` in their environment."""
    sought = f"{VARIABLE}={mark}".encode()
    found = []
    for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
        try:
            with open(f"/proc/{int(name)}/environ", "rb") as file:
                if sought in file.read().split(b"\0"):
                    found.append(int(name))
        except (ValueError, OSError):  # it is no process, has ended meanwhile, or belongs to somebody else
            continue
    return found


def kill_marked(mark: str) -> None:
    """Kill every process with `mark`, and whatever they start meanwhile."""
    in_vain = 0
    for _ in range(_ROUNDS):
        found = marked(mark)
        in_vain = 0 if found else in_vain + 1
        if in_vain == _LOOKS:
            return
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:  # it has just ended
                continue
        time.sleep(_PAUSE_SECONDS)


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
    """Wait, and tidy up."""
    mark, _, folder = sys.stdin.buffer.read().partition(b"\n")
    if mark:
        kill_marked(mark.decode())
    if folder:
        remove_folder(os.fsdecode(folder))


if __name__ == "__main__":
    main()
