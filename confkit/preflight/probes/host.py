"""Look at everything that a configuration names, all at the same time; what it means is for the checks.

Files and directories are looked at in a child process (see `child`), hosts in threads of this one.
"""

from __future__ import annotations

import base64
from concurrent.futures import Future, wait
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from confkit.core.elf import ElfHeader
from confkit.core.errors import ConfkitError, FileError, UsageError
from confkit.core.storage.locate import DEFAULT_FILE, VARIABLE
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
from confkit.preflight.probes import child, network
from confkit.preflight.probes.look import CONTENT, ConfigFile, PreflightSettings, Wanted, config_file, look, wanted_by
from confkit.preflight.probes.parallel import start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confkit.core.syntax import Document, Entry
    from confkit.preflight.observations import Permission

_MIN_SILENCE_SECONDS = 1.0  # a child process on a busy host needs a moment to begin
_STATUS, _HEADER = TypeAdapter(Status), TypeAdapter(ElfHeader | None)
_ERRORS = {"FileError": FileError, "UsageError": UsageError}


def observe(given: str | None, environment: Mapping[str, str], settings: PreflightSettings) -> Observations:
    """Look at the configuration file (see `preflight`) and at all files, directories and hosts that it names.

    Forks: to be called where there are no threads. FileError or UsageError as `preflight` has them.
    """
    collected = _Collected(settings)
    silence = max(settings.timeout_seconds, _MIN_SILENCE_SECONDS)
    child.run(partial(look, given, environment, settings), silence, collected.take)
    if collected.config is None:
        where = given or environment.get(VARIABLE) or DEFAULT_FILE
        raise FileError(f"no answer within {silence:g} s. Check whether its file system is mounted", path=where)
    return collected.observations(collected.config)


class _Collected:
    """What the child has reported so far. Hosts are looked for as soon as the configuration is there."""

    def __init__(self, settings: PreflightSettings) -> None:
        self._settings = settings
        self.config: ConfigFile | None = None
        self._account = Account("unknown", 0, 0, ())
        self._wanted = Wanted((), (), ())
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
            self.config = config_file(path, base64.b64decode(data), _STATUS.validate_python(status), path_below)
            self._wanted = wanted_by(self.config)
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
            self._files[message["file"]] = CONTENT.validate_python(message["content"])
        elif "directory" in message:
            path, status = message["is"]
            self._directories[message["directory"]] = path, _STATUS.validate_python(status)
        elif "can_read_certificates" in message:
            self._can_read_certificates = message["can_read_certificates"]
        else:
            self._machine = _HEADER.validate_python(message["machine"])

    def observations(self, config: ConfigFile) -> Observations:
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
