"""The ConfigMaps and Secrets that hold a configuration, over all manifests of one lint: workloads mount them by name.

A chart or a directory of kustomize has the Deployment in one file and the ConfigMap in another, or has it made by a
configMapGenerator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.errors import FileError
from confkit.core.storage.locate import NAMES
from confkit.lint.environment.detect import looks_like_configuration
from confkit.lint.environment.manifest_text import manifest_text
from confkit.lint.environment.manifests import roots_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.environment.manifest_tree import Node

ConfigMaps = dict[str, tuple[str, ...]]
"""Names of ConfigMaps and Secrets, each with the keys under which it holds a configuration of the client"""

_GENERATORS = ("configMapGenerator", "secretGenerator")
_MAX_PAIRS = 100_000  # aliases let a short file stand for a very long one


def config_maps_in(source: bytes) -> ConfigMaps:
    """Return those of one manifest, or of a kustomization; none where it cannot be read, which linting it reports."""
    try:
        return dict(held_in(roots_of(manifest_text(source))))
    except FileError:
        return {}


def held_in(roots: list[Node]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each ConfigMap and Secret that holds a configuration of the client: its name, and the keys."""
    for root in roots:
        fields = dict(_pairs(root))
        items = fields.get("items")
        for node in [root, *(items.children if items is not None else [])]:
            yield from _held_by(dict(_pairs(node)))
        for generator in _GENERATORS:
            made = fields.get(generator)
            for node in made.children if made is not None and made.kind == "sequence" else ():
                yield from _generated_by(dict(_pairs(node)))


def _held_by(fields: dict[str, Node]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if "kind" not in fields or fields["kind"].text not in {"ConfigMap", "Secret"}:
        return
    name = dict(_pairs(fields.get("metadata"))).get("name")
    data = [pair for field in ("data", "stringData", "binaryData") for pair in _pairs(fields.get(field))]
    keys = tuple(key for key, value in data if key.lower() in NAMES or looks_like_configuration(value.text.encode()))
    if keys and name is not None:
        yield name.text, keys


def _generated_by(fields: dict[str, Node]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what kustomize makes: `files` are paths, or KEY=PATH."""
    name, files = fields.get("name"), fields.get("files")
    words = [node.text for node in files.children] if files is not None and files.kind == "sequence" else []
    keys = [word.partition("=")[0].rpartition("/")[2] for word in words]
    held = tuple(
        key
        for key, word in zip(keys, words, strict=True)
        if NAMES & {key.lower(), word.replace("=", "/").rpartition("/")[2].lower()}
    )
    if held and name is not None:
        yield name.text, held


def _pairs(node: Node | None) -> Iterator[tuple[str, Node]]:
    if node is not None and node.kind == "mapping":
        for count, (key, value) in enumerate(zip(node.children[::2], node.children[1::2], strict=True)):
            if count > _MAX_PAIRS:
                return
            yield key.text, value
