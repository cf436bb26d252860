"""What a key costs in an editor with a file of 1 MB, against a lint of that file: the server waits for no lint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from benchmarks.lint_files import configuration
from benchmarks.measure import Side, in_turn, seconds
from confkit.lsp.completion import completion
from confkit.lsp.linting import linted
from confkit.lsp.open_file import LANGUAGE, OpenFile
from confkit.lsp.pages import hover
from confkit.lsp.server import collect_rarely
from confkit.lsp.text_lines import Change, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.measure import Comparison

_SIZE = 1_000_000  # bytes
_GOAL = 0.33  # of a lint, which takes 0.3 s of one core of the machine in docs/explanation/performance.md: 100 ms


def comparisons(rounds: int) -> Iterator[Comparison]:
    """Yield the comparisons of the language server."""
    collect_rarely()
    file = large_file()
    lint = Side("confkit lint of the file", lambda: seconds(lambda: linted(file)))
    for what, answer in (("completion", _completed), ("hover", _hovered)):
        yield in_turn(
            f"a change in a file of 1 MB, then {what}",
            Side("confkit lsp", _after_a_change(file, answer)),
            lint,
            rounds=rounds,
            goal=_GOAL,
            note="in one process; the file is read afresh after each change",
        )


def large_file() -> OpenFile:
    """Return an open file of 1 MB: one real section, and many others."""
    part = configuration(1).conf.decode()
    text = part + "".join(
        f"Section{number} = {{\n{''.join(f'  Entry{each} = value {each};{chr(10)}' for each in range(40))}}}\n"
        for number in range(1100)
    )
    path = "/nowhere/Chrystoki.conf"
    return OpenFile(f"file://{path}", path, LANGUAGE, 1, split(text[:_SIZE]))


def _after_a_change(file: OpenFile, answer: Callable[[OpenFile], object]) -> Callable[[], float]:
    change = Change(len(file.lines) // 2, 2, len(file.lines) // 2, 2, "x")
    return lambda: seconds(lambda: answer(file.after(2, [change])))


def _completed(file: OpenFile) -> object:
    return completion(file, types.Position(1, 2), snippets=True)


def _hovered(file: OpenFile) -> object:
    return hover(file, None, types.Position(1, 4))
