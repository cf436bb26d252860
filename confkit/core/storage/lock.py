"""Keep other confkit processes from editing in the same directory."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import FileError
from confkit.core.storage.advice import explained
from confkit.core.storage.atomic import remove_temporary
from confkit.core.storage.walk import close, reached, refuse_foreign_links, same_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confkit.core.storage.walk import Place

_POLL_SECONDS = 0.01
_NAME_HOLDER_AFTER_SECONDS = 2.0


class Waiting(NamedTuple):
    """How long somebody who holds a lock is waited for, and who is told after 2 s that this is so."""

    seconds: float = 10.0
    tell: Callable[[str], None] | None = None


class Holder(NamedTuple):
    """A process that holds a lock; `uid` is the user that it runs as."""

    process: int
    command: str
    uid: int


_DEFAULT = Waiting()


@contextlib.contextmanager
def edit_lock(path: str, waiting: Waiting = _DEFAULT, *, follow: bool = True) -> Iterator[Place]:
    """Yield the place of a file; nobody else who uses this lock edits in its directory until the block ends.

    The lock is flock(2) on the directory that holds the file behind `path`, which need not exist yet: no lock file
    stays behind, and the system releases the lock when the process dies. What a run that died left is removed. Without
    `follow` a link in the place of the file is not followed.
    Raises FileError when the lock cannot be had in time, where there are no such locks, and for a link on the way that
    belongs to somebody who has no business with the file.
    """
    with contextlib.ExitStack() as stack:
        with explained(path):  # never around the block: its errors are not ours
            _need_posix(path)
            place = stack.enter_context(_readable(path, follow=follow))
            refuse_foreign_links(place, _owner(place))
            lock(place.directory, "its directory", path, waiting)
            # while this waited, a link on the way may have been pointed elsewhere: another directory is to be locked
            with reached(path, follow=follow) as now:
                if not same_place(now, place):
                    raise FileError(
                        "its parent directory was replaced just now. Run this again. Nothing was changed.", path=path
                    )
            remove_temporary(place)
        yield place


@contextlib.contextmanager
def _readable(path: str, *, follow: bool) -> Iterator[Place]:
    """Yield the place with a directory that can be locked and synced. Raises OSError."""
    with reached(path, follow=follow) as place:
        directory = os.open(os.curdir, os.O_RDONLY | os.O_DIRECTORY, dir_fd=place.directory)
    try:
        yield place._replace(directory=directory)
    finally:
        close(directory)


def _owner(place: Place) -> int:
    """Return the user that the file belongs to, or its directory where there is no file."""
    try:
        return os.stat(place.name, dir_fd=place.directory, follow_symlinks=False).st_uid
    except FileNotFoundError:
        return os.fstat(place.directory).st_uid


def _need_posix(path: str) -> None:
    try:
        import fcntl  # noqa: F401, PLC0415 - absent on Windows, where reading has to work
    except ImportError as error:
        raise FileError("confkit writes files on POSIX systems only. Edit this one by hand.", path=path) from error


def lock(descriptor: int, what: str, path: str, waiting: Waiting = _DEFAULT) -> None:
    """Lock the open directory or file that messages about `path` call `what`. Raises FileError.

    Anybody who can open it can hold the lock. So root goes on without it after 2 s where nobody who holds it is root:
    what an edit replaces is compared again with what it has read.
    """
    import fcntl  # noqa: PLC0415 - absent on Windows

    started, named = time.monotonic(), False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # noqa: PERF203 - waiting is what it is for
            waited = time.monotonic() - started
            if waited >= waiting.seconds:
                raise _held(what, path, waiting.seconds, holders(descriptor)) from None
            if not named and waited >= _NAME_HOLDER_AFTER_SECONDS:
                named = True
                if _goes_on(what, path, holders(descriptor), waiting):
                    return
            time.sleep(_POLL_SECONDS)
        except OSError as error:  # NFS, for one, cannot lock a directory
            raise FileError(
                f"{what} cannot be locked ({error.strerror}). Copy the file to a local disk, edit it there and "
                "copy it back. Nothing was changed.",
                path=path,
            ) from error
        else:
            return


def _goes_on(what: str, path: str, found: list[Holder], waiting: Waiting) -> bool:
    """Say who holds the lock, and return whether this user goes on without it."""
    on = bool(found) and os.geteuid() == 0 and all(holder.uid for holder in found)
    if waiting.tell is not None:
        then = "going on without it, since that is not root" if on else f"waiting up to {waiting.seconds:g} s"
        waiting.tell(f"{path}: the lock on {what} is held by {_named(found)}; {then}")
    return on


def _held(what: str, path: str, seconds: float, found: list[Holder]) -> FileError:
    return FileError(
        f"the lock on {what} has been held for {seconds:g} s by {_named(found)}. Wait until that is done, end it, or "
        "wait longer with --lock-timeout (or CONFKIT_LOCK_TIMEOUT). Nothing was changed.",
        path=path,
    )


def _named(found: list[Holder]) -> str:
    names = [f"{holder.command} (process {holder.process}, user {_user(holder.uid)})" for holder in found]
    return " and ".join(names) or "another process (root can see which with lslocks)"


def _user(uid: int) -> str:
    import pwd  # noqa: PLC0415 - absent on Windows

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def holders(descriptor: int) -> list[Holder]:
    """Return the processes that hold a lock on the open file, as far as /proc (Linux) shows them to this user.

    /proc/locks names the process that took the lock (proc_locks(5)). A lock outlives it in a child that inherited the
    descriptor; then it is every process that has the file open.
    """
    status = os.fstat(descriptor)
    where = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    try:
        with open("/proc/locks", encoding="utf-8", errors="replace") as table:
            rows = [line.split() for line in table]
    except OSError:
        return []
    # on an overlay the file system of the file is another one than that of the lock
    ours = [row for row in rows if len(row) > 5 and row[1] == "FLOCK" and row[5].endswith(f":{status.st_ino}")]
    ours = [row for row in ours if row[5] == where] or ours
    found = {int(row[4]): _process(row[4]) for row in ours if row[4].isdigit()}
    if found and all(found.values()):
        return [holder for holder in found.values() if holder]
    return [holder for holder in map(_process, _with_open(status)) if holder]


def _process(number: str) -> Holder | None:
    """Return a process that runs, by what proc_pid_stat(5) says of it: number (command) state ..."""
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as file:
            command, _, rest = file.read().partition("(")[2].rpartition(")")
        uid = os.stat(f"/proc/{number}").st_uid
    except OSError:
        return None
    return None if rest.split()[0] in {"Z", "X"} else Holder(int(number), command, uid)


def _with_open(status: os.stat_result) -> Iterator[str]:
    """Yield the numbers of other processes that have this file open; a user sees his own."""
    for number in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            for name in os.listdir(f"/proc/{number}/fd"):
                with contextlib.suppress(OSError):
                    if int(number) != os.getpid() and os.path.samestat(os.stat(f"/proc/{number}/fd/{name}"), status):
                        yield number
                        break
