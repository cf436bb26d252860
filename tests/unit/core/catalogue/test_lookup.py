"""Finding the facts of a key: exact names, families, letter case on Windows, other sections, near names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.catalogue import (
    EntryFacts,
    all_entries,
    entry_facts,
    files,
    known_section,
    near_names,
    section_facts,
    section_names,
    sections_with,
)
from confkit.core.errors import FileError
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = list(all_entries())
NUMBERED = [facts for facts in ENTRIES if "{NN}" in facts.name]
NAMED = [facts for facts in ENTRIES if "{" not in facts.name]
keys = st.text(min_size=1, max_size=30)


def name_of(section: str, key: str, *, windows: bool = False) -> str | None:
    facts = entry_facts(section, key, windows=windows)
    return facts.name if facts else None


@given(st.sampled_from(NUMBERED), st.integers(0, 99))
def test_two_digits_make_a_member_of_a_numbered_family(family: EntryFacts, number: int) -> None:
    key = family.name.replace("{NN}", f"{number:02}")
    assert entry_facts(family.section, key) == family
    assert entry_facts(family.section.upper(), key.upper(), windows=True) == family


@pytest.mark.parametrize(
    "key",
    [
        "ServerName",
        "ServerName0",
        "ServerName000",
        "ServerName010",
        "ServerName\u0660\u0660",
        "ServerName 0",
        "Server00Name",
        "XServerName00",
    ],
)
def test_anything_but_two_ascii_digits_is_no_member_of_a_family(key: str) -> None:
    assert entry_facts("LunaSA Client", key) is None
    assert entry_facts("LunaSA Client", key, windows=True) is None


def test_the_longer_of_two_families_with_one_beginning_is_told_apart() -> None:
    assert name_of("LunaSA Client", "LNHServer07") == "LNHServer{NN}"
    assert name_of("LunaSA Client", "LNHServerCN07") == "LNHServerCN{NN}"
    assert name_of("Misc", "PE1746Enabled") == "PE1746Enabled"
    assert name_of("REST", "PartitionData00") == "PartitionData00"
    assert name_of("REST", "PartitionData01") is None


@given(st.sampled_from(NAMED))
def test_every_entry_is_found_by_its_name_and_on_windows_in_any_letter_case(facts: EntryFacts) -> None:
    assert entry_facts(facts.section, facts.name) is facts
    found = entry_facts(facts.section.swapcase(), facts.name.swapcase(), windows=True)
    assert found is not None
    assert found.name.lower() == facts.name.lower()
    assert found.platform != "unix" or facts.platform == "unix"


def test_letter_case_counts_on_unix() -> None:
    assert entry_facts("HAConfiguration", "ReconnAtt") is None
    assert entry_facts("haconfiguration", "reconnAtt") is None
    assert name_of("haconfiguration", "RECONNATT", windows=True) == "reconnAtt"


def test_of_two_platform_spellings_windows_takes_its_own_and_each_names_the_other() -> None:
    unix, windows = "CommandTimeOutPedSet", "CommandTimeoutPedSet"
    for spelling in (unix, windows, unix.upper()):
        assert name_of("Luna", spelling, windows=True) == windows
    for spelling, other, platform in ((unix, windows, "unix"), (windows, unix, "windows")):
        facts = entry_facts("Luna", spelling)
        assert facts is not None
        assert (facts.other_platform, facts.platform) == (other, platform)


@given(keys)
def test_any_label_is_an_entry_where_keys_are_labels(label: str) -> None:
    for windows in (False, True):
        assert name_of("HASynchronize", label, windows=windows) == "{label}"
        assert name_of("HARecovery", label, windows=windows) == "{label}"
        assert name_of("HAConfiguration", label + "StandbyMembers", windows=windows) == "{label}StandbyMembers"


def test_a_label_is_not_empty() -> None:
    assert entry_facts("HASynchronize", "") is None
    assert entry_facts("HAConfiguration", "StandbyMembers") is None


@given(keys, keys)
def test_an_unknown_section_has_no_facts(section: str, key: str) -> None:
    name = "x" + section
    assert known_section(name) is None
    assert known_section(name, windows=True) is None
    assert section_facts(name) is None
    assert entry_facts(name, key) is None
    assert sections_with("x" + key) == ()


def test_a_section_is_known_by_its_spelling_and_on_windows_in_any_letter_case() -> None:
    assert known_section("LunaSA Client") == "LunaSA Client"
    assert known_section("lunasa client") is None
    assert known_section("lunasa client", windows=True) == "LunaSA Client"
    assert known_section("LunaSAClient", windows=True) is None


def test_the_facts_of_a_section_keep_the_order_of_the_file_and_are_read_once() -> None:
    facts = section_facts("VirtualToken")
    assert facts is not None
    assert list(facts.entries)[:2] == ["VirtualToken{NN}Label", "VirtualToken{NN}SN"]
    assert section_facts("VirtualToken") is facts
    everything = [known for known in map(section_facts, section_names()) if known is not None]
    assert [entry for known in everything for entry in known.entries.values()] == ENTRIES


def test_misspelt_names_lead_to_the_right_ones() -> None:
    facts = section_facts("HAConfiguration")
    assert facts is not None
    assert facts.misspelt["AutoReconnectedInterval"] == "AutoReconnectInterval"
    assert facts.misspelt["ReconnAtt"] == "reconnAtt"
    assert entry_facts("HAConfiguration", "AutoReconnectedInterval") is None


@pytest.mark.parametrize(
    ("key", "windows", "sections"),
    [
        ("HAOnly", False, ("HAConfiguration",)),
        ("haonly", False, ()),
        ("haonly", True, ("HAConfiguration",)),
        ("LibUNIX64", False, ("Chrystoki2", "CkLog2")),
        ("ServerPort", False, ("REST",)),
        ("ServerPort00", False, ("LunaSA Client",)),
        ("groupStandbyMembers", False, ("HAConfiguration",)),
        ("ServerTimeout", False, ()),
    ],
)
def test_where_a_key_belongs(key: str, windows: bool, sections: tuple[str, ...]) -> None:
    assert sections_with(key, windows=windows) == sections


@pytest.mark.parametrize(
    ("section", "key", "nearest"),
    [
        ("HAConfiguration", "ReconnAtt", "reconnAtt"),
        ("HAConfiguration", "statustimeOut", "statusTimeout"),
        ("LunaSA Client", "ServerNme07", "ServerName07"),
        ("LunaSA Client", "ServerName", "ServerName{NN}"),
        ("LunaSA Client", "RecieveTimeout", "ReceiveTimeout"),
    ],
)
def test_the_nearest_name_comes_first(section: str, key: str, nearest: str) -> None:
    facts = section_facts(section)
    assert facts is not None
    assert near_names(key, facts.entries)[0] == nearest


def test_a_section_is_found_by_a_near_name_too() -> None:
    assert near_names("LunaSAClient", section_names())[0] == "LunaSA Client"


@given(keys, st.lists(keys, max_size=5))
def test_near_names_are_a_few_of_the_candidates(key: str, candidates: list[str]) -> None:
    near = near_names(key, candidates)
    assert len(near) <= 3
    assert set(near) <= set(candidates)


@given(st.sampled_from(NAMED))
def test_a_name_is_nearest_to_itself(facts: EntryFacts) -> None:
    assert near_names(facts.name, [facts.name, "other"]) == (facts.name,)


def test_a_very_long_key_has_no_near_name_rather_than_taking_for_ever() -> None:
    assert near_names("statusTimeout" * 100_000, ["statusTimeout" * 100_000]) == ()


# --- where the catalogue lies ----------------------------------------------------------------------------------------

PROGRAM = (
    "from confkit.core.catalogue import entry_facts; print(entry_facts('HAConfiguration', 'statusTimeout').maximum)"
)


def run_copy(folder: Path, place: str) -> subprocess.CompletedProcess[str]:
    ignored = shutil.ignore_patterns("__pycache__", "schemas")
    shutil.copytree(REPOSITORY / "confkit", folder / "confkit", ignore=ignored)
    (folder / place).mkdir()
    shutil.copy(REPOSITORY / "schemas" / "catalogue.json", folder / place)
    # the copy is not what coverage is to measure
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    return subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); {PROGRAM}"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


@pytest.mark.parametrize("place", ["confkit/schemas", "schemas"])
def test_the_catalogue_is_found_in_an_installed_package_and_in_a_checkout(tmp_path: Path, place: str) -> None:
    run = run_copy(tmp_path, place)
    assert (run.stdout, run.stderr) == ("60\n", "")


def test_an_installation_without_catalogue_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_IN_WHEEL", str(tmp_path / "wheel"))
    monkeypatch.setattr(files, "_IN_CHECKOUT", str(tmp_path / "checkout"))
    with pytest.raises(FileError, match="Install luna-confkit again"):
        files.catalogue.__wrapped__()


def test_names_are_known_without_reading_the_catalogue_and_slow_modules_stay_out() -> None:
    program = """
import sys
import confkit
before = set(sys.modules)
from confkit.core.catalogue import known_section, secret_names, section_names
section_names(), secret_names(), known_section("Luna", windows=True)
slow = {"tomllib", "difflib", "ipaddress", "pydantic", "dataclasses", "inspect"}
print(sorted(slow & set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
