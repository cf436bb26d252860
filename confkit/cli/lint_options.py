"""The options of `confkit lint`, and what they mean together with the settings file."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from confkit.core.errors import FileError, UsageError
from confkit.lint.discover import STANDARD_INPUT
from confkit.lint.rules import RULES
from confkit.lint.settings.selection import checked_codes, selected
from confkit.lint.settings.settings import load_settings

if TYPE_CHECKING:
    from confkit.lint.diagnostics import Severity
    from confkit.lint.rule import Rule
    from confkit.lint.runner import Fixing
    from confkit.lint.settings.ignores import Ignores


class LintFormat(StrEnum):
    """What the findings are printed as."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"


class FailOn(StrEnum):
    """From which severity on a finding makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATH]...", help="Files, folders to search, or - for standard input."),
]
Output = Annotated[LintFormat, typer.Option("--format", help="Text for people, the others for programs and CI.")]
Select = Annotated[
    list[str] | None,
    typer.Option(metavar="CODES", help="Run these rules alone; CK3 is a family. Several: CK1,CK301."),
]
IgnoreCodes = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="CODES", help="Do not run these rules. The longer of two codes wins."),
]
FailFrom = Annotated[
    FailOn | None, typer.Option("--fail-on", help="Exit with 1 from this severity on (default: error).")
]
Fix = Annotated[bool, typer.Option("--fix", help="Apply the safe fixes: no reader sees another value afterwards.")]
UnsafeFixes = Annotated[
    bool, typer.Option("--unsafe-fixes", help="With --fix or --diff: also fixes that may change what the client does.")
]
ShowDiff = Annotated[bool, typer.Option("--diff", help="Print what --fix changes; without --fix nothing is written.")]
BaselineFile = Annotated[
    str | None, typer.Option("--baseline", metavar="FILE", help="Findings listed in this file do not count.")
]
NewBaseline = Annotated[
    str | None,
    typer.Option("--write-baseline", metavar="FILE", help="List all findings in this file, and exit with 0."),
]
SettingsFile = Annotated[
    str | None,
    typer.Option(
        "--settings",
        metavar="FILE",
        help="The settings. Without it: confkit.toml, or tool.confkit in pyproject.toml, from this folder upward.",
    ),
]
StdinName = Annotated[
    str, typer.Option("--stdin-filename", metavar="PATH", help="What standard input is called in reports.")
]


class Choice(NamedTuple):
    """What command line and settings file ask for together."""

    rules: tuple[Rule, ...]
    ignores: Ignores
    fail_on: Severity
    settings: str | None


def current_folder() -> str:
    """Return the current folder; FileError where it was removed."""
    try:
        return os.getcwd()
    except OSError as error:
        raise FileError("the current folder does not exist any more. Change to another one") from error


def choose(
    here: str, settings: str | None, select: list[str] | None, ignore: list[str] | None, fail_on: FailOn | None
) -> Choice:
    """Put command line and settings together: what stands on the command line replaces what the settings say.

    UsageError and FileError as `confkit.lint.settings.settings` and `confkit.lint.settings.selection` say.
    """
    said = load_settings(settings, here, RULES)
    chosen = _codes(select, "--select") or said.select
    ignored = _codes(ignore, "--ignore") or said.ignore
    level: Severity = fail_on.value if fail_on else said.fail_on or "error"
    return Choice(selected(RULES, chosen, ignored), said.ignores, level, said.file)


def fixing(output: LintFormat, *, fix: bool, unsafe: bool, diff: bool) -> Fixing:
    """Return what --fix, --unsafe-fixes and --diff ask for together; UsageError where they ask for nothing."""
    if unsafe and not (fix or diff):
        raise UsageError("--unsafe-fixes changes nothing by itself. Add --fix, or --diff to look first")
    if diff and output is not LintFormat.TEXT:
        raise UsageError(f"--diff prints text, and --format {output.value} something else. Leave one of them out")
    return "write" if fix else "show" if diff else "no"


def check_together(paths: list[str] | None, config: str | None, fixing: Fixing, *, listing: bool) -> None:
    """Raise UsageError for options that contradict each other; `listing`: a baseline is to be written."""
    if paths and config is not None:
        raise UsageError("-c and PATH both name what to lint. Give one of them")
    if fixing == "write" and paths and STANDARD_INPUT in paths:
        raise UsageError("standard input cannot be fixed in place. Name the file, or use --diff")
    if listing and fixing != "no":
        raise UsageError("--write-baseline lists what is there. Fix first, without it")


def _codes(given: list[str] | None, option: str) -> tuple[str, ...]:
    return checked_codes((code for each in given or () for code in each.split(",")), RULES, option)
