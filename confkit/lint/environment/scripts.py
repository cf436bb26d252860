"""The variable in shell scripts, env files, systemd units and Dockerfiles. Nothing is executed."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.syntax.document import raw
from confkit.lint.environment.surroundings import (
    VARIABLE,
    Put,
    Scope,
    Setting,
    SourceSpan,
    assignments,
    is_configuration_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMENT = re.compile(r"\s*(?:#|;|$)")
_BIND = re.compile(r"(?:BindPaths|BindReadOnlyPaths|Volume)[ \t]*=(.*)", re.IGNORECASE)
_FROM = re.compile(r"(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_ARGUMENT = re.compile(r"\$\{?(\w+)\}?")


class Statement(NamedTuple):
    """A statement over one line or more: its first line, and each line with its number."""

    first: int
    lines: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        """The whole statement on one line."""
        return " ".join(line.rstrip("\\").strip() for _, line in self.lines)


def shell_scopes(lines: list[str]) -> list[Scope]:
    """Return the scope of a shell script or an env file. Assignments in branches are not compared with each other."""
    settings = [
        Setting(value, _place(number, line, start, end), lasting=not line[:1].isspace())
        for number, line in enumerate(lines, 1)
        if not _COMMENT.match(line)
        for value, start, end in assignments(line)
    ]
    return [Scope("this script", tuple(settings))] if settings else []


def unit_scopes(lines: list[str]) -> list[Scope]:
    """Return the scope of a systemd unit, a drop-in, or a unit of a container (quadlet)."""
    settings: list[Setting] = []
    puts: list[Put] = []
    directories: list[str] = []
    open_ended = False
    for statement in _statements(lines):
        key = statement.text.partition("=")[0].strip().lower()
        if key == "environment" and not statement.text.partition("=")[2].strip():
            settings.clear()  # an empty assignment resets the list
        open_ended |= key in {"environmentfile", "passenvironment"}
        settings += _settings(statement)
        match = _BIND.match(statement.text)
        for pair in match[1].split() if match else ():
            target = pair.lstrip("-").split(":")[1] if ":" in pair else pair.lstrip("-")
            place = _place(statement.first, statement.lines[0][1], 0, len(statement.lines[0][1]))
            if is_configuration_name(target):
                puts.append(Put(target, place))
            else:
                directories.append(posixpath.normpath(target))
    return [Scope("this unit", tuple(settings), tuple(puts), tuple(directories), open_ended)]


def dockerfile_scopes(lines: list[str]) -> list[Scope]:
    """Return a scope for each stage; one that starts from an earlier stage has what that one has."""
    scopes: list[Scope] = []
    names: dict[str, Scope] = {}
    arguments: dict[str, str] = {}
    current, label = Scope("this image"), ""
    for statement in _statements(lines):
        verb, _, rest = statement.text.partition(" ")
        verb = verb.upper()
        if verb == "FROM":
            match = _FROM.match(rest.strip())
            base, alias = (match[1], match[2]) if match else ("", None)
            if scopes or current.settings or current.puts:
                scopes.append(current)
            if label:
                names[label] = current
            current = names.get(base.lower(), Scope("this image"))._replace(name="this image")
            label = (alias or "").lower()
        elif verb == "ARG":
            name, _, value = rest.strip().partition("=")
            arguments[name] = value.strip("\"'")
        elif verb == "ENV":
            found = tuple(_expanded(setting, arguments) for setting in _settings(statement))
            # a later ENV of a build replaces an earlier one on purpose, and that of the base
            current = current._replace(settings=found or current.settings)
        elif verb in {"RUN", "CMD", "ENTRYPOINT"}:
            lasting = verb != "RUN"
            current = current._replace(settings=(*current.settings, *_settings(statement, lasting=lasting)))
        elif verb in {"COPY", "ADD"}:
            current = current._replace(puts=(*current.puts, *_copied(statement, rest)))
            current = current._replace(directories=(*current.directories, *_directories(rest)))
    scopes.append(current)
    return [*(each._replace(runs=False) for each in scopes[:-1]), scopes[-1]]


def _expanded(setting: Setting, arguments: dict[str, str]) -> Setting:
    """Return a setting with the default of a build argument in the place of its name, where that is all there is."""
    match = _ARGUMENT.fullmatch(setting.value)
    default = arguments.get(match[1]) if match else None
    return setting._replace(value=default) if default else setting


def _words(rest: str) -> list[str]:
    words = rest.replace("[", " ").replace("]", " ").replace('"', " ").replace(",", " ") if "[" in rest else rest
    return [word for word in words.split() if not word.startswith("--")]


def _copied(statement: Statement, rest: str) -> Iterator[Put]:
    words = _words(rest)
    for source in words[:-1]:
        target = words[-1]
        if not is_configuration_name(source) and not is_configuration_name(target):
            continue
        is_directory = target.endswith("/") or (
            not is_configuration_name(target) and "." not in target.rpartition("/")[2]
        )
        path = posixpath.join(target, source.rpartition("/")[2]) if is_directory else target
        number, line = statement.lines[0]
        yield Put(posixpath.normpath(path), _place(number, line, 0, len(line.rstrip())))


def _directories(rest: str) -> Iterator[str]:
    """Yield the directory that several files, or a directory, may have been copied to."""
    words = _words(rest)
    if len(words) > 1 and not all(is_configuration_name(source) for source in words[:-1]):
        yield posixpath.normpath(words[-1])


def _settings(statement: Statement, *, lasting: bool = True) -> Iterator[Setting]:
    for number, line in statement.lines:
        if VARIABLE in line and not line.lstrip().startswith("#"):
            for value, start, end in assignments(line):
                yield Setting(value, _place(number, line, start, end), lasting)


def _statements(lines: list[str]) -> Iterator[Statement]:
    """Yield statements; a line that ends in a backslash goes on, and comments between its parts do not end it."""
    waiting: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if _COMMENT.match(line):
            continue
        waiting.append((number, line))
        if not line.rstrip().endswith("\\"):
            yield Statement(waiting[0][0], tuple(waiting))
            waiting = []
    if waiting:
        yield Statement(waiting[0][0], tuple(waiting))


def _place(number: int, line: str, start: int, end: int) -> SourceSpan:
    return SourceSpan(number, len(raw(line[:start])), len(raw(line[:end])))
