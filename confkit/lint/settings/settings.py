"""The settings of the linter: confkit.toml, or the table [tool.confkit] of pyproject.toml."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from confkit.core.catalogue.versions import parse_version
from confkit.core.errors import UsageError
from confkit.core.severity import SEVERITIES, Severity
from confkit.core.storage.reader import MAX_SETTINGS, MAX_SHARED_SETTINGS, read_bounded
from confkit.lint.settings.ignores import Ignore, Ignores
from confkit.lint.settings.selection import checked_codes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from confkit.lint.rule import Rule

OWN_FILE = "confkit.toml"
SHARED_FILE = "pyproject.toml"
_MAX_PATTERN = 1000  # characters of a path in per-file-ignores
# Reading a dotted key takes time and memory that grow with the square of its parts.
_MAX_PARTS = 64
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_LONG_KEY = rf"(?<![\w-])(?:{_PART}){{{_MAX_PARTS}}}"
_KEYS = ("select", "ignore", "fail-on", "client-version", "per-file-ignores")
_IGNORE_KEYS = ("path", "codes", "reason")


class Settings(NamedTuple):
    """What a settings file says; empty, or None, where it says nothing. `ignores` has the file's directory.

    `skipped` is a settings file of a parent directory that another user owns.
    """

    file: str | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: Severity | None
    ignores: Ignores
    skipped: str | None = None
    client_version: str | None = None


def load_settings(given: str | None, directory: str, rules: Sequence[Rule]) -> Settings:
    """Return the settings in the file `given`, else in the first settings file from `directory` upward, else none.

    In one directory confkit.toml comes first; a pyproject.toml counts when it has a table [tool.confkit]. A file above
    `directory` counts only if this user, root or the owner of `directory` owns it: anybody may put one into /tmp.
    FileError where a file cannot be read, UsageError, which names file and key, where it says something wrong.
    """
    skipped = None
    for path in (given,) if given is not None else _candidates(directory):
        if given is None and not _is_trusted(path, directory):
            skipped = skipped or path
            continue
        table = _table(path)
        if table is not None:
            return _settings(path, table, rules)._replace(skipped=skipped)
    if given is not None:
        raise UsageError("there is no table [tool.confkit] in it. Add it, or name a confkit.toml", path=given)
    return Settings(None, (), (), None, Ignores(directory, ()), skipped)


def _candidates(directory: str) -> list[str]:
    """Return every file from `directory` upward that may hold settings."""
    found = []
    while True:
        paths = (os.path.join(directory, name) for name in (OWN_FILE, SHARED_FILE))
        found += [path for path in paths if os.path.lexists(path)]
        parent = os.path.dirname(directory)
        if parent == directory:
            return found
        directory = parent


def _is_trusted(path: str, directory: str) -> bool:
    """Return whether a settings file may count: it is in `directory` itself, or of somebody who is trusted there."""
    if os.path.dirname(path) == directory or not hasattr(os, "geteuid"):
        return True
    try:
        trusted = {0, os.geteuid(), os.stat(directory).st_uid}
        return {os.lstat(path).st_uid, os.stat(path).st_uid} <= trusted
    except OSError:
        return True  # reading it fails too, and says why


def _table(path: str) -> Mapping[str, Any] | None:
    """Return the settings as they stand in the file; None for a pyproject.toml that has none."""
    shared = os.path.basename(path) == SHARED_FILE
    source = read_bounded(path, MAX_SHARED_SETTINGS if shared else MAX_SETTINGS)
    if shared and b"confkit" not in source:
        return None  # nothing for us, whatever else may be wrong with it
    try:
        document = _toml(source)
    except (ValueError, RecursionError) as error:  # of TOML, or of UTF-8
        raise UsageError(f"it is not TOML: {error}. Fix it", path=path) from error
    except UsageError as error:
        raise UsageError(error.message, path=path) from error
    if not shared:
        return document
    tool = document.get("tool")
    table = tool.get("confkit") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise UsageError("tool.confkit: this must be a table", path=path)
    return table


def _toml(source: bytes) -> dict[str, Any]:
    if len(source) > MAX_SETTINGS:
        raise UsageError(f"it has more than {MAX_SETTINGS >> 10} KiB. Use a confkit.toml")
    text = source.decode()
    if re.search(_LONG_KEY, text):
        raise UsageError(f"it has a key of more than {_MAX_PARTS} parts. Remove it")
    import tomllib  # noqa: PLC0415 - 15 ms, where there is a settings file

    return tomllib.loads(text)


def _settings(path: str, table: Mapping[str, Any], rules: Sequence[Rule]) -> Settings:
    try:
        _check_keys(table, _KEYS, "")
        ignores = _list(table, "per-file-ignores", "tables", dict)
        return Settings(
            file=path,
            select=_codes(table, "select", "", rules),
            ignore=_codes(table, "ignore", "", rules),
            fail_on=_fail_on(table.get("fail-on")),
            client_version=_client_version(table.get("client-version")),
            ignores=Ignores(
                os.path.dirname(os.path.abspath(path)),
                tuple(_ignore(each, f"per-file-ignores[{index}]: ", rules) for index, each in enumerate(ignores)),
            ),
        )
    except UsageError as error:
        raise UsageError(error.message, path=path) from error


def _ignore(table: Mapping[str, Any], where: str, rules: Sequence[Rule]) -> Ignore:
    _check_keys(table, _IGNORE_KEYS, where)
    path = _text(table, "path", where, "a path such as tests/*.conf")
    reason = _text(table, "reason", where, "a sentence that says why")
    if len(path) > _MAX_PATTERN:
        raise UsageError(f"{where}path has more than {_MAX_PATTERN} characters. Use a shorter pattern")
    codes = _codes(table, "codes", where, rules)
    if not codes:
        raise UsageError(f"{where}codes is missing: give a list of codes of rules")
    return Ignore(path, codes, reason)


def _check_keys(table: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise UsageError(f"{where}there is no key {key}. The keys are {', '.join(known)}")


def _codes(table: Mapping[str, Any], key: str, where: str, rules: Sequence[Rule]) -> tuple[str, ...]:
    codes = _list(table, key, "codes of rules", str, where)
    if key in table and not codes:
        raise UsageError(f"{where}{key} is empty. Name codes of rules, or remove the key")
    return checked_codes(codes, rules, f"{where}{key}")


def _list(table: Mapping[str, Any], key: str, of: str, kind: type, where: str = "") -> list[Any]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, kind) for each in value):
        raise UsageError(f"{where}{key} must be a list of {of}")
    return value


def _text(table: Mapping[str, Any], key: str, where: str, what: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where}{key} is required: give {what}")
    return value


def checked_version(text: str) -> str:
    """Return the version of a client as it is written. UsageError for what is not one."""
    try:
        parse_version(text)
    except ValueError as error:
        raise UsageError(f"client-version: {error}") from error
    return text


def _client_version(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise UsageError('client-version must be a text such as "10.4"')
    return checked_version(value)


def _fail_on(value: object) -> Severity | None:
    if value is None:
        return None
    for severity in SEVERITIES:
        if value == severity:
            return severity
    raise UsageError(f"fail-on must be one of {', '.join(SEVERITIES)}")
