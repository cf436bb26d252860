"""Whatever the input: work grows no faster than its length, and the report of one file is bounded.

Work is counted in calls of functions, so that a busy machine changes nothing. What one call does is seen only where a
long value is searched; tests/campaign/test_lint_cost.py measures processor time and memory of the same inputs.
"""

from __future__ import annotations

import re
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from confkit.core.placeholders import placeholder
from confkit.core.redact import Redactor
from confkit.core.syntax import parse
from confkit.lint.lint_file import LintOptions, lint_source
from confkit.lint.linter import MAX_FINDINGS
from confkit.lint.rules import RULES
from confkit.reports.lint.formats import FORMATS
from testing.findings import reported
from testing.lint_growth import CONFIGURATIONS, MANIFESTS, work_of

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONS = LintOptions(RULES)
FIXING = LintOptions(RULES, fix="show", unsafe=True)
SIZE = 2500  # bytes; four times this stays below what a report holds, so that nothing is cut
# Four times the input may take this many times the work; quadratic, it would be sixteen times.
MOST = 7


def fits(counts: list[int]) -> bool:
    """Return whether work at one, two and four times the input grows as the input does."""
    one, two, four = counts
    return two <= MOST * one and four <= MOST * one


@pytest.mark.parametrize("name", CONFIGURATIONS)
@pytest.mark.parametrize("options", [OPTIONS, FIXING], ids=["lint", "fix"])
def test_work_on_a_configuration_grows_as_the_input(name: str, options: LintOptions) -> None:
    make = CONFIGURATIONS[name]
    lint_source("Chrystoki.conf", make(SIZE), options)  # what is made once is made
    sources = [make(SIZE * times) for times in (1, 2, 4)]
    counts = [work_of(partial(lint_source, "Chrystoki.conf", source, options)) for source in sources]
    assert fits(counts), counts


@pytest.mark.parametrize("name", MANIFESTS)
def test_work_on_a_manifest_grows_as_the_input(name: str) -> None:
    make = MANIFESTS[name]
    lint_source("deploy.yaml", make(SIZE), OPTIONS)
    sources = [make(SIZE * times) for times in (2, 4, 8)]
    counts = [work_of(partial(lint_source, "deploy.yaml", source, OPTIONS)) for source in sources]
    assert fits(counts), counts


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "name", ["statements beside a header", "no semicolons", "one long name", "secrets", "nested blocks"]
)
def test_work_on_a_report_grows_as_the_input_and_its_length_is_bounded(name: str, form: str) -> None:
    results = [lint_source("Chrystoki.conf", CONFIGURATIONS[name](SIZE * times), OPTIONS) for times in (1, 2, 4)]
    reported(form, results[0])
    empty = work_of(lambda: reported(form))
    counts = [work_of(partial(reported, form, result)) - empty + 200 for result in results]
    assert fits(counts), counts


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_the_report_of_one_file_is_bounded(name: str) -> None:
    result = lint_source("Chrystoki.conf", CONFIGURATIONS[name](20_000), OPTIONS)
    codes = [each.code for each in result.diagnostics]
    assert all(codes.count(code) <= MAX_FINDINGS + 1 for code in set(codes))
    for form in FORMATS:
        assert len(reported(form, result)) < len(reported(form)) + 4_000 * len(codes) + 10_000, form


def test_nested_blocks_are_skipped_once() -> None:
    document = parse(b"a = {\n" * 50_000 + b"}\n" * 50_000)
    assert len([each for each in document.problems if each.code == "nested-block"]) == 49_999


def _seconds(work: Callable[[], object]) -> float:
    """Return the least processor time of three runs."""
    times = []
    for _ in range(3):
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return min(times)


def test_a_value_of_megabytes_is_searched_faster_than_by_a_pattern_of_words() -> None:
    value = "a" * 2_000_000
    source = f"Misc = {{\n  Foo = {value};\n}}\n".encode()
    (entry,) = [line for line in source.splitlines() if b"Foo" in line]
    pattern = _seconds(partial(re.compile("pas|sec|tok|key|pin|cre", re.IGNORECASE).search, value))
    assert _seconds(lambda: Redactor([entry]).hide_line(entry.decode())) < 3 * pattern
    assert _seconds(lambda: lint_source("x.conf", source, OPTIONS)) < 3 * pattern
    assert _seconds(lambda: placeholder(value)) < pattern


@pytest.mark.parametrize("name", ["password", "PASSWORD", "AuthTokenClientSecret", "ApiKey", "SPWD"])
def test_a_secret_in_a_long_line_is_redacted_as_in_a_short_one(name: str) -> None:
    for filler in ("a ", "\u0130 ", "\u017f "):
        for length in (1, 500):
            line = f"{filler * length}{name} = S3CR3T1234;"
            assert "S3CR3T1234" not in Redactor([line.encode()]).hide_line(line)
