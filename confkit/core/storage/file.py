"""Find, read, lock and atomically replace the configuration file: bytes in, bytes out.

An edit is `with edit_lock(path): snapshot = read(path); replace(snapshot, new, backup=False)`. Reading works
everywhere, writing on POSIX systems. Every function raises FileError for what a user can mend.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import FileError
from confkit.core.storage.atomic import (
    Place,
    back_up,
    close,
    confirm,
    explained,
    link_first_free,
    open_folder,
    refuse_journal,
    refuse_more_links,
    remove_temporary,
    rename_over,
    temporary,
)
from confkit.core.storage.links import trusted_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Identity = tuple[int, int, int, int, int]

VARIABLE = "ChrystokiConfigurationPath"
DEFAULT_FILE = "/etc/Chrystoki.conf"

# In small letters: the two usual names, then the two that some pages of the vendor's Luna 7 documentation have instead.
NAMES = frozenset({"chrystoki.conf", "crystoki.ini", "crystoki.conf", "chrystoki.ini"})

_IN_PLACE = "Where the file itself can be written, --in-place does it."
_POLL_SECONDS = 0.01
_READ_ADVICE = {
    errno.ENOENT: f"there is no such file. Name one that exists with -c, or set {VARIABLE} to its folder.",
    errno.ENOTDIR: f"a part of the path is not a folder. Name a file with -c, or set {VARIABLE} to its folder.",
    errno.EACCES: "there is no permission to read the file. Run this as its owner or as root.",
    errno.ELOOP: "the symbolic links lead in a circle. Make the link point at the real file.",
}


class Snapshot(NamedTuple):
    """A file as it was read: what `replace` may replace, and what it has to find unchanged before it does."""

    path: str  # as given
    target: str  # absolute, symbolic links resolved
    data: bytes
    identity: Identity  # st_dev, st_ino, st_size, st_mtime_ns, st_ctime_ns, taken before the first byte was read


def find(given: str | None, environment: Mapping[str, str]) -> str:
    """Return the path of the configuration file: `given`, else by ChrystokiConfigurationPath, else /etc/Chrystoki.conf.

    `given` is a file, returned as it is, or a folder; the variable always names a folder, and counts as not set when it
    is empty. In a folder it is the file called Chrystoki.conf or crystoki.ini (or crystoki.conf or chrystoki.ini, as
    some pages of the vendor write) in any letter case. Raises FileError when there is none, or more than one.
    """
    if given == "":
        raise FileError("the path of the configuration file is empty. Name a file or a folder with -c.")
    if given is not None:
        return _in_folder(given, "-c") if os.path.isdir(given) else given
    if folder := environment.get(VARIABLE):
        return _in_folder(folder, VARIABLE)
    if not os.path.lexists(DEFAULT_FILE):
        raise FileError(
            f"there is no {DEFAULT_FILE}, and {VARIABLE} is not set. "
            f"Name the file or its folder with -c, or set {VARIABLE} to its folder."
        )
    return DEFAULT_FILE


def _in_folder(folder: str, named_by: str) -> str:
    try:
        found = sorted(name for name in os.listdir(folder) if name.lower() in NAMES)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise FileError(
            f"this is not a folder that can be searched, but {named_by} names it ({reason}). "
            f"Name the file with -c, or set {VARIABLE} to the folder that holds it.",
            path=folder,
        ) from error
    if not found:
        raise FileError(
            f"there is no Chrystoki.conf or crystoki.ini in the folder that {named_by} names. "
            f"Name the file with -c, or set {VARIABLE} to the folder that holds it.",
            path=folder,
        )
    if len(found) > 1:
        raise FileError(
            f"there are {' and '.join(found)} in the folder that {named_by} names. Name one of them with -c.",
            path=folder,
        )
    return os.path.join(folder, found[0])


def read(path: str) -> Snapshot:
    """Read a regular file, through symbolic links; nothing else is read or waited for.

    Raises FileError: no such file, dangling or circular link, no permission, a folder, FIFO, socket or device.
    """
    target = resolved(path)
    try:
        descriptor = _open_for_reading(target)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise _not_regular(path, status.st_mode)
            return Snapshot(path, target, read_all(descriptor), _identity(status))
        finally:
            close(descriptor)
    except OSError as error:
        if error.errno == errno.ENXIO:  # what open(2) says of a socket
            raise _not_regular(path, stat.S_IFSOCK) from error
        if error.errno == errno.ENOENT and os.path.islink(path):
            raise FileError(
                f"the link leads to {target}, which does not exist. Create that file, or mend the link.", path=path
            ) from error
        advice = _READ_ADVICE.get(error.errno or 0, f"it cannot be read ({error.strerror}). Mend that and try again.")
        raise FileError(advice, path=path) from error


def resolved(path: str) -> str:
    """Return the absolute path with its symbolic links resolved. Raises FileError for what no file can be called."""
    try:
        return os.path.realpath(path)
    except ValueError as error:  # a NUL byte, or a surrogate that stands for no byte
        raise FileError("no file can have this name. Name another.", path=path) from error
    except OSError as error:  # realpath looks at a link twice, and it can go in between
        raise FileError(
            "a link on the way changed just now. Run this again. Nothing was changed.", path=path
        ) from error


def _open_for_reading(target: str) -> int:
    # O_NONBLOCK: opening a FIFO must not wait for a writer. Windows has none of the first three, and it alone O_BINARY.
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOCTTY", "O_NOFOLLOW", "O_BINARY"):
        flags |= getattr(os, name, 0)
    return os.open(target, flags)


def read_all(descriptor: int) -> bytes:
    """Return what is left to read. Raises OSError."""
    return b"".join(iter(lambda: os.read(descriptor, 1 << 16), b""))


def _identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _not_regular(path: str, mode: int) -> FileError:
    if stat.S_ISDIR(mode):
        return FileError("this is a folder. Name the file in it.", path=path)
    return FileError("this is a FIFO, a socket or a device. Name a regular file.", path=path)


@contextlib.contextmanager
def edit_lock(path: str, wait_seconds: float = 10.0) -> Iterator[None]:
    """Keep other confkit processes and threads from editing in the folder of the file until the block ends.

    The lock is flock(2) on the folder that holds the file behind `path`, which need not exist yet: no lock file stays
    behind, and the system releases the lock when the process dies. What a run that died left behind is removed.
    Raises FileError when the lock cannot be had within `wait_seconds`, or where there are no such locks.
    """
    folder, name = os.path.split(resolved(path))
    with contextlib.ExitStack() as stack:
        with explained(path):  # never round the block: its errors are not ours
            _need_posix(path)
            descriptor = stack.enter_context(open_folder(folder))
            lock(descriptor, "its folder", path, wait_seconds)
            # while this waited, a link on the way may have been pointed elsewhere, and another folder is to be locked
            if not os.path.samestat(os.fstat(descriptor), os.stat(os.path.dirname(resolved(path)))):
                raise FileError("its folder was exchanged just now. Run this again. Nothing was changed.", path=path)
            remove_temporary(Place(descriptor, name, path))
        yield


def _need_posix(path: str) -> None:
    try:
        import fcntl  # noqa: F401, PLC0415 - absent on Windows, where reading has to work
    except ImportError as error:
        raise FileError("confkit writes files on POSIX systems only. Edit this one by hand.", path=path) from error


def lock(descriptor: int, what: str, path: str, wait_seconds: float = 10.0) -> None:
    """Lock the open folder or file that messages about `path` call `what`. Raises FileError."""
    import fcntl  # noqa: PLC0415 - absent on Windows

    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:  # noqa: PERF203 - waiting is what it is for
            if time.monotonic() >= deadline:
                raise FileError(
                    f"another process has held the lock on {what} for {wait_seconds:g} s. Wait until it is done "
                    "(lslocks shows which it is) and run this again. Nothing was changed.",
                    path=path,
                ) from error
            time.sleep(_POLL_SECONDS)
        except OSError as error:  # NFS, for one, cannot lock a folder
            raise FileError(
                f"{what} cannot be locked ({error.strerror}). Copy the file to a local disk, edit it there and "
                "copy it back. Nothing was changed.",
                path=path,
            ) from error
        else:
            return


def replace(snapshot: Snapshot, new: bytes, *, backup: bool) -> str | None:
    """Replace the file that `snapshot` was read from by `new`; to be called with its `edit_lock` held.

    Equal bytes: nothing is written, and the time of the last change stays. Otherwise owner, mode, ACL and extended
    attributes are kept, and so are symbolic links that lead to the file. A crash leaves the old or the new file, whole.
    With `backup` the old content is first put beside it (see `atomic.back_up`); the path of that is returned.
    It stays when the replacement then fails: a file system that reports a failure may yet have done the work.

    Raises FileError, with the file unchanged: somebody changed it since it was read; it has a second hard link, which
    would keep the old content; somebody else's link leads to it; its owner or attributes cannot be kept; the folder or
    the disk refuses. Only when the disk fails after the exchange does the message say that the new content is in place.
    """
    if new == snapshot.data:
        return None
    folder, name = os.path.split(snapshot.target)
    with explained(snapshot.path, _IN_PLACE), _reopened(snapshot) as old, open_folder(folder) as descriptor:
        place = Place(descriptor, name, snapshot.path)
        check_links(snapshot, old)
        refuse_more_links(place, old)
        refuse_journal(place)
        saved = back_up(place, snapshot.data, old) if backup else None
        with temporary(place, new, old):
            check_name(place, snapshot)
            rename_over(place)
        confirm(place)
    return saved and os.path.join(folder, saved)


def create(path: str, data: bytes, like: Snapshot) -> None:
    """Create the file `path` with the owner, mode, ACL and extended attributes of the file that `like` was read from.

    Made by somebody who is neither that file's owner nor root, it is his own with mode 0600: he may not give files
    away, and the bits spoke of another owner and group. Takes the lock of the folder itself, so do not hold it. A crash
    leaves no file or the whole one. Raises FileError: anything has that name, even a dangling link; the file behind
    `like` was changed since it was read; its attributes cannot be kept; the folder or the disk refuses.
    """
    folder, name = os.path.split(path.rstrip(os.sep))
    with edit_lock(path), explained(path), _reopened(like) as old, open_folder(folder or os.curdir) as descriptor:
        place = Place(descriptor, name, path)
        may_give = os.geteuid() in {0, os.fstat(old).st_uid}
        try:
            with temporary(place, data, old if may_give else None):
                link_first_free(place, [name])
        except FileExistsError as error:
            raise FileError("this exists already. Name a new file, or remove this one first.", path=path) from error
        confirm(place)


@contextlib.contextmanager
def _reopened(snapshot: Snapshot) -> Iterator[int]:
    """Open the file again; FileError unless it is the one that was read, byte for byte.

    The bytes count too: two writes within one tick of the file system's clock can leave size and times equal.
    """
    try:
        descriptor = _open_for_reading(snapshot.target)
    except OSError as error:
        raise changed(snapshot) from error
    try:
        if _identity(os.fstat(descriptor)) != snapshot.identity or read_all(descriptor) != snapshot.data:
            raise changed(snapshot)
        yield descriptor
    finally:
        close(descriptor)


def check_name(place: Place, snapshot: Snapshot) -> None:
    """Raise FileError unless the name still stands for the file that was read; asked once more before the rename."""
    try:
        status = os.stat(place.name, dir_fd=place.folder, follow_symlinks=False)
    except FileNotFoundError as error:
        raise changed(snapshot) from error
    if _identity(status) != snapshot.identity:
        raise changed(snapshot)


def check_links(snapshot: Snapshot, file: int) -> None:
    """Raise FileError unless trustworthy links still lead to what was read; `file` is that, open."""
    try:
        leads_there = trusted_target(snapshot.path, os.fstat(file).st_uid) == snapshot.target
    except FileNotFoundError:
        leads_there = False
    if not leads_there:
        raise changed(snapshot)


def changed(snapshot: Snapshot) -> FileError:
    """Return the error that says that the file is not the one that was read any more."""
    return FileError(
        "somebody changed, moved or removed the file since it was read. Run this again. Nothing was changed.",
        path=snapshot.path,
    )
