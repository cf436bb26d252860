from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.catalogue import all_entries, section_names
from confkit.core.catalogue.verdicts import verdict
from confkit.core.severity import SEVERITIES, Severity
from confkit.core.syntax import Document, parse
from confkit.core.syntax.document import splice
from confkit.lint import fixes
from confkit.lint.diagnostics import Diagnostic
from confkit.lint.linter import lint
from confkit.lint.rules.entries import RULES
from testing.programs import corpus

if TYPE_CHECKING:
    from pathlib import Path

    from confkit.core.catalogue import EntryFacts

Row = tuple[str, int, int, Severity]


def found(text: str, name: str = "Chrystoki.conf") -> list[Diagnostic]:
    return lint(parse(text.encode(), name), name, RULES)


def rows(text: str, name: str = "Chrystoki.conf") -> list[Row]:
    return [(each.code, each.line, each.column, each.severity) for each in found(text, name)]


def unix(section: str, *entries: str) -> str:
    return f"{section} = {{\n" + "".join(f"  {entry};\n" for entry in entries) + "}\n"


def fixed(document: Document, diagnostic: Diagnostic) -> Document:
    assert diagnostic.fix is not None
    return parse(splice(document.lines, diagnostic.fix.edits), "crystoki.ini" if document.windows else "Chrystoki.conf")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (unix("LunaSAClient", "NetClient = 1"), [("CK201", 1, 1, "warning")]),
        (unix("CardProc", "ServerCAFile = /ca.pem"), [("CK201", 1, 1, "warning")]),
        (unix("  Docker", "TokenLabel = x"), [("CK201", 1, 3, "warning")]),
        (unix("Luna", "DefaultTimeuot = 500000"), [("CK202", 2, 3, "warning")]),
        (unix("LunaSA Client", "ServerCAFile00 = /ca.pem"), [("CK202", 2, 3, "warning")]),
        (unix("LunaSA Client", "ServerName = hsm1"), [("CK202", 2, 3, "warning")]),
        (unix("LunaSA Client", "ServerName010 = hsm1"), [("CK202", 2, 3, "warning")]),
        (unix("HAConfiguration", "AutoReconnectedInterval = 60"), [("CK202", 2, 3, "warning")]),
        (unix("HAConfiguration", "HAAutoRecover = 1"), [("CK202", 2, 3, "warning")]),
        (unix("HAConfiguration", "ReconnAtt = 10"), [("CK203", 2, 3, "error")]),  # documented
        (unix("HAConfiguration", "paymentsStandbymembers = 1"), [("CK203", 2, 3, "warning")]),
        (unix("LunaSA Client", "serverCAFile = /ca.pem"), [("CK203", 2, 3, "warning")]),  # seen
        (unix("RBS", "hostname = localhost"), [("CK203", 2, 3, "warning")]),  # observed
        (unix("MISC", "ToolsDir = /bin"), [("CK203", 1, 1, "error")]),
        (unix("toggles", "lunacm_cv_ha_ui = 1"), [("CK203", 1, 1, "info")]),
        (unix("Luna", "CommandTimeoutPedSet = 720000"), [("CK204", 2, 3, "warning")]),
        (unix("LunaSA Client", "HAOnly = 1"), [("CK205", 2, 3, "error")]),
        (unix("HASynchronize", "HAOnly = 1"), [("CK205", 2, 3, "error")]),
        (unix("HASynchronize", "haonly = 1"), [("CK205", 2, 3, "error")]),
        (unix("Secure Trusted Channel", "ServerCAFile = /ca.pem"), [("CK205", 2, 3, "warning")]),
        (unix("Misc", "HostPort = 1792"), [("CK205", 2, 3, "warning")]),
        (unix("Chrystoki2", "LibNT = c:\\cryptoki.dll"), [("CK206", 2, 3, "info")]),
        (unix("HARecovery", "payments = 1", "archive = 1"), [("CK207", 1, 1, "warning")]),
        (unix("GemEngine", "DisablePublicCrypto = 1"), [("CK207", 2, 3, "warning")]),
    ],
)
def test_a_wrong_name_or_place_is_one_finding_at_the_name(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (unix("LunaSA Client", "ServerPort00 = 70000"), [("CK208", 2, 18, "error")]),
        (unix("LunaSA Client", "ServerPort00 = abc"), [("CK208", 2, 18, "error")]),
        (unix("LunaSA Client", "NetClient = maybe"), [("CK208", 2, 15, "error")]),
        (unix("Luna", "DefaultTimeOut = abc"), [("CK208", 2, 20, "error")]),
        (unix("Luna", "DomainParamTimeOut = abc"), [("CK208", 2, 24, "info")]),  # recalled
        (unix("VirtualToken", "VirtualToken00Members = 12,,13"), [("CK208", 2, 27, "warning")]),
        (unix("HAConfiguration", "statusTimeout = soon"), [("CK208", 2, 19, "error")]),
        (unix("HAConfiguration", "reconnAtt = 501"), [("CK209", 2, 15, "warning")]),
        (unix("Misc", "AppIdMajor = 4294967296"), [("CK209", 2, 16, "warning")]),
        (unix("GemEngine", "DisableRsa = 2"), [("CK210", 2, 16, "warning")]),
        (unix("GemEngine", "DisableRsa = yes"), [("CK210", 2, 16, "warning")]),
        (unix("LunaSA Client", "NetClient = 2"), [("CK210", 2, 15, "warning")]),
        (unix("VirtualToken", "VirtualTokenActiveRecovery = enhanced"), [("CK210", 2, 32, "warning")]),
        (unix("Presentation", "ShowAdminTokens = 1"), [("CK210", 2, 21, "info")]),
        (unix("Misc", "ToolsDir ="), [("CK211", 2, 3, "warning")]),
        (unix("REST", "AuthTokenClientSecret ="), [("CK211", 2, 3, "warning")]),
        (unix("HAConfiguration", "statusTimeout = 3000"), [("CK212", 2, 19, "warning")]),
        (unix("HAConfiguration", "AutoReconnectInterval = 60000"), [("CK212", 2, 27, "warning")]),
        (unix("LunaSA Client", "ReceiveTimeout = 20"), [("CK212", 2, 20, "warning")]),
        (unix("Luna", "DefaultTimeOut = 500"), [("CK212", 2, 20, "warning")]),
        (unix("XTC", "TimeoutSec = 600000"), [("CK212", 2, 16, "warning")]),
        (unix("Luna", "KeypairGenTimeOut = 270000"), [("CK213", 2, 23, "info")]),
        (unix("Luna", "DefaultTimeOut = 20000"), [("CK213", 2, 20, "info")]),
        (unix("Luna", "PEDTimeout2 = 2000000"), [("CK213", 2, 17, "info")]),
    ],
)
def test_a_wrong_value_is_one_finding_at_the_value(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        unix("Chrystoki2", "LibUNIX64 = /a.so") + unix("CkLog2", "LibUNIX64 = /b.so", "Enabled = 1"),
        unix("XTC", "Enabled = 1"),
        unix("REST", "ServerName = hsm.example.com", "ServerPort = 443"),
        unix("HASynchronize", "any-label_at.all = 1"),
        unix("HAConfiguration", "paymentsStandbyMembers = 123"),
        unix("LunaSA Client", "ServerHtl00 ="),
        unix("LunaSA Client", "ReceiveTimeout = 0", "ServerPort00 = 1792"),
        unix("Luna", "PEDTimeout2 = 600000", "PEDTimeout3 = 20000", "DefaultTimeOut = 500000"),
        unix("Luna", 'DefaultTimeOut = "500000"'),  # quotation marks are not this family's
        unix("HAConfiguration", "reconnAtt = -1"),
        "VirtualToken = {\n  VirtualToken00Label = HAOnly;\n}\nHASynchronize = {\n  HAOnly = 1;\n}\n",
        "Luna = {\n  DefaultTimeOut = 5 // seconds\n}\n",  # no `;`: where the value ends is uncertain
        "Luna = {\n  DefaultTimeOut = 5};\n}\n",
        " = {\n  x = 1;\n}\n",
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[haconfiguration]\nreconnatt=-1\nHAONLY=1\n", []),
        ("[Luna]\nCommandTimeOutPedSet=720000\ncommandtimeoutpedset=720000\n", []),
        ("[Chrystoki2]\nLibUNIX64=/a.so\n", [("CK206", 2, 1, "info")]),
        ("[lunasa client]\nhaonly=1\n", [("CK205", 2, 1, "error")]),
        ("[HAConfig]\nHAOnly=1\n", [("CK201", 1, 2, "warning")]),
        ("[VirtualToken]\nVirtualToken00Label=Payments\n[HASynchronize]\nPAYMENTS=1\n", []),
        ("[VirtualToken]\nVirtualToken00Label=HAOnly\n[HASynchronize]\nHAONLY=1\n", []),
        ("[HAConfiguration]\nstatusTimeout=5;\n", []),  # the `;` is a finding of the layout family
    ],
)
def test_the_windows_form_minds_no_case_and_has_its_own_spellings(text: str, expected: list[Row]) -> None:
    assert rows(text, "crystoki.ini") == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (unix("LunaSAClient", "NetClient = 1"), "no section LunaSAClient is known: did you mean LunaSA Client?"),
        (unix("HaGroup", "x = 1"), "no section HaGroup is known"),
        (
            unix("LunaSA Client", "ServerName = a"),
            "LunaSA Client has no entry ServerName that is known: did you mean ServerName00?",
        ),
        (
            unix("LunaSA Client", "ServerName010 = a"),
            "LunaSA Client has no entry ServerName010 that is known: did you mean ServerName10?",
        ),
        (
            unix("VirtualToken", "VirtualToken01Lable = a"),
            "VirtualToken has no entry VirtualToken01Lable that is known: did you mean VirtualToken01Label?",
        ),
        (unix("LunaSA Client", "HAOnly = 1"), "HAOnly belongs in section HAConfiguration, not in LunaSA Client"),
        (unix("Luna", "Enabled = 1"), "Enabled belongs in section CkLog2 or XTC, not in Luna"),
        (
            unix("HAConfiguration", "statusTimeout = 3000"),
            "statusTimeout takes seconds, and 3000 looks like milliseconds: write 3",
        ),
        (
            unix("LunaSA Client", "ReceiveTimeout = 20"),
            "ReceiveTimeout takes milliseconds, and 20 looks like seconds: write 20000",
        ),
        (unix("LunaSA Client", "ServerPort00 = 70000"), "ServerPort00 is 70000, but must be a port from 1 to 65535"),
        (
            unix("Luna", "DefaultTimeOut = 20000"),
            "DefaultTimeOut is 20000 ms, the usual value is 500000 ms: is there a digit too many or too few?",
        ),
    ],
)
def test_the_message_says_what_to_do(text: str, message: str) -> None:
    assert [each.message for each in found(text)] == [message]


