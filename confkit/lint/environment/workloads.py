"""The variable and the mounted files in Kubernetes workloads and in compose files, from the trees of a manifest.

https://kubernetes.io/docs/concepts/storage/volumes/ and https://github.com/compose-spec/compose-spec say what the
fields mean. A budget bounds how many keys are read: aliases let a short file stand for a very long one.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from confkit.core.storage.locate import NAMES
from confkit.lint.environment.surroundings import (
    VARIABLE,
    Misspelling,
    Put,
    Scope,
    Setting,
    SourceSpan,
    assignments,
    below,
    expanded,
    is_configuration_name,
    is_misspelt,
    names_of_configurations,
    names_used,
    normal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confkit.lint.environment.manifest_text import Manifest
    from confkit.lint.environment.manifest_tree import Node

_MAX_KEYS = 100_000
_POD_PATHS = (("spec",), ("spec", "template", "spec"), ("spec", "jobTemplate", "spec", "template", "spec"))
_WORKLOADS = frozenset(
    {"Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob"}
    | {"PodTemplate", "DeploymentConfig", "Rollout"}
)


class _Tree:
    """The fields of nodes, as far as the budget goes."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.left = _MAX_KEYS
        self.used = names_used(manifest.text)
        self.is_unix = "windows" not in manifest.text.lower()

    def fields(self, node: Node | None) -> dict[str, Node]:
        """Return the values of a mapping's keys; merge keys (<<) bring in what is not there."""
        found: dict[str, Node] = {}
        waiting = [node]
        while waiting and self.left > 0:
            mapping = waiting.pop()
            if mapping is None or mapping.kind != "mapping":
                continue
            for key, value in zip(mapping.children[::2], mapping.children[1::2], strict=True):
                self.left -= 1
                if key.text == "<<" and not key.style:
                    waiting += value.children if value.kind == "sequence" else [value]
                elif key.kind == "scalar":
                    found.setdefault(key.text, value)
        return found

    def items(self, node: Node | None) -> Iterator[Node]:
        """Yield the items of a sequence."""
        for item in node.children if node is not None and node.kind == "sequence" else ():
            self.left -= 1
            if self.left <= 0:
                return
            yield item

    def below(self, node: Node | None, *names: str) -> Node | None:
        """Return what stands under these keys, one in the other."""
        for name in names:
            node = self.fields(node).get(name)
        return node

    def place(self, node: Node, start: int = 0, end: int | None = None) -> SourceSpan:
        """Return where a scalar stands, or some characters of it that stand there as they are."""
        line, column = self.manifest.place(node.start + start)
        text = self.manifest.lines[line - 1].rstrip("\r\n")
        last = column - 1 + ((node.end - node.start if end is None else end) - start)
        return SourceSpan(line, len(text[: column - 1].encode()), len(text[:last].encode()))


def workload_scopes(
    manifest: Manifest, roots: list[Node], config_maps: Mapping[str, tuple[str, ...]], *, awaits: bool
) -> list[Scope]:
    """Return a scope for each container in the workloads of a manifest.

    `config_maps` are the ConfigMaps and Secrets that hold a configuration: name and its keys. `awaits`: some of them
    stand in this manifest.
    """
    tree = _Tree(manifest)
    data = _variables_in_maps(tree, roots)
    scopes: list[Scope] = []
    for node in _objects(tree, roots):
        if _text(tree.below(node, "kind")) not in _WORKLOADS:
            continue
        name = _text(tree.below(node, "metadata", "name")) or "without a name"
        for path in _POD_PATHS:
            pod = tree.below(node, *path)
            if pod is not None and "containers" in tree.fields(pod):
                scopes += _containers(tree, pod, f"{_text(tree.below(node, 'kind'))} {name}", config_maps, data)
                break
    used = {setting.place for scope in scopes for setting in scope.settings}
    for name, value in data.items():
        place = tree.place(value)
        if place not in used:
            scopes.append(Scope(f"ConfigMap {name}", (Setting(value.text, place, by="kubernetes"),), runs=False))
    return [scope._replace(awaits_file=awaits) for scope in scopes]


def compose_scopes(manifest: Manifest, roots: list[Node]) -> list[Scope]:
    """Return a scope for each service of a compose file."""
    tree = _Tree(manifest)
    scopes = []
    for root in roots[:1]:
        configs = {
            name: _text(tree.below(node, "file")) for name, node in tree.fields(tree.below(root, "configs")).items()
        }
        secrets = tree.fields(tree.below(root, "secrets"))
        configs.update((name, _text(tree.below(node, "file"))) for name, node in secrets.items())
        for name, service in tree.fields(tree.below(root, "services")).items():
            scopes.append(_service(tree, name, service, configs))
    return scopes


def _objects(tree: _Tree, roots: list[Node]) -> Iterator[Node]:
    for root in roots:
        if _text(tree.below(root, "kind")).endswith("List"):
            yield from tree.items(tree.below(root, "items"))
        else:
            yield root


