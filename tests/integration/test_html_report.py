"""The HTML report of a check in a real browser, dark and light: what it shows, and that nothing is asked for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from confkit.reports.check import html
from testing.checks import SLOW
from testing.screenshot import screenshot

if TYPE_CHECKING:
    from pathlib import Path

    from testing.screenshot import Colour

BAD = (0xCF, 0x22, 0x2E)


@pytest.mark.parametrize(
    ("dark", "good", "failed"),
    [(False, (0x09, 0x69, 0xDA), BAD), (True, (0x58, 0xA6, 0xFF), (0xFF, 0x7B, 0x72))],
    ids=["light", "dark"],
)
def test_the_page_in_a_browser(tmp_path: Path, dark: bool, good: Colour, failed: Colour) -> None:
    page = tmp_path / "report.html"
    page.write_text(html.page(SLOW[0]))
    seen = screenshot(page, dark=dark)
    colours = Counter(colour for row in seen.rows for colour in row)
    first = {colour: next((at for at, row in enumerate(seen.rows) if colour in row), -1) for colour in (good, failed)}
    # short facts: pytest would print a million pixels
    facts = {
        "dark": sum(seen.rows[0][0]) < 3 * 64,
        "text": colours[(255, 255, 255) if dark else (0, 0, 0)] > 1000,
        "verdict in its colour": colours[BAD] > 1000,
        "a filled point for each of 5 calls": colours[good] >= 5 * 5,
        "rings": colours[failed] >= 30,
        "the failed calls first": -1 < first[failed] < first[good],
        "console": seen.console,
    }
    assert facts == {**dict.fromkeys(facts, True), "dark": dark, "console": ""}