def test_the_help_of_an_unknown_section_says_where_its_entries_belong() -> None:
    (diagnostic,) = found(unix("CardProc", "HAOnly = 1", "whatever = 1", "ServerCAFile = /ca.pem"))
    assert diagnostic.message == "no section CardProc is known"  # and not: did you mean CardReader?
    assert diagnostic.help == (
        "HAOnly belongs in section HAConfiguration; ServerCAFile belongs in section LunaSA Client"
    )


def test_a_misspelt_section_is_named_only_where_its_entries_could_belong_there() -> None:
    (diagnostic,) = found(unix("HSMClient", "NetClient = 1", "HAOnly = 1"))
    assert diagnostic.message == "no section HSMClient is known"  # too far from any name to guess
    assert diagnostic.help == ("NetClient belongs in section LunaSA Client; HAOnly belongs in section HAConfiguration")


def test_no_value_of_a_secret_stands_in_a_message_or_a_fix() -> None:
    text = unix("Misc", "AuthTokenClientSecret = hunter2") + unix("REST", "authtokenclientsecret2 = hunter2")
    diagnostics = found(text)
    assert {each.code for each in diagnostics} == {"CK202", "CK205"}
    assert "hunter2" not in repr(diagnostics)


def test_a_long_name_or_value_is_cut_in_the_message() -> None:
    (name,) = found(unix("Luna", "x" * 10_000 + " = 1"))
    (value,) = found(unix("Luna", "DefaultTimeOut = " + "x" * 10_000))
    assert len(name.message) < 200
    assert len(value.message) < 200


