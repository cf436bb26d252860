"""Augeas, run as its users run it: augtool in a process of its own, over a folder of files."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, NamedTuple

from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

LENSES = REPOSITORY / "integrations" / "augeas"
UNIX, WINDOWS = "Chrystoki.lns", "Chrystoki.lns_windows"

Tree = list[tuple[str, list[tuple[str, str]]]]
"""The sections of a file in its order, each with its entries; comments and empty lines left out."""


class Change(NamedTuple):
    """Set this entry to this value."""

    section: str
    key: str
    value: str


class Outcome(NamedTuple):
    """What came of one file: None in the place of a tree that Augeas refused to make; the bytes after saving."""

    tree: Tree | None
    saved: bytes


def augtool(*commands: str, options: tuple[str, ...] = ("--noautoload",)) -> subprocess.CompletedProcess[str]:
    """Run the commands in one augtool that looks for lenses in this repository first."""
    return subprocess.run(
        ["augtool", *options, "-I", str(LENSES)],
        input="".join(f"{command}\n" for command in commands),
        capture_output=True,
        encoding="utf-8",
        errors="replace",  # a message may hold half a character
        check=False,
        timeout=60,
    )


def over(folder: Path, lens: str, files: list[tuple[bytes, Change | None]]) -> list[Outcome]:
    """Write the files, load all with one augtool, make the changes, save, and tell what came of each."""
    paths = [folder / f"{number}.conf" for number in range(len(files))]
    for path, (source, _) in zip(paths, files, strict=True):
        path.write_bytes(source)
    load = [f"set /augeas/load/X/lens {lens}", f"set /augeas/load/X/incl {folder}/*.conf", "load"]
    look = ["match /augeas/files//error", f"dump-xml /files{folder}"]
    sets = [setting(path, change) for path, (_, change) in zip(paths, files, strict=True) if change]
    done = augtool(*load, *look, *sets, "save")
    listed, found, document = done.stdout.partition("<augeas ")
    document = document[: document.index("</augeas>")] if "</augeas>" in document else ""
    trees = _trees(f"{found}{document}</augeas>") if document else {}
    refused = set(re.findall(r"/([0-9]+\.conf)/error = parse_failed", listed))
    return [Outcome(None if path.name in refused else trees.get(path.name, []), path.read_bytes()) for path in paths]


def setting(path: Path, change: Change) -> str:
    """Return the command that makes the change, with blanks and the like of the names escaped."""
    names = "/".join(re.sub(r"([^\w.-])", r"\\\1", name) for name in (change.section, change.key))
    return f"set /files{path}/{names} '{change.value}'"


def _trees(document: str) -> dict[str, Tree]:
    files = ET.fromstring(document).findall("node/node")
    return {node.get("label", ""): [_section(section) for section in _named(node)] for node in files}


def _section(node: ET.Element) -> tuple[str, list[tuple[str, str]]]:
    return node.get("label", ""), [(each.get("label", ""), each.findtext("value") or "") for each in _named(node)]


def _named(node: ET.Element) -> list[ET.Element]:
    return [each for each in node.findall("node") if each.get("label") not in {None, "#comment"}]
