"""What leads the client to its file: the variable ChrystokiConfigurationPath, and where configuration files are put.

A scope is one process as a file describes it: a container of a workload, a service of a compose file, a stage of a
Dockerfile, a systemd unit, a shell script. Positions are those of a document: lines from 1, bytes from 0 in a line.
"""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from confkit.core.catalogue.lookup import edit_distance
from confkit.core.placeholders import placeholder
from confkit.core.storage.locate import NAMES

VARIABLE = "ChrystokiConfigurationPath"
_LONGEST_VALUE = 4000
_LONGEST_COMMAND = 200  # characters of a command that tell what it is
DEFAULT_DIRECTORY = "/etc"  # where the client looks on UNIX without the variable
ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]")  # a path with a root or a drive
# In a line of a shell, a command or a Dockerfile: export X=value, ${X:=value}; `setenv X value` and `ENV X value`.
_ASSIGNMENT = re.compile(r"(?<![\w$.-])" + VARIABLE + r"(?P<sign>:?=|[ \t]+)")
_BEFORE_SPACE = re.compile(r"(?:^|[\s;&|({\"'])(?:setenv|ENV)[ \t]+\Z", re.IGNORECASE)
# One word of a shell. The alternatives start with different characters, and their lengths are bounded: linear time.
_SUBSTITUTION = r"\$\((?:[^()\n]|\([^()\n]{0,500}\)){0,500}\)|\$\{[^}\n]{0,500}\}|`[^`\n]{0,500}`"
_WORD = re.compile(
    rf"(?:{_SUBSTITUTION}|\"(?:{_SUBSTITUTION}|\\.|\$(?![({{])|[^\"\\\n$`]){{0,4000}}\"|'[^'\n]{{0,4000}}'"
    r"|\\.|\$(?![({])|[^\s;&|(){}\"'`\\$]){0,4000}"
)
_COMMAND = re.compile(r"\$\((?!\w+\))(?:[^()\n]|\([^()\n]{0,500}\)){0,500}\)|`[^`\n]{0,500}`")
_CONFIGURATION_NAME = re.compile("|".join(re.escape(name) for name in sorted(NAMES)), re.IGNORECASE)
_MAX_EDITS = 2
_WORDS_OF_THAT_LENGTH = re.compile(
    rf"(?<![\w.-])[A-Za-z]{{{len(VARIABLE) - _MAX_EDITS},{len(VARIABLE) + _MAX_EDITS}}}(?![\w.-])"
)
_DEFAULT = re.compile(r"\$\{\w+:?[-=]([^${}]*)\}")
_USED = re.compile(r"\$[({]?([A-Za-z_]\w*)")
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_REFERENCE = re.compile(
    r"(?<![\\$])\$(?:\{(?P<braced>\w+)(?::?(?P<sign>[-+])(?P<other>[^${}\n]{0,500}))?\}|(?P<bare>[A-Za-z_]\w*))"
)
_CLOSING = {'"': re.compile(r'(?<!\\)"'), "'": re.compile("'")}
# Commands whose arguments are text: they assign nothing, but for `echo X=value >> /etc/environment`.
_PRINTING = frozenset({"echo", "printf"})
_READING = frozenset(
    {"[", "[[", "test", "grep", "egrep", "fgrep", "rg", "sed", "awk", "cat", "logger", "die", "fail", "warn", "error"}
)
_TO_A_FILE = re.compile(r">[ \t]*[^&\s]|\|[ \t]*(?:sudo[ \t]+)?tee\b")
_BEFORE_COMMAND = frozenset(
    {"RUN", "CMD", "ENTRYPOINT", "then", "else", "do", "if", "while", "until", "!", "{", "sudo"}
)
_BEFORE_ASSIGNMENT = frozenset(
    {"export", "env", "declare", "typeset", "readonly", "local", "setenv", "exec", "time", "nohup", *_BEFORE_COMMAND}
)


Form = Literal["manifest", "compose", "dockerfile", "unit", "script", "env-file"]

