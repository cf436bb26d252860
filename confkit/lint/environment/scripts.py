"""The variable in shell scripts, env files and systemd units. Nothing is executed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.lint.environment.statements import COMMENT, misspellings_in, settings_in, span, statements
from confkit.lint.environment.surroundings import (
    VARIABLE,
    Misspelling,
    Put,
    Scope,
    Setting,
    is_configuration_name,
    names_used,
    normal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.environment.surroundings import Expansion

_BIND = re.compile(r"(?:BindPaths|BindReadOnlyPaths|Volume)[ \t]*=(.*)", re.IGNORECASE)
# A line of a script that does nothing but set variables: export A=b; A="b c"; export A.
_ASSIGNING = re.compile(
    r"(?:(?:export|declare|typeset|readonly|setenv|set)\b|\w+=)(?:\"[^\"]*\"|'[^']*'|\$\([^()]*\)|[^\"';&|()])*"
    r"(?:;[ \t]*export[ \t]+[\w \t]+)?;?[ \t]*"
)
_A_COMMAND_FOLLOWS = re.compile(r"\w+=(?:\"[^\"]*\"|'[^']*'|[^\s\"';&|]*)[ \t]+[^\s;#&|]")
# export X = /etc/luna, X =/etc/luna, export X= /etc/luna: a shell makes something else of each.
_SPACED = re.compile(
    rf"^[ \t]*(?:(?:export|declare|typeset|readonly)[ \t]+(?:-\w+[ \t]+)*{VARIABLE}(?:[ \t]+=|=[ \t]+(?=[/~$\"'.\w]))"
    rf"|{VARIABLE}[ \t]+=)(?!=)[ \t]*(?P<value>[^\s;&|]*)"
)


def shell_scopes(lines: list[str]) -> list[Scope]:
    """Return the scopes of a shell script: a command between two assignments may be what the first one is for."""
    return _assigned(lines, "shell")


def env_file_scopes(lines: list[str]) -> list[Scope]:
    """Return the scope of a file that holds assignments alone."""
    return _assigned(lines, "env-file")


def _assigned(lines: list[str], by: Expansion) -> list[Scope]:
    used = names_used("\n".join(lines))
    groups: list[list[Setting]] = [[]]
    misspellings: list[Misspelling] = []
    for number, line in enumerate(lines, 1):
        if COMMENT.match(line):
            continue
        numbered = ((number, line),)
        spaced = _SPACED.match(line) if by == "shell" else None
        if spaced:
            place = span(number, line, line.index(VARIABLE), max(spaced.end(), line.index(VARIABLE) + len(VARIABLE)))
            groups[-1].append(Setting(f"= {spaced['value']}", place, lasting=False, by=by))
        else:
            unset_for_command = by == "shell" and _A_COMMAND_FOLLOWS.match(line) is not None
            groups[-1] += (
                setting
                for setting in settings_in(numbered, by, lasting=not line[:1].isspace())
                if setting.value or not unset_for_command
            )
        misspellings += misspellings_in(numbered, used)
        if by == "shell" and (not _ASSIGNING.fullmatch(line.rstrip()) or _A_COMMAND_FOLLOWS.match(line)):
            groups.append([])
    scopes = [Scope("this script", tuple(settings)) for settings in groups if settings]
    if misspellings and not scopes:
        scopes = [Scope("this script", misspellings=tuple(misspellings))]
    return scopes


def unit_scopes(lines: list[str]) -> list[Scope]:
    """Return the scope of a systemd unit, a drop-in, or a unit of a container (quadlet)."""
    used = names_used("\n".join(lines))
    settings: list[Setting] = []
    puts: list[Put] = []
    directories: list[str] = []
    misspellings: list[Misspelling] = []
    open_ended = False
    for statement in statements(lines):
        key = statement.text.partition("=")[0].strip().lower()
        if key == "environment" and not statement.text.partition("=")[2].strip():
            settings.clear()  # an empty assignment resets the list
        open_ended |= key in {"environmentfile", "passenvironment"}
        settings += settings_in(statement.lines, "shell" if key.startswith("exec") else "unit")
        if key != "description":
            misspellings += misspellings_in(statement.lines, used)
        match = _BIND.match(statement.text)
        for target in _targets(match[1]) if match else ():
            place = span(statement.first, statement.lines[0][1], 0, len(statement.lines[0][1]))
            if is_configuration_name(target):
                puts.append(Put(normal(target), place))
            else:
                directories.append(normal(target))
    return [
        Scope(
            "this unit",
            tuple(settings),
            tuple(puts),
            tuple(directories),
            open_ended,
            unix=True,
            misspellings=tuple(misspellings),
        )
    ]


def _targets(pairs: str) -> Iterator[str]:
    for pair in pairs.split():
        source, _, target = pair.lstrip("-").partition(":")
        yield target.partition(":")[0] or source
