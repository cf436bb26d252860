"""The two options of `confkit lint` about a baseline: hold the findings against one, and write one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from confkit.cli.lint_output import warning
from confkit.core.escape import plain
from confkit.lint.baseline import gone, place_of, write_baseline
from confkit.reports.lint.known import listed, set_aside

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from confkit.lint.baseline import Known
    from confkit.reports.lint.results import FileResult

_MOST_NAMED = 5


def without_known(
    results: Sequence[FileResult], known: Collection[Known], baseline: str, skipped: Collection[str]
) -> list[FileResult]:
    """Set aside what the baseline lists, and warn of what it lists in vain; `skipped` rules are not judged."""
    held = [set_aside(result, known, baseline) for result in results]
    found = {one for _, each in held for one in each}
    linted = {place_of(result.path, baseline) for result in results if result.error is None}
    vain = [one for one in gone(known, found, linted, baseline) if one.code not in skipped]
    if vain:
        named = ", ".join(f"{one.code} in {one.path}" for one in vain[:_MOST_NAMED])
        more = f" and {len(vain) - _MOST_NAMED} more" if len(vain) > _MOST_NAMED else ""
        warning(baseline, f"no longer found: {named}{more}. Write it anew with --write-baseline")
    return [result for result, _ in held]


def write(results: Sequence[FileResult], baseline: str) -> int:
    """Write all findings that count into the baseline; return the exit code, 3 where a file could not be linted."""
    if any(result.error is not None for result in results):
        typer.echo(f"confkit: {plain(baseline)}: not written: not every file could be linted", err=True)
        return 3
    findings = [known for result in results for known in listed(result, baseline)]
    write_baseline(baseline, findings)
    typer.echo(f"{plain(baseline)}: {len(findings)} findings listed")
    return 0
