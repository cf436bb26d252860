"""Lint many files: read, fix if asked to, run the rules, set aside what is ignored. A bad file stops no other."""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Literal, NamedTuple

from confkit.config.edit import edit
from confkit.core.errors import ConfkitError
from confkit.core.syntax import Document, parse
from confkit.lint.diagnostics import Diagnostic
from confkit.lint.discover import Target
from confkit.lint.environment.manifest_signs import is_manifest
from confkit.lint.inputs import read_file
from confkit.lint.linter import MOST_FINDINGS, lint
from confkit.lint.rule import Rule
from confkit.lint.settings.ignores import Ignore, Ignores, reason_for

Fixing = Literal["no", "show", "write"]

MANY_FILES = 200  # from here on worker processes save more than they cost, and a person wants to see a progress bar
_NEVER_FIXED = "not fixed: confkit does not change manifests. Mend the text, or the file that it is made from."


class Plan(NamedTuple):
    """What is done with every file. `fix`: not at all, to show the difference, or in the file itself."""

    rules: tuple[Rule, ...]
    ignores: Ignores
    fix: Fixing = "no"
    unsafe: bool = False


class Fixed(NamedTuple):
    """What fixing changed, or would change: the bytes, and the code of each finding that is gone.

    `warnings` are those of the edit: that it put right first what an interrupted one had left, say.
    """

    before: bytes
    after: bytes
    codes: tuple[str, ...]
    warnings: tuple[str, ...] = ()


class Linted(NamedTuple):
    """What was found in one file.

    `document` has the lines alone, for reports to quote, and not even these where nothing was found: thousands of them
    would be sent from process to process. It is None where the file could not be read. `error` says why, or what else
    went wrong; `ignored` are findings that the settings ignore, each with the reason.
    """

    path: str
    document: Document | None
    diagnostics: tuple[Diagnostic, ...]
    ignored: tuple[tuple[Diagnostic, str], ...] = ()
    error: str | None = None
    fixed: Fixed | None = None


def lint_targets(targets: Sequence[Target], plan: Plan, tell: Callable[[int, int], None]) -> list[Linted]:
    """Lint all files and return the results in the order of `targets`; `tell` hears how many of how many are done."""
    if len(targets) > MANY_FILES and _processors() > 1:
        # costs 20 ms, and a few files are linted faster without
        from confkit.lint.workers import in_workers  # noqa: PLC0415

        results = in_workers(partial(lint_target, plan=plan), targets, _processors())
    else:
        results = (lint_target(target, plan) for target in targets)
    linted = []
    with _not_collecting():
        for result in results:
            linted.append(result)
            tell(len(linted), len(targets))
    return linted


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Look for no circles of objects: a document has none, and the search takes a quarter of the time of a large one.

    Worker processes that are forked inside go on without, too.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def lint_target(target: Target, plan: Plan) -> Linted:
    """Lint one file. What is wrong with the file itself becomes the `error` of the result."""
    if target.error is not None:
        return Linted(target.path, None, (), error=target.error)
    try:
        source = read_file(target.path) if target.source is None else target.source
        return lint_source(target.path, source, plan)
    except ConfkitError as error:
        return Linted(target.path, None, (), error=error.message)


def lint_source(path: str, source: bytes, plan: Plan) -> Linted:
    """Lint the content of the file at `path`, which is read again only where it is to be fixed."""
    ignores = plan.ignores.of_file(path)
    if is_manifest(path, source):
        return _linted_manifest(path, source, ignores, plan)
    linted = _linted(path, source, plan.rules, ignores)
    if plan.fix == "no" or linted.error or not any(_applies(each, plan) for each in linted.diagnostics):
        return linted
    active = [rule for rule in plan.rules if reason_for(rule.code, ignores) is None]
    if plan.fix == "show":
        return linted._replace(fixed=_fixed(path, source, active, unsafe=plan.unsafe))
    try:
        fixed = _fix_file(path, active, unsafe=plan.unsafe)
    except ConfkitError as error:
        return linted._replace(error=f"not fixed: {error.message}")
    return _linted(path, fixed.after, plan.rules, ignores)._replace(fixed=fixed)


