"""No message, help or fix holds a secret, whatever is wrong with its line."""

from __future__ import annotations

from confkit.core.syntax import parse
from confkit.lint.linter import lint
from confkit.lint.rules import entries, layout, network, security
from testing.linting import found, section

CANARY = "s3cr3t-canary-7719"


def test_no_message_holds_the_value_of_a_secret() -> None:
    lines = ["AuthTokenClientSecret = 'hush';", "AuthTokenClientSecret = hush{", "AuthTokenClientSecret = hush", "hush"]
    for line in lines:
        seen = lint(parse(f"REST = {{\n {line}\n {line}\n}}\n".encode()), "", layout.RULES)
        assert seen
        assert not any(
            "hush" in f"{each.message} {each.help} {each.fix.description if each.fix else ''}" for each in seen
        )


def test_no_value_of_a_secret_stands_in_a_message_or_a_fix() -> None:
    text = section("Misc", "AuthTokenClientSecret = hunter2") + section("REST", "authtokenclientsecret2 = hunter2")
    diagnostics = found(text, entries.RULES)
    assert {each.code for each in diagnostics} == {"CK202", "CK205"}
    assert "hunter2" not in repr(diagnostics)


def test_no_message_holds_a_secret() -> None:
    source = f"REST = {{\n AuthTokenClientSecret = {CANARY};\n # CVAppSpecificData = {CANARY};\n}}\n"
    diagnostics = found(source, (*network.RULES, *security.RULES), "x")
    assert len(diagnostics) == 2
    assert CANARY not in repr(diagnostics)