def _variables_in_maps(tree: _Tree, roots: list[Node]) -> dict[str, Node]:
    """Return the value of the variable in each ConfigMap of the manifest that has it."""
    found = {}
    for node in _objects(tree, roots):
        value = tree.below(node, "data", VARIABLE)
        if _text(tree.below(node, "kind")) == "ConfigMap" and value is not None:
            found[_text(tree.below(node, "metadata", "name"))] = value
    return found


def _containers(
    tree: _Tree, pod: Node, owner: str, config_maps: Mapping[str, tuple[str, ...]], data: Mapping[str, Node]
) -> Iterator[Scope]:
    volumes = {_text(tree.below(each, "name")): each for each in tree.items(tree.below(pod, "volumes"))}
    for group, runs in (("initContainers", False), ("containers", True)):
        for container in tree.items(tree.below(pod, group)):
            name = f"{owner}, container {_text(tree.below(container, 'name')) or 'without a name'}"
            settings, open_ended = _container_settings(tree, container, data)
            commands = [word.text for field in ("command", "args") for word in tree.items(tree.below(container, field))]
            puts, directories = [], []
            for mount in tree.items(tree.below(container, "volumeMounts")):
                put, directory = _mounted(tree, mount, volumes, config_maps)
                puts += put
                directories += directory
            yield Scope(
                name,
                tuple(settings),
                tuple(puts),
                tuple(directories),
                open_ended,
                rearranged=_rearranges(commands),
                unix=tree.is_unix and any(path.startswith("/") for path in [*directories, *(put.path for put in puts)]),
                misspellings=tuple(_misspelt_names(tree, tree.below(container, "env"))),
                runs=runs,
            )


def _container_settings(tree: _Tree, container: Node, data: Mapping[str, Node]) -> tuple[list[Setting], bool]:
    settings, open_ended = [], False
    for each in tree.items(tree.below(container, "env")):
        fields = tree.fields(each)
        if _text(fields.get("name")) != VARIABLE:
            continue
        if "value" in fields and fields["value"].kind == "scalar":
            settings.append(Setting(fields["value"].text, tree.place(fields["value"]), by="kubernetes"))
            continue
        source = data.get(_text(tree.below(each, "valueFrom", "configMapKeyRef", "name")))
        if source is not None and _text(tree.below(each, "valueFrom", "configMapKeyRef", "key")) == VARIABLE:
            settings.append(Setting(source.text, tree.place(source), by="kubernetes"))
        else:
            open_ended = True
    for each in tree.items(tree.below(container, "envFrom")):
        source = data.get(_text(tree.below(each, "configMapRef", "name")))
        if source is not None and not _text(tree.below(each, "prefix")) and not settings:
            settings.append(Setting(source.text, tree.place(source), by="kubernetes"))
        open_ended |= source is None
    for field in ("command", "args"):
        for word in tree.items(tree.below(container, field)):
            found = list(assignments(word.text)) if VARIABLE in word.text else []
            settings += [Setting(value, tree.place(word)) for value, _, _ in found]
    return settings, open_ended


def _rearranges(commands: list[str]) -> bool:
    """Return whether a command names the client's file, which it may copy to another place."""
    return any(names_of_configurations(re.sub(rf"{VARIABLE}=\S*", "", command)) for command in commands)


def _misspelt_names(tree: _Tree, env: Node | None) -> Iterator[Misspelling]:
    """Yield the variables of a container whose names are nearly right, and which no other value uses."""
    for each in tree.items(env):
        name = tree.below(each, "name")
        if name is not None and is_misspelt(name.text) and name.text not in tree.used:
            yield Misspelling(name.text, tree.place(name))


def _mounted(
    tree: _Tree, mount: Node, volumes: Mapping[str, Node], config_maps: Mapping[str, tuple[str, ...]]
) -> tuple[list[Put], list[str]]:
    """Return the configuration files that a mount brings, and the directory that it is."""
    fields = tree.fields(mount)
    node = fields.get("mountPath")
    if node is None or not _text(node):
        return [], []
    path = below("/", _text(node))  # as the kubelet takes a relative one
    volume = volumes.get(_text(fields.get("name")))
    names = list(_files_of(tree, volume, config_maps))
    part = _text(fields.get("subPath"))
    place = tree.place(node)
    if part:
        # the file itself, whatever the path calls it
        if part in names or is_configuration_name(part) or is_configuration_name(path):
            return [Put(normal(path), place)], []
        return [], [normal(path)]
    puts = [Put(normal(posixpath.join(path, name)), place) for name in names]
    return puts, [normal(path)]


