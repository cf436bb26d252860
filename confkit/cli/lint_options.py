"""The options of `confkit lint`, and which of them contradict each other."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli.options import one_of
from confkit.core.errors import UsageError
from confkit.lint.discover import STANDARD_INPUT
from confkit.reports.lint.formats import FORMATS

if TYPE_CHECKING:
    from confkit.lint.lint_file import Fixing


class FailOn(StrEnum):
    """The severity from which a finding makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATH]...", help="Files, directories to search, or - for standard input."),
]
Output = Annotated[
    str,
    typer.Option("--format", **one_of(FORMATS), help="Output format; text is for people."),
]
Select = Annotated[
    list[str] | None,
    typer.Option(metavar="CODES", help="Run only these rules; CK3 is a family. Several: CK1,CK301."),
]
IgnoreCodes = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="CODES", help="Do not run these rules. The longer of two codes wins."),
]
FailFrom = Annotated[
    FailOn | None,
    typer.Option("--fail-on", help="Exit with 1 from this severity on.", show_default="error"),
]
Fix = Annotated[bool, typer.Option("--fix", help="Apply the safe fixes: every reader reads the same afterwards.")]
UnsafeFixes = Annotated[
    bool,
    typer.Option("--unsafe-fixes", help="With --fix or --diff: also apply fixes that may change what the client does."),
]
ShowDiff = Annotated[bool, typer.Option("--diff", help="Print what --fix changes; without --fix, write nothing.")]
BaselineFile = Annotated[
    str | None, typer.Option("--baseline", metavar="FILE", help="Do not count the findings listed in this file.")
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
        help="Settings file.",
        show_default="confkit.toml, or tool.confkit in pyproject.toml, in this directory or above it",
    ),
]
ClientVersion = Annotated[
    str | None,
    typer.Option(
        "--client-version",
        metavar="VERSION",
        help="Version of the client, such as 10.4: report entries that this version does not support.",
    ),
]
StdinName = Annotated[str, typer.Option("--stdin-filename", metavar="PATH", help="Name of standard input in reports.")]


def fixing(output: str, *, fix: bool, unsafe: bool, diff: bool) -> Fixing:
    """Return what --fix, --unsafe-fixes and --diff ask for together; UsageError where they ask for nothing."""
    if unsafe and not (fix or diff):
        raise UsageError("--unsafe-fixes changes nothing by itself. Add --fix, or --diff to look first")
    if diff and output != "text":
        raise UsageError(f"--diff prints text, and --format {output} something else. Leave one of them out")
    return "write" if fix else "show" if diff else "no"


def check_together(paths: list[str] | None, config: str | None, fixing: Fixing, *, listing: bool) -> None:
    """Raise UsageError for options that contradict each other; `listing`: a baseline is to be written."""
    if paths and config is not None:
        raise UsageError("-c and PATH both name what to lint. Give one of them")
    if fixing == "write" and paths and STANDARD_INPUT in paths:
        raise UsageError("standard input cannot be fixed in place. Name the file, or use --diff")
    if listing and fixing != "no":
        raise UsageError("--write-baseline lists what is there. Fix first, without it")