def test_a_hostile_name_is_read_once() -> None:
    assert rows(unix("Luna", "a" * 1_000_000 + "1b2 = 1")) == [("CK202", 2, 3, "warning")]


def test_after_many_unknown_names_no_more_are_looked_up() -> None:
    several = found(unix("Luna", *(f"Unknown{number}x = 1" for number in range(300)), "HAOnly = 1"))
    assert len(several) == 301
    assert several[-1].code == "CK202"  # reported still, without saying where it belongs
    assert several[-1].message == "Luna has no entry HAOnly that is known"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (unix("Lunna", "PEDTimeout1 = 100000"), unix("Luna", "PEDTimeout1 = 100000")),
        (unix("MISC", "ToolsDir = /bin"), unix("Misc", "ToolsDir = /bin")),
        (unix("Luna", "DefaultTimeuot = 500000"), unix("Luna", "DefaultTimeOut = 500000")),
        (unix("HAConfiguration", "ReconnAtt = 10"), unix("HAConfiguration", "reconnAtt = 10")),
        (unix("HAConfiguration", "aStandbymembers = 1"), unix("HAConfiguration", "aStandbyMembers = 1")),
        (unix("Luna", "CommandTimeoutPedSet = 1"), unix("Luna", "CommandTimeOutPedSet = 1")),
        (unix("HAConfiguration", "statusTimeout = 3500"), unix("HAConfiguration", "statusTimeout = 4")),
        (unix("LunaSA Client", "NetClient = 1", "HAOnly = 1") + unix("HAConfiguration", "reconnAtt = -1"),
         unix("LunaSA Client", "NetClient = 1") + unix("HAConfiguration", "reconnAtt = -1", "HAOnly = 1")),
        (unix("LunaSA Client", "NetClient = 1", "HAONLY = 1"),
         unix("LunaSA Client", "NetClient = 1") + "\n" + unix("HAConfiguration", "HAOnly = 1")),
    ],
)  # fmt: skip
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    document = parse(text.encode())
    diagnostic = next(each for each in lint(document, "", RULES) if each.fix)
    assert diagnostic.fix is not None
    assert not diagnostic.fix.safe
    after = fixed(document, diagnostic)
    assert after.to_bytes().decode() == result
    assert diagnostic.code not in {each.code for each in lint(after, "", RULES)}


