"""`python -m benchmarks [NAME ...]`: run the comparisons and print one Markdown table."""

from __future__ import annotations

import argparse
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measure import Comparison

# each a module of this package with comparisons(rounds) -> Iterator[Comparison]
NAMES = ("parsing", "processes", "changes", "linting", "editing", "live", "fleet", "packages")


def run(names: list[str], rounds: int) -> Iterator[Comparison]:
    """Run the comparisons of each module in `names`, one after the other."""
    for name in names:
        yield from importlib.import_module(f"benchmarks.{name}").comparisons(rounds)


def row(comparison: Comparison) -> str:
    """Return the line of the Markdown table for one comparison."""
    goal = "" if comparison.goal is None else f"<= {comparison.goal:g}"
    met = {None: "", True: "yes", False: "NO"}[comparison.met]
    cells = (
        comparison.what,
        f"{comparison.ours}: {comparison.our_median:.4g} {comparison.unit}",
        f"{comparison.theirs}: {comparison.their_median:.4g} {comparison.unit}",
        f"{comparison.ratio:.3f}",
        goal,
        met,
        comparison.note,
    )
    return f"| {' | '.join(cells)} |"


def _name(text: str) -> str:
    # not `choices`: with them argparse of Python 3.11 refuses an empty list (python/cpython#92445)
    if text not in NAMES:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(NAMES)}")
    return text


def main() -> None:
    """Print the table as it grows; nothing is asserted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", type=_name, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--rounds", type=int, default=9, help="how often each side runs (default 9)")
    arguments = parser.parse_args()
    print("| what | ours | theirs | ratio | goal | met | note |\n|---|---|---|---|---|---|---|")
    for comparison in run(arguments.names or list(NAMES), arguments.rounds):
        print(row(comparison), flush=True)


if __name__ == "__main__":
    main()
