"""Whether a file is one to edit, a configuration of the client and whole, or one to read as such.

An edit adds a section where it is missing. In a file that is something else, or of which only the beginning has been
written, that destroys what confkit does not understand.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from confkit.core.errors import FileError
from confkit.core.storage.locate import NAMES
from confkit.core.syntax.document import text

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from confkit.core.syntax import Document, Problem

_MANIFEST_ENDINGS = (".yaml", ".yml", ".json")
_MANIFEST_FIELDS = (rb"^[ \t-]*[\"']?apiVersion[\"']?[ \t]*:", rb"^[ \t-]*[\"']?kind[\"']?[ \t]*:")
_OWN_ENDINGS = (".conf", ".ini", ".cfg", ".cnf")
_STEMS = ("chrystoki", "crystoki")
# what is left of an entry or a header of which the end is missing
_CUT = frozenset({"stray-text", "entry-outside-section", "unclosed-section"})
# With one of these there is text that is read by nobody, or not by everybody alike.
_BROKEN = frozenset(
    {"stray-text", "entry-outside-section", "text-beside-brace", "text-after-semicolon", "nested-block", "stray-brace"}
    | {"unclosed-section", "missing-semicolon", "unbalanced-quote", "brace-in-value", "wrong-form"}
    | {"nul-byte", "invalid-utf8"}
)
_OF_OTHER_FILES = frozenset({"stray-text", "entry-outside-section", "nul-byte"})
_NO_CONFIGURATION = "this does not look like a configuration file of the client"
_OTHER_FILE = f"{_NO_CONFIGURATION}: it has another name, and no section that the client knows"
_NOTHING = "Nothing was changed."
# the value of what the Windows form takes for an entry, and what is a section of the UNIX form, or its beginning
_BRACED = re.compile(r"\{(?!\{)\s*(?:\}|#|//|/\*|.*=|\Z)", re.DOTALL)


def refuse_uneditable(path: str, target: str, document: Document, *, force: bool, create: bool) -> None:
    """Raise FileError where `document`, read from `path` (`target` without links), is not to be edited.

    That is a file that is not a configuration of the client or mixes its two forms, which `force` edits all the same,
    and one that is empty, has no section, or ends inside one, which `force` and `create` do.
    """
    if force:
        return
    names = {os.path.basename(each).lower() for each in (path, target)}
    if not (create and _is_blank(document)):
        _refuse_other_files(path, names, document)
    _refuse_mixed_forms(path, document)
    # every edit refuses NUL bytes, with its reason
    binary = any(problem.code == "nul-byte" for problem in document.problems)
    if not create and not binary:
        refuse_half_written(path, document, f"it is meant to be like this, add --create or --force. {_NOTHING}")


def refuse_half_written(path: str, document: Document, else_do: str) -> None:
    """Raise FileError where `document`, read from `path`, is empty, has no section, or ends inside one.

    `else_do` ends the sentence that begins "where": what to do if no other program is writing it.
    """
    line = None
    if not document.sections:
        what = "it has no section" if b"".join(document.lines).strip() else "it is empty"
    elif not document.sections[-1].closed:
        last = document.sections[-1]
        what, line = f"it ends inside section {last.name}", last.line
    elif cut := _cut_line(document):
        what, line = "its last line is cut short", cut
    else:
        return
    raise FileError(
        f"the file looks half written: {what}. Where another program is writing it, wait and run this again; where "
        f"{else_do}",
        path=path,
        line=line,
    )


def refuse_manifest(path: str, document: Document) -> None:
    """Raise FileError where `document`, read from `path`, is a manifest and not the configuration that it may hold."""
    if _is_manifest({os.path.basename(path).lower()}, document):
        raise FileError(
            "this is a manifest (YAML or JSON), which may hold a configuration file and is not one. Save the file "
            "in it by itself and name that. confkit lint reads manifests as they are.",
            path=path,
        )


def refuse_other_files(path: str, document: Document) -> None:
    """Raise FileError where `document`, read from `path`, is not a configuration of the client: an edit's judgement.

    A file with one of the client's names is none either, where no section is known and text is not read.
    """
    refuse_manifest(path, document)
    otherwise = _is_named_otherwise({os.path.basename(path).lower()}, document)
    strays = [problem for problem in document.problems if problem.code in _OF_OTHER_FILES]
    if not (otherwise or strays) or _has_known_section(document):
        return
    if any(problem.code == "nul-byte" for problem in strays):
        what = "it holds NUL bytes (binary, or UTF-16: save it as UTF-8 first), and no section that the client knows"
        raise FileError(f"{_NO_CONFIGURATION}: {what}.", path=path)
    if otherwise:
        raise FileError(f"{_OTHER_FILE}. Name the right file.", path=path)
    raise FileError(
        f"{_NO_CONFIGURATION}: it has no section that the client knows, and text that is not read. confkit lint "
        "explains it.",
        path=path,
        line=strays[0].line,
    )


def unread(document: Document) -> list[int]:
    """Return the lines, in their order, with text that is read by nobody, or not by everybody alike."""
    return sorted(problem.line for problem in document.problems if problem.code in _BROKEN)


def _refuse_other_files(path: str, names: AbstractSet[str], document: Document) -> None:
    if _is_manifest(names, document):
        raise FileError(
            "this is a manifest (YAML or JSON), which may hold a configuration file and is not one. Save the file "
            "in it by itself, edit that, and make the manifest from it again (kubectl create configmap NAME "
            f"--from-file=Chrystoki.conf --dry-run=client -o yaml), or edit the manifest by hand. {_NOTHING}",
            path=path,
        )
    if not _is_named_otherwise(names, document):
        return
    if not _has_known_section(document):
        raise FileError(
            f"{_OTHER_FILE}. Name the right file with -c, or edit this one all the same with --force. {_NOTHING}",
            path=path,
        )
    strays = [problem.line for problem in document.problems if problem.code == "stray-text" and not problem.section]
    if strays and not any(name.endswith(_OWN_ENDINGS) or any(stem in name for stem in _STEMS) for name in names):
        raise FileError(
            "this has sections of the client among other text, as a script or a page does that holds a configuration. "
            f"Edit it by hand, or all the same with --force. {_NOTHING}",
            path=path,
            line=strays[0],
        )


def _refuse_mixed_forms(path: str, document: Document) -> None:
    line = _line_of_other_form(document)
    if line is None:
        return
    first, here = (
        ("Windows ([Name])", "UNIX (Name = {)") if document.windows else ("UNIX (Name = {)", "Windows ([Name])")
    )
    raise FileError(
        f"the file mixes both forms: it starts in that of {first}, and this line is of that of {here}. The client "
        f"reads a part of it at most. Give all of it one form, or edit it all the same with --force. {_NOTHING}",
        path=path,
        line=line,
    )


def _line_of_other_form(document: Document) -> int | None:
    """Return the first line that only the other form has: a section's header or a brace; None where there is none."""
    lines = (problem.line for problem in document.problems if _is_of_other_form(document, problem))
    if not document.windows:
        return min(lines, default=None)
    braced = (entry.line for section in document.sections for entry in section.entries if _BRACED.match(entry.value))
    return min((*lines, *braced), default=None)


