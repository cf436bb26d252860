"""An entry has at most one finding of its name and one of its value, and its default has none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from confkit.core.catalogue import EntryFacts, all_entries, section_names
from confkit.core.catalogue.verdicts import verdict
from confkit.lint.rules.entries import RULES
from testing.linting import found, rows, section


@given(st.sampled_from([facts for facts in all_entries() if facts.default is not None]))
def test_the_default_of_an_entry_is_never_wrong(facts: EntryFacts) -> None:
    assert facts.default is not None
    assert verdict(facts, facts.default) is None


names = st.sampled_from(sorted({facts.name.replace("{NN}", "00") for facts in all_entries()}))


values = st.one_of(st.integers(-5, 10**8).map(str), st.text("abc0-,'\" ", max_size=8))


@given(st.sampled_from(section_names()), st.lists(st.tuples(names, values), max_size=6), st.booleans())
def test_an_entry_has_at_most_one_finding_of_its_name_and_one_of_its_value(
    name_of_section: str,
    entries: list[tuple[str, str]],
    windows: bool,
) -> None:
    if windows:
        text = f"[{name_of_section}]\n" + "".join(f"{name}={value}\n" for name, value in entries)
    else:
        text = section(name_of_section, *(f"{name} = {value}" for name, value in entries))
    lines: dict[int, list[str]] = {}
    for code, line, _, _ in rows(text, RULES, "crystoki.ini" if windows else "Chrystoki.conf"):
        lines.setdefault(line, []).append(code)
    for codes in lines.values():
        assert len([code for code in codes if code <= "CK207"]) <= 1
        assert len([code for code in codes if code > "CK207"]) <= 1


def test_a_long_name_or_value_is_cut_in_the_message() -> None:
    (name,) = found(section("Luna", "x" * 10_000 + " = 1"), RULES)
    (value,) = found(section("Luna", "DefaultTimeOut = " + "x" * 10_000), RULES)
    assert len(name.message) < 200
    assert len(value.message) < 200
