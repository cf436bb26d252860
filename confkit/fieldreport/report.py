"""Make a field report: which questions are asked in which processes, and what of the answers is shown.

It holds nothing of the site's own: texts of the file and of the library are shown through `Pseudonyms` only, and of the
buffer of a status call only which bytes were written. It answers what no public document does: the layout that
CA_GetCurrentHAState writes, what it returns for other slots, what slots look like, and which file the client reads.
"""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from typing import TYPE_CHECKING

from confkit.core import timeout
from confkit.core.change import changed
from confkit.core.elf import exported_functions
from confkit.core.errors import FileError
from confkit.core.storage.locate import DEFAULT_FILE, VARIABLE
from confkit.core.syntax import parse, set_entry
from confkit.fieldreport.configuration import configuration_view, section_views
from confkit.fieldreport.models import FieldReport, ReportedLibrary, ReportedSystem
from confkit.fieldreport.observe import CALLS, Observed, Orders, observe
from confkit.fieldreport.opened import watched
from confkit.fieldreport.pseudonyms import Pseudonyms
from confkit.fieldreport.runs import run_view
from confkit.fieldreport.site import learn
from confkit.live.private_copy import CLIENT_NAME, private_copy

if TYPE_CHECKING:
    from confkit.core.syntax import Document
    from confkit.fieldreport.site import Site

# Usual names of the client's library and of the call logger; every other name is the site's own.
_USUAL_LIBRARIES = frozenset({"libCryptoki2_64.so", "libCryptoki2.so", "libcklog2.so"})
_HIDING = ("HAConfiguration", "HAOnly")  # set, it hides every slot but those of HA groups


def make(found: Site, version: str) -> FieldReport:
    """Ask the library, and return the report; `version` is confkit's. UnavailableError: not a library."""
    names = Pseudonyms()
    learn(found, names)
    functions = exported_functions(found.library)
    sections = section_views(found.document, names)
    with watched((found.path, DEFAULT_FILE)) as opened:
        observed = _as_it_is(found)
        seen = opened()
    runs = [run_view("as it is", observed, names)]
    if runs[0].other_slot is None and found.document.get(*_HIDING) not in {None, "0"}:
        with suppress(FileError):  # a file that cannot be edited safely: there is one run fewer
            runs.append(run_view("a private copy with HAOnly = 0", _copied(found, _showing_all(found), 0), names))
    return FieldReport(
        version=1,
        kind="confkit field report",
        system=_system(version),
        library=_library(found.library, functions, names),
        configuration=configuration_view(found, sections, seen, names),
        runs=tuple(runs),
    )


def _as_it_is(found: Site) -> Observed:
    """Ask with the user's own file, found as it was found; with a copy of one that the client would not find."""
    directory, name = os.path.split(found.path)
    if found.found_by != "option":
        return _observed(found, {}, None, CALLS)
    if name == CLIENT_NAME:
        return _observed(found, {VARIABLE: directory}, None, CALLS)
    return _copied(found, found.document, CALLS)


def _showing_all(found: Site) -> Document:
    """Return the file with all slots shown. FileError where it cannot be edited safely."""
    data = changed(found.path, found.document.to_bytes(), lambda document: set_entry(document, *_HIDING, "0"))
    return parse(data, os.path.basename(found.path))


def _copied(found: Site, document: Document, calls: int) -> Observed:
    with private_copy(document, found.path, _limit(found)) as directory:
        return _observed(found, {VARIABLE: directory}, directory, calls)


def _observed(found: Site, environment: dict[str, str], directory: str | None, calls: int) -> Observed:
    return observe(Orders(found.library, found.choice, calls, environment, directory, _limit(found)))


def _limit(found: Site) -> int:
    """Return the statusTimeout in force; the maximum where the file holds no usable value."""
    return found.seconds or timeout.MAXIMUM_SECONDS


def _library(path: str, functions: tuple[str, ...], names: Pseudonyms) -> ReportedLibrary:
    name = os.path.basename(path)
    shown = tuple(function for function in functions if function.startswith(("C_", "CA_")))
    return ReportedLibrary(
        name=name if name in _USUAL_LIBRARIES else names.of("path", name),
        functions=shown,
        other_functions=len(functions) - len(shown),
    )


def _system(version: str) -> ReportedSystem:
    return ReportedSystem(
        system=platform.system(),
        machine=platform.machine(),
        c_library=" ".join(platform.libc_ver()),
        python=platform.python_version(),
        confkit=version,
    )
