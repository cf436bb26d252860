"""confkit show: what a file means."""

from __future__ import annotations

import json
from dataclasses import asdict

from confkit.cli.options import Config, Format, OutputFormat, config_path, read_document
from confkit.cli.output import write_out
from confkit.core.escape import without_commands_in_json
from confkit.core.syntax.document import readable
from confkit.core.view import view

EXAMPLES = """Examples:

confkit show

confkit show -c ./samples/ha-group/Chrystoki.conf --format json
"""


def command(config: Config = None, output: OutputFormat = Format.TEXT) -> int:
    """Show the HA groups, their members, the servers and the timeouts in force: the value, and where it comes from.

    JSON holds every section and entry besides. Secrets are redacted.
    """
    path = config_path(config)
    seen = view(read_document(path))
    if output is Format.JSON:
        shown = json.dumps({"version": 1, "path": readable(path), **asdict(seen)}, indent=2, ensure_ascii=False)
        write_out(without_commands_in_json(shown) + "\n")
        return 0
    # rich: too slow for the commands that do without
    from confkit.reports.show import text  # noqa: PLC0415

    write_out(text.text_of(seen, path))
    return 0
