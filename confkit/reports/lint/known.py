"""Findings held against a baseline: what is listed in it does not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.lint.baseline import REASON, Known, place_of
from confkit.reports.lint.fingerprints import fingerprinted
from confkit.reports.lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from confkit.lint.diagnostics import Diagnostic
    from confkit.reports.lint.results import FileResult


def listed(result: FileResult, baseline: str) -> Iterator[Known]:
    """Yield the findings of a file that count, as the baseline in the file `baseline` lists them."""
    yield from (known for known, _, reason in _known(result, baseline) if reason is None)


def set_aside(result: FileResult, known: Collection[Known], baseline: str) -> tuple[FileResult, set[Known]]:
    """Return the result with the findings in `known` suppressed, and those of `known` that were found."""
    counted: list[Diagnostic] = []
    suppressed = [*result.suppressed]
    found = set()
    for one, finding, reason in _known(result, baseline):
        if one in known:
            found.add(one)
        if reason is None and one in known:
            suppressed.append((finding, REASON))
        elif reason is None:
            counted.append(finding)
    return result._replace(diagnostics=tuple(counted), suppressed=tuple(suppressed)), found


def _known(result: FileResult, baseline: str) -> Iterator[tuple[Known, Diagnostic, str | None]]:
    place = place_of(result.path, baseline)
    for finding, reason, fingerprint in fingerprinted(result, Source(result.document)):
        yield Known(place, finding.code, fingerprint), finding, reason
