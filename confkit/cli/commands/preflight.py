"""confkit preflight: check that this host, or an image, provides what its configuration refers to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli import lint_output
from confkit.cli.lint_options import FailFrom  # noqa: TC001 - typer reads it when the program runs
from confkit.cli.options import Colour, Config, one_of
from confkit.cli.output import write_out
from confkit.cli.signals import ending_on_sigterm
from confkit.core.errors import ConfkitError, UsageError
from confkit.lint.results import LintedFile, exit_code, summary_of
from confkit.reports.lint.formats import PREFLIGHT_FORMATS, report

if TYPE_CHECKING:
    from confkit.core.severity import Severity

EXAMPLES = """Examples:

confkit preflight --user hsmapp

confkit preflight --user 1001:986 --groups 2000

confkit preflight --root ./image --offline --format sarif > preflight.sarif

confkit preflight --format nagios --timeout 5 --warn-days 60
"""
_MAX_TIMEOUT_SECONDS = 600.0
_NAGIOS = "nagios"


def command(
    config: Config = None,
    root: Annotated[
        str | None, typer.Option(metavar="DIR", help="Check the image whose root this is; no path leads out of it.")
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(
            metavar="USER[:GROUP]",
            help="The user that will run the application, by name or number, with a group as containers have it.",
            show_default="the user that runs this",
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
        str,
        typer.Option(
            "--format",
            **one_of(PREFLIGHT_FORMATS),
            help="Output format: a format of lint, or the line of a Nagios plug-in.",
        ),
    ] = "text",
    fail_on: FailFrom = None,
    color: Colour = "auto",
) -> int:
    """Check that this host provides what the configuration refers to: files, certificates, permissions, hosts.

    Loads no library, logs in nowhere and changes nothing; it only opens and closes connections. With --root, the file
    is /etc/Chrystoki.conf below DIR unless -c names one. Run it as root with --user, or as that user.

    Exit codes: 0 nothing as severe as --fail-on; 1 findings; 2 wrong usage; 3 the file cannot be read. With --format
    nagios: 0 no findings or infos, 1 warnings, 2 errors, 3 not checked.
    """
    # POSIX only, and help imports this module everywhere
    from confkit.preflight.run import RULES, PreflightSettings, preflight  # noqa: PLC0415

    try:
        if not 0 < timeout <= _MAX_TIMEOUT_SECONDS:
            raise UsageError(f"--timeout is {timeout:g}. Give a number of seconds up to {_MAX_TIMEOUT_SECONDS:g}")
        more = tuple(filter(None, (groups or "").split(",")))
        with ending_on_sigterm():
            seen = preflight(config, os.environ, PreflightSettings(root, user, timeout, warn_days, offline, more))
    except ConfkitError as error:
        if output != _NAGIOS:
            raise
        return _unknown(error)
    result = LintedFile(seen.path, seen.document, seen.diagnostics)
    level: Severity = fail_on.value if fail_on else "error"
    write_out("".join(report(output, [result], lint_output.context(RULES, level, color))))
    if output == _NAGIOS:
        from confkit.reports.lint import nagios  # noqa: PLC0415 - for this format alone

        return nagios.state(result)
    return exit_code(summary_of([result]), level)


def _unknown(error: ConfkitError) -> int:
    """Answer a monitor, which reads standard output and takes 2 for critical."""
    from confkit.reports.lint import nagios  # noqa: PLC0415 - for this format alone

    write_out(f"{nagios.unknown(str(error))}\n")
    return nagios.UNKNOWN
