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
    background, text = seen.rows[0][0], {colour for row in seen.rows[20:60] for colour in row}
    assert (sum(background) < 3 * 64) is dark
    assert ((255, 255, 255) if dark else (0, 0, 0)) in text, "the title stands out from its background"
    assert BAD in text, "the verdict has its colour"
    # the second plot: a blue point for every call at 60 s, below the plot of the failed ones at statusTimeout
    first = {colour: next(at for at, row in enumerate(seen.rows) if colour in row) for colour in (good, failed)}
    assert colours[good] >= 5 * 12
    assert colours[failed] >= 100
    assert first[good] > first[failed]
    assert seen.console == ""
