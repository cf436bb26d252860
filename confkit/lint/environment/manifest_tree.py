"""The documents of a manifest as trees of texts with their places. Nothing is constructed, and nothing is expanded.

The trees are made here, from PyYAML's events: an alias is the very node that it names, so no bomb of aliases grows;
nothing calls itself, so no depth overflows a stack; and the depth and the number of nodes have bounds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

import yaml

from confkit.lint.environment.detect import RENDER_FIRST, is_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from yaml._yaml import Mark as FastMark
    from yaml.error import Mark

    from confkit.core.errors import FileError
    from confkit.lint.environment.manifest_text import Manifest

MOST_NODES = 1_000_000  # in one file; these take half a gigabyte, and the dump of a whole cluster has fewer
DEEPEST = 200  # real manifests end at 30, the schemas in some of them at 80

_NOT_TAKEN = "Kubernetes would not take such a manifest."
# PyYAML quotes the source in some messages, and it may be a secret; names of tokens, in brackets, are its own.
_QUOTED = re.compile("'(?!<)[^']{2,}'")


class Node(NamedTuple):
    """A scalar with its text and style (| > ' " or none), or a collection: a mapping has keys and values in turn.

    A scalar stands at the characters `start` to `end` of the manifest, a collection begins there.
    """

    kind: Literal["scalar", "mapping", "sequence"]
    text: str
    style: str
    start: int
    end: int
    children: list[Node]


def documents(manifest: Manifest) -> Iterator[Node]:
    """Yield the root of each document.

    FileError, with line and column, at what is not YAML or out of bounds, after the documents before it.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the first is ten times as fast, and not everywhere
    try:
        yield from _roots(manifest, yaml.parse(manifest.text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(manifest, _index(error.problem_mark), str(error.problem)) from error


def _roots(manifest: Manifest, events: Iterable[yaml.Event]) -> Iterator[Node]:
    """Make trees from events; the collections that are not closed yet stand on a list, the innermost one last."""
    opened: list[Node] = []
    anchors: dict[str, Node] = {}
    for count, event in enumerate(events):
        match event:
            case yaml.DocumentStartEvent():
                anchors = {}
            case yaml.NodeEvent():
                _check_bounds(manifest, event, len(opened), count)
                node = _node(manifest, event, anchors)
                if opened:
                    opened[-1].children.append(node)
                if isinstance(event, yaml.CollectionStartEvent):
                    opened.append(node)
                elif not opened:
                    yield node
            case yaml.CollectionEndEvent():
                node = opened.pop()
                if not opened:
                    yield node


def _node(manifest: Manifest, event: yaml.NodeEvent, anchors: dict[str, Node]) -> Node:
    start, end = _index(event.start_mark), _index(event.end_mark)
    match event:
        case yaml.AliasEvent():
            if event.anchor not in anchors:
                raise _not_yaml(manifest, start, "an alias names no anchor")
            return anchors[event.anchor]
        case yaml.ScalarEvent():
            node = Node("scalar", event.value, event.style or "", start, end, [])
        case _:
            kind: Literal["mapping", "sequence"] = (
                "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
            )
            node = Node(kind, "", "", start, end, [])
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


def _check_bounds(manifest: Manifest, event: yaml.NodeEvent, depth: int, count: int) -> None:
    if depth >= DEEPEST:
        raise manifest.fault(_index(event.start_mark), f"this stands in {DEEPEST} levels of others. {_NOT_TAKEN}")
    if count >= MOST_NODES:
        raise manifest.fault(_index(event.start_mark), f"there are more than {MOST_NODES} values. Split the manifest.")


def _not_yaml(manifest: Manifest, index: int, problem: str) -> FileError:
    advice = RENDER_FIRST if is_template(manifest.text) else "Fix it; from here on nothing is linted."
    said = _QUOTED.sub("'...'", problem)
    return manifest.fault(index, f"this is not YAML: {said}. {advice}")


def _index(mark: Mark | FastMark | None) -> int:
    return mark.index if mark else 0  # every event of a text has marks; its type does not say so
