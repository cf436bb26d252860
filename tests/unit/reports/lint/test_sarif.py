from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.redact import MASK
from confkit.core.syntax import Edit, parse
from confkit.core.version import VERSION
from confkit.lint.diagnostics import Diagnostic, Fix
from confkit.lint.results import LintedFile
from confkit.lint.rule import Rule
from confkit.lint.rules import RULES as ALL_RULES
from confkit.reports.lint import sarif
from testing.findings import ANY_PROBLEM, RULES, UNREADABLE, any_entry, hostile_bytes, linted, made, reported, result_of
from testing.programs import REPOSITORY, corpus

SCHEMA = json.loads((REPOSITORY / "tests/unit/reports/lint/data/sarif-schema-2.1.0.json").read_text())
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)
# RFC 3986: what a reference may hold; a first segment with a colon would be a scheme
URI = re.compile(r"(?:file:///)?(?![^/]*:)(?:[A-Za-z0-9._~!$&'()*+,;=@/:-]|%[0-9A-F]{2})+")


def log_of(*results: LintedFile, rules: tuple[Rule, ...] = RULES) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(reported("sarif", *results, rules=rules))
    VALIDATOR.validate(log)
    return log


def run_of(*results: LintedFile, rules: tuple[Rule, ...] = RULES) -> dict[str, Any]:
    (run,) = log_of(*results, rules=rules)["runs"]
    assert isinstance(run, dict)
    return run


def physical(finding: Diagnostic, source: bytes) -> dict[str, Any]:
    (result,) = run_of(result_of(source, finding))["results"]
    place = result["locations"][0]["physicalLocation"]
    assert isinstance(place, dict)
    return place


def fingerprints(result: LintedFile) -> list[str]:
    return [each["partialFingerprints"]["confkitFinding/v1"] for each in run_of(result)["results"]]


def test_the_copy_of_the_schema_is_the_official_one() -> None:
    assert SCHEMA["id"] == sarif.SCHEMA


def test_one_finding() -> None:
    fix = Fix("Write 2", safe=True, edits=(Edit(2, 7, 8, b"2"),))
    finding = made(2, 8, 9, section="Misc", key="A", help="Do so", fix=fix, path="etc/Chrystoki.conf")
    (result,) = run_of(LintedFile("etc/Chrystoki.conf", parse(b"Misc = {\n   A = 1;\n}\n"), (finding,)))["results"]
    file = {"uri": "etc/Chrystoki.conf", "uriBaseId": "SRCROOT"}
    assert result.pop("partialFingerprints")["confkitFinding/v1"].endswith(":1")
    assert result == {
        "ruleId": "CK199",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "this is wrong. Do so"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": file,
                    "region": {
                        "startLine": 2,
                        "startColumn": 8,
                        "endLine": 2,
                        "endColumn": 9,
                        "snippet": {"text": "1"},
                    },
                    "contextRegion": {"startLine": 2, "snippet": {"text": "   A = 1;"}},
                },
                "logicalLocations": [{"name": "A", "fullyQualifiedName": "Misc/A"}],
            }
        ],
        "suppressions": [],
        "fixes": [
            {
                "description": {"text": "Write 2"},
                "artifactChanges": [
                    {
                        "artifactLocation": file,
                        "replacements": [
                            {
                                "deletedRegion": {"startLine": 2, "startColumn": 8, "endLine": 2, "endColumn": 9},
                                "insertedContent": {"text": "2"},
                            }
                        ],
                    }
                ],
                "properties": {"safe": True},
            }
        ],
    }


def test_the_run_names_the_tool_and_all_its_rules() -> None:
    run = run_of(linted(b"Misc = {\n}\n"), rules=ALL_RULES)
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("confkit", VERSION)
    assert [rule["id"] for rule in driver["rules"]] == [rule.code for rule in ALL_RULES]
    for described, rule in zip(driver["rules"], ALL_RULES, strict=True):
        assert described["name"] == rule.name
        assert "## Why" in described["help"]["markdown"]
        assert described["helpUri"].endswith(f"/rules/{rule.code}/")
        assert "\n" not in described["shortDescription"]["text"]
        assert described["fullDescription"]["text"].startswith(described["shortDescription"]["text"])
        assert len(described["fullDescription"]["text"]) <= 1024
    assert run["columnKind"] == "utf16CodeUnits"
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    assert run["redactionTokens"] == [MASK]
    assert run["results"] == []


