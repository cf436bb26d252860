"""The settings of the linter: confkit.toml, or the table [tool.confkit] of pyproject.toml."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from confkit.core.errors import UsageError
from confkit.lint.diagnostics import SEVERITIES, Severity
from confkit.lint.inputs import read_file
from confkit.lint.settings.ignores import Ignore, Ignores
from confkit.lint.settings.selection import checked_codes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from confkit.lint.rule import Rule

OWN_FILE = "confkit.toml"
SHARED_FILE = "pyproject.toml"
_KEYS = ("select", "ignore", "fail-on", "per-file-ignores")
_IGNORE_KEYS = ("path", "codes", "reason")


class Settings(NamedTuple):
    """What a settings file says; empty, or None, where it says nothing. `ignores` hold the file's folder."""

    file: str | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: Severity | None
    ignores: Ignores


def load_settings(given: str | None, folder: str, rules: Sequence[Rule]) -> Settings:
    """Return the settings in the file `given`, else in the first settings file from `folder` upward, else none.

    In one folder confkit.toml comes first; a pyproject.toml counts when it has a table [tool.confkit]. FileError where
    a file cannot be read, UsageError, which names file and key, where it says something wrong.
    """
    for path in (given,) if given is not None else _candidates(folder):
        table = _table(path)
        if table is not None:
            return _settings(path, table, rules)
    if given is not None:
        raise UsageError("there is no table [tool.confkit] in it. Add it, or name a confkit.toml", path=given)
    return Settings(None, (), (), None, Ignores(folder, ()))


def _candidates(folder: str) -> list[str]:
    """Return every file from `folder` upward that may hold settings."""
    found = []
    while True:
        paths = (os.path.join(folder, name) for name in (OWN_FILE, SHARED_FILE))
        found += [path for path in paths if os.path.lexists(path)]
        parent = os.path.dirname(folder)
        if parent == folder:
            return found
        folder = parent


def _table(path: str) -> Mapping[str, Any] | None:
    """Return the settings as they stand in the file; None for a pyproject.toml that has none."""
    source = read_file(path)
    shared = os.path.basename(path) == SHARED_FILE
    if shared and b"confkit" not in source:
        return None  # nothing for us, whatever else may be wrong with it
    import tomllib  # noqa: PLC0415 - 15 ms, where there is a settings file

    try:
        document = tomllib.loads(source.decode())
    except (ValueError, RecursionError) as error:  # of TOML, or of UTF-8
        raise UsageError(f"it is not TOML: {error}. Mend it", path=path) from error
    if not shared:
        return document
    tool = document.get("tool")
    table = tool.get("confkit") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise UsageError("tool.confkit: this must be a table", path=path)
    return table


def _settings(path: str, table: Mapping[str, Any], rules: Sequence[Rule]) -> Settings:
    try:
        _check_keys(table, _KEYS, "")
        ignores = _list(table, "per-file-ignores", "tables", dict)
        return Settings(
            file=path,
            select=_codes(table, "select", "", rules),
            ignore=_codes(table, "ignore", "", rules),
            fail_on=_fail_on(table.get("fail-on")),
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


def _fail_on(value: object) -> Severity | None:
    if value is None:
        return None
    for severity in SEVERITIES:
        if value == severity:
            return severity
    raise UsageError(f"fail-on must be one of {', '.join(SEVERITIES)}")
