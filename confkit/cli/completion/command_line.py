"""What may stand at one place of confkit's command line, by the table of its commands (table.json)."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from confkit.cli.completion import values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Word = tuple[str, str]
"""A candidate and what it is, which may be empty"""
_TABLE = os.path.join(os.path.dirname(__file__), "table.json")
# Kinds that the shell completes by itself.
_BY_SHELL = frozenset({"files", "directories", "commands"})
_VALUES: Mapping[str, Callable[[values.Typed], Iterable[Word]]] = {
    "section": values.sections,
    "key": values.keys,
    "value": values.entry_values,
    "host": values.hosts,
    "label": values.labels,
    "member": values.members,
}


class Candidates(NamedTuple):
    """What may stand at the cursor. `kind`: words, or files, directories or commands, which the shell knows better."""

    kind: str
    words: list[Word]


class _Cursor:
    """The place behind some words: the command that they name, the values that are given, and what comes next."""

    def __init__(self, node: dict[str, Any]) -> None:
        self.node = node
        self.given: dict[str, str] = {}
        self.waiting: dict[str, Any] | None = None  # the option whose value comes next
        self.arguments = 0  # how many stand there
        self.only_arguments = False  # no option may follow

    def go_on(self, word: str) -> None:
        """Take the next word."""
        if self.waiting is not None:
            self.given[self.waiting["name"]], self.waiting = word, None
        elif self.only_arguments or len(word) < 2 or not word.startswith("-"):
            self._take_argument(word)
        elif word == "--":
            self.only_arguments = True
        else:
            name, equals, value = word.partition("=")
            option = self.node["options"].get(name, {})
            if equals and option:
                self.given[option["name"]] = value
            elif "kind" in option:
                self.waiting = option

    def _take_argument(self, word: str) -> None:
        if word in self.node["commands"]:
            self.node = self.node["commands"][word]
            return
        if self.arguments < len(self.node["arguments"]):
            self.given[self.node["arguments"][self.arguments]["name"]] = word
        self.arguments += 1
        self.only_arguments |= self.node.get("rest") == "commands"


def candidates(before: Sequence[str], current: str) -> Candidates:
    """Return what may stand at the cursor behind the words `before`, where `current` is typed already."""
    with open(_TABLE, encoding="utf-8") as file:
        table = json.load(file)
    place = _Cursor(table["command"])
    for word in before:
        place.go_on(word)
    node, typed = place.node, values.Typed(place.given, table)
    if place.waiting is not None:
        return _of_kind(str(place.waiting["kind"]), current, typed)
    if current.startswith("-") and not place.only_arguments:
        return _options(node, current, typed)
    if node["commands"]:
        return _starting(((name, below["about"]) for name, below in node["commands"].items()), current)
    return _of_kind(_argument(node, place.arguments), current, typed)


def _argument(node: dict[str, Any], position: int) -> str:
    """Return the kind of an argument by its place; the last one may repeat."""
    arguments = node["arguments"]
    if position < len(arguments):
        return str(arguments[position]["kind"])
    if node.get("rest") == "commands":
        return "files"  # the arguments of the command
    return str(node.get("rest") or "none")


def _options(node: dict[str, Any], current: str, typed: values.Typed) -> Candidates:
    name, equals, value = current.partition("=")
    if equals:
        kind = node["options"].get(name, {}).get("kind") or "none"
        found = _of_kind(kind, value, typed)
        return found._replace(words=[(f"{name}={word}", about) for word, about in found.words])
    return _starting(((option, facts["about"]) for option, facts in node["options"].items()), current)


def _of_kind(kind: str, current: str, typed: values.Typed) -> Candidates:
    """Return the candidates of a kind: one that the shell knows, choices (`a|b`), or names that are looked up."""
    if kind in _BY_SHELL:
        return Candidates(kind, [])
    if "|" in kind:
        return _starting(((choice, "") for choice in kind.split("|")), current)
    if kind == "subject":
        return _starting([*values.rules(typed), *values.sections(typed)], current)
    if kind == "codes":
        head = current[: current.rfind(",") + 1]
        found = _starting(values.rules(typed), current[len(head) :])
        return found._replace(words=[(head + word, about) for word, about in found.words])
    if kind == "fault":
        return _starting(values.faults(typed, current), current)
    return _starting(_VALUES[kind](typed) if kind in _VALUES else (), current)


def _starting(words: Iterable[Word], current: str) -> Candidates:
    """Return the words that begin as what is typed, in any letter case, each once."""
    typed = current.lower()
    return Candidates(
        "words", list({word: (word, about) for word, about in words if word.lower().startswith(typed)}.values())
    )