def test_the_page_of_a_rule_becomes_its_help() -> None:
    described, *_ = run_of(linted(b""))["tool"]["driver"]["rules"]
    assert described["shortDescription"] == {"text": "The parser stumbles."}
    assert described["fullDescription"] == {"text": "The parser stumbles. Some program does too."}
    assert described["help"]["text"].startswith("The parser stumbles.\n\n## Why\n\nSome program\ndoes too.")
    assert described["defaultConfiguration"] == {"level": "warning"}
    assert described["properties"] == {"tags": ["configuration", "layout"], "problem.severity": "warning"}


def test_a_rule_of_no_family_and_without_a_page_is_described_all_the_same() -> None:
    def bare(_: object) -> Any:
        return ()

    described, *_ = run_of(linted(b"", rules=()), rules=(Rule("X1", "bare", "info", bare),))["tool"]["driver"]["rules"]
    assert described["shortDescription"] == {"text": "bare"}
    assert described["properties"] == {"tags": ["configuration"], "problem.severity": "recommendation"}


def test_a_finding_of_no_listed_rule_has_no_index() -> None:
    (result,) = run_of(result_of(b"x\n", made(code="CK001")))["results"]
    assert "ruleIndex" not in result


def test_levels() -> None:
    findings = [made(severity=severity) for severity in ("error", "warning", "info")]
    assert [each["level"] for each in run_of(result_of(b"x\n", *findings))["results"]] == ["error", "warning", "note"]


@pytest.mark.parametrize(
    ("source", "place", "start", "end", "snippet"),
    [
        ("é = 1", (1, 5, 6), 5, 6, "1"),
        ("\U0001f512\U0001f512 = 1", (1, 6, 7), 8, 9, "1"),
        ("\U0001f512 = 1", (1, 1, 2), 1, 3, "\U0001f512"),
        ("\ufeffa = 1", (1, 5, 6), 5, 6, "1"),
        ("a\tb", (1, 2, 3), 2, 3, "\t"),
    ],
)
def test_columns_count_utf16_code_units(
    source: str, place: tuple[int, int, int], start: int, end: int, snippet: str
) -> None:
    region = physical(made(*place), source.encode())["region"]
    assert (region["startColumn"], region["endColumn"], region["snippet"]["text"]) == (start, end, snippet)


def test_a_region_may_go_over_lines_and_has_no_snippet_then() -> None:
    region = physical(made(1, 1, 2, end_line=2), "a\n\U0001f512b\n".encode())["region"]
    assert region == {"startLine": 1, "startColumn": 1, "endLine": 2, "endColumn": 3}


def test_secrets_are_masked_in_the_snippets() -> None:
    place = physical(made(1, 25, 32), b"AuthTokenClientSecret = hunter2;\n")
    assert place["region"]["snippet"] == {"text": MASK}
    assert place["contextRegion"]["snippet"] == {"text": f"AuthTokenClientSecret = {MASK};"}


def test_an_endless_line_has_no_snippet() -> None:
    place = physical(made(1, 1, 100_000), b"x" * 100_000)
    assert "contextRegion" not in place
    assert "snippet" not in place["region"]


def test_the_line_of_a_finding_in_an_empty_file_is_not_quoted() -> None:
    assert "snippet" not in physical(made(1, 1), b"")["region"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("./a/../b.conf", "b.conf"),
        ("a b/ü%.conf", "a%20b/%C3%BC%25.conf"),
        ("c:/x#y?.conf", "c%3A/x%23y%3F.conf"),
        ("../x.conf", "../x.conf"),
        ("a\udcff.conf", "a%FF.conf"),
        ("<stdin>", "%3Cstdin%3E"),
        ("/etc/Chrystoki.conf", "file:///etc/Chrystoki.conf"),
        ("//etc/Chrystoki.conf", "file:///etc/Chrystoki.conf"),
    ],
)
def test_uris_are_encoded_and_relative_where_the_path_is(path: str, uri: str) -> None:
    (result,) = run_of(LintedFile(path, None, (made(path=path),)))["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == uri
    assert location.get("uriBaseId") == (None if uri.startswith("file:") else "SRCROOT")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda path: "\0" not in path))
