"""Look at everything that a configuration names, all at the same time; what it means is for the checks.

Files and directories are looked at in a child process (see `child`), hosts in threads of this one.
"""

from __future__ import annotations

import base64
import os
import warnings
from concurrent.futures import Future, wait
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import TypeAdapter

from confkit.core.elf import ElfHeader
from confkit.core.errors import ConfkitError, FileError, UsageError
from confkit.core.storage.locate import DEFAULT_FILE, VARIABLE, find
from confkit.core.storage.snapshot import read_configuration
from confkit.core.syntax import parse
from confkit.preflight import named
from confkit.preflight.observations import (
    Account,
    Circumstances,
    ConfigSeen,
    DirectorySeen,
    FileContent,
    FileSeen,
    Observations,
    Question,
    ServerSeen,
    Status,
)
from confkit.preflight.probes import certificates, child, files, network
from confkit.preflight.probes.access import ask
from confkit.preflight.probes.accounts import account_of, own_account
from confkit.preflight.probes.parallel import start
from confkit.preflight.probes.tree import open_tree, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confkit.core.syntax import Document, Entry
    from confkit.preflight.named import NamedDirectory, NamedFile
    from confkit.preflight.observations import Permission
    from confkit.preflight.probes.child import Report
    from confkit.preflight.probes.tree import Tree

MAX_CONFIG_BYTES = 1 << 26  # of the configuration file in an image; the linter reads no larger one either
_MIN_SILENCE_SECONDS = 1.0  # a child process on a busy host needs a moment to begin
_CONTENT, _STATUS, _HEADER = TypeAdapter(FileContent), TypeAdapter(Status), TypeAdapter(ElfHeader | None)
_ERRORS = {"FileError": FileError, "UsageError": UsageError}
_Path = TypeVar("_Path", "NamedFile", "NamedDirectory")


class Settings(NamedTuple):
    """How to look: below which root, for which user and groups, how long to wait for an answer, and what is soon."""

    root: str | None = None
    user: str | None = None
    timeout_seconds: float = 3.0
    warn_days: int = 30
    offline: bool = False
    groups: tuple[str, ...] = ()


class _Config(NamedTuple):
    """The configuration file as it was read: see `ConfigSeen`."""

    path: str
    data: bytes
    document: Document
    status: Status
    path_below: str | None


def _parsed(path: str, data: bytes, status: Status, path_below: str | None) -> _Config:
    return _Config(path, data, parse(data, os.path.basename(path)), status, path_below)


class _Wanted(NamedTuple):
    """What the configuration names by absolute paths, and the questions that follow."""

    files: tuple[NamedFile, ...]
    directories: tuple[NamedDirectory, ...]
    questions: tuple[Question, ...]


def observe(given: str | None, environment: Mapping[str, str], settings: Settings) -> Observations:
    """Look at the configuration file (see `preflight`) and at all files, directories and hosts that it names.

    Forks: to be called where there are no threads. FileError or UsageError as `preflight` has them.
    """
    collected = _Collected(settings)
    silence = max(settings.timeout_seconds, _MIN_SILENCE_SECONDS)
    child.run(partial(_look, given, environment, settings), silence, collected.take)
    if collected.config is None:
        where = given or environment.get(VARIABLE) or DEFAULT_FILE
        raise FileError(f"no answer within {silence:g} s. Check whether its file system is mounted", path=where)
    return collected.observations(collected.config)


def _look(given: str | None, environment: Mapping[str, str], settings: Settings, report: Report) -> None:
    """Look at the file system and report: what the child process does."""
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
            _look_at_files(tree, account, _wanted(config), report)
    except ConfkitError as error:
        report({"error": type(error).__name__, "message": error.message, "path": error.path})


