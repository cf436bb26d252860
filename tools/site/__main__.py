"""Build the documentation site: `python -m tools.site`; docs/contributing/site.md says how it is made and served."""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tools.generate import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.site.source import Place

_NOT_INSTALLED = "The site needs Python packages that are missing. Run: pip install --editable '.[docs]'"
_ADVICE = """\
The site was not built. Paths above are those of the site's source: a page of docs/ has the same path in it, and these
lie elsewhere in the checkout:
{beside}
Those below reference/commands and entries, and exit-codes, json-schemas and python-api in reference, are made from the
program: correct its docstrings. Links are relative to the page's own directory; anchors are those that GitHub makes.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 built, 1 a page is wrong, 3 something is not installed."""
    parser = argparse.ArgumentParser(prog="python -m tools.site", description="Build the documentation site.")
    parser.add_argument(
        "--output",
        type=Path,
        default=REPOSITORY / ".cache" / "site",
        help="where to build [.cache/site]; html/ is the site",
    )
    parser.add_argument("--source-only", action="store_true", help="write mkdocs.yml and source/ alone, for mike")
    parser.add_argument("--without-playground", action="store_true", help="leave the playground out; needs no npm")
    parser.add_argument("--serve", action="store_true", help="serve the site on http://127.0.0.1:8000/ afterwards")
    options = parser.parse_args(arguments)
    if not all(find_spec(name) for name in ("mkdocs", "material", "mkdocstrings", "yaml")):
        print(_NOT_INSTALLED, file=sys.stderr)
        return 3
    from tools.site import addresses, playground, source  # noqa: PLC0415 - only where their packages are there
    from tools.site.markdown import BrokenLinkError  # noqa: PLC0415

    place = source.Place(options.output.resolve())
    try:
        source.write_source(place, with_playground=not options.without_playground)
    except BrokenLinkError as error:
        print(error, file=sys.stderr)
        return 1
    except playground.NotBuiltError as error:
        print(error, file=sys.stderr)
        return 3
    if options.source_only:
        return 0
    if not _built(place):
        beside = "\n".join(f"  {page}: {name}" for name, page in addresses.BESIDE_DOCS.items())
        print(_ADVICE.format(beside=beside), file=sys.stderr)
        return 1
    print(place.html)
    if options.serve:
        subprocess.run(
            [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "8000"], cwd=place.html, check=False
        )
    return 0


def _built(place: Place) -> bool:
    """Build with MkDocs; return whether there was nothing to warn of."""
    from mkdocs.commands.build import build  # noqa: PLC0415
    from mkdocs.config import load_config  # noqa: PLC0415
    from mkdocs.exceptions import Abort, ConfigurationError  # noqa: PLC0415

    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING)
    try:
        build(load_config(str(place.configuration)))
    except (Abort, ConfigurationError) as error:
        print(error, file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