def _files_of(tree: _Tree, volume: Node | None, config_maps: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the names of the configuration files in a volume, as they are called there."""
    sources = [volume, *tree.items(tree.below(volume, "projected", "sources"))]
    for source in sources:
        for kind, name in (("configMap", "name"), ("secret", "secretName"), ("secret", "name")):
            held = tree.below(source, kind)
            if held is None:
                continue
            keys = config_maps.get(_text(tree.below(held, name)), ())
            items = {
                _text(tree.below(each, "key")): _text(tree.below(each, "path"))
                for each in tree.items(tree.below(held, "items"))
            }
            if items:
                yield from (path for key, path in items.items() if key in keys or path.lower() in NAMES)
            else:
                yield from keys


def _service(tree: _Tree, name: str, service: Node, configs: Mapping[str, str]) -> Scope:
    fields = tree.fields(service)
    puts, directories = [], []
    for each in tree.items(fields.get("volumes")):
        source, target = _volume(tree, each)
        if target and (is_configuration_name(target) or is_configuration_name(source)):
            puts.append(Put(normal(target), _at(tree, each)))
        elif target:
            directories.append(normal(target))
    puts += _shared(tree, fields, configs)
    given = tree.fields(fields.get("environment"))
    passed_on = VARIABLE in given and _is_null(given[VARIABLE])
    passed_on |= any(each.text == VARIABLE for each in tree.items(fields.get("environment")))
    paths = [*directories, *(put.path for put in puts)]
    return Scope(
        f"service {name}",
        tuple(_variables(tree, fields)),
        tuple(put for put in puts if "$" not in put.path),
        tuple(directories),
        # the image that is built may set the variable
        open_ended=passed_on or bool({"env_file", "extends", "build"} & set(fields)),
        rearranged=any("$" in put.path for put in puts) or _rearranges([text for text, _ in _commands(tree, fields)]),
        unix=tree.is_unix and any(path.startswith("/") for path in paths),
        misspellings=tuple(_misspelt_variables(tree, fields.get("environment"))),
    )


def _is_null(node: Node) -> bool:
    return node.kind == "scalar" and not node.style and node.text in {"", "~", "null", "Null", "NULL"}


def _variables(tree: _Tree, fields: Mapping[str, Node]) -> Iterator[Setting]:
    """Yield the values of the variable in the environment and the commands of a service."""
    environment = fields.get("environment")
    direct = tree.fields(environment).get(VARIABLE)
    if direct is not None and direct.kind == "scalar" and not _is_null(direct):
        yield Setting(expanded(direct.text, {}), tree.place(direct), by="compose")
    for each in tree.items(environment):
        name, sign, value = each.text.partition("=")
        if sign and name.strip() == VARIABLE:
            given = value if name == VARIABLE else f"={value}"
            yield Setting(expanded(given, {}), tree.place(each), by="compose")
    for text, node in _commands(tree, fields):
        for assigned, _, _ in assignments(text):
            yield Setting(assigned, tree.place(node))


def _commands(tree: _Tree, fields: Mapping[str, Node]) -> Iterator[tuple[str, Node]]:
    for field in ("command", "entrypoint"):
        node = fields.get(field)
        for word in [node, *tree.items(node)] if node is not None else []:
            yield word.text, word


def _misspelt_variables(tree: _Tree, environment: Node | None) -> Iterator[Misspelling]:
    """Yield the variables of a service whose names are nearly right, and which no other value uses."""
    if environment is None:
        return
    names = environment.children if environment.kind == "sequence" else environment.children[::2]
    for node in names:
        name = node.text.partition("=")[0]
        if is_misspelt(name) and name not in tree.used:
            yield Misspelling(name, tree.place(node))


def _shared(tree: _Tree, fields: Mapping[str, Node], configs: Mapping[str, str]) -> Iterator[Put]:
    """Yield the configuration files among the configs and secrets of a service; a relative target is below a home."""
    for field, home in (("configs", "/"), ("secrets", "/run/secrets/")):
        for each in tree.items(fields.get(field)):
            key = each.text if each.kind == "scalar" else _text(tree.below(each, "source"))
            target = below(home, _text(tree.below(each, "target")) or key)
            if is_configuration_name(target) or is_configuration_name(configs.get(key, "")):
                yield Put(normal(target), _at(tree, each))


def _volume(tree: _Tree, node: Node) -> tuple[str, str]:
    """Return source and target of a volume in the short form or the long one."""
    if node.kind != "scalar":
        return _text(tree.below(node, "source")), _text(tree.below(node, "target"))
    parts = re.split(r":(?![\\/])|(?<=[^:]{2}):", expanded(node.text, {}))  # but not that of C:\\luna
    return (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])


def _at(tree: _Tree, node: Node) -> SourceSpan:
    if node.kind == "scalar":
        return tree.place(node)
    line, column = tree.manifest.place(node.start)
    text = tree.manifest.lines[line - 1].rstrip("\r\n")
    return SourceSpan(line, len(text[: column - 1].encode()), len(text.encode()))


def _text(node: Node | None) -> str:
    return node.text if node is not None and node.kind == "scalar" else ""
