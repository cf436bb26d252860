"""The configuration files inside the ConfigMaps and Secrets of a manifest, found by their names or by their look.

https://kubernetes.io/docs/concepts/configuration/configmap/ and .../secret/ say what the fields hold: `data` of a
ConfigMap and `stringData` of a Secret text, `binaryData` and `data` of a Secret base64.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import FileError
from confkit.core.storage.locate import NAMES
from confkit.lint.environment.detect import RENDER_FIRST, is_template, looks_like_configuration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confkit.lint.environment.manifest_text import Manifest
    from confkit.lint.environment.manifest_tree import Node

# For each kind the fields that hold files, and whether they hold them as base64.
_FIELDS = {"ConfigMap": {"data": False, "binaryData": True}, "Secret": {"data": True, "stringData": False}}
_LIST = "List"
_MERGE = "<<"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_MIN_PAIRS = 10_000  # a manifest of any length may have this many
_TOO_MANY_PAIRS = (
    "aliases and merge keys repeat the same keys too often; from here on nothing is linted. Write them out."
)
_LONGEST_NAME = 80  # characters of a name in a message; Kubernetes allows 253


class Embedded(NamedTuple):
    """A configuration file in a manifest. `holder` is what it stands in, `key` its name there, `node` its value.

    `encoded`: the value is base64; `secret`: nothing of it may be quoted, because a Secret holds it.
    """

    holder: str
    key: str
    content: bytes
    node: Node
    encoded: bool
    secret: bool


class Held(NamedTuple):
    """What one document holds: files, what is wrong with others, and every text that can be reached from a Secret."""

    files: tuple[Embedded, ...]
    faults: tuple[FileError, ...]
    secrets: tuple[Node, ...]


class _Value(NamedTuple):
    """One entry of a ConfigMap or a Secret; `within` tells the fields of all objects apart."""

    within: tuple[int, str]
    holder: str
    key: str
    node: Node
    encoded: bool


class Pairs:
    """Reads the keys and values of mappings, of all documents of one manifest a limited number.

    Aliases and merge keys let a short manifest stand for a very long one: one mapping for thousands of objects. What
    people write is read a few times; the limit is a multiple of the manifest's length.
    """

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._left = _MIN_PAIRS + len(manifest.text)

    def field(self, node: Node | None, name: str) -> Node | None:
        """Return the value of a key, or None."""
        return next((value for key, value in self.of(node) if key == name), None)

    def of(self, node: Node | None) -> Iterator[tuple[str, Node]]:
        """Yield the keys that are texts, with their values; then what merge keys (<<) bring in and was not there.

        FileError where there were too many.
        """
        waiting, seen, taken = [node], set(), set()
        while waiting:
            mapping = waiting.pop()
            if mapping is None or mapping.kind != "mapping" or id(mapping) in seen:
                continue
            seen.add(id(mapping))
            own = set()
            for key, value in zip(mapping.children[::2], mapping.children[1::2], strict=True):
                self._count(mapping)
                if key.text == _MERGE and not key.style:
                    waiting += reversed(value.children) if value.kind == "sequence" else [value]
                    self._left -= len(value.children)
                elif key.kind == "scalar" and key.text not in taken:
                    own.add(key.text)
                    yield key.text, value
            taken |= own

    def _count(self, mapping: Node) -> None:
        self._left -= 1
        if self._left < 0:
            raise self._manifest.fault(mapping.start, _TOO_MANY_PAIRS)


def held_by(manifest: Manifest, root: Node, pairs: Pairs) -> Held:
    """Return the configuration files in one document of a manifest.

    A value that several aliases stand for is one file, that of the first. Of a duplicate key both are returned,
    and it is a fault: which one counts depends on the program that reads the manifest. FileError where merge keys and
    aliases repeat more than `pairs` allows.
    """
    objects = list(_objects(root, pairs))
    secrets = tuple(_scalars_below(node for kind, node in objects if kind == "Secret"))
    private = {id(node) for node in secrets}
    files, faults, keys = [], [], set()
    for value in _distinct(each for kind, node in objects for each in _values(kind, node, pairs)):
        try:
            found = _file(value, secret=id(value.node) in private)
        except FileError as error:
            faults.append(_fault(manifest, value, error.message))
            continue
        if found is None:
            continue
        files.append(found)
        if (value.within, value.key) in keys:
            faults.append(_fault(manifest, value, "duplicate key. Remove one of the two."))
        keys.add((value.within, value.key))
    return Held(tuple(files), tuple(faults), secrets)


def _distinct(values: Iterable[_Value]) -> Iterator[_Value]:
    seen = set()
    for value in values:
        same = id(value.node), value.encoded
        if same not in seen:
            seen.add(same)
            yield value


def _objects(root: Node, pairs: Pairs) -> Iterator[tuple[str, Node]]:
    """Yield every ConfigMap and Secret with its kind, those in lists too, in the order of the manifest."""
    waiting, seen = [(root, "")], set()
    while waiting:
        node, assumed = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        kind = _text(pairs.field(node, "kind")) or assumed
        items = pairs.field(node, "items")
        if kind in _FIELDS:
            yield kind, node
        elif kind.endswith(_LIST) and items is not None:
            # the items of a ConfigMapList, as the API returns it, do not repeat their kind
            waiting += [(item, kind.removesuffix(_LIST)) for item in reversed(items.children)]


def _values(kind: str, node: Node, pairs: Pairs) -> Iterator[_Value]:
    name = _text(pairs.field(pairs.field(node, "metadata"), "name")) or "without a name"
    encoding = _FIELDS[kind]
    for field, mapping in pairs.of(node):
        if field in encoding:
            for key, value in pairs.of(mapping):
                yield _Value((id(node), field), f"{kind} {_short(name)}", key, value, encoding[field])


def _file(value: _Value, *, secret: bool) -> Embedded | None:
    """Return the configuration file that a value is, if it is one. FileError where it should be one and cannot."""
    named = value.key.lower() in NAMES
    if not named and not _may_be_called(value.key):
        return None
    try:
        content = _content(value)
    except FileError:
        if named:
            raise
        return None
    if not named and (content.startswith(b"#!") or not looks_like_configuration(content)):
        return None
    if is_template(content.decode("utf-8", "replace")):
        raise FileError(f"it holds an action in braces. {RENDER_FIRST}")
    return Embedded(value.holder, _short(value.key), content, value.node, value.encoded, secret)


def _may_be_called(key: str) -> bool:
    """Return whether a file of this name is worth a look; one called install.sh may well write a configuration file."""
    return "." not in key or key.lower().endswith((".conf", ".ini"))


def _content(value: _Value) -> bytes:
    node = value.node
    if node.kind != "scalar" or (not node.style and node.text in _NULLS):
        raise FileError("the value is not text. If this is a template, render it first; else give it one.")
    if not value.encoded:
        return node.text.encode()
    try:
        # Go's decoder, which Kubernetes uses, skips line endings and nothing else
        content = base64.b64decode(node.text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise FileError("the value is not base64. Encode it, or move it to the field for text.") from error
    if b"\0" in content:
        raise FileError("the value is base64 of something that is not text. Fix it.")
    return content


def _fault(manifest: Manifest, value: _Value, message: str) -> FileError:
    return manifest.fault(value.node.start, f"{value.holder}, {_short(value.key)}: {message}")


def _scalars_below(roots: Iterable[Node]) -> Iterator[Node]:
    """Yield every scalar that can be reached from `roots`, once, through aliases too."""
    waiting, seen = [*roots], set()
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            waiting += node.children
            if node.kind == "scalar":
                yield node


def _text(node: Node | None) -> str:
    return node.text if node is not None else ""


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
