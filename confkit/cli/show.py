"""confkit show: what a file means."""

from __future__ import annotations

from confkit import load
from confkit.cli.options import Config, Format, OutputFormat, config_path

EXAMPLES = """Examples:

confkit show

confkit show -c ./samples/ha-group/Chrystoki.conf --format json
"""


def command(config: Config = None, output: OutputFormat = Format.TEXT) -> int:
    """Show the HA groups, their members, the servers and the timeouts in force: the value, and where it comes from.

    JSON holds every section and entry besides. Secret values are masked.
    """
    # pydantic and rich: too slow for the commands that need neither
    from confkit.haconfig import view  # noqa: PLC0415
    from confkit.reports import show  # noqa: PLC0415

    path = config_path(config)
    seen = view(load(path), path)
    if output is Format.JSON:
        print(seen.model_dump_json(indent=2))
    else:
        show.print_text(seen)
    return 0
