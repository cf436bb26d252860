"""Lint a file that leads the client to its own: a Dockerfile, a compose file, a unit, a script, a workload."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.syntax import Document
from confkit.core.syntax.document import raw, text
from confkit.core.syntax.lines import split_lines
from confkit.lint.context.lint_context import LintContext
from confkit.lint.environment.detect import NO_CONFIG_MAPS
from confkit.lint.environment.dockerfiles import dockerfile_scopes
from confkit.lint.environment.scripts import env_file_scopes, shell_scopes, unit_scopes
from confkit.lint.environment.surroundings import VARIABLE, Surroundings, assignments
from confkit.lint.linter import diagnose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from confkit.lint.diagnostics import Diagnostic
    from confkit.lint.environment.surroundings import Form, Scope
    from confkit.lint.rule import Rule

_READERS = {
    "dockerfile": dockerfile_scopes,
    "unit": unit_scopes,
    "script": shell_scopes,
    "env-file": env_file_scopes,
}
# What a shell runs to make a value: it may hold a password, as curl -u user:password does.
_COMMAND = re.compile(r"\$\((?!\w+\))|`")
_NOT_SPACE = re.compile(r"\S")


class LintedEnvironment(NamedTuple):
    """The findings, the lines as a report may quote them, and whether the file says anything of the way."""

    diagnostics: list[Diagnostic]
    lines: list[bytes]
    tells: bool


def lint_environment(
    path: str,
    source: bytes,
    form: Form,
    rules: Sequence[Rule],
    config_maps: Mapping[str, tuple[str, ...]] = NO_CONFIG_MAPS,
) -> LintedEnvironment:
    """Lint a file of the environment. FileError where YAML cannot be read, or PyYAML is not installed.

    `config_maps` are the ConfigMaps and Secrets of other manifests that hold a configuration: names and keys.
    """
    lines = split_lines(source)
    scopes = (
        _yaml_scopes(source, form, config_maps)
        if form in {"compose", "manifest"}
        else _READERS[form]([text(line) for line in lines])
    )
    document = Document(windows=False, lines=lines, sections=(), problems=())
    context = LintContext(document, path, surroundings=Surroundings(form, tuple(scopes)))
    found = diagnose(context, path, rules)
    return LintedEnvironment(found, _quotable(lines, found), any(each.settings or each.puts for each in scopes))


def _quotable(lines: list[bytes], findings: Sequence[Diagnostic]) -> list[bytes]:
    """Return the lines without anything but what the findings mark: other words of a command may be secrets.

    All else becomes asterisks, one for each character, so that the marks stay in place; a line without a finding is
    empty.
    """
    spans: dict[int, list[tuple[int, int]]] = {}
    for each in findings:
        end = each.end_column - 1 if each.end_line == each.line else each.column - 1
        spans.setdefault(each.line, []).append((each.column - 1, end))
    return [
        raw(_with_only(text(line), spans[number])) if number in spans else b"\n" for number, line in enumerate(lines, 1)
    ]


def _with_only(line: str, marked: list[tuple[int, int]]) -> str:
    # where a whole command is marked, only what it assigns to the variable is shown
    values = [(start, end) for _, start, end in assignments(line)]
    values += [span for span in marked if VARIABLE not in line[slice(*span)]]
    shown = [span for span in values if not _COMMAND.search(line, *span)]
    shown += [match.span() for match in re.finditer(VARIABLE + "=?", line)]
    parts, at = [], 0
    for start, end in sorted(shown):
        parts += [_NOT_SPACE.sub("*", line[at:start]), line[max(at, start) : end]]
        at = max(at, end)
    return "".join([*parts, _NOT_SPACE.sub("*", line[at:])])


def _yaml_scopes(source: bytes, form: Form, others: Mapping[str, tuple[str, ...]]) -> list[Scope]:
    from confkit.lint.environment.config_maps import held_in  # noqa: PLC0415 - for YAML alone
    from confkit.lint.environment.manifest_text import manifest_text  # noqa: PLC0415
    from confkit.lint.environment.manifests import roots_of  # noqa: PLC0415
    from confkit.lint.environment.workloads import compose_scopes, workload_scopes  # noqa: PLC0415

    manifest = manifest_text(source)
    roots = roots_of(manifest)
    if form == "compose":
        return compose_scopes(manifest, roots)
    own = dict(held_in(roots))
    return workload_scopes(manifest, roots, {**others, **own}, awaits=bool(own))
