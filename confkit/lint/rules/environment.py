"""CK7, environment: what leads the client to its file, and what leads it elsewhere."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from confkit.lint.diagnostics import Finding
from confkit.lint.environment.surroundings import (
    DEFAULT_DIRECTORY,
    VARIABLE,
    directory_of,
    is_below,
    names_a_file,
    normal,
)
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.file_kind import FileKind
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.environment.surroundings import Scope, SourceSpan

_RIGHT_PATH = posixpath.join(DEFAULT_DIRECTORY, "Chrystoki.conf")


def path_variable_names_a_file(context: LintContext) -> Iterator[Finding]:
    """ChrystokiConfigurationPath names the file, and the client wants its directory.

    ## Why

    The client appends the name of the file to the variable: with the file in it, it looks for
    /etc/luna/Chrystoki.conf/Chrystoki.conf and finds nothing. It is the commonest fault of public deployments.

    ## Bad

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    COPY Chrystoki.conf /etc/luna/Chrystoki.conf
    ENV ChrystokiConfigurationPath=/etc/luna/Chrystoki.conf
    ```

    ## Good

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    COPY Chrystoki.conf /etc/luna/Chrystoki.conf
    ENV ChrystokiConfigurationPath=/etc/luna
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c, and gem-samples/sautil/sautil.c (MIT), which append the name.
    """
    for scope in context.scopes:
        for setting in scope.settings:
            if names_a_file(setting.value):
                right = posixpath.dirname(setting.value.rstrip("/")) or "."
                message = f"{VARIABLE} names a file, and the client wants its directory: {shown(right)}"
                yield place_finding(scope, setting.place, message)


def path_variable_leads_nowhere(context: LintContext) -> Iterator[Finding]:
    """ChrystokiConfigurationPath names a directory to which no configuration file is mounted or copied.

    ## Why

    The client finds no file there, and does not look elsewhere once the variable is set.

    ## Bad

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    COPY Chrystoki.conf /etc/luna/Chrystoki.conf
    ENV ChrystokiConfigurationPath=/opt/luna
    ```

    ## Good

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    COPY Chrystoki.conf /etc/luna/Chrystoki.conf
    ENV ChrystokiConfigurationPath=/etc/luna
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c (MIT).
    """
    for scope in context.scopes:
        for setting in scope.settings:
            directory = None if names_a_file(setting.value) else directory_of(setting.value)
            if directory is None or not scope.runs or scope.rearranged or is_below(directory, scope.directories):
                continue
            homes = _homes(scope)
            if homes and directory not in homes:
                message = f"{VARIABLE} is {shown(directory)}, and the file comes to {shown(', '.join(homes))}"
                yield place_finding(scope, setting.place, message)
            elif not homes and scope.awaits_file:
                yield place_finding(scope, setting.place, f"{VARIABLE} is {shown(directory)}, where nothing is mounted")


def unreachable_configuration(context: LintContext) -> Iterator[Finding]:
    """A configuration file is put where the client does not look.

    ## Why

    Without ChrystokiConfigurationPath the client reads /etc/Chrystoki.conf alone.

    ## Bad

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    COPY Chrystoki.conf /usr/local/luna/config/Chrystoki.conf
    ```

    ## Good

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    COPY Chrystoki.conf /usr/local/luna/config/Chrystoki.conf
    ENV ChrystokiConfigurationPath=/usr/local/luna/config
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, docs/README-GEM-CONFIG and engine/e_gem.c (MIT), for the place without the
    variable.
    """
    for scope in context.scopes:
        lasting = any(setting.lasting for setting in scope.settings)
        if lasting or scope.open_ended or scope.rearranged or scope.misspellings or not scope.runs:
            continue
        if any(put.path == _RIGHT_PATH for put in scope.puts):
            continue
        for put in scope.puts:
            home = posixpath.dirname(put.path)
            message = f"the client does not look in {shown(home)}: set {VARIABLE} to it"
            yield place_finding(scope, put.place, message)


def conflicting_path_variables(context: LintContext) -> Iterator[Finding]:
    """ChrystokiConfigurationPath is set twice for one process, to different directories.

    ## Why

    Which of the two is in force depends on their order and on the tool; the other one misleads whoever reads it.

    ## Bad

    ```sh
    export ChrystokiConfigurationPath=/etc/luna
    export ChrystokiConfigurationPath=/opt/luna
    ```

    ## Good

    ```sh
    export ChrystokiConfigurationPath=/etc/luna
    ```

    ## Source

    Seen in a public chart, where the container's value and that of its start script differ.
    """
    for scope in context.scopes:
        # what a shell expands may well be the same directory
        lasting = [setting for setting in scope.settings if setting.lasting and setting.is_literal]
        for setting in lasting[1:]:
            if normal(setting.value) != normal(lasting[0].value):
                where = f"line {lasting[0].place.line} sets it to {shown(lasting[0].value)}"
                yield place_finding(scope, setting.place, f"{VARIABLE} is {shown(setting.value)} here, and {where}")


def export_in_run(context: LintContext) -> Iterator[Finding]:
    """A RUN step of a Dockerfile sets ChrystokiConfigurationPath, which ends with that step.

    ## Why

    Each RUN step is a shell of its own: what it exports is gone when the container starts. ENV stays.

    ## Bad

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    RUN export ChrystokiConfigurationPath=/etc/luna
    ```

    ## Good

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    ENV ChrystokiConfigurationPath=/etc/luna
    ```

    ## Source

    https://docs.docker.com/reference/dockerfile/#env
    """
    if context.surroundings is None or context.surroundings.form != "dockerfile":
        return
    for scope in context.scopes:
        if scope.runs and not any(setting.lasting for setting in scope.settings):
            for setting in scope.settings:
                yield place_finding(scope, setting.place, f"{VARIABLE} is set for this step alone: use ENV")


def _homes(scope: Scope) -> list[str]:
    return list(dict.fromkeys(posixpath.dirname(put.path) for put in scope.puts))


def place_finding(scope: Scope, place: SourceSpan, message: str) -> Finding:
    """Return a finding of a scope at a place of the file, with the name of the scope in front."""
    said = message if scope.name.startswith("this ") else f"{scope.name}: {message}"
    return Finding(said, place.line, place.start, place.end)


ENVIRONMENT: frozenset[FileKind] = frozenset({"environment"})

RULES = (
    Rule("CK701", "path-variable-names-a-file", "error", path_variable_names_a_file, kinds=ENVIRONMENT),
    Rule("CK702", "path-variable-leads-nowhere", "warning", path_variable_leads_nowhere, kinds=ENVIRONMENT),
    Rule("CK703", "unreachable-configuration", "warning", unreachable_configuration, kinds=ENVIRONMENT),
    Rule("CK704", "conflicting-path-variables", "warning", conflicting_path_variables, kinds=ENVIRONMENT),
    Rule("CK705", "export-in-run", "warning", export_in_run, kinds=ENVIRONMENT),
)
