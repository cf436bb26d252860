"""The same matter written in many ways: confkit and the three public readers read one meaning.

Differential: where a file is plain, all four agree. Metamorphic: sections in another order, other spacing, other line
ends and the other form change nothing of what is said.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from confkit.config.compare import differences
from confkit.config.convert import convert
from confkit.config.third_party_readers import read_all
from confkit.core.syntax import parse

if TYPE_CHECKING:
    import pytest

EXECUTIONS = (500, 20_000)  # of each property, in the short and in the long profile

# No name is a part of another one, and none is a part of a value: there the public readers do err (docs/rules, CK602).
SECTIONS = ("Chrystoki2", "Luna", "Misc", "HAConfiguration", "VirtualToken", "CardReader", "Presentation")
KEYS = ("LibUNIX64", "DefaultTimeOut", "statusTimeout", "HAOnly", "reconnAtt", "ToolsDir", "RemoteCommand")
VALUES = st.text("abcxyz0123456789/.:,@-_", min_size=1, max_size=12)
MATTER = st.dictionaries(
    st.sampled_from(SECTIONS), st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1, max_size=5), min_size=1
)


class Style(NamedTuple):
    """How a file is written; none of it means anything."""

    end: str
    indentation: str
    before_equals: str
    after_equals: str
    gap: int
    final_end: bool
    seed: int  # of the order of sections and of entries


STYLES = st.builds(
    Style,
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", " ", "   ", "        "]),
    st.sampled_from(["", " ", "     "]),
    st.sampled_from(["", " ", "  "]),
    st.integers(0, 2),
    st.booleans(),
    st.integers(0, 10),
)


def written(matter: dict[str, dict[str, str]], style: Style, *, windows: bool) -> bytes:
    chance = random.Random(style.seed)
    lines: list[str] = []
    for section in chance.sample(sorted(matter), len(matter)):
        entries = [
            f"{style.indentation}{key}{style.before_equals}={style.after_equals}{value}{'' if windows else ';'}"
            for key, value in chance.sample(sorted(matter[section].items()), len(matter[section]))
        ]
        block = [f"[{section}]", *entries] if windows else [f"{section} = {{", *entries, "}"]
        lines += block + [""] * style.gap
    return (style.end.join(lines) + style.end * style.final_end).encode()


def run(test: object, *, long_campaign: bool) -> int:
    """Run a property as often as the profile says, and return how often that was."""
    executions = EXECUTIONS[long_campaign]
    settings(max_examples=executions, database=None, derandomize=not long_campaign)(test)()  # type: ignore[operator]
    return executions


def test_every_reader_of_a_plain_file_agrees_with_confkit(
    long_campaign: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    @given(MATTER, STYLES)
    def holds(matter: dict[str, dict[str, str]], style: Style) -> None:
        source = written(matter, style, windows=False)
        document = parse(source, "Chrystoki.conf")
        for section, entries in matter.items():
            for key, value in entries.items():
                assert document.get(section, key) == value
                for reading in read_all(source, section, key, windows=False):
                    assert (reading.value, reading.error) == (value, None), reading

    executions = run(holds, long_campaign=long_campaign)
    with capsys.disabled():
        print(f"\ncampaign: plain files, confkit against three readers: {executions} files, no difference")


def test_layout_means_nothing(long_campaign: bool, capsys: pytest.CaptureFixture[str]) -> None:
    @given(MATTER, STYLES, STYLES, st.booleans(), st.booleans())
    def holds(matter: dict[str, dict[str, str]], one: Style, other: Style, first: bool, second: bool) -> None:
        documents = [
            parse(written(matter, style, windows=windows), "crystoki.ini" if windows else "Chrystoki.conf")
            for style, windows in ((one, first), (other, second))
        ]
        assert differences(documents[0], documents[1]) == ()

    executions = run(holds, long_campaign=long_campaign)
    with capsys.disabled():
        print(f"\ncampaign: two ways to write one matter: {executions} pairs, no difference of meaning")


def test_there_and_back_again_means_the_same(long_campaign: bool, capsys: pytest.CaptureFixture[str]) -> None:
    @given(MATTER, STYLES, st.booleans())
    def holds(matter: dict[str, dict[str, str]], style: Style, windows: bool) -> None:
        document = parse(written(matter, style, windows=windows), "crystoki.ini" if windows else "Chrystoki.conf")
        there = parse(convert(document, windows=not windows).to_bytes())
        back = parse(convert(there, windows=windows).to_bytes())
        assert differences(document, there) == ()
        assert differences(document, back) == ()

    executions = run(holds, long_campaign=long_campaign)
    with capsys.disabled():
        print(f"\ncampaign: to the other form and back: {executions} files, no difference of meaning")
