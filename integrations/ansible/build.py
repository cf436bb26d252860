"""Assemble the Ansible collection confkit.luna, and build its archive.

    python integrations/ansible/build.py DESTINATION [--archive]

The collection lies in DESTINATION/ansible_collections/confkit/luna afterwards, with --archive also as a file
DESTINATION/confkit-luna-VERSION.tar.gz. It is this folder, with two things added below plugins/module_utils that have
one source each, and no second copy in git:

    confkit/                what runs on a managed host with Python 3.8 and nothing installed; see CARRIED
    catalogue_table.py      what the modules need of the catalogue, made from schemas/sections
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
sys.path.insert(0, str(REPOSITORY))  # the catalogue of this checkout, whatever is installed

from confkit.catalogue.loader import EntryFacts, read_section  # noqa: E402
from confkit.catalogue.names import SECTION_NAMES  # noqa: E402
from confkit.catalogue.values import expected  # noqa: E402

PACKAGE = "ansible_collections.confkit.luna.plugins.module_utils.confkit"
CARRIED = (
    "syntax/*.py",
    "changing.py",
    "configfile.py",
    "links.py",
    "replace.py",
    "errors.py",
    "timeout.py",
    "masking.py",
    "catalogue/names.py",
    "reports/plain.py",
    "reports/secrets.py",
)
# confkit is held to its own linters; these two habits of its code are the only ones that ansible-test objects to:
# `_` for what is not needed, and next() in a generator on what is never empty.
_HEADER = """\
# Carried from confkit/{name} of https://github.com/luna-confkit/confkit by build.py; change it there.
# Copyright the confkit contributors, Apache-2.0
# pylint: disable=disallowed-name,stop-iteration-return
"""
# build.py makes the collection and is no part of it
_LEFT_OUT = ("build.py", "__pycache__", "output", "*.tar.gz")
_BOUNDS = ("minimum", "maximum", "choices")
_TABLE = '''\
"""What the modules need of confkit's catalogue. Made by build.py from schemas/sections; change it there."""

from __future__ import annotations

SECTIONS = {table}
'''


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Assemble the Ansible collection confkit.luna.")
    parser.add_argument("destination", type=Path, help="folder that receives ansible_collections/confkit/luna")
    parser.add_argument("--archive", action="store_true", help="also build the archive, with ansible-galaxy")
    asked = parser.parse_args()
    collection = assemble(asked.destination)
    print(collection)
    if asked.archive:
        print(archive(collection, asked.destination))


def assemble(destination: Path) -> Path:
    """Make the collection below `destination`, in the place of an earlier one, and return its folder."""
    collection = destination.resolve() / "ansible_collections" / "confkit" / "luna"
    if collection.exists():
        shutil.rmtree(collection)
    shutil.copytree(HERE, collection, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    shutil.copy(REPOSITORY / "LICENSE", collection)
    utils = collection / "plugins" / "module_utils"
    carry(utils / "confkit")
    (utils / "catalogue_table.py").write_text(_TABLE.format(table=literal(table())))
    return collection


def archive(collection: Path, destination: Path) -> Path:
    """Build the archive of an assembled collection and return its path."""
    galaxy = Path(sys.executable).with_name("ansible-galaxy")
    command = [str(galaxy), "collection", "build", str(collection), "--output-path", str(destination), "--force"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own arguments
    return max(destination.glob("confkit-luna-*.tar.gz"), key=lambda path: path.stat().st_mtime_ns)


def carry(folder: Path) -> None:
    """Copy the modules of confkit that a managed host needs; only a header and the names they import from differ.

    Ansible sends a module what it imports from the collection by its full name, and nothing else.
    """
    for pattern in CARRIED:
        for source in sorted((REPOSITORY / "confkit").glob(pattern)):
            name = source.relative_to(REPOSITORY / "confkit")
            copy = folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(_HEADER.format(name=name.as_posix()) + renamed(source.read_text()))
    for parent in {folder, *(path.parent for path in folder.rglob("*.py"))}:
        (parent / "__init__.py").touch()


def renamed(source: str) -> str:
    """Return Python text that imports from the collection what it imported from confkit."""
    return re.sub(r"^( *from )confkit(?=[. ])", rf"\1{PACKAGE}", source, flags=re.MULTILINE)


def table() -> dict[str, Any]:
    """Return section -> its entries and misspelt names; what is absent or false is left out."""
    return {
        name: {
            "entries": {entry.name: _facts(entry) for entry in read_section(name).entries.values()},
            "misspelt": read_section(name).misspelt,
        }
        for name in SECTION_NAMES
    }


def literal(value: object, indentation: str = "") -> str:
    """Return `value` as Python text in the layout that ansible-test's style checks ask for."""
    if not isinstance(value, dict) or not value:
        return repr(value)
    deeper = indentation + "    "
    items = "".join(f"{deeper}{key!r}: {literal(item, deeper)},\n" for key, item in value.items())
    return f"{{\n{items}{indentation}}}"


def _facts(entry: EntryFacts) -> dict[str, Any]:
    certain = [field for field in _BOUNDS if entry.sure == "documented" and field not in entry.unsure]
    bounds = {field: getattr(entry, field) for field in _BOUNDS if getattr(entry, field) not in {None, ()}}
    facts = {
        "type": entry.type,
        **bounds,
        "certain": [field for field in certain if field in bounds],
        "expected": expected(entry),
        "may_be_empty": entry.may_be_empty,
        "platform": entry.platform,
        "sure": entry.sure,
        "unit": entry.unit if entry.unit in {"s", "ms"} else None,
    }
    if facts["unit"]:  # a limit that chrystoki_info shows
        facts |= {"default": entry.default, "meaning": entry.meaning}
    # 0 is a bound, and Python takes it for equal to False
    return {field: value for field, value in facts.items() if value is not None and value is not False and value != []}


if __name__ == "__main__":
    main()
