"""Random edits through the real server: what it finds at the end is what it finds in the same text, opened afresh."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from lsprotocol import types

from confkit.lsp.positions import Units
from confkit.lsp.text_lines import changed, split
from testing.editor import PULLING, editor
from testing.random_edits import random_change

ROUNDS, EDITS = 5, 60


@pytest.mark.parametrize("units", ["utf-8", "utf-16"])
def test_findings_after_edits_are_those_of_the_text(tmp_path: Path, units: Units) -> None:
    rng = Random(units)
    lines = split("Chrystoki2 = {\n  LibUNIX64 = /\U0001f511/x.so;\n}\nMisc = {\n  ToolsDir = /usr\n}\n")
    compared = 0
    with editor(tmp_path, PULLING, units=[units]) as each:
        uri = each.open(tmp_path / "Chrystoki.conf", "".join(lines))
        for number in range(ROUNDS):
            for _ in range(EDITS):
                change = random_change(lines, rng, units)
                lines = changed(lines, change, units)
                start, end = types.Position(*change[:2]), types.Position(*change[2:4])
                span = types.Range(start, end)
                each.change(uri, [types.TextDocumentContentChangePartial(range=span, text=change.text)])
            (tmp_path / str(number)).mkdir()
            fresh = each.open(tmp_path / str(number) / "Chrystoki.conf", "".join(lines))
            found, expected = each.pulled(uri), each.pulled(fresh)
            assert [(one.code, one.range, one.message) for one in found] == [
                (one.code, one.range, one.message) for one in expected
            ]
            compared += len(found)
    assert compared > ROUNDS
