"""The reference page: complete, and well-formed Markdown tables."""

from __future__ import annotations

import re

from confkit.core.catalogue import all_entries, section_names
from tools.entries_page import page

COLUMNS = 8


def test_every_section_has_its_heading_and_every_entry_its_row() -> None:
    text = page()
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == list(section_names())
    rows = re.findall(r"^\| `(.+?)` \|", text, re.MULTILINE)
    assert rows == [facts.name for facts in all_entries()]


def test_every_row_has_all_columns_and_its_sources_are_listed_below() -> None:
    for section in page().split("\n## ")[1:]:
        rows = [line for line in section.splitlines() if line.startswith("|")]
        assert {len(re.split(r"(?<!\\)\|", row)) - 2 for row in rows} == {COLUMNS}
        cited = {number for row in rows for group in re.findall(r"\[([\d, ]+)\]", row) for number in group.split(", ")}
        assert cited == set(re.findall(r"^(\d+)\. ", section, re.MULTILINE))


def test_a_row_says_what_the_catalogue_says() -> None:
    row = next(line for line in page().splitlines() if line.startswith("| `statusTimeout`"))
    assert row.startswith("| `statusTimeout` | integer, s | `3` | from 3 to 60 | both | 10.7.0 | Time limit of one ")
    assert re.search(r" \| documented \[[\d, ]+\]; not from the vendor: unit, minimum \|$", row)


def test_secrets_deprecation_other_spellings_and_misspellings_are_told() -> None:
    text = page()
    assert text.count("Secret: confkit never shows its value.") == 2
    assert text.count("Deprecated: ") == 6
    assert "`CommandTimeOutPedSet` on UNIX." in text
    assert "`AutoReconnectedInterval` (right: `AutoReconnectInterval`)" in text


def test_versions_that_no_longer_have_an_entry_are_told() -> None:
    row = next(line for line in page().splitlines() if line.startswith("| `HtlDir`"))
    assert "| until 7.2.0 |" in row
    assert (
        "Deprecated: Now named LunaSA Client; the installation of the client renames it. Gone in client 5.4.1."
        in page()
    )
