"""What stands in files that were shipped and work must not be flagged: one test for each kind, with all rules."""

from __future__ import annotations

import re

import pytest

from confkit.core.syntax import parse
from confkit.lint.linter import lint
from confkit.lint.rules import RULES
from testing.programs import REPOSITORY

GROUP = (REPOSITORY / "samples" / "ha-group" / "Chrystoki.conf").read_text()
CLOUD = (REPOSITORY / "samples" / "cloud" / "Chrystoki.conf").read_text()
ENTRY = re.compile(r"^   (\w[\w-]*) = ", re.MULTILINE)


def clean(text: str, original: str = GROUP) -> None:
    assert text != original, "the file does not show what it is to show"
    diagnostics = lint(parse(text.encode(), "Chrystoki.conf"), "Chrystoki.conf", RULES)
    assert [(each.code, each.line, each.message) for each in diagnostics] == []


def test_no_blanks_round_the_equals_sign() -> None:
    clean(ENTRY.sub(r"   \1=", GROUP))


def test_equals_signs_in_one_column() -> None:
    clean(ENTRY.sub(lambda match: f"   {match[1]:<37} = ", GROUP))


@pytest.mark.parametrize("width", [0, 1, 2, 4])
def test_any_indentation(width: int) -> None:
    clean(GROUP.replace("\n   ", "\n" + " " * width))


def test_mixed_indentation() -> None:
    widths = iter(range(1000))
    clean(re.sub("^   ", lambda _: " " * (next(widths) % 5), GROUP, flags=re.MULTILINE))


def test_blank_lines_in_sections() -> None:
    clean(GROUP.replace("{\n", "{\n\n").replace(";\n}", ";\n\n}").replace("   ServerName", "\n   ServerName"))


def test_any_order_of_sections() -> None:
    sections = GROUP.rstrip().split("\n\n")
    clean("\n\n".join(reversed(sections)) + "\n")


def test_any_order_of_entries() -> None:
    sections = [section.split("\n") for section in GROUP.rstrip().split("\n\n")]
    turned = [[lines[0], *reversed(lines[1:-1]), lines[-1]] for lines in sections]
    clean("\n\n".join("\n".join(lines) for lines in turned) + "\n")


@pytest.mark.parametrize("name", ["LunaSA Client", "Secure Trusted Channel"])
def test_section_names_with_blanks(name: str) -> None:
    assert f"{name} = {{" in CLOUD
    clean(CLOUD, "")


def test_line_ends_of_windows_in_the_unix_form() -> None:
    clean(GROUP.replace("\n", "\r\n"))


def test_relative_paths() -> None:
    clean(GROUP.replace("= /usr/safenet/", "= .java-app/usr/safenet/").replace("= /var/log/luna", "= ./log"))


def test_labels_of_groups_as_names_with_dashes() -> None:
    assert "\n   payments-ha = 1;" in GROUP
    clean(GROUP.replace("payments-ha", "pay-ments_ha-01.emea"))


def test_a_semicolon_behind_the_closing_brace() -> None:
    clean(GROUP.replace("\n}", "\n};"))


def test_no_limit_to_the_attempts_at_recovery() -> None:
    assert "reconnAtt = -1;" in GROUP
    clean(GROUP, "")


@pytest.mark.parametrize("mode", ["activeEnhanced", "activeBasic"])
def test_the_recovery_modes(mode: str) -> None:
    assert "VirtualTokenActiveRecovery = activeEnhanced;" in GROUP
    clean(GROUP.replace("activeEnhanced", mode), "")


def test_labels_in_lower_or_upper_case() -> None:
    clean(GROUP.replace("payments-ha", "payments"))
    clean(GROUP.replace("payments-ha", "PAYMENTS"))


@pytest.mark.parametrize("sign", ["=", ":", "@"])
def test_signs_in_values(sign: str) -> None:
    clean(GROUP.replace("/cert/client/payments1", f"/cert/cli{sign}ent/payments1"))


def test_comments_outside_sections() -> None:
    clean("# Made by operations, see https://wiki.example.com/hsm\n\n" + GROUP.replace("}\n\n", "}\n\n# next\n"))
