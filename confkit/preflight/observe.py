"""Look at everything that a configuration names, all at the same time; what it means is for the checks."""

from __future__ import annotations

import warnings
from concurrent.futures import wait
from datetime import UTC, datetime
from functools import partial
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from confkit.preflight import certificates, entries, files, folders, library, network, x509
from confkit.preflight.access import Question, ask
from confkit.preflight.accounts import account_of, own_account
from confkit.preflight.files import FileSeen
from confkit.preflight.model import Host, Seen
from confkit.preflight.parallel import start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confkit.preflight.access import Answer
    from confkit.preflight.accounts import Account
    from confkit.preflight.entries import Folder, Named
    from confkit.preflight.permissions import ConfigSeen
    from confkit.preflight.tree import Tree

# A file of certificates may have 64 MiB, and a hostile configuration may name hundreds.
_READERS = BoundedSemaphore(8)
_Path = TypeVar("_Path", "Named", "Folder")


class Settings(NamedTuple):
    """How to look: below which root, for which user, how long a host may take, and what counts as soon."""

    root: str | None = None
    user: str | None = None
    timeout_seconds: float = 3.0
    warn_days: int = 30
    offline: bool = False


class _Wanted(NamedTuple):
    """What the configuration names by absolute paths."""

    files: tuple[Named, ...]
    folders: tuple[Folder, ...]


def look(config: ConfigSeen, tree: Tree, settings: Settings) -> Seen:
    """Look at all files, folders and hosts that the configuration names, each in a thread of its own.

    Forks first when this process is root and the user is another. UsageError when there is no such user.
    """
    named, written = entries.files(config.document), entries.folders(config.document)
    wanted = _Wanted((), ()) if config.windows else _Wanted(_absolute(named), _absolute(written))
    if not config.windows:
        relative = [each.entry for each in named if each not in wanted.files]
        relative += [each.entry for each in written if each not in wanted.folders]
        config = config._replace(relative=tuple(relative))
    account = own_account() if settings.user is None else account_of(settings.user, tree)
    answers = _ask(config, tree, account, wanted)
    host = Host(tree, account, answers, datetime.now(UTC), settings.warn_days, settings.timeout_seconds)
    with warnings.catch_warnings():
        # cryptography warns of certificates that its later versions will not read; that is no matter of this host
        warnings.simplefilter("ignore")
        return _look(Seen(host, config, can_read_certificates=x509.is_installed()), wanted, settings)


def _absolute(named: tuple[_Path, ...]) -> tuple[_Path, ...]:
    return tuple(each for each in named if each.path.startswith("/"))


def _ask(config: ConfigSeen, tree: Tree, account: Account, wanted: _Wanted) -> Mapping[Question, Answer]:
    questions = [Question(each.path, "read") for each in wanted.files]
    questions += [Question(each.path, each.wanted) for each in wanted.folders]
    if config.path is not None:
        questions.append(Question(config.path, "read"))
    return ask(tree, account, questions)


def _look(seen: Seen, wanted: _Wanted, settings: Settings) -> Seen:
    tree = seen.host.tree
    servers = () if settings.offline else entries.servers(seen.config.document)
    of_files = [start(partial(_file, tree, each, seen.can_read_certificates)) for each in wanted.files]
    of_folders = [start(partial(folders.look_at, tree, each, seen.host.answers)) for each in wanted.folders]
    of_servers = [start(partial(network.probe, each, settings.timeout_seconds)) for each in servers]
    # all of them, before an exception of one closes the tree
    wait(of_files)
    wait(of_folders)
    wait(of_servers)
    return seen._replace(
        files=tuple(each.result() for each in of_files),
        folders=tuple(each.result() for each in of_folders),
        servers=tuple(each.result() for each in of_servers),
        machine=library.machine_of(tree),
    )


def _file(tree: Tree, named: Named, can_read_certificates: bool) -> FileSeen:  # noqa: FBT001 - for `partial`
    seen = FileSeen(named, files.look(tree, named.path))
    if seen.look.state == "forbidden":
        return seen._replace(unread=seen.look.reason)
    if seen.look.state != "file":
        return seen
    try:
        if named.role == "library":
            return seen._replace(content=library.read_elf(tree, named.path))
        if named.role in certificates.ROLES and can_read_certificates:
            with _READERS:
                return seen._replace(content=certificates.read_content(tree, named))
    except OSError as error:
        return seen._replace(unread=error.strerror or "it cannot be read")
    return seen
