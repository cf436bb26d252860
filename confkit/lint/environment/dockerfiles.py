"""The variable and the copied files in Dockerfiles. Nothing is built or executed.

https://docs.docker.com/reference/dockerfile/ says what the instructions mean.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from confkit.lint.environment.statements import misspellings_in, settings_in, span, statements
from confkit.lint.environment.surroundings import (
    ABSOLUTE,
    VARIABLE,
    Misspelling,
    Put,
    Scope,
    Setting,
    below,
    expanded,
    is_below,
    is_configuration_name,
    names_a_file,
    names_of_configurations,
    names_used,
    normal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.environment.statements import Statement

_FROM = re.compile(r"(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_ESCAPE = re.compile(r"#\s*escape\s*=\s*(\S)", re.IGNORECASE)
_DIRECTIVE = re.compile(r"#\s*\w+\s*=")
_PAIR = re.compile(r"(\w+)=(\"(?:\\.|[^\"\\])*\"|'[^']*'|(?:\\.|[^\s\\])*)")
_MOVING = re.compile(r"\b(?:cp|mv|ln|install|rsync|tar|unzip)\b")
_SCRIPT = re.compile(r"\.(?:sh|bash|py)\b|entrypoint", re.IGNORECASE)
_COMMANDS = frozenset({"RUN", "CMD", "ENTRYPOINT"})


class _Stage(NamedTuple):
    """What is known at one place of a stage: the variables, and the working directory where it can be told."""

    scope: Scope = Scope("this image")
    variables: tuple[tuple[str, str], ...] = ()
    directory: str | None = None

    def expanded(self, text: str) -> str:
        return expanded(text, dict(self.variables))

    def knowing(self, pairs: Iterator[tuple[str, str]]) -> _Stage:
        return self._replace(variables=(*self.variables, *((name, self.expanded(value)) for name, value in pairs)))


def dockerfile_scopes(lines: list[str]) -> list[Scope]:
    """Return a scope for each stage; one that starts from an earlier stage has what that one has."""
    text = "\n".join(lines)
    used = names_used(text)
    stages: list[_Stage] = []
    names: dict[str, _Stage] = {}
    arguments: dict[str, str] = {}  # of the whole file, which stand before the first FROM
    current, label, begun = _Stage(), "", False
    for statement in statements(lines, _escape(lines), here_documents=True):
        verb, rest = _instruction(statement.text)
        if verb == "FROM":
            if begun:
                stages.append(current)
                names[label] = current
            current, label = _begun(rest, arguments, names)
            begun = True
        elif verb == "ARG" and not begun:
            arguments.update((name, expanded(value, arguments)) for name, value in _pairs(rest))
        else:
            current = _after(current, verb, rest, statement, arguments)
            found = tuple(misspellings_in(statement.lines, used)) if verb != "LABEL" else ()
            current = current._replace(scope=_with_misspellings(current.scope, found))
    stages.append(current)
    windows = "windows" in text.lower()
    scopes = [_finished(stage, windows=windows) for stage in stages]
    return [*(each._replace(runs=False) for each in scopes[:-1]), scopes[-1]]


def _begun(rest: str, arguments: dict[str, str], names: dict[str, _Stage]) -> tuple[_Stage, str]:
    """Return the stage that FROM begins, which has what its base has, and its name."""
    match = _FROM.match(rest)
    if match is None:
        return _Stage(), ""
    base, label = expanded(match[1], arguments).strip("\"'").lower(), (match[2] or "").lower()
    # a base that is told when the image is built may be any, with the variable or without
    other = _Stage(Scope("this image", open_ended="$" in base))
    return names.get(base, other) if base else other, label


def _after(stage: _Stage, verb: str, rest: str, statement: Statement, arguments: dict[str, str]) -> _Stage:
    """Return what is known after one instruction."""
    scope = stage.scope
    if verb == "ARG":
        declared = [word for word in rest.split() if word in arguments]
        return stage.knowing(iter([*((name, arguments[name]) for name in declared), *_pairs(rest)]))
    if verb == "ENV":
        settings = list(settings_in(statement.lines, "build")) or _over_lines(statement, rest)
        found = tuple(setting._replace(value=stage.expanded(setting.value)) for setting in settings)
        # a later ENV of a build replaces an earlier one on purpose, and that of the base
        return stage._replace(scope=scope._replace(settings=found or scope.settings)).knowing(_pairs(rest))
    if verb == "WORKDIR":
        return stage._replace(directory=_below(stage.directory, stage.expanded(rest.strip("\"'"))))
    if verb in _COMMANDS:
        given = (*statement.lines, *statement.document)
        found = tuple(settings_in(given, "shell", lasting=verb != "RUN"))
        words = " ".join(line for _, line in given)
        return stage._replace(
            scope=scope._replace(
                settings=(*scope.settings, *found),
                rearranged=scope.rearranged or names_of_configurations(words) or _moves(words, scope),
                open_ended=scope.open_ended or (verb != "RUN" and _SCRIPT.search(words) is not None),
            )
        )
    return _copied(stage, rest, statement) if verb in {"COPY", "ADD"} else stage


def _over_lines(statement: Statement, rest: str) -> Iterator[Setting]:
    """Yield the setting of `ENV NAME VALUE` where its words stand on several lines."""
    name, value = _first_word(rest)
    for number, line in statement.lines if name == VARIABLE and value else ():
        if VARIABLE in line:
            start = line.index(VARIABLE)
            yield Setting(value.strip("\"'"), span(number, line, start, start + len(VARIABLE)), by="build")
            return


def _copied(stage: _Stage, rest: str, statement: Statement) -> _Stage:
    """Return what is known after COPY or ADD: the configuration files, and the directories that may hold some."""
    words = [stage.expanded(word) for word in _words(rest)]
    if len(words) < 2:
        return stage
    sources, target = words[:-1], words[-1]
    path = _below(stage.directory, target)
    named = [source for source in sources if is_configuration_name(source) or is_configuration_name(target)]
    scope = stage.scope
    paths = [_path_of(source, target, path, stage, several=len(sources) > 1) for source in named]
    if None in paths:
        return stage._replace(scope=scope._replace(rearranged=True))
    if path is None:
        return stage
    number, line = statement.lines[0]
    place = span(number, line, 0, len(line.rstrip()))
    puts = tuple(Put(normal(each), place) for each in paths if each is not None)
    # where a directory, or several files, were copied to
    directories = () if len(named) == len(sources) else (normal(path),)
    return stage._replace(
        scope=scope._replace(puts=(*scope.puts, *puts), directories=(*scope.directories, *directories))
    )


def _path_of(source: str, target: str, path: str | None, stage: _Stage, *, several: bool) -> str | None:
    """Return where a file comes to: `path` itself, or below it where it is a directory; None where it cannot be told.

    A name with a dot may be that of a directory, as in /opt/luna-10.7.
    """
    last = target.replace("\\", "/").rpartition("/")[2]
    if path is None:
        return None
    if is_configuration_name(target) and not several:
        return path
    is_there = is_below(stage.directory or "/", (normal(path),))
    if several or is_there or last in {"", ".", ".."} or "." not in last:
        return posixpath.join(path, source.replace("\\", "/").rpartition("/")[2])
    return path if names_a_file(target) else None


def _below(directory: str | None, path: str) -> str | None:
    """Return a path of an image; None where a variable stands in it, or the directory of the base decides."""
    if "$" in path:
        return None
    if ABSOLUTE.match(path):
        return path.replace("\\", "/")
    return None if directory is None else posixpath.normpath(below(directory, path))


def _moves(words: str, scope: Scope) -> bool:
    """Return whether a command may move what was copied to the image."""
    homes = {posixpath.dirname(put.path) for put in scope.puts} - {"", "/"}
    return _MOVING.search(words) is not None and any(home in words for home in homes)


def _words(rest: str) -> list[str]:
    words = rest.replace("[", " ").replace("]", " ").replace('"', " ").replace(",", " ") if "[" in rest else rest
    return [word for word in words.split() if not word.startswith("--")]


def _instruction(text: str) -> tuple[str, str]:
    """Return the name of an instruction, in capitals, and the rest; of ONBUILD, those of the one that it holds."""
    name, rest = _first_word(text)
    if name.upper() == "ONBUILD":
        name, rest = _first_word(rest)
    return name.upper(), rest


def _first_word(text: str) -> tuple[str, str]:
    """Return the first word, and the rest: any white space ends it."""
    first, *rest = text.split(None, 1) or [""]
    return first, "".join(rest).strip()


def _pairs(rest: str) -> Iterator[tuple[str, str]]:
    """Yield names and values of ENV and ARG; `ENV NAME VALUE` is the old form."""
    name, value = _first_word(rest)
    if "=" not in name and value:
        yield name, value.strip("\"'")
    for match in _PAIR.finditer(rest) if "=" in name or not value else ():
        yield match[1], match[2].strip("\"'")


def _with_misspellings(scope: Scope, found: tuple[Misspelling, ...]) -> Scope:
    return scope._replace(misspellings=(*scope.misspellings, *found)) if found else scope


def _finished(stage: _Stage, *, windows: bool) -> Scope:
    paths = [*(put.path for put in stage.scope.puts), *stage.scope.directories, stage.directory or ""]
    return stage.scope._replace(unix=not windows and any(path.startswith("/") for path in paths))


def _escape(lines: list[str]) -> str:
    """Return the character that continues a line, which a directive at the top of the file may change."""
    for line in lines:
        if not _DIRECTIVE.match(line):
            break
        if match := _ESCAPE.match(line):
            return match[1]
    return "\\"