Expansion = Literal["shell", "build", "compose", "kubernetes", "unit", "env-file"]
"""Who expands variables in a value: a shell, a build of an image, compose, Kubernetes, systemd, or one cannot tell."""
_EXPANDED = {
    "shell": _SUBSTITUTION + r"|\$\w+",
    "build": r"\$\{[^{}\n]{0,500}\}|\$\w+",
    "compose": r"(?<!\$)(?:\$\{[^{}\n]{0,500}\}|\$\w+)",
    "kubernetes": r"(?<!\$)\$\([\w.-]{1,500}\)",
    "unit": r"%[A-Za-z%]",
    "env-file": r"\$\{[^{}\n]{0,500}\}|\$\w+|" + _SUBSTITUTION,
}


class SourceSpan(NamedTuple):
    """Where something stands in the file that is linted."""

    line: int
    start: int
    end: int


class Setting(NamedTuple):
    """One value that the variable is given. `lasting`: the process that the scope describes has it.

    `by` says who expands variables in it. `quote`: the quotation mark that it is written in, or that stands around the
    command: within either, a shell expands no `~`, and in a single one nothing.
    """

    value: str
    place: SourceSpan
    lasting: bool = True
    by: Expansion = "shell"
    quote: str = ""

    @property
    def rest(self) -> str:
        """What is in the value beside the variables that are expanded, and beside a home directory that is."""
        if self.by == "shell" and self.quote == "'":
            return self.value
        rest = re.sub(_EXPANDED[self.by], "", self.value)
        home = self.by == "env-file" or (self.by == "shell" and not self.quote)
        return rest.removeprefix("~") if home else rest

    @property
    def is_literal(self) -> bool:
        """Whether the process gets the value as it is written: nothing in it is expanded."""
        return self.rest == self.value


class Misspelling(NamedTuple):
    """A variable with a name that is nearly that of ChrystokiConfigurationPath."""

    name: str
    place: SourceSpan


class Put(NamedTuple):
    """A configuration file of the client that is put at `path`, with its name, by what stands at `place`."""

    path: str
    place: SourceSpan


class Scope(NamedTuple):
    """One process: `name` for messages, the values of the variable, files that are put there, directories as well.

    `open_ended`: the variable may come from somewhere that the file does not show. `rearranged`: configuration files
    may come to other places than `puts`, because a command moves them or a target has a variable in it. `awaits_file`:
    the file that is linted holds a configuration, which some process is meant to read. `unix`: it is known to run on
    UNIX.
    """

    name: str
    settings: tuple[Setting, ...] = ()
    puts: tuple[Put, ...] = ()
    directories: tuple[str, ...] = ()
    open_ended: bool = False
    awaits_file: bool = False
    rearranged: bool = False
    unix: bool = False
    misspellings: tuple[Misspelling, ...] = ()
    runs: bool = True
    """Whether the process is meant to run the client: no init container, no stage that is only built from"""


class Surroundings(NamedTuple):
    """What a file other than the client's says of the way to it."""

    form: Form
    scopes: tuple[Scope, ...]


def names_a_file(value: str) -> bool:
    """Return whether a value of the variable ends in the name of a file."""
    default = _DEFAULT.fullmatch(value.strip())
    path = default[1] if default else value
    last = path.strip().replace("\\", "/").rstrip("/").rpartition("/")[2]
    return last.lower() in NAMES or last.lower().endswith((".conf", ".ini"))


def is_configuration_name(path: str) -> bool:
    """Return whether a path ends in one of the names of the client's file."""
    return path.replace("\\", "/").rpartition("/")[2].lower() in NAMES


def directory_of(value: str) -> str | None:
    """Return the directory that a value of the variable stands for, or None where that cannot be told."""
    if placeholder(value) or "$" in value or not value.startswith("/"):
        return None
    return normal(value)


def normal(path: str) -> str:
    """Return a path of UNIX without `.`, `..` and needless slashes."""
    return posixpath.normpath(f"/{path.lstrip('/')}" if path.startswith("/") else path)


