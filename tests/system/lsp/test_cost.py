"""A key in a file of 1 MB costs a fraction of a lint: in processor time, which a busy machine does not change much."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from lsprotocol import types

from benchmarks.editing import large_file
from confkit.lsp.completion import completion
from confkit.lsp.linting import linted
from confkit.lsp.server import collect_rarely
from confkit.lsp.text_lines import Change

ROUNDS = 3
MOST = 0.5  # measured: 0.2 to 0.3


def cost(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def test_an_answer_after_a_change_takes_less_than_half_of_a_lint() -> None:
    collect_rarely()
    file = large_file()
    change = Change(20_000, 2, 20_000, 2, "x")
    place = types.Position(1, 2)
    answers = [cost(lambda: completion(file.after(2, [change]), place, snippets=True)) for _ in range(ROUNDS)]
    lints = [cost(lambda: linted(file)) for _ in range(ROUNDS)]
    assert statistics.median(answers) < MOST * statistics.median(lints)
