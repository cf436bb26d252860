"""What kind of file is linted: the client's, or one for which one finding says all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from confkit.core.catalogue.loader import names_ignoring_case
from confkit.core.catalogue.lookup import near_names
from confkit.core.catalogue.names import EMULATOR_SECTION, PED_SERVER_SECTIONS, SECTION_NAMES
from confkit.core.ha import groups_anywhere
from confkit.core.placeholders import placeholder

if TYPE_CHECKING:
    from confkit.core.syntax import Document

FileKind = Literal["client", "ped-server", "template", "other-form", "empty", "foreign", "environment"]

_CLIENT_NAMES = frozenset({"chrystoki.conf", "crystoki.conf", "chrystoki.ini", "crystoki.ini"})
_PED_SERVER_NAMES = frozenset({"pedserver.conf", "pedserver.ini"})
_TEMPLATE_ENDINGS = (
    *(".template", ".tmpl", ".tpl", ".j2", ".jinja", ".jinja2", ".erb", ".epp", ".mustache", ".hbs"),
    *(".gotmpl", ".ctmpl", ".tftpl", ".ejs"),
)
# These are templates where something is left to fill in.
_SAMPLE_ENDINGS = (".in", ".dist", ".sample", ".example", ".default", ".orig")
# Always those of an unrendered template: nothing else has them at the beginning of a line.
_CONTROL = rb"^[ \t]*(?:\{%|<%|\{\{-?\s*(?:if|else|end|range|with|for|define|template|block|#|/|\^|!))"
# Problems that show that a file holds more than whitespace, comments and sections without entries.
_TEXT = frozenset(
    {"stray-text", "entry-outside-section", "text-beside-brace", "nested-block", "stray-brace", "unclosed-section"}
    | {"nul-byte", "invalid-utf8"}
)
_LOOKED_AT = 1024 * 1024  # bytes
_MAX_NAMES = 200  # sections and entries that are looked up before a file counts as the client's


def file_kind(document: Document, path: str, source: bytes) -> FileKind:
    """Return the kind of the file at `path`, whose bytes are `source`.

    A file of which the client might read a line is the client's.
    """
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    names = {section.name for section in document.sections}
    if name in _PED_SERVER_NAMES or _only_ped_server(names):
        return "ped-server"
    if is_named_template(name) or _has_control(source) or _is_sample(document, name):
        return "template"
    if not any(section.entries for section in document.sections) and not _anything_else(document):
        return "empty"
    if document.problems and document.problems[0].code == "wrong-form" and document.problems[0].end == 0:
        return "other-form"
    return "foreign" if names.isdisjoint(SECTION_NAMES) and _is_foreign(document, name) else "client"


def is_named_template(name: str) -> bool:
    """Return whether the name of a file says that it is a template."""
    return name.lower().endswith(_TEMPLATE_ENDINGS)


def is_named_sample(name: str) -> bool:
    """Return whether the name of a file says that it may have places that are to be filled in."""
    return "template" in name.lower() or name.lower().endswith(_SAMPLE_ENDINGS)


def _is_sample(document: Document, name: str) -> bool:
    return is_named_sample(name) and any(
        placeholder(entry.value) for section in document.sections for entry in section.entries
    )


def _only_ped_server(names: set[str]) -> bool:
    return not names.isdisjoint(PED_SERVER_SECTIONS) and "Chrystoki2" not in names and "LunaSA Client" not in names


def _has_control(source: bytes) -> bool:
    if b"{%" not in source and b"<%" not in source and b"{{" not in source:
        return False
    return re.search(_CONTROL, source[:_LOOKED_AT], re.MULTILINE) is not None


def _anything_else(document: Document) -> bool:
    """Return whether the parser met a line that it could not read, or an entry outside any section."""
    return any(each.code in _TEXT for each in document.problems)


def _is_foreign(document: Document, name: str) -> bool:
    """Return whether no section and no entry has a name that is known, or nearly so."""
    named = [section.name for section in document.sections if section.name][:_MAX_NAMES]
    if EMULATOR_SECTION in named or groups_anywhere(document):
        return False
    if named and name in _CLIENT_NAMES:
        return False  # what is named like the client's file and holds sections is meant to be one
    if any(near_names(each, SECTION_NAMES) for each in named):
        return False
    known = names_ignoring_case()
    entries = [entry.name for section in document.sections[:_MAX_NAMES] for entry in section.entries[:_MAX_NAMES]]
    entries += [each.key for each in document.problems[:_MAX_NAMES] if each.key]
    return not any(entry.lower() in known for entry in entries)
