"""Switch the log of PKCS#11 calls on and off: Chrystoki2 and CkLog2 as the pair that they are.

With the log on, Chrystoki2 names the library of cklog and CkLog2 the real one behind it.
https://thalesdocs.com/gphsm/luna/6.3/docs/network/Content/Utilities/cklog/cklog.htm
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.errors import FileError, UsageError
from confkit.core.ha import unquoted
from confkit.core.syntax import remove_empty_section, set_entry, unset_entry

if TYPE_CHECKING:
    from confkit.core.syntax import Document, Entry

LOADED, LOG = "Chrystoki2", "CkLog2"
_LIBRARIES = ("LibUNIX", "LibUNIX64", "LibHPUX", "LibNT")  # that both sections have
_WRAPPERS = {"LibNT": "cklog201.dll"}
_WRAPPER = "libcklog2.so"
_UNCHANGED = "Nothing was changed"


def switched_on(document: Document, file: str | None) -> Document:
    """Return the document with the call log on, written to `file`, or to the file that CkLog2 names already.

    Raise FileError where Chrystoki2 names no library, UsageError where no file is known.
    """
    libraries = _libraries(document)
    file = file if file is not None else document.get(LOG, "File")
    if not file:
        raise UsageError(f"CkLog2 names no file for the log yet. Give one with --file. {_UNCHANGED}")
    for key, value in (("Enabled", "1"), ("File", file)):
        document = set_entry(document, LOG, key, value)
    for entry in libraries:
        if is_wrapper(entry.value):
            if not document.get(LOG, entry.name):
                raise _no_real_library(entry)
            continue
        document = set_entry(document, LOG, entry.name, entry.value)
        document = set_entry(document, LOADED, entry.name, _wrapper_of(entry))
    return document


def switched_off(document: Document) -> Document:
    """Return the document with the call log off: Chrystoki2 loads the real library again.

    A section CkLog2 exactly as `switched_on` makes it goes; any other stays, with Enabled = 0.
    """
    for entry in _libraries(document):
        if not is_wrapper(entry.value):
            continue
        real = document.get(LOG, entry.name)
        if not real or is_wrapper(real):
            raise _no_real_library(entry)
        document = set_entry(document, LOADED, entry.name, real)
    log = document.sections_named(LOG)
    names = [entry.name for section in log for entry in section.entries]
    libraries = [entry.name for entry in _libraries(document)]
    if names and names == ["Enabled", "File", *libraries]:
        for name in names:
            document = unset_entry(document, LOG, name)
        return remove_empty_section(document, LOG)
    return set_entry(document, LOG, "Enabled", "0") if document.get(LOG, "Enabled") else document


def is_wrapper(value: str) -> bool:
    """Return whether a path names the library of cklog."""
    return "cklog" in unquoted(value).replace("\\", "/").rpartition("/")[2].lower()


def _libraries(document: Document) -> list[Entry]:
    found = [entry for key in _LIBRARIES for entry in document.entries(LOADED, key)[:1] if entry.value]
    if not found:
        raise FileError(f"section {LOADED} names no library ({', '.join(_LIBRARIES)}). Add one first. {_UNCHANGED}")
    return found


def _wrapper_of(entry: Entry) -> str:
    """Return the path of the library of cklog beside a real library, in the same quotation marks."""
    path = unquoted(entry.value)
    end = max(path.rfind("/"), path.rfind("\\")) + 1
    return entry.value.replace(path, path[:end] + _WRAPPERS.get(entry.name, _WRAPPER))


def _no_real_library(entry: Entry) -> FileError:
    return FileError(
        f"{entry.name} loads the call log, but {LOG} names no real library behind it. Set {LOG}/{entry.name} first. "
        f"{_UNCHANGED}",
        line=entry.line,
    )
