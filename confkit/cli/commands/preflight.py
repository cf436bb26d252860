"""confkit preflight: check that this host, or an image, provides what its configuration refers to."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli import lint_output
from confkit.cli.lint_options import FailFrom, LintFormat
from confkit.cli.options import Config  # noqa: TC001 - typer reads it when the program runs
from confkit.cli.output import write_out
from confkit.cli.signals import ending_on_sigterm
from confkit.core.errors import ConfkitError, UsageError
from confkit.core.version import VERSION
from confkit.reports.lint.results import FileResult

if TYPE_CHECKING:
    from confkit.lint.diagnostics import Severity

EXAMPLES = """Examples:

confkit preflight --user hsmapp

confkit preflight --user 1001:986 --groups 2000

confkit preflight --root ./image --offline --format sarif > preflight.sarif

confkit preflight --format nagios --timeout 5 --warn-days 60
"""
_MAX_TIMEOUT_SECONDS = 600.0


class PreflightFormat(StrEnum):
    """The formats of lint, and the line of a plug-in."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"
    NAGIOS = "nagios"


def command(
    config: Config = None,
    root: Annotated[
        str | None, typer.Option(metavar="DIR", help="Check the image whose root this is; no path leads out of it.")
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(
            metavar="USER[:GROUP]",
            help="The user that will run the application, by name or number, with a group as containers have it "
            "[default: the user that runs this].",
        ),
    ] = None,
    groups: Annotated[
        str | None,
        typer.Option(metavar="GROUP,...", help="More groups of that user, such as a pod's fsGroup; names or numbers."),
    ] = None,
    timeout: Annotated[
        float, typer.Option(metavar="S", help="Seconds to wait for a host, or for a file system that does not answer.")
    ] = 3.0,
    warn_days: Annotated[
        int, typer.Option(min=0, max=36500, metavar="N", help="Warn of certificates that expire within this many days.")
    ] = 30,
    offline: Annotated[bool, typer.Option("--offline", help="Skip the network.")] = False,
    output: Annotated[
        PreflightFormat, typer.Option("--format", help="A format of lint, or the line of a Nagios plug-in.")
    ] = PreflightFormat.TEXT,
    fail_on: FailFrom = None,
) -> int:
    """Check that this host provides what the configuration refers to: files, certificates, permissions, hosts.

    Nothing is loaded, logged into or changed: a port is connected to and closed again. With --root, the file is
    /etc/Chrystoki.conf below DIR unless -c names one. Run it as root with --user, or as that user.

    Exit codes: 0 nothing as severe as --fail-on; 1 findings; 2 wrong usage; 3 the file cannot be read. With --format
    nagios: 0 no findings or infos, 1 warnings, 2 errors, 3 not checked.
    """
    # POSIX only, and help imports this module everywhere
    from confkit.preflight.run import Settings, preflight  # noqa: PLC0415

    try:
        if not 0 < timeout <= _MAX_TIMEOUT_SECONDS:
            raise UsageError(f"--timeout is {timeout:g}. Give a number of seconds up to {_MAX_TIMEOUT_SECONDS:g}")
        more = tuple(filter(None, (groups or "").split(",")))
        with ending_on_sigterm():
            seen = preflight(config, os.environ, Settings(root, user, timeout, warn_days, offline, more))
    except ConfkitError as error:
        if output is not PreflightFormat.NAGIOS:
            raise
        return _unknown(error)
    result = FileResult(seen.path, seen.document, seen.diagnostics)
    if output is PreflightFormat.NAGIOS:
        from confkit.reports.lint import preflight_nagios  # noqa: PLC0415 - for this format alone

        write_out(f"{preflight_nagios.line(result)}\n")
        return preflight_nagios.state(result)
    level: Severity = fail_on.value if fail_on else "error"
    if output is PreflightFormat.SARIF:
        write_out(_sarif(result))
    else:
        write_out(lint_output.report([result], LintFormat(output.value), level))
    return lint_output.exit_code([result], level)


def _unknown(error: ConfkitError) -> int:
    """Answer a monitor, which reads standard output and takes 2 for critical."""
    from confkit.reports.lint import preflight_nagios  # noqa: PLC0415 - for this format alone

    write_out(f"{preflight_nagios.unknown(str(error))}\n")
    return preflight_nagios.UNKNOWN


def _sarif(result: FileResult) -> str:
    from confkit.preflight.run import RULES  # noqa: PLC0415 - for this format alone
    from confkit.reports.lint import sarif  # noqa: PLC0415

    return sarif.report([result], RULES, VERSION)