@pytest.mark.parametrize(
    "text",
    [
        unix("HAConfiguration", "ReconnAtt = 10", "reconnAtt = 20"),
        unix("Luna", "DefaultTimeuot = 1", "DefaultTimeOut = 500000"),
        unix("Luna", "CommandTimeoutPedSet = 1", "CommandTimeOutPedSet = 720000"),
        unix("LunaSA Client", "HAOnly = 1") + unix("HAConfiguration", "HAOnly = 0"),
        unix("LunaSA Client", "HAOnly = 1", "HAOnly = 0"),
        unix("Lunaa", "PEDTimeout1 = 1") + unix("Luna", "PEDTimeout1 = 100000"),
        unix("misc", "ToolsDir = /a") + unix("Misc", "ToolsDir = /b"),
        unix("Luna", "Enabled = 1"),
        "LunaSA Client = {\n  HAOnly = 1;\n",  # unclosed: nothing can be moved safely
    ],
)
def test_no_fix_makes_a_duplicate_or_guesses(text: str) -> None:
    wrong = [each for each in found(text) if each.code in {"CK201", "CK202", "CK203", "CK204", "CK205"}]
    assert wrong
    assert [each.fix for each in wrong] == [None] * len(wrong)


@pytest.mark.parametrize("count", [10, 11])
def test_a_file_with_many_entries_out_of_place_is_left_to_a_person(count: int) -> None:
    several = found(unix("Luna", *(f"ServerName{number:02} = hsm" for number in range(count))))
    assert [each.fix is not None for each in several] == [count == 10] * count


@pytest.mark.parametrize(
    "text",
    [
        unix("Luna", "DefaultTimeuot = 1", "DefaultTimeOutt = 500000", "DEFAULTTIMEOUT = 3"),
        unix("LunaSA Client", "HAOnly = 1") + unix("Luna", "HAOnly = 0"),
        unix("Lunaa", "PEDTimeout1 = 1") + unix("luna", "PEDTimeout1 = 100000"),
        unix("Luna", "CommandTimeoutPedSet = 1", "CommandTimeOutPedset = 720000"),
        unix("LunaSA Client", "AutoReconnectInterval = 60", *(f"ServerName{number} = a" for number in range(9))),
    ],
)
def test_all_fixes_together_make_no_duplicate_and_leave_nothing_to_fix(text: str) -> None:
    before = parse(text.encode())
    result, _ = fixes.fixed(text.encode(), "Chrystoki.conf", RULES, unsafe=True)
    after = parse(result)
    assert not {problem.code for problem in after.problems} & {"duplicate-entry", "duplicate-section"}
    assert sum(len(section.entries) for section in after.sections) == sum(
        len(section.entries) for section in before.sections
    )
    assert fixes.fixed(result, "Chrystoki.conf", RULES, unsafe=True) == (result, [])


@given(st.sampled_from([facts for facts in all_entries() if facts.default is not None]))
def test_the_default_of_an_entry_is_never_wrong(facts: EntryFacts) -> None:
    assert facts.default is not None
    assert verdict(facts, facts.default) is None


