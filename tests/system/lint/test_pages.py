"""Every rule's page: its examples do what they say, with the severity that the page gives."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from confkit.core.severity import SEVERITIES
from confkit.core.syntax import parse
from confkit.lint.examples import examples, lint_example
from confkit.lint.fixes import fixed
from confkit.lint.linter import lint
from confkit.lint.page import docstring, page
from confkit.lint.rule import Rule
from confkit.lint.rules import RULES, layout
from testing.programs import REPOSITORY

SAMPLES = sorted(path for path in (REPOSITORY / "samples").rglob("*") if path.suffix in {".conf", ".ini"})
BY_CODE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
HEADINGS = ["## Why", "## Bad", "## Good", "## Source"]


@BY_CODE
def test_the_bad_examples_have_this_finding_alone_and_the_good_ones_none(rule: Rule) -> None:
    found = {
        (example.kind, code)
        for example in examples(docstring(rule))
        for code in [each.code for each in lint_example(example, RULES)] or [""]
    }
    assert found == {("Bad", rule.code), ("Good", "")}


@BY_CODE
def test_fixing_the_bad_example_removes_the_finding(rule: Rule) -> None:
    for example in examples(docstring(rule)):
        source, applied = fixed(example.source, example.name, RULES, unsafe=True)
        if applied:
            assert example.kind == "Bad"
            left = lint_example(example._replace(source=source), [rule])
            assert left == []


@pytest.mark.parametrize("rule", layout.RULES, ids=lambda rule: rule.code)
def test_a_fix_of_the_layout_makes_the_good_example_of_the_bad_one(rule: Rule) -> None:
    bad, good = examples(docstring(rule))
    source, applied = fixed(bad.source, bad.name, RULES, unsafe=True)
    assert not applied or source == good.source


@BY_CODE
def test_a_page_has_all_its_parts_in_order(rule: Rule) -> None:
    lines = page(rule).splitlines()
    assert lines[0] == f"# {rule.code} {rule.name}"
    assert re.match(rf"Severity: {rule.severity}(\. |; ).*Fix: ", lines[2])
    assert lines[4].endswith(".")
    outside = "\n".join(re.split(r"^```.*$", page(rule), flags=re.MULTILINE)[::2])
    assert [line for line in outside.splitlines() if line.startswith("## ")] == HEADINGS


def test_a_finding_of_the_bad_example_is_as_severe_as_the_page_says() -> None:
    for rule in RULES:
        bad = next(example for example in examples(docstring(rule)) if example.kind == "Bad")
        found = lint_example(bad, [rule])
        assert {diagnostic.severity for diagnostic in found} == {rule.severity}, rule.code


def test_no_finding_in_any_example_or_sample_has_a_severity_that_its_page_does_not_name() -> None:
    allowed = {rule.code: {rule.severity, *rule.lowered_to} for rule in RULES}
    files = [(example.name, example.source) for rule in RULES for example in examples(docstring(rule))]
    files += [(path.name, path.read_bytes()) for path in SAMPLES]
    found = list(chain.from_iterable(lint(parse(source, name), name, RULES) for name, source in files))
    assert len(found) > 100
    wrong = {(each.code, each.severity) for each in found if each.severity not in allowed[each.code]}
    assert wrong == set()


def test_the_page_names_the_severities_of_less_certain_findings() -> None:
    lines = {rule.code: page(rule).splitlines()[2] for rule in RULES}
    assert lines["CK209"].startswith("Severity: error; warning or info where the facts are less certain. ")
    assert lines["CK212"].startswith("Severity: warning; info where the facts are less certain. ")
    assert lines["CK101"].startswith("Severity: error. ")


def test_codes_and_names_are_unique_and_in_their_form() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch("CK[1-7][0-9]{2}", rule.code)
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", rule.name)
        assert rule.severity in SEVERITIES


def test_an_escaped_example_holds_the_bytes_that_it_names() -> None:
    by_code = {rule.code: rule for rule in layout.RULES}
    first = {
        code: next(examples(docstring(by_code[code]))).source for code in ("CK151", "CK152", "CK153", "CK154", "CK155")
    }
    assert b"{\n\tRemote" in first["CK151"]
    assert b"Schl\xfcssel" in first["CK152"]
    assert b"\0" in first["CK153"]
    assert len(first["CK154"].partition(b"\n")[0]) > 1024
    assert first["CK155"].startswith(b"\xef\xbb\xbf[")
    assert "stands for a TAB" in page(by_code["CK151"])
    assert "stands for a TAB" not in page(by_code["CK101"])


def test_a_page_names_the_fix_of_the_rule() -> None:
    lines = {rule.code: page(rule).splitlines()[2] for rule in layout.RULES}
    assert lines["CK101"] == "Severity: error. Fix: safe."
    assert lines["CK124"] == "Severity: error; warning where the facts are less certain. Fix: with `--unsafe-fixes`."
    assert lines["CK121"] == "Severity: error. Fix: none."
