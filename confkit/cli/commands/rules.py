"""confkit rules: all rules of the linter."""

from __future__ import annotations

from confkit.cli.options import Format, OutputFormat
from confkit.cli.output import write_out
from confkit.lint.rules import RULES
from confkit.reports.explain import explained, rules

EXAMPLES = """Examples:

confkit rules

confkit rules --format json
"""


def command(output: OutputFormat = Format.TEXT) -> int:
    """List the rules of confkit lint: code, severity, name, and what each finds.

    confkit explain CODE shows the page of a rule.
    """
    listed = sorted(RULES)
    if output is Format.JSON:
        write_out(rules.report(listed))
    else:
        write_out(explained.rules(listed))
    return 0
