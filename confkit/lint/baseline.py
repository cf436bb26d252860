"""A baseline: a file that lists the findings of today, so that only new ones count."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import UsageError
from confkit.core.storage import file as configfile
from confkit.core.storage.atomic import explained
from confkit.lint.inputs import read_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

REASON = "in the baseline"
_VERSION = 1


class Known(NamedTuple):
    """One finding of a baseline: the file, with slashes and relative to the baseline's folder, rule and fingerprint.

    The fingerprint tells findings of one file apart, and stays when lines are added above them.
    """

    path: str
    code: str
    fingerprint: str


def place_of(path: str, baseline: str) -> str:
    """Return the path of a linted file as the baseline in the file `baseline` lists it."""
    return os.path.relpath(path, os.path.dirname(baseline) or os.curdir).replace(os.sep, "/")


def read_baseline(baseline: str) -> frozenset[Known]:
    """Return the findings that the file lists.

    FileError where it cannot be read, UsageError where it is no baseline.
    """
    try:
        content = json.loads(read_file(baseline))
        if content["version"] != _VERSION:
            raise UsageError(f"this is a baseline of version {content['version']}, not {_VERSION}", path=baseline)
        found = [Known(**finding) for finding in content["findings"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError("this is no baseline. Make one with --write-baseline", path=baseline) from error
    if not all(isinstance(value, str) for finding in found for value in finding):
        raise UsageError("this is no baseline. Make one with --write-baseline", path=baseline)
    return frozenset(found)


def write_baseline(baseline: str, findings: Iterable[Known]) -> None:
    """Write the findings, sorted, so that a version control system shows what is new. FileError where it cannot."""
    listed = [finding._asdict() for finding in sorted(findings)]
    content = (json.dumps({"version": _VERSION, "findings": listed}, indent=2) + "\n").encode()
    if os.path.lexists(baseline):
        with configfile.edit_lock(baseline):
            configfile.replace(configfile.read(baseline), content, backup=False)
        return
    # O_EXCL: nothing that somebody put there meanwhile is overwritten, nor what a link leads to
    with (
        explained(baseline),
        open(os.open(baseline, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file,
    ):
        file.write(content)


def gone(listed: Iterable[Known], found: Collection[Known], linted: Collection[str], baseline: str) -> Iterator[Known]:
    """Yield what the baseline lists and nobody finds any more.

    Judged are findings in files that were `linted` (as `place_of` says) and in those that do not exist any more.
    """
    folder = os.path.dirname(baseline)
    for known in sorted(listed):
        if known not in found and (known.path in linted or not os.path.lexists(os.path.join(folder, known.path))):
            yield known