def below(directory: str, path: str) -> str:
    """Return a path that is meant from a directory; one with a root or a drive stands for itself."""
    return path if ABSOLUTE.match(path) else posixpath.join(directory, path)


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """Return a text with the variables in it replaced where they are known, or have a default; others stay.

    So do those after 4,000 characters of values: `A=$A$A` over and over doubles a text each time.
    """
    room = _LONGEST_VALUE

    def value(match: re.Match[str]) -> str:
        nonlocal room
        name, sign, other = match["braced"] or match["bare"], match["sign"], match["other"]
        if sign == "+":
            found = other if name in variables else ""
        else:
            found = variables.get(name, match[0] if sign is None else other)
        room -= len(found)
        return found if room >= 0 else match[0]

    return _REFERENCE.sub(value, text)


def names_of_configurations(text: str) -> bool:
    """Return whether one of the names of the client's file stands in a text."""
    return _CONFIGURATION_NAME.search(text) is not None


def is_misspelt(name: str) -> bool:
    """Return whether a name is nearly that of the variable: in another letter case, or two letters from it."""
    if name == VARIABLE or not name.isalpha() or abs(len(name) - len(VARIABLE)) > _MAX_EDITS:
        return False
    return edit_distance(name.lower(), VARIABLE.lower(), _MAX_EDITS) is not None


def misspelt_names(text: str) -> Iterator[tuple[str, int]]:
    """Yield the words of a text that are nearly the name of the variable, each with the character it starts at."""
    for match in _WORDS_OF_THAT_LENGTH.finditer(text):
        if is_misspelt(match[0]):
            yield match[0], match.start()


def names_used(text: str) -> frozenset[str]:
    """Return the names that a text expands, as $NAME, ${NAME} or $(NAME)."""
    return frozenset(_USED.findall(text))


def is_below(path: str, directories: tuple[str, ...]) -> bool:
    """Return whether a directory is one of these or lies below one."""
    return any(path == each or path.startswith(each.rstrip("/") + "/") for each in directories)


def assignments(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the values that a line of a script gives the variable, with the characters that they take.

    A value is a whole word of the shell; what the shell is to expand in it stays as it is written.
    """
    at = command = opened = 0
    quote = ""
    for match in _ASSIGNMENT.finditer(text):
        for here in range(at, match.start()):
            character = text[here]
            if here and text[here - 1] == "\\":
                continue
            if character == quote:
                quote = ""
            elif not quote and character in _CLOSING:
                quote, opened = character, here + 1
            elif not quote and character in ";&|(`\n":
                command = here + 1
        at = max(at, match.start())
        start = match.end()
        if match["sign"].isspace() and not _BEFORE_SPACE.search(text, max(0, match.start() - 50), match.start()):
            continue
        if _is_text(text, command, opened if quote else match.start(), match.start()):
            continue
        end = min(len(text), start + _LONGEST_VALUE)
        closing = _CLOSING[quote].search(text, start, end) if quote else None
        word = _WORD.match(text, start, closing.start() if closing else end)
        value = word.group() if word else ""
        if value or not match["sign"].isspace():
            yield _unquoted(value), start, start + len(value)


def _unquoted(value: str) -> str:
    """Return a word without its quotes, and without the commands in it, which may hold a password."""
    return _QUOTED.sub(lambda match: match[1] or match[2] or "", _COMMAND.sub("$(...)", value).replace('\\"', '"'))


def _is_text(text: str, command: int, opened: int, start: int) -> bool:
    """Return whether what looks like an assignment at `start` is only printed, searched for, or part of a sentence.

    The command that it belongs to starts at `command`, the string that it stands in at `opened`.
    """
    before = text[command : min(start, command + _LONGEST_COMMAND)].split()
    words = (word for word in before if word not in _BEFORE_COMMAND and "=" not in word)
    program = next(words, "").rpartition("/")[2]
    if program in _READING:
        return True
    if program in _PRINTING:
        return _TO_A_FILE.search(text, start, start + _LONGEST_VALUE) is None
    if opened == start:
        return False
    last = text[max(opened, start - _LONGEST_COMMAND) : start].rsplit(None, 1)[-1:]
    return bool(last) and last[0].isalpha() and text[start - 1].isspace() and last[0] not in _BEFORE_ASSIGNMENT
