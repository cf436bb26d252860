"""Assemble the Ansible collection confkit.luna, and build its archive.

    python integrations/ansible/build.py DESTINATION [--archive]

The collection lies in DESTINATION/ansible_collections/confkit/luna afterwards, with --archive also as a file
DESTINATION/confkit-luna-VERSION.tar.gz. It is this folder, with two things added below plugins/module_utils that have
one source each, and no second copy in git:

    confkit/core/                    confkit/core, which runs on a managed host with Python 3.8 and nothing installed
    confkit/core/catalogue/files.py  the catalogue itself: Ansible sends Python modules to a host and no other files
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

from confkit.core.catalogue.files import catalogue  # noqa: E402
from confkit.core.catalogue.loader import FIELDS  # noqa: E402
from confkit.core.version import VERSION  # noqa: E402

PACKAGE = "ansible_collections.confkit.luna.plugins.module_utils.confkit"
# confkit is held to its own linters; these two habits of its code are the only ones that ansible-test objects to:
# `_` for what is not needed, and next() in a generator on what is never empty.
_HEADER = """\
# Carried from confkit/{name} of https://github.com/luna-confkit/confkit by build.py; change it there.
# Copyright the confkit contributors, Apache-2.0
# pylint: disable=disallowed-name,stop-iteration-return
"""
# build.py makes the collection and is no part of it
_LEFT_OUT = ("build.py", "__pycache__", "output", "*.tar.gz")
_CATALOGUE = '''\
# Made by build.py from schemas/catalogue.json of https://github.com/luna-confkit/confkit; change it there.
# Copyright the confkit contributors, Apache-2.0
"""The catalogue, as confkit.core.catalogue.files returns it."""

from __future__ import annotations

_STORED = {stored}


def catalogue() -> dict:
    """Return section -> meaning, misspelt names, rows."""
    return _STORED
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
    galaxy = collection / "galaxy.yml"
    galaxy.write_text(re.sub(r"^version: .*$", f"version: {VERSION}", galaxy.read_text(), flags=re.MULTILINE))
    carried = collection / "plugins" / "module_utils" / "confkit"
    carry(carried)
    (carried / "core" / "catalogue" / "files.py").write_text(_CATALOGUE.format(stored=literal(stored())))
    return collection


def archive(collection: Path, destination: Path) -> Path:
    """Build the archive of an assembled collection and return its path."""
    galaxy = Path(sys.executable).with_name("ansible-galaxy")
    command = [str(galaxy), "collection", "build", str(collection), "--output-path", str(destination), "--force"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own arguments
    return max(destination.glob("confkit-luna-*.tar.gz"), key=lambda path: path.stat().st_mtime_ns)


def carry(folder: Path) -> None:
    """Copy confkit/core, which is all that a managed host needs; only a header and the names they import from differ.

    Ansible sends a module what it imports from the collection by its full name, and nothing else.
    """
    core = REPOSITORY / "confkit" / "core"
    shutil.copytree(core, folder / "core", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "__init__.py").touch()
    for copy in sorted((folder / "core").rglob("*.py")):
        name = copy.relative_to(folder).as_posix()
        source = copy.read_text()
        copy.write_text(_HEADER.format(name=name) + renamed(source) if source else "")


def renamed(source: str) -> str:
    """Return Python text that imports from the collection what it imported from confkit."""
    return re.sub(r"^( *from )confkit(?=[. ])", rf"\1{PACKAGE}", source, flags=re.MULTILINE)


def stored() -> dict[str, Any]:
    """Return the catalogue without notes and sources: no module shows them, and they are half of it."""
    return {
        section: {**table, "entries": [_row(row) for row in table["entries"]]} for section, table in catalogue().items()
    }


def _row(row: list[Any]) -> list[Any]:
    entry = dict(zip(FIELDS, row, strict=True)) | {"note": None, "source": []}
    return list(entry.values())


def literal(value: object, indentation: str = "") -> str:
    """Return `value` as Python text in the layout that ansible-test's style checks ask for."""
    deeper = indentation + "    "
    if isinstance(value, dict) and value:
        items = "".join(f"{deeper}{key!r}: {literal(item, deeper)},\n" for key, item in value.items())
        return f"{{\n{items}{indentation}}}"
    if isinstance(value, list) and value:
        items = "".join(f"{deeper}{literal(item, deeper)},\n" for item in value)
        return f"[\n{items}{indentation}]"
    return repr(value)


if __name__ == "__main__":
    main()
