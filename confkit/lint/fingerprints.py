"""What tells a finding from all others of a file, and tells it again after lines were added above it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.diagnostics import Diagnostic
    from confkit.lint.results import LintedFile
    from confkit.lint.source import Source

_TELLING = 1000  # characters of a line or a name; a hostile one is endless, and is hashed for each finding in it


class Fingerprinted(NamedTuple):
    """A finding, why it is suppressed (None where it is not), and its fingerprint within its file."""

    finding: Diagnostic
    reason: str | None
    fingerprint: str


def fingerprinted(result: LintedFile, source: Source) -> Iterator[Fingerprinted]:
    """Yield all findings of a file, suppressed ones too, in the order of the file.

    A fingerprint is made from the rule, the section, the key and what the line says (blanks and secrets apart: nobody
    can test guesses of a secret on it), and from how many of the same came before. Neither the path is in it nor the
    line number, and no message: some name other lines.
    """
    found: list[tuple[Diagnostic, str | None]] = [(each, None) for each in result.diagnostics]
    found += result.suppressed
    found.sort(key=lambda pair: (pair[0].line, pair[0].column, pair[0].code))
    seen: Counter[str] = Counter()
    for finding, reason in found:
        said = source.quoted(finding.line)[:_TELLING], finding.section or "", finding.key or ""
        content = json.dumps([finding.code, *(" ".join(source.hide(each)[:_TELLING].split()) for each in said)])
        digest = hashlib.sha256(content.encode()).hexdigest()[:32]
        seen[digest] += 1
        yield Fingerprinted(finding, reason, f"{digest}:{seen[digest]}")