def _linted(path: str, source: bytes, rules: Sequence[Rule], ignores: Sequence[Ignore]) -> Linted:
    document = parse(source, os.path.basename(path))
    counted, ignored = _set_aside(lint(document, path, rules), ignores)
    quoted = document.lines if counted or ignored else []
    lines_alone = document._replace(lines=quoted, sections=(), problems=())
    return Linted(path, lines_alone, counted, ignored, _endless(counted))


def _linted_manifest(path: str, source: bytes, ignores: Sequence[Ignore], plan: Plan) -> Linted:
    """Lint the files in a manifest. It is never fixed: how their lines are written there is not theirs to change."""
    from confkit.lint.environment.manifests import lint_manifest  # noqa: PLC0415 - most files are none

    found = lint_manifest(path, source, plan.rules)
    apart = [_set_aside(each, ignores) for each in found.findings]
    counted, ignored = [each for one, _ in apart for each in one], [each for _, one in apart for each in one]
    faults = [*found.faults, *filter(None, (_endless(one) for one, _ in apart))]
    if plan.fix != "no" and any(_applies(each, plan) for each in counted):
        faults.append(_NEVER_FIXED)
    return Linted(
        path,
        Document(windows=False, lines=found.lines, sections=(), problems=()),
        tuple(sorted((each._replace(fix=None) for each in counted), key=_place)),
        tuple((each._replace(fix=None), reason) for each, reason in ignored),
        " ".join(faults) or None,
    )


def _place(finding: Diagnostic) -> tuple[int, int, str, str]:
    return finding.line, finding.column, finding.code, finding.message


def _applies(finding: Diagnostic, plan: Plan) -> bool:
    return finding.fix is not None and (plan.unsafe or finding.fix.safe)


def _fixed(path: str, source: bytes, rules: Sequence[Rule], *, unsafe: bool) -> Fixed:
    """Return the content of the file with all fixes applied."""
    from confkit.lint.fixes import fixed  # noqa: PLC0415 - only with --fix or --diff

    after, findings = fixed(source, os.path.basename(path), rules, unsafe=unsafe)
    return Fixed(source, after, tuple(finding.code for finding in findings))


def _fix_file(path: str, rules: Sequence[Rule], *, unsafe: bool) -> Fixed:
    """Fix the file itself, as it is once it is locked."""
    codes: tuple[str, ...] = ()

    def change(document: Document) -> Document:
        nonlocal codes
        found = _fixed(path, document.to_bytes(), rules, unsafe=unsafe)
        codes = found.codes
        return parse(found.after, os.path.basename(path))

    outcome = edit(path, change)
    return Fixed(outcome.before, outcome.after, codes, outcome.warnings)


def _set_aside(
    found: Sequence[Diagnostic], ignores: Sequence[Ignore]
) -> tuple[tuple[Diagnostic, ...], tuple[tuple[Diagnostic, str], ...]]:
    """Return the findings that count, and those that are ignored with the reason."""
    reasons = [(finding, reason_for(finding.code, ignores)) for finding in found]
    return (
        tuple(finding for finding, reason in reasons if reason is None),
        tuple((finding, reason) for finding, reason in reasons if reason is not None),
    )


def _endless(found: Sequence[Diagnostic]) -> str | None:
    """Say which rule found more than is reported; the file is then not linted to its end."""
    if len(found) <= MOST_FINDINGS:
        return None
    code, count = Counter(finding.code for finding in found).most_common(1)[0]
    if count <= MOST_FINDINGS:
        return None
    return f"more than {MOST_FINDINGS} findings of {code}; the rest is neither reported nor fixed. Mend these first."


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
