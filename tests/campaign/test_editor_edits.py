"""Ten thousand edits of an open file leave the server with the text that the editor has, in each unit of columns."""

from __future__ import annotations

from random import Random

import pytest

from confkit.lsp.positions import Units
from testing.random_edits import drifted

START = "Misc = {\r\n  ToolsDir = /\U0001f511;\n}\n"
EDITS = 10_000
SHARES: tuple[Units, ...] = ("utf-8", "utf-16", "utf-32")


@pytest.mark.parametrize("units", SHARES)
def test_no_edit_makes_the_text_drift(units: Units, *, long_campaign: bool) -> None:
    edits = EDITS * 10 if long_campaign else EDITS // len(SHARES) + 1
    assert drifted(START, Random(f"{units} {edits}"), units, edits) is None
