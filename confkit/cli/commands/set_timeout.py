"""confkit set-timeout: the one edit this project exists for."""

from typing import Annotated

import typer

from confkit.cli.edited import report, write_about
from confkit.cli.options import Backup, Config, Create, Diff, DryRun, Force, InPlace, LockTimeout, path_to_edit, warn
from confkit.config.edit import EditOptions, set_in_file
from confkit.core import timeout
from confkit.core.escape import escape
from confkit.core.ha import groups_anywhere

# "-1" is a bad value, to be answered with the bounds, and not an unknown option
SETTINGS = {"ignore_unknown_options": True}
EXAMPLES = """Examples:

confkit set-timeout 10

confkit set-timeout 10 --dry-run --diff

confkit set-timeout 10 -c /opt/luna/Chrystoki.conf --backup
"""


def command(
    seconds: Annotated[str, typer.Argument(metavar="SECONDS", help="A whole number from 3 to 60.")],
    config: Config = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    create: Create = False,
    force: Force = False,
    lock_timeout: LockTimeout = 10.0,
) -> int:
    """Set statusTimeout in section HAConfiguration: the limit of one live HA status call, in seconds.

    Only the value's own bytes change. The default of the client is 3, and 60 is the most it takes. Running applications
    read the file when they start.
    """
    value = str(timeout.seconds_from(seconds))
    options = EditOptions(dry_run, backup, in_place, force, create, lock_timeout, warn)
    outcome = set_in_file(path_to_edit(config), timeout.SECTION, timeout.KEY, value, options)
    done = f"{timeout.SECTION}/{timeout.KEY} = {value} s"
    code = report(outcome, done, f"already {value} s", diff=diff, dry_run=dry_run)
    if not groups_anywhere(outcome.document):
        write_about(
            f"{escape(outcome.path)}: there is no HA group in it, so statusTimeout has no effect yet\n",
            outcome.path if outcome.written else None,
        )
    return code