def test_any_path_gives_a_valid_uri(path: str) -> None:
    (result,) = run_of(LintedFile(path, None, (made(path=path),)))["results"]
    assert URI.fullmatch(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def test_an_unreadable_file_is_a_notification_and_the_run_no_success() -> None:
    (invocation,) = run_of(UNREADABLE, linted(b"Misc = {\n}\n"))["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert not invocation["executionSuccessful"]
    assert notification["message"] == {"text": "Permission denied"}
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "locked/Chrystoki.conf"


def test_a_suppressed_finding_is_there_with_its_reason() -> None:
    result = LintedFile("a", parse(b"x\n"), (made(),), ((made(1, 2), "in the\nbaseline"),))
    found = run_of(result)["results"]
    assert [each["suppressions"] for each in found] == [
        [],
        [{"kind": "external", "status": "accepted", "justification": "in the\\x0abaseline"}],
    ]


def test_a_message_from_a_file_holds_no_link() -> None:
    (result,) = run_of(result_of(b"x\n", made(message="[click](https://example.org) a\\b")))["results"]
    assert result["message"]["text"] == "\\[click\\](https://example.org) a\\\\b."


def test_at_most_25000_results_and_the_most_severe_of_them() -> None:
    warnings = [made(severity="warning")] * 13_000
    result = LintedFile("a", parse(b"x\n"), (*warnings, made(1, 2)), ((made(1, 1), "known"),) * 13_000)
    run = json.loads(reported("sarif", result))["runs"][0]
    kept = run["results"]
    assert len(kept) == 25_000
    assert [each["level"] for each in kept if not each["suppressions"]] == ["warning"] * 13_000 + ["error"]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == "26001 findings; only the 25000 most severe are in this log"
    assert run["invocations"][0]["executionSuccessful"]


BEFORE = b"Misc = {\n   A = 1\n   A = 1\n   B = 1;\n}\nLuna = {\n   A = 1\n}\n"


@pytest.mark.parametrize(
    "after",
    [
        b"# a comment\n\n\n" + BEFORE,
        BEFORE + b"More = {\n}\n",
        BEFORE.replace(b"   A = 1", b"A  =  1"),
        BEFORE.replace(b"   B = 1;\n", b"   B = 1;\n   C = 2;\n"),
    ],
)
def test_fingerprints_survive_lines_that_come_and_go(after: bytes) -> None:
    before = fingerprints(linted(BEFORE, rules=(ANY_PROBLEM,)))
    assert len(before) == len(set(before)) > 3
    assert fingerprints(linted(after, path="moved/Chrystoki.conf", rules=(ANY_PROBLEM,))) == before


def test_a_fingerprint_tells_rule_section_key_and_line() -> None:
    findings = [made(), made(code="CK2"), made(section="A"), made(key="A"), made(2)]
    assert len(set(fingerprints(result_of(b"x\ny\n", *findings)))) == len(findings)


def test_suppressing_a_finding_does_not_change_the_fingerprint_of_another() -> None:
    result = linted(BEFORE, rules=(ANY_PROBLEM,))
    first, *others = result.diagnostics
    suppressed = result._replace(diagnostics=tuple(others), suppressed=((first, "known"),))
    assert fingerprints(suppressed) == fingerprints(result)


def test_a_fingerprint_lets_nobody_test_guesses_of_a_secret() -> None:
    files = [b"AuthTokenClientSecret = %s;\n" % secret for secret in (b"hunter2", b"swordfish")]
    key = [f"AuthTokenClientSecret = {secret}" for secret in ("hunter2", "swordfish")]
    one, other = (fingerprints(result_of(file, made(key=name))) for file, name in zip(files, key, strict=True))
    assert one == other


@given(hostile_bytes)
def test_any_file_gives_a_valid_log(source: bytes) -> None:
    run = run_of(linted(source), rules=(ANY_PROBLEM, Rule("CK299", "any-entry", "info", any_entry)))
    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_real_files_give_a_valid_log() -> None:
    results = [linted(path.read_bytes(), path.name) for path in corpus()]
    run_of(*results)
