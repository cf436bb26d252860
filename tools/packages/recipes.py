"""Fill in the recipes for Homebrew and conda-forge: `python -m tools.packages.recipes dist --outdir dist/recipes`.

The version and the hash are those of the source archive in the directory, the requirements those of pyproject.toml.
They are handed in by hand: both projects review what they take. winget wants an installer or a program in one file, and
confkit has neither for Windows.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tomllib
from pathlib import Path

TEMPLATES = Path(__file__).with_name("recipes")
_PROJECT = Path(__file__).resolve().parent.parent.parent / "pyproject.toml"
_ARCHIVE = re.compile(r"luna_confkit-(?P<version>.+)\.tar\.gz")


def main() -> int:
    """Read the command line, and write one file for each template."""
    parser = argparse.ArgumentParser(description="Fill in the recipes for Homebrew and conda-forge.")
    parser.add_argument("directory", type=Path, help="where the source archive is")
    parser.add_argument("--outdir", type=Path, default=Path("dist/recipes"))
    arguments = parser.parse_args()
    archives = [path for path in arguments.directory.iterdir() if _ARCHIVE.fullmatch(path.name)]
    if len(archives) != 1:
        raise SystemExit(
            f"{arguments.directory} must hold one source archive, luna_confkit-VERSION.tar.gz: nox -s build"
        )
    arguments.outdir.mkdir(parents=True, exist_ok=True)
    for name, text in recipes(archives[0]).items():
        (arguments.outdir / name).write_text(text)
        print(arguments.outdir / name)
    return 0


def recipes(archive: Path) -> dict[str, str]:
    """Return the text of each recipe by its file name, for the release that `archive` is the source of."""
    found = _ARCHIVE.fullmatch(archive.name)
    if found is None:
        raise ValueError(f"{archive.name} is not named luna_confkit-VERSION.tar.gz")
    project = tomllib.loads(_PROJECT.read_text())["project"]
    needs = [
        f"python {project['requires-python']}",
        *(re.sub(r"(?=[<>=])", " ", line, count=1) for line in project["dependencies"]),
    ]
    values = {
        "@VERSION@": found["version"],
        "@SHA256@": hashlib.sha256(archive.read_bytes()).hexdigest(),
        "@REQUIREMENTS@": "\n".join(f"    - {line}" for line in needs),
    }
    texts = {}
    for path in sorted(TEMPLATES.iterdir()):
        text = path.read_text()
        for place, value in values.items():
            text = text.replace(place, value)
        texts[path.name] = text
    return texts


if __name__ == "__main__":
    sys.exit(main())
