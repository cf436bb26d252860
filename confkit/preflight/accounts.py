"""The user that will run the application, by name or number: of this host, or of the image below `--root`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import UsageError
from confkit.preflight.tree import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.preflight.tree import Tree

_MOST_BYTES = 1 << 22  # of a passwd or group file in an image
_LARGEST_ID = 2**32 - 2  # the number above it means "none" to chown(2)


class Account(NamedTuple):
    """A user: its number, its own group, and all groups it is in."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...]


def account_of(name: str, tree: Tree) -> Account:
    """Return the user `name`, or the one of that number; UsageError when there is no such user.

    A number without a user is allowed: containers run as one, and then in group 0 (the USER instruction of the
    Dockerfile reference says so).
    """
    try:
        found = _in_image(name, tree) if tree.name else _on_host(name)
    except (KeyError, OSError, ValueError):
        found = None
    if found is None and name.isascii() and name.isdigit() and int(name) <= _LARGEST_ID:
        found = Account(name, int(name), 0, (0,))
    if found is None:
        where = f"below {tree.name}" if tree.name else "on this host"
        raise UsageError(f"there is no user {name!a} {where}. Give --user a name or a number that exists")
    return found


def own_account() -> Account:
    """Return the user that runs this process."""
    return Account(_own_name(), os.geteuid(), os.getegid(), tuple({os.getegid(), *os.getgroups()}))


def _own_name() -> str:
    import pwd  # noqa: PLC0415 - absent on Windows

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _on_host(name: str) -> Account:
    import pwd  # noqa: PLC0415 - absent on Windows

    entry = pwd.getpwuid(int(name)) if name.isascii() and name.isdigit() else pwd.getpwnam(name)
    groups = os.getgrouplist(entry.pw_name, entry.pw_gid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, tuple(groups))


def _in_image(name: str, tree: Tree) -> Account | None:
    """Look the user up in the image's own passwd(5) and group(5). OSError or ValueError where they are bad."""
    for fields in _lines(tree, "/etc/passwd"):
        if len(fields) > 3 and name in {fields[0], fields[2]}:
            uid, gid = int(fields[2]), int(fields[3])
            return Account(fields[0], uid, gid, (gid, *_groups_in_image(fields[0], tree)))
    return None


def _groups_in_image(name: str, tree: Tree) -> Iterator[int]:
    for fields in _lines(tree, "/etc/group"):
        if len(fields) > 3 and name in fields[3].split(",") and fields[2].isdigit():
            yield int(fields[2])


def _lines(tree: Tree, path: str) -> Iterator[list[str]]:
    try:
        text = read(tree, path, _MOST_BYTES).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return  # an image need not have one
    yield from (line.split(":") for line in text.splitlines())
