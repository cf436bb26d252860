"""A baseline: a file that lists the findings of today, so that only new ones count."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import FileError, UsageError
from confkit.core.storage.advice import explained
from confkit.core.storage.output import replace_earlier
from confkit.core.storage.reader import MAX_BASELINE, read_bounded
from confkit.lint.fingerprints import fingerprinted
from confkit.lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from confkit.lint.diagnostics import Diagnostic
    from confkit.lint.results import LintedFile

REASON = "in the baseline"
_VERSION = 1
_NOT_A_BASELINE = "this is not a baseline. Write one with --write-baseline"
_NOT_REPLACED = "this exists and is not a baseline, so it is not replaced. Name another file, or remove this one"


class KnownFinding(NamedTuple):
    """One finding of a baseline: the file, with slashes and relative to the baseline's directory, rule and fingerprint.

    The fingerprint tells findings of one file apart, and stays when lines are added above them.
    """

    path: str
    code: str
    fingerprint: str


class Baseline(NamedTuple):
    """The findings that a file lists."""

    file: str
    known: frozenset[KnownFinding]


def place_of(path: str, baseline: str) -> str:
    """Return the path of a linted file as the baseline in the file `baseline` lists it."""
    return os.path.relpath(path, os.path.dirname(baseline) or os.curdir).replace(os.sep, "/")


def read_baseline(file: str) -> Baseline:
    """Return the findings that the file lists.

    FileError where it cannot be read or has more than `MAX_BASELINE` bytes, UsageError where it is not a baseline.
    """
    return Baseline(file, _parsed(file, read_bounded(file, MAX_BASELINE)))


def _parsed(file: str, source: bytes) -> frozenset[KnownFinding]:
    try:
        content = json.loads(source)
        if content["version"] != _VERSION:
            raise UsageError(f"this is a baseline of version {content['version']}, not {_VERSION}", path=file)
        found = [KnownFinding(**finding) for finding in content["findings"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(_NOT_A_BASELINE, path=file) from error
    if not all(isinstance(value, str) for finding in found for value in finding):
        raise UsageError(_NOT_A_BASELINE, path=file)
    return frozenset(found)


def write_baseline(file: str, findings: Iterable[KnownFinding]) -> None:
    """Write the findings, sorted, so that a version control system shows what is new.

    A baseline that is there is replaced, and nothing else: UsageError where the file is something else, even empty.
    FileError where it cannot be read or written, or would be larger than is read again.
    """
    listed = [finding._asdict() for finding in sorted(findings)]
    content = (json.dumps({"version": _VERSION, "findings": listed}, indent=2) + "\n").encode()
    if len(content) > MAX_BASELINE:
        raise FileError(
            f"{len(listed)} findings make a baseline of more than {MAX_BASELINE >> 20} MiB. Lint fewer files at once",
            path=file,
        )
    if os.path.lexists(file):
        replace_earlier(file, content, lambda old: _check_replaceable(file, old))
        return
    # O_EXCL: nothing that somebody put there meanwhile is overwritten, nor what a link leads to
    with explained(file), open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as new:
        new.write(content)


def _check_replaceable(file: str, source: bytes) -> None:
    try:
        _parsed(file, source)
    except UsageError as error:
        raise UsageError(_NOT_REPLACED, path=file) from error


def listed(result: LintedFile, baseline: str) -> Iterator[KnownFinding]:
    """Yield the findings of a file that count, as the baseline in the file `baseline` lists them."""
    yield from (known for known, _, reason in _known(result, baseline) if reason is None)


def suppress(result: LintedFile, baseline: Baseline) -> tuple[LintedFile, set[KnownFinding]]:
    """Return the result with the findings in the baseline suppressed, and those of the baseline that were found."""
    counted: list[Diagnostic] = []
    suppressed = [*result.suppressed]
    found = set()
    for one, finding, reason in _known(result, baseline.file):
        if one in baseline.known:
            found.add(one)
        if reason is None and one in baseline.known:
            suppressed.append((finding, REASON))
        elif reason is None:
            counted.append(finding)
    return result._replace(diagnostics=tuple(counted), suppressed=tuple(suppressed)), found


def stale(baseline: Baseline, found: Collection[KnownFinding], linted: Collection[str]) -> Iterator[KnownFinding]:
    """Yield what the baseline lists and nobody finds any more.

    Judged are findings in files that were `linted` (as `place_of` says) and in those that do not exist any more.
    """
    directory = os.path.dirname(baseline.file)
    for known in sorted(baseline.known):
        if known not in found and (known.path in linted or not os.path.lexists(os.path.join(directory, known.path))):
            yield known


def _known(result: LintedFile, baseline: str) -> Iterator[tuple[KnownFinding, Diagnostic, str | None]]:
    place = place_of(result.path, baseline)
    for finding, reason, fingerprint in fingerprinted(result, Source(result.document, result.fixed)):
        yield KnownFinding(place, finding.code, fingerprint), finding, reason
