"""Which entries of a section a simple reader could take from another line than confkit does; found without running one.

The public readers (confkit.config.third_party_readers)
know no comments and look for a name anywhere on a line, so a line may speak for
an entry that it does not hold: `OldPath = x;` and `# Path = x;` both speak for `Path`. What no line speaks for, and
what is itself written plainly, all of them read alike. That takes one pass and one sort; the models cost a pass for
every entry.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from confkit.core.syntax.document import raw, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Document, Entry, Section

LONGEST_NAME = 64  # bytes; the catalogue's longest name has 37, and a longer one is never taken to be plain
MOST_ALIKE = 20  # entries of one name that are looked at one by one
LONGEST_PLAIN_LINE = 1000  # bytes; luna_getprop cuts a line after 1,023, and a fix may add a few

# The last character of a name as a reader sees it: what follows is not a letter, digit or underscore.
_NAME_ENDS = rb"[^ \t\r\n](?![A-Za-z0-9_])"
_NAME = rb"[!-:<>-~](?:[^=;\r\n]*[!-:<>-~])?"
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[ \t]*([^ \t=][^=]*?)[ \t]*=[ \t]*\{(.*)", re.DOTALL)
# No quote at either end of the value, which pycryptoki takes off, and no space before the `;`, which the others keep.
_PLAIN_ENTRY = rb"[ \t]*(" + _NAME + rb")[ \t]*=[ \t]*((?:[!#-&(-:<-~](?:[^;\r\n]*[!#-&(-:<-~])?)?);[ \t]*(?:\r?\n)?"
# The same, and with letters and digits alone in the name and no `=` in the value: nearly every line of a real file.
_PLAINEST_ENTRY = re.compile(
    rb"^[ \t]*([A-Za-z0-9]{1,%d})[ \t]*=[ \t]*(?:[!#-&(-:<>-~](?:[^=;\r\n]*[!#-&(-:<>-~])?)?;[ \t]*\r?$" % LONGEST_NAME,
    re.MULTILINE,
)


def readers_cope(source: bytes) -> bool:
    """Return whether all readers can read the bytes at all: UTF-8, no NUL, no CR that ends a line by itself."""
    if b"\0" in source or source.count(b"\r") != source.count(b"\r\n"):
        return False
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def orderly(document: Document, section: Section) -> bool:
    """Return whether all readers find the bounds of the section where confkit does, looking at its own lines alone."""
    lines = document.lines[section.line - 1 : section.end_line]
    if not section.closed or section.open_line != section.line or len(lines) < 2:
        return False
    if max(map(len, lines)) > LONGEST_PLAIN_LINE:
        return False
    header = _HEADER.fullmatch(lines[0])
    before, body, whole = lines[-1].partition(b"}")[0], b"".join(lines[1:-1]), b"".join(lines)
    return (
        header is not None
        and header[1] == raw(section.name)
        and not before.strip(b" \t")
        and b"{" not in body
        and b"}" not in body
        and (whole.count(b"{"), whole.count(b"}")) == (1, 1)
    )


def plain_names(document: Document, section: Section) -> set[str]:
    """Return the names of entries that all readers read as confkit does, if they find the bounds of the section.

    For an orderly section of bytes that readers cope with; looks at the section's own lines.
    """
    names = {entry.name for entry in section.entries}
    lines = document.lines[section.line : section.end_line - 1]
    body, behind = b"".join(lines), document.lines[section.line - 1].partition(b"{")[2]
    plainest = _PLAINEST_ENTRY.findall(body)
    if len(plainest) == body.count(b"=") and b"=" not in behind:  # so every entry is one of these
        return names.difference(map(text, _ending_another([name[::-1] for name in plainest])))
    return names.intersection(map(text, _plain_names(lines, [end[::-1] for end in _name_ends(behind)])))


def _plain_names(lines: list[bytes], ends: list[bytes]) -> set[bytes]:
    """Return the plain ones of the names on any lines; `ends` are name ends, reversed, that stand above them."""
    plain: set[bytes] = set()
    plain_entry = re.compile(_PLAIN_ENTRY)  # here, because a good file needs it not
    for line in lines:
        match = plain_entry.fullmatch(line)
        name, value = match.groups() if match else (b"", b"=")
        if name and len(name) <= LONGEST_NAME:
            plain.add(name)
        if name.isalnum() and b"=" not in value:
            ends.append(name[: -LONGEST_NAME - 1 : -1])  # all that _name_ends would find, at a fraction of its cost
        elif line.lstrip().startswith(b"="):
            return set()  # pkcs11_luna lets the name stand on a line above
        else:
            ends += [end[::-1] for end in _name_ends(line)]
    return plain.difference(_ending_another(ends))


def _ending_another(ends: list[bytes]) -> Iterator[bytes]:
    """Yield those of the names that another one ends in, or that are duplicates; all are given reversed."""
    ends.sort()
    # Strings that begin alike stand together, so a name that another one ends in comes right before such a one.
    return (one[::-1] for one, after in pairwise(ends) if after.startswith(one))


def entries_by_name(document: Document) -> dict[bytes, list[Entry]]:
    """Return all entries of the document under their names; of one name, no more than MOST_ALIKE and one."""
    found: dict[bytes, list[Entry]] = {}
    for section in document.sections:
        for entry in section.entries:
            alike = found.setdefault(raw(entry.name), [])
            if len(alike) <= MOST_ALIKE:
                alike.append(entry)
    return found


def spoken_for(line: bytes, entries: dict[bytes, list[Entry]]) -> Iterator[list[Entry]]:
    """Yield the entries of each name that a reader could take from `line`; one longer than LONGEST_NAME is missed."""
    for end in _name_ends(line):
        for start in range(len(end)):
            found = entries.get(end[start:])
            if found:
                yield found


def _name_ends(line: bytes) -> Iterator[bytes]:
    """Yield what stands before each place where a name may end, as far as a name may be long."""
    head, equals, _ = line.rpartition(b"=")
    if equals:
        for match in re.finditer(_NAME_ENDS, head):
            yield head[max(0, match.end() - LONGEST_NAME) : match.end()].lstrip()
