"""Lint many files: read, fix if asked to, run the rules, set aside what is suppressed. A bad file stops no other.

`lint_paths` is the whole of `confkit lint` but for its options and its output:

    run = lint_paths(["deploy"], LintOptions(RULES))
    for file in run:
        print(file.path, file.diagnostics)
    print(run.summary, list(run.warnings()))
"""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

import gc
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from confkit.lint.discover import Found, Target, find_targets
from confkit.lint.environment.detect import RENDER_FIRST
from confkit.lint.lint_file import LintOptions, lint_target
from confkit.lint.results import LintedFile, Summary, counted
from confkit.lint.settings.ignores import Ignore, unused

if TYPE_CHECKING:
    from confkit.lint.baseline import Baseline, KnownFinding

MANY_FILES = 200  # from here on worker processes save more than they cost, and a person wants to see a progress bar
_MAX_NAMED = 5  # stale entries of a baseline that a warning names


class LintWarning(NamedTuple):
    """What is not as it should be about the lint itself: a file that was passed over, a setting without effect."""

    path: str
    message: str


class LintRun:
    """A lint of many files. Iterate over it, once, for the result of each file, in the order of the files.

    Only what concerns all files is kept: `summary` counts the files so far, `warnings` is complete at the end.
    """

    def __init__(self, found: Found, options: LintOptions, baseline: "Baseline | None") -> None:
        self.summary = Summary()
        self._found = found
        self._options = options._replace(config_maps=found.config_maps)
        self._baseline = baseline
        self._suppressed: dict[Ignore, set[str]] = {}
        self._known: set[KnownFinding] = set()
        self._linted: set[str] = set()
        self._listed = {each.path for each in baseline.known} if baseline else frozenset()

    @property
    def total(self) -> int:
        """How many files are linted."""
        return len(self._found.targets)

    def __iter__(self) -> Iterator[LintedFile]:
        for linted in lint_targets(self._found.targets, self._options):
            self._count_ignores(linted)
            result = self._held_against_baseline(linted) if self._baseline else linted
            self.summary = counted(self.summary, result)
            yield result

    def warnings(self) -> Iterator[LintWarning]:
        """Yield what was passed over in the search, and which ignores and entries of the baseline have no effect."""
        yield from _passed_over(self._found)
        options = self._options
        for sentence in unused(
            options.ignores, self._suppressed, [rule.code for rule in options.rules], self._found.searched
        ):
            yield LintWarning(options.settings or "", sentence)
        if self._baseline:
            yield from self._stale(self._baseline)

    def _count_ignores(self, linted: LintedFile) -> None:
        if self._options.ignores.entries and linted.document:
            codes = {finding.code for finding, _ in linted.suppressed}
            for ignore in self._options.ignores.of_file(linted.path):
                self._suppressed.setdefault(ignore, set()).update(codes)

    def _held_against_baseline(self, linted: LintedFile) -> LintedFile:
        from confkit.lint.baseline import place_of, suppress  # noqa: PLC0415 - most lints have none

        assert self._baseline is not None  # noqa: S101 - the caller's condition
        result, known = suppress(linted, self._baseline)
        self._known |= known
        place = place_of(linted.path, self._baseline.file)
        if linted.error is None and place in self._listed:
            self._linted.add(place)
        return result

    def _stale(self, baseline: "Baseline") -> Iterator[LintWarning]:
        from confkit.lint.baseline import stale  # noqa: PLC0415 - as above

        ran = {rule.code for rule in self._options.rules}
        found = [each for each in stale(baseline, self._known, self._linted) if each.code in ran]
        if found:
            named = ", ".join(f"{each.code} in {each.path}" for each in found[:_MAX_NAMED])
            more = f" and {len(found) - _MAX_NAMED} more" if len(found) > _MAX_NAMED else ""
            yield LintWarning(baseline.file, f"stale: {named}{more}. Write it anew with --write-baseline")


def lint_paths(
    paths: Iterable[str],
    options: LintOptions,
    *,
    directory: str | None = None,
    baseline: "Baseline | None" = None,
    read_input: Callable[[Target], Target] | None = None,
) -> LintRun:
    """Lint files, directories to search, and standard input where a path is `-`.

    Files below `directory` (None: the current one) are reported relative to it. `read_input` returns the target for
    standard input with what was read from there. Nothing is linted before the result is iterated over. FileError where
    the current directory does not exist.
    """
    found = find_targets(paths, os.getcwd() if directory is None else directory)
    if read_input:
        found = found._replace(targets=tuple(read_input(each) if each.is_input else each for each in found.targets))
    return LintRun(found, options, baseline)


def lint_targets(targets: Sequence[Target], options: LintOptions) -> Generator[LintedFile]:
    """Lint all files and yield the results in the order of `targets`.

    Many files are linted by worker processes; their results are fetched as they are asked for, a few ahead.
    """
    work = partial(_lint_without_collecting, options=options)
    if len(targets) > MANY_FILES and _processors() > 1:
        # costs 20 ms, and a few files are linted faster without
        from confkit.lint.workers import in_workers  # noqa: PLC0415

        yield from in_workers(work, targets, _processors())
    else:
        yield from map(work, targets)


def _lint_without_collecting(target: Target, options: LintOptions) -> LintedFile:
    """Lint one file, and look for no circles of objects meanwhile: that takes a quarter of the time of a large one.

    Between the files they are looked for: every report in JSON or XML leaves some, which would pile up.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        return lint_target(target, options)
    finally:
        if before:
            gc.enable()


def _passed_over(found: Found) -> Iterator[LintWarning]:
    if found.unseen:
        it = _and_more(found.unseen)
        message = f"{it} cannot be read, so it is not known whether it is a configuration. Name it if it is"
        yield LintWarning(found.unseen[0], message)
    if found.outside:
        message = f"{_and_more(found.outside)} is a link out of the directory that was searched, and was skipped. "
        yield LintWarning(found.outside[0], f"{message}Name the file to lint it")
    if found.templates:
        yield LintWarning(
            found.templates[0], f"{_and_more(found.templates)} is a template, and not linted. {RENDER_FIRST}"
        )


def _and_more(paths: Sequence[str]) -> str:
    return f"this and {len(paths) - 1} more" if len(paths) > 1 else "this"


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
