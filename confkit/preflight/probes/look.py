"""Look at the file system and report: what the child process of `host` does."""

from __future__ import annotations

import base64
import os
import warnings
from concurrent.futures import Future, wait
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pydantic import TypeAdapter

from confkit.core.errors import ConfkitError, FileError
from confkit.core.storage.locate import DEFAULT_FILE, find
from confkit.core.storage.snapshot import read_configuration
from confkit.core.syntax import parse
from confkit.preflight import named
from confkit.preflight.observations import FileContent, Question
from confkit.preflight.probes import certificates, files
from confkit.preflight.probes.access import ask
from confkit.preflight.probes.accounts import account_of, own_account
from confkit.preflight.probes.parallel import start
from confkit.preflight.probes.tree import open_tree, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confkit.core.syntax import Document
    from confkit.preflight.named import NamedDirectory, NamedFile
    from confkit.preflight.observations import Account, Status
    from confkit.preflight.probes.child import Report
    from confkit.preflight.probes.tree import Tree

MAX_CONFIG_BYTES = 1 << 26  # of the configuration file in an image; the linter reads no larger one either
CONTENT = TypeAdapter(FileContent)
_Path = TypeVar("_Path", "NamedFile", "NamedDirectory")


class PreflightSettings(NamedTuple):
    """How to look: below which root, for which user and groups, how long to wait for an answer, and what is soon."""

    root: str | None = None
    user: str | None = None
    timeout_seconds: float = 3.0
    warn_days: int = 30
    offline: bool = False
    groups: tuple[str, ...] = ()


class ConfigFile(NamedTuple):
    """The configuration file as it was read: see `ConfigSeen`."""

    path: str
    data: bytes
    document: Document
    status: Status
    path_below: str | None


def config_file(path: str, data: bytes, status: Status, path_below: str | None) -> ConfigFile:
    """Return the file with its text parsed."""
    return ConfigFile(path, data, parse(data, os.path.basename(path)), status, path_below)


class Wanted(NamedTuple):
    """What the configuration names by absolute paths, and the questions that follow."""

    files: tuple[NamedFile, ...]
    directories: tuple[NamedDirectory, ...]
    questions: tuple[Question, ...]


def look(given: str | None, environment: Mapping[str, str], settings: PreflightSettings, report: Report) -> None:
    """Look at the configuration file and at what it names, and report each as it is there."""
    # cryptography warns of certificates that its later versions will not read; that does not concern this host
    warnings.simplefilter("ignore")
    try:
        with open_tree(settings.root) as tree:
            config = _config(given, environment, tree)
            data = base64.b64encode(config.data).decode()
            report({"config": [config.path, data, config.status, config.path_below]})
            own = settings.user is None and not settings.groups
            account = own_account() if own else account_of(settings.user or str(os.geteuid()), tree, settings.groups)
            report({"account": account})
            _look_at_files(tree, account, wanted_by(config), report)
    except ConfkitError as error:
        report({"error": type(error).__name__, "message": error.message, "path": error.path})


def _config(given: str | None, environment: Mapping[str, str], tree: Tree) -> ConfigFile:
    if not tree.name or given is not None:
        path = find(given, environment)
        data, target = read_configuration(path), os.path.realpath(path)
        with open_tree(None) as host:
            status = files.status_of(host, target)
        return config_file(path, data, status, None if tree.name else target)
    path = tree.name.rstrip("/") + DEFAULT_FILE
    try:
        data = read(tree, DEFAULT_FILE, MAX_CONFIG_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise FileError(f"{reason}. Name the image's configuration file with -c", path=path) from error
    if len(data) > MAX_CONFIG_BYTES:
        raise FileError("larger than 64 MiB. Name a client configuration with -c", path=path)
    return config_file(path, data, files.status_of(tree, DEFAULT_FILE), DEFAULT_FILE)


def wanted_by(config: ConfigFile) -> Wanted:
    """Return what the configuration names; nothing for one of the Windows form."""
    document = config.document
    if document.windows:
        return Wanted((), (), ())
    wanted, written = _absolute(named.files(document)), _absolute(named.directories(document))
    questions = [Question(each.path, "read") for each in wanted]
    questions += [Question(each.path, each.wanted) for each in written]
    if config.path_below is not None:
        questions.append(Question(config.path_below, "read"))
    return Wanted(wanted, written, tuple(questions))


def _absolute(paths: tuple[_Path, ...]) -> tuple[_Path, ...]:
    return tuple(each for each in paths if each.path.startswith("/"))


def _look_at_files(tree: Tree, account: Account, wanted: Wanted, report: Report) -> None:
    answers = ask(tree, account, wanted.questions)  # forks, so before there are threads

    def tell_answers() -> None:
        for number, answer in answers:
            report({"answer": number, "is": answer})

    def tell_file(number: int, file: NamedFile) -> None:
        report({"file": number, "content": CONTENT.dump_python(files.content_of(tree, file), mode="json")})

    def tell_directory(number: int, directory: NamedDirectory) -> None:
        report({"directory": number, "is": files.directory_status(tree, directory)})

    def tell_machine() -> None:
        report({"machine": files.machine_of(tree)})

    report({"can_read_certificates": certificates.can_read()})
    tasks: list[Future[None]] = [start(tell_answers), start(tell_machine)]
    tasks += [start(partial(tell_file, number, file)) for number, file in enumerate(wanted.files)]
    tasks += [start(partial(tell_directory, number, each)) for number, each in enumerate(wanted.directories)]
    wait(tasks)
    for task in tasks:
        task.result()
