"""Many changes as one: the same as one by one, and all that stands against them at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.changeset import MAX_CHANGES, ChangeSet
from confkit.core.errors import FileError, UsageError
from confkit.core.syntax import parse, set_entry, unset_entry
from testing.intents import configuration_files

SETTINGS = st.sampled_from(
    [
        ("HAConfiguration", "HAOnly", "0"),
        ("HAConfiguration", "statusTimeout", "12"),
        ("Misc", "ToolsDir", "/opt/luna/bin"),
        ("Luna", "DefaultTimeOut", "500001"),
        ("LunaSA Client", "ReceiveTimeout", "20001"),
        ("Presentation", "ShowEmptySlots", "no"),
    ]
)
REMOVALS = st.sampled_from([("REST", "ServerName"), ("Misc", "PE1746Enabled"), ("CkLog2", "Enabled"), ("REST", "None")])
CHANGES = st.builds(
    lambda to_set, to_unset: ChangeSet(tuple(to_set), tuple(to_unset)),
    st.lists(SETTINGS, unique=True),
    st.lists(REMOVALS, unique=True),
)


@given(configuration_files(), CHANGES)
def test_all_at_once_is_the_same_as_one_by_one(source: bytes, changes: ChangeSet) -> None:
    one_by_one = parse(source)
    for section, key, value in changes.set:
        one_by_one = set_entry(one_by_one, section, key, value)
    for section, key in changes.unset:
        one_by_one = unset_entry(one_by_one, section, key)
    after = changes.applied_to(parse(source), force=True)  # in the Windows form too, a path of UNIX
    assert after.to_bytes() == one_by_one.to_bytes()
    assert all(after.get(section, key) == value for section, key, value in changes.set)


@given(configuration_files(), CHANGES)
def test_applying_twice_changes_nothing_more(source: bytes, changes: ChangeSet) -> None:
    once = changes.applied_to(parse(source), force=True)
    assert changes.applied_to(once, force=True).to_bytes() == once.to_bytes()


def test_all_that_is_wrong_is_listed() -> None:
    changes = ChangeSet(
        set=(
            ("HAConfiguration", "statusTimeout", "61"),
            ("HAConfiguration", "HAOnyl", "1"),
            ("Misc", "ToolsDir", "a;b"),
            ("HAConfiguration", "HAOnly", "1"),
        ),
        unset=(("HAConfiguration", "HAOnly"),),
    )
    with pytest.raises(UsageError) as caught:
        changes.applied_to(parse(b"Misc = {\n}\n"))
    assert caught.value.message == "4 reasons against it. Nothing was changed"
    contradiction, bounds, unknown, text = caught.value.details
    assert contradiction == "HAConfiguration/HAOnly is set and unset. Leave one out"
    assert "from 3 to 60" in bounds
    assert "did you mean HAOnly?" in unknown
    assert "cannot hold" in text


def test_an_entry_that_is_removed_twice_is_not_said_to_be_set() -> None:
    name = ("HAConfiguration", "HAOnly")
    for changes, said in (
        (ChangeSet(unset=(name, name)), ["unset twice"]),
        (ChangeSet(((*name, "1"), (*name, "0"))), ["set twice"]),
        (ChangeSet(((*name, "1"),), (name, name)), ["set and unset"] * 2),
    ):
        with pytest.raises(UsageError) as caught:
            changes.applied_to(parse(b"HAConfiguration = {\n   HAOnly = 1;\n}\n"))
        reasons = caught.value.details or (caught.value.message,)
        assert [f"HAConfiguration/HAOnly is {each}. Leave one out" for each in said] == [
            reason.replace(". Nothing was changed", "") for reason in reasons
        ]


def test_what_is_unsafe_in_the_file_is_said_with_the_rest() -> None:
    document = parse(b"Misc = {\n   ToolsDir = /a;\n   ToolsDir = /b;\n}\n")
    with pytest.raises(FileError) as caught:
        ChangeSet((("Misc", "ToolsDir", "/x"), ("HAConfiguration", "HAOnly", "7"))).applied_to(document)
    assert (caught.value.line, len(caught.value.details)) == (2, 2)


def test_names_that_differ_in_case_are_one_entry_on_windows() -> None:
    changes = ChangeSet((("HAConfiguration", "HAOnly", "1"),), (("haconfiguration", "haonly"),))
    with pytest.raises(UsageError, match="set and unset"):
        changes.applied_to(parse(b"[HAConfiguration]\n"))


def test_ten_thousand_changes_are_refused_at_once() -> None:
    changes = ChangeSet(tuple(("Misc", f"Entry{number}", "1") for number in range(10_000)))
    with pytest.raises(UsageError, match=f"at most {MAX_CHANGES}"):
        changes.applied_to(parse(b"Misc = {\n}\n"), force=True)


def test_an_entry_that_is_not_there_may_be_removed() -> None:
    document = parse(b"Misc = {\n}\n")
    assert ChangeSet(unset=(("Misc", "ToolsDir"),)).applied_to(document) is document