def _is_of_other_form(document: Document, problem: Problem) -> bool:
    if problem.code not in {"stray-text", "entry-outside-section"}:
        return False
    found = document.lines[problem.line - 1][problem.start : problem.end]
    if not document.windows:
        return problem.code == "stray-text" and found.startswith(b"[") and b"]" in found
    value = found.partition(b"=")[2].strip()
    return found.startswith((b"{", b"}")) or found.endswith(b"{") or _BRACED.match(text(value)) is not None


def _is_manifest(names: AbstractSet[str], document: Document) -> bool:
    if any(name.endswith(_MANIFEST_ENDINGS) for name in names):
        return True
    if not document.problems:  # its fields are stray text to the parser
        return False
    text = b"".join(document.lines)
    return all(re.search(field, text, re.MULTILINE) for field in _MANIFEST_FIELDS)


def _is_named_otherwise(names: AbstractSet[str], document: Document) -> bool:
    """Return whether a file that is not empty has none of the client's names."""
    return bool(document.lines) and not names & NAMES


def _has_known_section(document: Document) -> bool:
    """Return whether there is a section of the client, or one that other programs have too with an entry of its own."""
    # bring the catalogue along, which the edit of a file with one of the client's names does without
    from confkit.core.catalogue.lookup import entry_facts  # noqa: PLC0415
    from confkit.core.catalogue.names import SHARED_SECTIONS, known_section  # noqa: PLC0415

    for section in document.sections:
        known = known_section(section.name, windows=document.windows)
        if known is None:
            continue
        if known not in SHARED_SECTIONS:
            return True
        if any(entry_facts(known, entry.name, windows=document.windows) for entry in section.entries):
            return True
    return False


def _is_blank(document: Document) -> bool:
    """Return whether there is nothing but whitespace and comments."""
    if document.sections:
        return False
    return all(
        problem.code not in {"stray-text", "entry-outside-section", "stray-brace"} for problem in document.problems
    )


def _cut_line(document: Document) -> int | None:
    """Return the last line where it is neither complete nor ended."""
    last = len(document.lines)
    codes = {problem.code for problem in document.problems if problem.line == last}
    return last if "no-final-line-end" in codes and codes & _CUT else None
