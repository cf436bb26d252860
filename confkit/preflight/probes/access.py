"""Whether the user that will run the application may read a file or write in a directory.

As root, a child process becomes that user and asks the system: owner, groups, access control lists and read-only file
systems all count. Without root, mode bits are all there is for another user, and where they do not decide, the answer
is "unknown".
"""

from __future__ import annotations

import json
import os
import stat
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from confkit.preflight.probes.parallel import as_completed
from confkit.preflight.probes.tree import has_acl, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from confkit.preflight.observations import Account, Permission, Question
    from confkit.preflight.probes.tree import Tree, TreePlace

    Asked = Callable[[Question], Permission]


def ask(tree: Tree, account: Account | None, questions: Sequence[Question]) -> Iterator[tuple[int, Permission]]:
    """Yield the number of each question and its answer for `account`, None for the user that runs this process.

    Each is asked in a thread of its own and answered when it can be. Forks, before it returns, where this process is
    root and the account is another: to be called before threads are started.
    """
    if account is None or account.uid == os.geteuid():
        return _answers(questions, partial(_answer, tree, may=_by_system, refused="no"))
    if os.geteuid() == 0:
        return _as_other_user(tree, account, questions)
    return _answers(questions, partial(_answer, tree, may=_by_mode_for(account), refused="unknown"))


def _answers(questions: Sequence[Question], asked: Asked) -> Iterator[tuple[int, Permission]]:
    return as_completed([partial(asked, question) for question in questions])


def _answer(
    tree: Tree, question: Question, may: Callable[[TreePlace, int], Permission], refused: Permission
) -> Permission:
    """Ask about the place where the path leads; `refused` is the answer where this process may not search it."""
    bits = {"read": os.R_OK, "add": os.W_OK | os.X_OK, "append": os.W_OK}[question.wanted]
    try:
        with place(tree, question.path) as found:
            if question.wanted == "append" and not _exists(found):
                return may(found._replace(name="."), os.W_OK | os.X_OK)
            return may(found, bits)
    except PermissionError:
        return refused
    except OSError:
        return "unknown"  # where nothing is, another check says so


def _exists(found: TreePlace) -> bool:
    try:
        found.status()
    except FileNotFoundError:
        return False
    return True


def _by_system(found: TreePlace, bits: int) -> Permission:
    return "yes" if os.access(found.name, bits, dir_fd=found.directory, effective_ids=True) else "no"


def _by_mode_for(account: Account) -> Callable[[TreePlace, int], Permission]:
    def may(found: TreePlace, bits: int) -> Permission:
        status = found.status()
        if has_acl(f"/proc/self/fd/{found.directory}/{found.name}") or any(each.has_acl for each in found.searched):
            return "unknown"
        searchable = all(_granted(account, each.status) & os.X_OK for each in found.searched)
        return "yes" if searchable and _granted(account, status) & bits == bits else "no"

    return may


def _granted(account: Account, status: os.stat_result) -> int:
    """Return which of R_OK, W_OK and X_OK the mode bits grant; the first of the three classes that fits decides."""
    if account.uid == 0:
        return os.R_OK | os.W_OK | os.X_OK
    if account.uid == status.st_uid:
        return stat.S_IMODE(status.st_mode) >> 6 & 7
    if status.st_gid in {account.gid, *account.groups}:
        return stat.S_IMODE(status.st_mode) >> 3 & 7
    return stat.S_IMODE(status.st_mode) & 7


def _as_other_user(tree: Tree, account: Account, questions: Sequence[Question]) -> Iterator[tuple[int, Permission]]:
    """Answer in a child that has become the user; nothing where it cannot (no such right in this container)."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _become_and_answer(tree, account, questions, writer)
    os.close(writer)
    return _told(reader, child)


def _told(reader: int, child: int) -> Iterator[tuple[int, Permission]]:
    with os.fdopen(reader, "rb") as lines:
        for line in lines:
            number, answer = json.loads(line)
            yield number, answer
    os.waitpid(child, 0)


def _become_and_answer(tree: Tree, account: Account, questions: Sequence[Question], writer: int) -> NoReturn:
    try:
        os.setgroups(account.groups)
        os.setgid(account.gid)
        os.setuid(account.uid)
        for told in _answers(questions, partial(_answer, tree, may=_by_system, refused="no")):
            os.write(writer, json.dumps(told).encode() + b"\n")
    finally:
        os._exit(0)
