"""CK706 to CK709: values of ChrystokiConfigurationPath that are no directory, and names that are not the variable's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.core.placeholders import placeholder
from confkit.lint.context.file_kind import is_named_sample, is_named_template
from confkit.lint.environment.surroundings import VARIABLE, names_a_file
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import shown
from confkit.lint.rules.environment import ENVIRONMENT, place_finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding
    from confkit.lint.environment.surroundings import Scope, Setting

_OF_WINDOWS = re.compile(r"[A-Za-z]:(?:[\\/]|$)|\\\\\w|[^/]*\\")
_QUOTES = ("'", '"')


def path_variable_not_filled_in(context: LintContext) -> Iterator[Finding]:
    """ChrystokiConfigurationPath still has the placeholder of a template, or a variable that nothing replaces.

    ## Why

    The client expands nothing: it looks for a directory of this very name. Only a shell expands `~`; compose and the
    build of an image replace `${X}`, Kubernetes `$(X)`, and systemd neither.

    ## Bad

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    ENV ChrystokiConfigurationPath=<dir>
    ```

    ## Good

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    ENV ChrystokiConfigurationPath=/etc/luna
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c (MIT), which expands nothing.
    """
    for scope, setting in _judged(context):
        found = _not_filled_in(setting)
        if found and not names_a_file(setting.value):
            yield place_finding(scope, setting.place, f"{VARIABLE} was not filled in: {shown(found)}")


def malformed_path_variable(context: LintContext) -> Iterator[Finding]:
    r"""ChrystokiConfigurationPath gets a value with quotes, an equals sign or spaces in it, or a path of Windows.

    ## Why

    In a list of compose and in a manifest, quotes inside of a value are a part of it. With spaces around the equals
    sign, a Dockerfile takes the sign for the value, and a shell sets nothing. On UNIX, `C:\luna` is the name of a file
    in the current directory.

    ## Bad

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    ENV ChrystokiConfigurationPath = /etc/luna
    ```

    ## Good

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    ENV ChrystokiConfigurationPath=/etc/luna
    ```

    ## Source

    https://docs.docker.com/reference/dockerfile/#env, https://github.com/compose-spec/compose-spec/blob/main/05-services.md#environment
    """
    for scope, setting in _judged(context):
        if names_a_file(setting.value) or _not_filled_in(setting):
            continue
        problem = _malformed(scope, setting)
        if problem:
            yield place_finding(scope, setting.place, problem)


def relative_path_variable(context: LintContext) -> Iterator[Finding]:
    """ChrystokiConfigurationPath is empty, or a relative path.

    ## Why

    A relative path leads to the file from one working directory alone, and a service has another one than a login.
    The empty value names no directory.

    ## Bad

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    WORKDIR /
    ENV ChrystokiConfigurationPath=etc/luna
    ```

    ## Good

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    WORKDIR /
    ENV ChrystokiConfigurationPath=/etc/luna
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c (MIT), which appends the name of the file and opens it.
    """
    for scope, setting in _judged(context):
        value = setting.value
        if not setting.is_literal or names_a_file(value) or _not_filled_in(setting) or _malformed(scope, setting):
            continue
        if not value:
            yield place_finding(scope, setting.place, f"{VARIABLE} is empty, and names no directory")
        elif not value.startswith(("/", "~", *_QUOTES)) and not _OF_WINDOWS.match(value):
            message = f"{VARIABLE} is a relative path, {shown(value)}: it depends on the working directory"
            yield place_finding(scope, setting.place, message)


def misspelt_path_variable(context: LintContext) -> Iterator[Finding]:
    """A variable is set whose name is nearly ChrystokiConfigurationPath.

    ## Why

    The client reads ChrystokiConfigurationPath alone, and names of variables are case-sensitive on UNIX: it does not
    see this one, and looks in /etc.

    ## Bad

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    ENV chrystokiConfigurationPath=/etc/luna
    ```

    ## Good

    ```dockerfile
    FROM registry.example.com/luna-client:10.7
    ENV ChrystokiConfigurationPath=/etc/luna
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c (MIT), for the name of the variable.
    """
    for scope in context.scopes:
        if not scope.settings:
            for each in scope.misspellings:
                yield place_finding(scope, each.place, f"the client reads {VARIABLE}, and not {shown(each.name)}")


def _judged(context: LintContext) -> Iterator[tuple[Scope, Setting]]:
    """Yield the settings whose values are meant to be used: a template or a sample is filled in later."""
    name = context.path.replace("\\", "/").rpartition("/")[2]
    if is_named_template(name) or is_named_sample(name):
        return
    for scope in context.scopes:
        for setting in scope.settings:
            yield scope, setting


def _not_filled_in(setting: Setting) -> str | None:
    return placeholder(setting.rest)


def _malformed(scope: Scope, setting: Setting) -> str | None:
    """Return what is wrong with the form of a value, as a message."""
    value = setting.value
    if value != value.strip() or value.startswith("="):
        right = value.lstrip("= ").rstrip()
        return f"{VARIABLE} is set with a space in the wrong place. Write {VARIABLE}={shown(right)}"
    if setting.by != "env-file" and value.startswith(_QUOTES) and value.endswith(_QUOTES):
        return f"{VARIABLE}: the quotes are a part of the value. Write {shown(value.strip(''.join(_QUOTES)))}"
    if scope.unix and setting.is_literal and _OF_WINDOWS.match(value):
        return f"{VARIABLE} is a path of Windows, {shown(value)}, where UNIX paths are used"
    return None


RULES = (
    Rule("CK706", "path-variable-not-filled-in", "error", path_variable_not_filled_in, kinds=ENVIRONMENT),
    Rule("CK707", "malformed-path-variable", "error", malformed_path_variable, kinds=ENVIRONMENT),
    Rule("CK708", "relative-path-variable", "warning", relative_path_variable, kinds=ENVIRONMENT),
    Rule("CK709", "misspelt-path-variable", "warning", misspelt_path_variable, kinds=ENVIRONMENT),
)
