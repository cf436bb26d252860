"""confkit rules and confkit explain."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from pydantic import TypeAdapter

from confkit.cli.commands import explain
from confkit.core.catalogue import all_entries, section_facts, section_names
from confkit.core.errors import UsageError
from confkit.lint.page import page
from confkit.lint.rules import RULES
from confkit.reports.explain import explained
from confkit.reports.explain.rules import RulesReport
from testing.command import confkit

if TYPE_CHECKING:
    from confkit.lint.rule import Rule


def test_rules_lists_every_rule_once_by_code() -> None:
    result = confkit("rules")
    assert (result.code, result.err) == (0, "")
    rows = [line.split() for line in result.out.splitlines()]
    assert [row[:3] for row in rows] == [[rule.code, rule.severity, rule.name] for rule in sorted(RULES)]
    assert all(len(row) > 4 for row in rows), "each says what it finds"


def test_rules_as_json_says_the_same() -> None:
    report = json.loads(confkit("rules", "--format", "json").out)
    assert TypeAdapter(RulesReport).validate_python(report).version == 1
    assert [each["code"] for each in report["rules"]] == sorted(rule.code for rule in RULES)
    first = report["rules"][0]
    assert first["name"] == "missing-semicolon"
    assert first["severity"] == "error"
    assert first["summary"].startswith("An entry of the UNIX form")
    assert first["url"].endswith("/rules/CK101/")


@pytest.mark.parametrize("asked", ["CK101", "ck101", "missing-semicolon"])
def test_explain_a_rule_shows_its_page(asked: str) -> None:
    (rule,) = (rule for rule in RULES if rule.code == "CK101")
    assert confkit("explain", asked).out == page(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_can_be_explained(rule: Rule, capfd: pytest.CaptureFixture[str]) -> None:
    assert explain.command(rule.code) == 0
    assert capfd.readouterr().out.startswith(f"# {rule.code} {rule.name}\n")


def test_explain_an_entry_shows_all_that_is_known() -> None:
    result = confkit("explain", "HAConfiguration", "statusTimeout")
    assert result.code == 0
    assert result.out.startswith("HAConfiguration/statusTimeout\n\nTime limit of one CA_GetCurrentHAState call")
    rows = re.findall(r"^(\S.*): +(\S.*)$", result.out, re.MULTILINE)
    known = dict(rows)
    assert known["Value"] == "a whole number of seconds from 3 to 60"
    assert known["Default"] == "3"
    assert known["Since"] == "client 10.7.0"
    assert known["Evidence"].startswith("documented")
    assert re.search(r"^Sources:\n  https://", result.out, re.MULTILINE)


def test_every_entry_can_be_explained_with_every_fact() -> None:
    for facts in all_entries():
        said = explained.entry(facts)
        assert said.startswith(f"{facts.section}/{facts.name}\n")
        wanted = [facts.meaning, facts.type, facts.unit, facts.default, facts.since, facts.deprecated, facts.note]
        wanted += [facts.other_platform, *facts.choices, *facts.undocumented, *facts.source]
        assert [each for each in wanted if each and each not in said] == []
        assert ("never shows" in said) == facts.secret


def test_a_numbered_entry_is_explained_by_its_family() -> None:
    assert confkit("explain", "VirtualToken", "VirtualToken07Members").out.startswith(
        "VirtualToken/VirtualToken{NN}Members"
    )


@pytest.mark.parametrize("name", section_names())
def test_explain_a_section_lists_its_entries(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert explain.command(name) == 0
    said = capfd.readouterr().out
    facts = section_facts(name)
    assert facts
    assert facts.meaning in said
    assert [entry for entry in facts.entries if f"\n  {entry} " not in said] == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("CK1O1",), "there is no rule and no section CK1O1; did you mean CK"),
        (("missing-semicolons",), "did you mean missing-semicolon?"),
        (("HAConfigurations",), "did you mean HAConfiguration"),
        (("zzz",), "there is no rule and no section zzz"),
        (("statusTimeout",), 'statusTimeout is an entry: confkit explain "HAConfiguration" statusTimeout'),
        (("HAConfig", "statusTimeout"), "there is no section HAConfig in the catalogue; did you mean HAConfiguration?"),
        (("HAConfiguration", "statusTimeOuts"), "did you mean statusTimeout"),
        (("HAConfiguration", "zzz"), "there is no entry zzz in section HAConfiguration of the catalogue"),
        (("LunaSA Client", "HAOnly"), "HAOnly stands in section HAConfiguration, not in LunaSA Client"),
    ],
)
def test_what_is_unknown_is_a_usage_error_with_the_nearest(asked: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        explain.command(*asked)


def test_a_known_misspelling_is_named() -> None:
    for name in section_names():
        facts = section_facts(name)
        for wrong, right in facts.misspelt.items() if facts else ():
            with pytest.raises(UsageError, match=f"{wrong} is a misspelling of {right}"):
                explain.command(name, wrong)


def test_the_exit_code_of_the_unknown_is_2() -> None:
    result = confkit("explain", "\x1b[2J")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("confkit: there is no rule and no section \\x1b[2J")


def test_completion_offers_codes_and_sections() -> None:
    environment = {"_CONFKIT_COMPLETE": "bash"}
    assert confkit("confkit explain HAC", environment=environment).out.split() == ["words", "HAConfiguration"]
    assert "CK101" in confkit("confkit explain CK10", environment=environment).out.split()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("unit-slip", "wrong-time-unit", "CK212"),
        ("member-twice", "duplicate-member", "CK307"),
        ("wide-library", "64-bit-library-in-libunix", "CK421"),
        ("log-half-set", "incomplete-ha-log", "CK319"),
    ],
)
def test_the_old_name_of_a_rule_is_accepted_with_a_note(old: str, new: str, code: str) -> None:
    result = confkit("explain", old)
    assert (result.code, result.err) == (0, f"confkit: rule {old} is now named {new}\n")
    assert result.out == confkit("explain", code).out
    assert result.out.startswith(f"# {code} {new}\n")
