"""Read a change file: the entries to set and to remove, as TOML or, by its suffix, JSON.

    [set.HAConfiguration]
    HAOnly = 1
    statusTimeout = 10

    [set.REST]
    AuthTokenClientSecret = { env = "LUNA_CLIENT_SECRET" }

    [unset]
    "LunaSA Client" = ["TCPKeepAlive"]

What is wrong is said with the file, the line and the key, all of it at once. Values never are: they may be secrets.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, TypeGuard

from confkit.core.changeset import MAX_CHANGES, ChangeSet
from confkit.core.errors import ConfkitError, FileError, UsageError
from confkit.core.storage.reader import MAX_CHANGES as MAX_BYTES
from confkit.core.storage.reader import read_at_most, read_bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import ValidationError

_MAX_SECRET = 64 << 10
_MAX_PARTS = 8  # of a key with dots; each part makes a table
_LONG_KEY = re.compile(r"(?:[^\s.=]+[ \t]*\.[ \t]*){8}")
_MAX_DIGITS = 19  # what a signed integer of 64 bits holds
_MANY_DIGITS = f"a number in it has too many digits: at most {_MAX_DIGITS}. Write a longer one as a text"
_HALF_A_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)
_STANDARD_INPUT = "standard input"


def load(path: str, environment: Mapping[str, str]) -> ChangeSet:
    """Return the changes in the file `path`; `-` is standard input, which is TOML unless it starts with a brace.

    Raise FileError where a file cannot be read, UsageError for what is wrong in it.
    """
    if path == "-":
        source, shown, directory = read_at_most(sys.stdin.fileno(), MAX_BYTES, _STANDARD_INPUT), _STANDARD_INPUT, "."
    else:
        source, shown, directory = read_bounded(path, MAX_BYTES), path, os.path.dirname(path)
    try:
        text = source.decode()
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise UsageError("it is not UTF-8. Save it as UTF-8", path=shown, line=line) from error
    as_json = path.lower().endswith(".json") or (path == "-" and text.lstrip().startswith("{"))
    table = _json(text, shown) if as_json else _toml(text, shown)
    if not is_valid(table):
        _explain(table, text, shown)
    return _resolved(table, environment, directory, text, shown)


def is_valid(table: object) -> TypeGuard[dict[str, Any]]:
    """Return whether it is what `ChangeFile` describes; pydantic, which says why not, takes longer than an edit."""
    if not isinstance(table, dict) or not table.keys() <= {"version", "set", "unset"}:
        return False
    to_set, to_unset, version = table.get("set", {}), table.get("unset", {}), table.get("version", 1)
    return (
        bool(version == 1)  # as the model, which takes true and 1.0 for 1
        and isinstance(to_set, dict)
        and all(isinstance(entries, dict) and all(map(_is_value, entries.values())) for entries in to_set.values())
        and isinstance(to_unset, dict)
        and all(isinstance(keys, list) and all(isinstance(key, str) for key in keys) for keys in to_unset.values())
    )


def _is_value(value: object) -> bool:
    if isinstance(value, dict):
        return len(value) == 1 and any(isinstance(value.get(name), str) and value[name] for name in ("env", "file"))
    return isinstance(value, (str, int))  # a truth value is an int


def _explain(table: object, text: str, path: str) -> NoReturn:
    from pydantic import ValidationError  # noqa: PLC0415 - only for a change file that is wrong

    from confkit.config.change_model import ChangeFile  # noqa: PLC0415 - as above

    try:
        ChangeFile.model_validate(table)
    except ValidationError as error:
        raise _invalid(error, text, path) from None  # its text holds values
    raise AssertionError("a change file is valid for its model alone")


def _toml(text: str, path: str) -> dict[str, Any]:
    if long := _LONG_KEY.search(text):
        line = text.count("\n", 0, long.start()) + 1
        raise UsageError(f"a key has more than {_MAX_PARTS} parts. Put names with dots in quotes", path=path, line=line)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        what = _without_values(str(error)) if isinstance(error, ValueError) else "nested too deeply"
        line, column = (int(found[1]), int(found[2])) if found else (1, 1)
        raise UsageError(f"it is not TOML: {what}. Fix it", path=path, line=line, column=column) from None
    except ValueError:  # Python's limit of digits
        raise UsageError(_MANY_DIGITS, path=path) from None


def _json(text: str, path: str) -> object:
    try:
        table = json.loads(text, object_pairs_hook=_without_duplicates)
        json.dumps(table, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise UsageError(
            f"it is not JSON: {error.msg}. Fix it", path=path, line=error.lineno, column=error.colno
        ) from None
    except UnicodeEncodeError:
        found = _HALF_A_CHARACTER.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else None
        raise UsageError(
            "an escape such as \\ud800 is half of a character. Write the character", path=path, line=line
        ) from None
    except ValueError:  # Python's limit of digits
        raise UsageError(_MANY_DIGITS, path=path) from None
    except RecursionError:
        raise UsageError("it is not a change file: nested too deeply. Fix it", path=path) from None
    except UsageError as error:
        raise UsageError(error.message, path=path) from None
    return table


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None) if len(names) <= MAX_CHANGES else None
    if twice is not None:
        raise UsageError(f"duplicate key {twice}. Leave one out")
    return dict(pairs)


def _without_values(message: str) -> str:
    """Return what tomllib says without the place, and without what it quotes of the file: that may be a secret."""
    return re.sub(r"\s*\(at .*\)$|: ?['\"].*", "", message)


def _invalid(error: ValidationError, text: str, path: str) -> ConfkitError:
    found: dict[tuple[str, ...], str] = {}
    for each in error.errors(include_input=False, include_url=False):
        place = tuple(str(part) for part in each["loc"])
        place = place[:3] if place[:1] == ("set",) else place[:2]
        found.setdefault(place, _sentence(each["type"], place))
    reasons = [(line_of(text, place), f"{'.'.join(place)}: {what}") for place, what in found.items()]
    return _error(reasons, path)


def _sentence(kind: str, place: tuple[str, ...]) -> str:
    if kind == "extra_forbidden" and len(place) == 1:
        return 'unknown key. A change file has [set."SECTION"] and [unset]'
    if place[:1] == ("set",) and len(place) > 2:
        return 'a value is a text, a whole number, true or false, { env = "NAME" } or { file = "PATH" }'
    if place[:1] == ("set",):
        return 'it must be a table: [set."SECTION"] and a line for each entry'
    if place[:1] == ("unset",):
        return 'it must be a list of entries: SECTION = ["KEY", ...] in [unset]'
    return "the version is 1" if place[:1] == ("version",) else "it must be a table"


def _error(reasons: list[tuple[int | None, str]], path: str, kind: type[ConfkitError] = UsageError) -> ConfkitError:
    if len(reasons) == 1:
        line, what = reasons[0]
        return kind(f"{what}. Nothing was changed", path=path, line=line)
    details = [f"line {line}: {what}" if line else what for line, what in reasons]
    return kind(f"{len(details)} faults in it. Nothing was changed", path=path, details=details)


def line_of(text: str, place: tuple[str, ...]) -> int | None:
    """Return the line (from 1) of a key of a TOML or JSON text, given by the path to it; None where it is not found."""
    line, at = None, 0
    for part in place:
        found = re.compile(rf"(?<![\w\-]){re.escape(part)}(?![\w\-])").search(text, at)
        if found is None:
            break
        line, at = text.count("\n", 0, found.start()) + 1, found.end()
    return line


def _resolved(
    table: Mapping[str, Any], environment: Mapping[str, str], directory: str, text: str, path: str
) -> ChangeSet:
    wanted, reasons = [], []
    kind: type[ConfkitError] = UsageError
    for section, key, value in _settings(table):
        try:
            wanted.append((section, key, _text(value, environment, directory)))
        except ConfkitError as error:
            kind = FileError if isinstance(error, FileError) else kind
            reasons.append((line_of(text, ("set", section, key)), f"set.{section}.{key}: {str(error).rstrip('.')}"))
    if reasons:
        raise _error(reasons, path, kind)
    gone = tuple((section, key) for section, keys in table.get("unset", {}).items() for key in keys)
    elsewhere = frozenset((section, key) for section, key, value in _settings(table) if isinstance(value, dict))
    return ChangeSet(tuple(wanted), gone, elsewhere, partial(_place, text, path))


def _place(text: str, path: str, *keys: str) -> str:
    """Return where a change stands, as the start of a message has it: the file and the line."""
    line = line_of(text, keys)
    return f"{path}:{line}" if line else path


def _settings(table: Mapping[str, Any]) -> Iterator[tuple[str, str, object]]:
    to_set = table.get("set", {})
    return ((section, key, value) for section, entries in to_set.items() for key, value in entries.items())


def _text(value: object, environment: Mapping[str, str], directory: str) -> str:
    match value:
        case {"env": str(name)}:
            if name not in environment:
                raise UsageError(f"the environment variable {name} is not set")
            return environment[name]
        case {"file": str(name)}:
            content = read_bounded(os.path.join(directory, name), _MAX_SECRET).decode("utf-8", "surrogateescape")
            return content.removesuffix("\n").removesuffix("\r")
        case bool():
            return str(int(value))
        case int() if abs(value) >= 10**_MAX_DIGITS:  # in hexadecimal, Python reads numbers that it does not write
            raise UsageError(f"a number has at most {_MAX_DIGITS} digits. Write a longer one as a text")
        case _:
            return str(value)