def _config(given: str | None, environment: Mapping[str, str], tree: Tree) -> _Config:
    if not tree.name or given is not None:
        path = find(given, environment)
        data, target = read_configuration(path), os.path.realpath(path)
        with open_tree(None) as host:
            status = files.status_of(host, target)
        return _parsed(path, data, status, None if tree.name else target)
    path = tree.name.rstrip("/") + DEFAULT_FILE
    try:
        data = read(tree, DEFAULT_FILE, MAX_CONFIG_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise FileError(f"{reason}. Name the image's configuration file with -c", path=path) from error
    if len(data) > MAX_CONFIG_BYTES:
        raise FileError("larger than 64 MiB. Name a client configuration with -c", path=path)
    return _parsed(path, data, files.status_of(tree, DEFAULT_FILE), DEFAULT_FILE)


def _wanted(config: _Config) -> _Wanted:
    document = config.document
    if document.windows:
        return _Wanted((), (), ())
    wanted, written = _absolute(named.files(document)), _absolute(named.directories(document))
    questions = [Question(each.path, "read") for each in wanted]
    questions += [Question(each.path, each.wanted) for each in written]
    if config.path_below is not None:
        questions.append(Question(config.path_below, "read"))
    return _Wanted(wanted, written, tuple(questions))


def _absolute(paths: tuple[_Path, ...]) -> tuple[_Path, ...]:
    return tuple(each for each in paths if each.path.startswith("/"))


def _look_at_files(tree: Tree, account: Account, wanted: _Wanted, report: Report) -> None:
    answers = ask(tree, account, wanted.questions)  # forks, so before there are threads

    def tell_answers() -> None:
        for number, answer in answers:
            report({"answer": number, "is": answer})

    def tell_file(number: int, file: NamedFile) -> None:
        report({"file": number, "content": _CONTENT.dump_python(files.content_of(tree, file), mode="json")})

    def tell_directory(number: int, directory: NamedDirectory) -> None:
        report({"directory": number, "is": files.directory_status(tree, directory)})

    report({"can_read_certificates": certificates.can_read(), "machine": files.machine_of(tree)})
    tasks: list[Future[None]] = [start(tell_answers)]
    tasks += [start(partial(tell_file, number, file)) for number, file in enumerate(wanted.files)]
    tasks += [start(partial(tell_directory, number, each)) for number, each in enumerate(wanted.directories)]
    wait(tasks)
    for task in tasks:
        task.result()


class _Collected:
    """What the child has reported so far. Hosts are looked for as soon as the configuration is there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.config: _Config | None = None
        self._account = Account("unknown", 0, 0, ())
        self._wanted = _Wanted((), (), ())
        self._answers: dict[Question, Permission] = {}
        self._files: dict[int, FileContent] = {}
        self._directories: dict[int, tuple[str, Status]] = {}
        self._servers: list[Future[ServerSeen]] = []
        self._can_read_certificates = True
        self._machine: ElfHeader | None = None

    def take(self, message: dict[str, Any]) -> None:
        """Keep what one report says. FileError or UsageError where it reports one."""
        if "error" in message:
            raise _ERRORS.get(message["error"], ConfkitError)(message["message"], path=message["path"])
        if "config" in message:
            path, data, status, path_below = message["config"]
            self.config = _parsed(path, base64.b64decode(data), _STATUS.validate_python(status), path_below)
            self._wanted = _wanted(self.config)
            if not self._settings.offline:
                seconds = self._settings.timeout_seconds
                servers = named.servers(self.config.document)
                self._servers = [start(partial(network.probe, each, seconds)) for each in servers]
        elif "account" in message:
            name, uid, gid, groups = message["account"]
            self._account = Account(name, uid, gid, tuple(groups))
        elif "answer" in message:
            self._answers[self._wanted.questions[message["answer"]]] = message["is"]
        elif "file" in message:
            self._files[message["file"]] = _CONTENT.validate_python(message["content"])
        elif "directory" in message:
            path, status = message["is"]
            self._directories[message["directory"]] = path, _STATUS.validate_python(status)
        else:
            self._can_read_certificates = message["can_read_certificates"]
            self._machine = _HEADER.validate_python(message["machine"])

    def observations(self, config: _Config) -> Observations:
        """Return everything; a file or directory without a report is silent."""
        settings, wanted = self._settings, self._wanted
        silent = Status("silent", reason=f"no answer within {max(settings.timeout_seconds, _MIN_SILENCE_SECONDS):g} s")
        wait(self._servers)
        document = config.document
        return Observations(
            Circumstances(
                self._account, self._answers, datetime.now(UTC), settings.warn_days, settings.timeout_seconds
            ),
            ConfigSeen(config.path, document, config.status, config.path_below, tuple(_relative(document))),
            tuple(
                FileSeen(each, self._files.get(number, FileContent(silent))) for number, each in enumerate(wanted.files)
            ),
            tuple(
                DirectorySeen(
                    each,
                    *self._directories.get(number, (each.path, silent)),
                    self._answers.get(Question(each.path, each.wanted), "unknown"),
                )
                for number, each in enumerate(wanted.directories)
            ),
            tuple(each.result() for each in self._servers),
            self._can_read_certificates,
            self._machine,
        )


def _relative(document: Document) -> list[Entry]:
    """Return the entries that name a relative path."""
    if document.windows:
        return []
    files = [each.entry for each in named.files(document) if not each.path.startswith("/")]
    return files + [each.entry for each in named.directories(document) if not each.path.startswith("/")]
