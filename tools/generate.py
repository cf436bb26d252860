"""Write everything that is generated, or check it: `python -m tools.generate [--check]`.

Generated are schemas/catalogue.json, docs/entries.md, docs/rules, schemas/json, the table of faults in
docs/reference/emulator.md, the manual pages and the table of completion. With --check nothing is written; each stale
file is named, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools import catalogue, completion_table, emulator_page, entries_page, man_pages, rule_pages, schemas

if TYPE_CHECKING:
    from collections.abc import Sequence

REPOSITORY = Path(__file__).resolve().parent.parent
# A file in one of these that is not generated is left over from a rule or an output that is gone.
_WHOLE_DIRECTORIES = ("docs/rules", "confkit/cli/man", "schemas/json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 all current or written, 1 something is stale, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m tools.generate", description="Write everything that is generated.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file is stale")
    parser.add_argument("--root", type=Path, default=REPOSITORY, help="the checkout to write to or check [this one]")
    options = parser.parse_args(arguments)
    stale = _stale(options.root, {"schemas/catalogue.json": catalogue.compiled()})
    if not options.check:
        _write(stale)  # the rest is made from it
    stale.update(_stale(options.root, generated()))
    if not options.check:
        _write(stale)
    for path in stale:
        print(f"{'stale' if options.check else 'wrote'}: {path.relative_to(options.root)}")
    if stale and options.check:
        print("Run: python -m tools.generate", file=sys.stderr)
    return 1 if stale and options.check else 0


def generated() -> dict[str, str]:
    """Return the text of every generated file but the catalogue, by its path from the root of the checkout."""
    return {
        "docs/entries.md": entries_page.page(),
        "docs/reference/emulator.md": emulator_page.page(),
        **{f"docs/rules/{name}": text for name, text in rule_pages.pages().items()},
        "confkit/cli/completion/table.json": completion_table.table(),
        **{f"confkit/cli/man/{name}": text for name, text in man_pages.pages().items()},
        **{f"schemas/json/{output}.json": schemas.schema(output) for output in schemas.OUTPUTS},
    }


def _stale(root: Path, texts: dict[str, str]) -> dict[Path, str | None]:
    """Return the path and the right text of each file that differs; None for one that is left over."""
    right = {root / name: text for name, text in texts.items()}
    stale: dict[Path, str | None] = {
        path: text for path, text in right.items() if not path.is_file() or path.read_text("utf-8") != text
    }
    directories = (root / name for name in _WHOLE_DIRECTORIES if any(path.startswith(name) for path in texts))
    stale.update((path, None) for directory in directories for path in directory.glob("*") if path not in right)
    return stale


def _write(stale: dict[Path, str | None]) -> None:
    for path, text in stale.items():
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
