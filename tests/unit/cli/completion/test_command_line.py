"""What may stand at a place of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from confkit.cli.application import VERBS
from confkit.cli.completion.command_line import candidates
from confkit.core.catalogue import section_names
from confkit.emulator.plans import fault_forms
from confkit.lint.rules import RULES
from testing.programs import REPOSITORY

SAMPLE = str(REPOSITORY / "samples" / "ha-group" / "Chrystoki.conf")


def words(*typed: str) -> list[str]:
    found = candidates(typed[:-1], typed[-1])
    assert found.kind == "words"
    return [word for word, _ in found.words]


def test_commands_and_options() -> None:
    assert set(words("")) == set(VERBS)
    assert set(words("s")) == {"set-timeout", "set", "show", "server"}
    assert words("server", "") == ["list", "add", "remove"]
    assert {"-c", "--config", "--dry-run", "--help"} <= set(words("set", "-"))
    assert words("set", "HAConfiguration", "HAOnly", "1", "--dr") == ["--dry-run"]
    assert words("--sh") == ["--show-completion"]


def test_sections_and_keys_come_from_the_file_and_the_catalogue(tmp_path: Path) -> None:
    file = tmp_path / "Chrystoki.conf"
    file.write_text("Own Section = {\n  OwnKey = 1;\n}\nMisc = {\n  OwnInMisc = 1;\n}\n")
    assert words("get", "-c", str(file), "") == ["Own Section", *dict.fromkeys(["Misc", *section_names()])]
    assert words("get", "-c", str(tmp_path), "own") == ["Own Section"]
    assert words("get", f"--config={file}", "Own Section", "") == ["OwnKey"]
    assert words("get", "-c", str(file), "Misc", "Own") == ["OwnInMisc"]
    assert "ReceiveTimeout" in words("get", "LunaSA Client", "rec")
    assert words("get", "-c", str(tmp_path / "absent"), "LunaSA Cl") == ["LunaSA Client"]
    assert words("explain", "HAConfiguration", "status") == ["statusTimeout"]


WINDOWS = b"""[HACONFIGURATION]\r
haonly=1\r
[LunaSA client]\r
servername00=hsm1\r
[virtualtoken]\r
VIRTUALTOKEN00LABEL=Payroll\r
virtualtoken00members=1238700701509,1238700701510\r
"""


def test_the_windows_form_compares_names_without_letter_case(tmp_path: Path) -> None:
    file = tmp_path / "crystoki.ini"
    file.write_bytes(WINDOWS)
    assert words("get", "-c", str(file), "haconf") == ["HACONFIGURATION"]
    found = words("get", "-c", str(file), "haconfiguration", "")
    assert found[0] == "haonly"
    assert "statusTimeout" in found
    assert "HAOnly" not in found  # the file has it
    assert words("set", "-c", str(file), "haconfiguration", "HAONLY", "") == ["0", "1"]
    assert words("server", "remove", "-c", str(file), "") == ["hsm1"]
    assert words("ha", "remove-member", "-c", str(file), "PAYROLL", "") == ["1238700701509", "1238700701510"]
    for typed in (("haconf",), ("haconfiguration", "haon"), ("chrystoki2", "libnt")):
        offered = candidates(("get", "-c", str(file), *typed[:-1]), typed[-1]).words
        assert offered
        assert all(about for _, about in offered)


def test_a_windows_file_that_is_not_there_yet_has_the_windows_form(tmp_path: Path) -> None:
    assert "statusTimeout" in words("set", "-c", str(tmp_path / "crystoki.ini"), "haconfiguration", "")


def test_the_unix_form_offers_only_what_a_command_finds(tmp_path: Path) -> None:
    file = tmp_path / "Chrystoki.conf"
    file.write_text(
        "haconfiguration = {\n  own = 1;\n}\n"
        "VirtualToken = {\n  VirtualToken00Label = Payroll;\n  VirtualToken00Members = 123;\n}\n"
        "Misc = {\n  VirtualToken01Label = elsewhere;\n  ServerName00 = stray;\n}\n"
        "LunaSA Client = {\n  servername00 = hsm1;\n  ServerName01 = hsm2;\n}\n"
    )
    assert words("get", "-c", str(file), "haconf") == ["haconfiguration", "HAConfiguration"]
    assert words("get", "-c", str(file), "haconfiguration", "") == ["own"]
    assert words("ha", "delete", "-c", str(file), "") == ["Payroll"]
    assert words("ha", "remove-member", "-c", str(file), "payroll", "") == []
    assert words("server", "remove", "-c", str(file), "") == ["hsm2"]


def test_values_come_from_the_catalogue_and_never_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "Chrystoki.conf"
    file.write_text("REST = {\n  AuthTokenClientSecret = S3CR3T;\n}\n")
    assert words("set", "HAConfiguration", "HAOnly", "") == ["0", "1"]
    assert words("set", "-c", str(file), "REST", "AuthTokenClientSecret", "") == []


def test_hosts_labels_members_of_the_file() -> None:
    assert words("server", "remove", "-c", SAMPLE, "hsm1") == ["hsm1.example.com"]
    (label,) = words("ha", "delete", "-c", SAMPLE, "")
    assert len(words("ha", "remove-member", "-c", SAMPLE, label, "")) >= 2
    assert words("server", "add", "-c", SAMPLE, "") == []
    assert words("ha", "create", "-c", SAMPLE, "") == []


def test_rules_and_faults() -> None:
    assert set(words("explain", "CK")) >= {rule.code for rule in RULES}
    assert words("lint", "--select", "CK101,ck102") == ["CK101,CK102"]
    assert words("lint", "--ignore=CK101,CK102") == ["--ignore=CK101,CK102"]
    assert words("emulate", "--members", "3", "--fault", "") == ["0=", "1=", "2="]
    assert len(words("emulate", "--fault", "1=")) == len(fault_forms())
    assert words("emulate", "--fault", "1=hang") == ["1=hang"]


def test_choices() -> None:
    assert words("lint", "--format", "js") == ["json"]
    assert words("lint", "--format=js") == ["--format=json"]
    assert words("ha", "only", "") == ["on", "off"]
    assert words("--show-completion", "") == ["bash", "zsh", "fish"]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        (("lint", "x"), "files"),
        (("lint", "a", "b", ""), "files"),
        (("lint", "--", "-"), "files"),
        (("set", "-c", ""), "files"),
        (("set", "--config=/e"), "files"),
        (("relocate", ""), "directories"),
        (("relocate", "/usr", ""), "directories"),
        (("emulate", "--", "l"), "commands"),
        (("emulate", "ls", "-"), "files"),
    ],
)
def test_what_the_shell_completes(typed: tuple[str, ...], kind: str) -> None:
    assert candidates(typed[:-1], typed[-1]).kind == kind