names = st.sampled_from(sorted({facts.name.replace("{NN}", "00") for facts in all_entries()}))
values = st.one_of(st.integers(-5, 10**8).map(str), st.text("abc0-,'\" ", max_size=8))


@given(st.sampled_from(section_names()), st.lists(st.tuples(names, values), max_size=6), st.booleans())
def test_an_entry_has_at_most_one_finding_of_its_name_and_one_of_its_value(
    section: str,
    entries: list[tuple[str, str]],
    windows: bool,
) -> None:
    if windows:
        text = f"[{section}]\n" + "".join(f"{name}={value}\n" for name, value in entries)
    else:
        text = unix(section, *(f"{name} = {value}" for name, value in entries))
    lines: dict[int, list[str]] = {}
    for code, line, _, _ in rows(text, "crystoki.ini" if windows else "Chrystoki.conf"):
        lines.setdefault(line, []).append(code)
    for codes in lines.values():
        assert len([code for code in codes if code <= "CK207"]) <= 1
        assert len([code for code in codes if code > "CK207"]) <= 1


@given(st.binary(max_size=300), st.sampled_from(["Chrystoki.conf", "crystoki.ini"]))
def test_any_bytes_lint_and_every_place_lies_in_the_file(source: bytes, name: str) -> None:
    document = parse(source, name)
    for each in lint(document, name, RULES):
        assert 1 <= each.line <= len(document.lines)
        assert 1 <= each.column <= each.end_column <= len(document.lines[each.line - 1]) + 1
        assert each.severity in SEVERITIES


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.name)
def test_public_files_hold_no_unknown_name_but_the_known_slips(path: Path) -> None:
    slips = {"007-cfjb-fixture-logging-ReconnAtt.conf": {"CK203"}, "011-songyaos-fixture.conf": {"CK205"}}
    document = parse(path.read_bytes(), path.name)
    names = {each.code for each in lint(document, path.name, RULES) if each.code <= "CK206"}
    assert names == slips.get(path.name, set())


# --- no fix renames what the catalogue knows, or what nobody knows -----------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        unix("CardReader", "LunaG7Slots = 0"),
        unix("CardReader", "LunaG9Slots = 0"),
        unix("RBS", "DaemonName = RBSD"),
        unix("RBS", "DaemonLog = /var/log/rbs"),
        unix("Luna", "CustomTimeout = 1"),
        unix("Luna", "PEDTimeout4 = 1"),
        unix("LunaSA Client", "ServerTimeout = 20000"),
        unix("LunaSA Client", "ServerCAFile00 = /ca.pem"),
        unix("LunaSA Client", "ServerName = hsm1"),
        unix("Misc", "AppIdMajoror = 1"),
        unix("HAConfiguration", "HAOnlyy2 = 1"),
        unix("HSMClient", "NetClient = 1"),
        unix("Chrystoki3", "LibUNIX64 = /a.so"),
        unix("CkLog3", "Enabled = 0"),
        unix("PedServer", "ServerCAFile = /ca.pem"),
    ],
)
def test_no_fix_renames_more_than_one_letter(text: str) -> None:
    assert [each.fix for each in found(text) if each.fix and "ename" in each.fix.description] == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (unix("Luna", "DefaultTimeuot = 500000"), "DefaultTimeOut"),
        (unix("Luna", "DefaultTimOut = 500000"), "DefaultTimeOut"),
        (unix("HAConfiguration", "statusTimeoutt = 10"), "statusTimeout"),
        (unix("HAConfiguration", "reconAtt = 10"), "reconnAtt"),
        (unix("HAConfiguration", "ReconnAtt = 10"), "reconnAtt"),
        (unix("LunaSA Client", "ServerNane00 = hsm1"), "ServerName00"),
        (unix("CardRaeder", "RemoteCommand = 1"), "CardReader"),
        (unix("LunaSAClient", "NetClient = 1"), "LunaSA Client"),
    ],
)
def test_a_fix_renames_where_letter_case_or_one_letter_differs(text: str, right: str) -> None:
    fixes = [each.fix for each in found(text) if each.fix]
    assert len(fixes) == 1
    assert fixes[0].edits[0].text.decode() == right
    assert not fixes[0].safe


def test_a_name_between_two_others_is_not_renamed() -> None:
    assert [each.fix for each in found(unix("Misc", "AppIdMijor = 1"))] == [None]
