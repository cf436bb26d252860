"""The user that will run the application, by name or number: of this host, or of the image below `--root`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from confkit.core.errors import UsageError
from confkit.preflight.observations import Account
from confkit.preflight.probes.tree import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confkit.preflight.probes.tree import Tree

_MAX_BYTES = 1 << 22  # of a passwd or group file in an image
_MAX_ID = 2**32 - 2  # the number above it means "none" to chown(2)


def account_of(user: str, tree: Tree, more_groups: Sequence[str] = ()) -> Account:
    """Return the account that `user` means: NAME, NUMBER, or either with :GROUP, as containers write it.

    A number without a user is allowed: containers run as one, and then in group 0. With a group, the user is in that
    group alone. Both as the USER instruction of the Dockerfile reference says. `more_groups` are added, as Kubernetes'
    fsGroup and supplementalGroups are. UsageError when there is no such user or group.
    """
    name, colon, group = user.partition(":")
    account = _user(name, tree)
    if colon:
        gid = group_of(group, tree)
        account = account._replace(name=user, gid=gid, groups=(gid,))
    added = [group_of(each, tree) for each in more_groups]
    return account._replace(groups=tuple(dict.fromkeys((*account.groups, *added))))


def group_of(name: str, tree: Tree) -> int:
    """Return the number of a group, by name or number; UsageError when there is no group of that name."""
    if _is_id(name):
        return int(name)
    try:
        return _group_in_image(name, tree) if tree.name else _group_on_host(name)
    except (KeyError, OSError, ValueError) as error:
        raise UsageError(f"there is no group {name!a} {_where(tree)}. Give a name or a number that exists") from error


def _user(name: str, tree: Tree) -> Account:
    try:
        found = _in_image(name, tree) if tree.name else _on_host(name)
    except (KeyError, OSError, ValueError):
        found = None
    if found is None and _is_id(name):
        found = Account(name, int(name), 0, (0,))
    if found is None:
        raise UsageError(f"there is no user {name!a} {_where(tree)}. Give --user a name or a number that exists")
    return found


def _is_id(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) <= len(str(_MAX_ID)) and int(name) <= _MAX_ID


def _where(tree: Tree) -> str:
    return f"below {tree.name}" if tree.name else "on this host"


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


def _group_on_host(name: str) -> int:
    import grp  # noqa: PLC0415 - absent on Windows

    return grp.getgrnam(name).gr_gid


def _group_in_image(name: str, tree: Tree) -> int:
    for fields in _lines(tree, "/etc/group"):
        if len(fields) > 2 and fields[0] == name:
            return int(fields[2])
    raise KeyError(name)


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
        text = read(tree, path, _MAX_BYTES).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return  # an image need not have one
    yield from (line.split(":") for line in text.splitlines())
