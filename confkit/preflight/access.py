"""Whether the user that will run the application may read a file or write in a folder.

As root the question is put to the system itself, in a child process that has become that user: owner, groups, access
control lists and read-only file systems all count. Without root, mode bits are all there is for another user, and where
they do not decide, the answer is that nobody knows.
"""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Literal, NamedTuple

from confkit.preflight.tree import has_acl, place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confkit.preflight.accounts import Account
    from confkit.preflight.tree import Place, Tree

Answer = Literal["yes", "no", "unknown"]


class Question(NamedTuple):
    """`read` the file, `add` files to the folder, or `append` to the file, which may have to be made first."""

    path: str
    wanted: Literal["read", "add", "append"]


def ask(tree: Tree, account: Account | None, questions: Sequence[Question]) -> dict[Question, Answer]:
    """Answer all questions for `account`, None for the user that runs this process.

    Forks where this process is root and the account is another: to be called before threads are started.
    """
    if account is None or account.uid == os.geteuid():
        answers = [_answer(tree, question, _by_system, refused="no") for question in questions]
    elif os.geteuid() == 0:
        answers = _as_other_user(tree, account, questions)
    else:
        answers = [_answer(tree, question, _by_mode_for(account), refused="unknown") for question in questions]
    return dict(zip(questions, answers, strict=True))


def _answer(tree: Tree, question: Question, may: Callable[[Place, int], Answer], refused: Answer) -> Answer:
    """Ask about the place where the path leads; `refused` is the answer where this process may not go there."""
    bits = {"read": os.R_OK, "add": os.W_OK | os.X_OK, "append": os.W_OK}[question.wanted]
    try:
        with place(tree, question.path) as found:
            if question.wanted == "append" and not _exists(found):
                return may(found._replace(name="."), os.W_OK | os.X_OK)
            return may(found, bits)
    except PermissionError:
        return refused
    except OSError:
        return "unknown"  # a path that leads nowhere is another check's


def _exists(found: Place) -> bool:
    try:
        found.status()
    except FileNotFoundError:
        return False
    return True


def _by_system(found: Place, bits: int) -> Answer:
    return "yes" if os.access(found.name, bits, dir_fd=found.folder, effective_ids=True) else "no"


def _by_mode_for(account: Account) -> Callable[[Place, int], Answer]:
    def may(found: Place, bits: int) -> Answer:
        status = found.status()
        if has_acl(f"/proc/self/fd/{found.folder}/{found.name}") or any(each.has_acl for each in found.searched):
            return "unknown"
        searchable = all(_granted(account, each.status) & os.X_OK for each in found.searched)
        return "yes" if searchable and _granted(account, status) & bits == bits else "no"

    return may


def _granted(account: Account, status: os.stat_result) -> int:
    """Return which of R_OK, W_OK and X_OK the mode bits grant; of the three classes the first that fits decides."""
    if account.uid == 0:
        return os.R_OK | os.W_OK | os.X_OK
    if account.uid == status.st_uid:
        return stat.S_IMODE(status.st_mode) >> 6 & 7
    if status.st_gid in {account.gid, *account.groups}:
        return stat.S_IMODE(status.st_mode) >> 3 & 7
    return stat.S_IMODE(status.st_mode) & 7


def _as_other_user(tree: Tree, account: Account, questions: Sequence[Question]) -> list[Answer]:
    """Answer in a child that has become the user; all unknown where it cannot (no such right in this container)."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - not measured: it ends without the interpreter's own end
        _become_and_answer(tree, account, questions, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        told = file.read()
    os.waitpid(child, 0)
    answers: list[Answer] = json.loads(told) if told else ["unknown"] * len(questions)
    return answers


def _become_and_answer(
    tree: Tree, account: Account, questions: Sequence[Question], writer: int
) -> None:  # pragma: no cover - in the child alone
    try:
        os.setgroups(account.groups)
        os.setgid(account.gid)
        os.setuid(account.uid)
        answers = [_answer(tree, question, _by_system, refused="no") for question in questions]
        os.write(writer, json.dumps(answers).encode())
    finally:
        os._exit(0)
