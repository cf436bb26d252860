"""How three public programs read one entry of the configuration file, with all their faults.

The client library has a parser of its own that nobody outside knows. These three are public, none of them understands
a comment, and they differ, so "it works in my program" says little about the next program on the same host:

- luna_getprop: a line scan in Thales' OpenSSL engine (ThalesGroup/luna-openssl-provider, engine/e_gem.c, MIT)
- pycryptoki: Thales' Python library (ThalesGroup/pycryptoki, pycryptoki/cryptoki/helpers.py, Apache-2.0)
- pkcs11_luna: a Ruby gem (larskanis/pkcs11, pkcs11_luna/lib/pkcs11_luna/extensions.rb, MIT)

Modelled from their behaviour. Each asks for entries of its own (pycryptoki for `LibUNIX64` in `Chrystoki2`, say); here
the same question is asked for any section and key. Where an original needs time that grows with the square of a hostile
file's size, the model finds the same answer in linear time. None raises, whatever the bytes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.syntax.document import raw, text

if TYPE_CHECKING:
    from collections.abc import Iterator

READERS = ("luna_getprop", "pycryptoki", "pkcs11_luna")

_PIECE = 1023  # bytes in the buffer of luna_getprop: it has 1,024, and the last is the NUL that ends a C string
_NAME_GOES_ON = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
_NOT_UTF8 = "bytes that are not UTF-8"
_DEFAULT = "DEFAULT"  # the section whose entries configparser lends to all others
_Options = dict[str, tuple[int, list[str]]]  # of one section: name, line, value and its continuation lines


class ThirdPartyReading(NamedTuple):
    """What one program makes of one entry.

    `value` is None when the program finds nothing and goes on with a default of its own, and when it gives up: then
    `error` is the short reason. `line` (from 1) is where the value it took begins.
    """

    reader: str
    value: str | None
    error: str | None = None
    line: int | None = None


def read_all(data: bytes, section: str, key: str, *, windows: bool) -> tuple[ThirdPartyReading, ...]:
    """Return what each program reads for `key` of `section`, in the order of READERS.

    `windows` says which form the file has. The names are those of an entry: not empty, no whitespace at their ends.
    """
    return tuple(read(data, section, key) for read in (_WINDOWS_FORM if windows else _UNIX_FORM))


def as_integer(value: str) -> int:
    """Return the number that luna_getprop's caller sees: `atoi` of the value, so 5 for `5x` and 0 for `abc`.

    C leaves open what a number beyond 32 bits becomes; this is what the GNU C library does on a 64-bit system.
    """
    found = re.match(r"[ \t\n\v\f\r]*+([+-]?)(?=[0-9])0*+([0-9]{0,20})", value)
    if found is None:
        return 0
    as_long = max(-(2**63), min(2**63 - 1, int(f"{found[1]}0{found[2]}")))
    return (as_long + 2**31) % 2**32 - 2**31


def luna_getprop(data: bytes, section: str, key: str) -> ThirdPartyReading:
    """Read the UNIX form like luna_getprop: the first line that holds `section` and a `{` anywhere opens the section.

    From the next line on, the first line wins that gives a value (`_value_on_line`); the last line searched is the one
    with the first `}`, whatever that stands in. `# Section = {` and `# key = v;` count like any other line. A line is
    read in pieces of 1,023 bytes that are lines to the reader, so an entry across their border is lost or mangled.
    A NUL hides the rest of its line, and the rest of the file where a line begins with it.
    """
    source, name, wanted = (part.decode("latin-1") for part in (data, raw(section), raw(key)))  # a character is a byte
    inside = False
    for piece in re.finditer(rf"[^\n]{{1,{_PIECE}}}", source):
        line = piece[0].partition("\0")[0]
        if not line:
            break
        if not inside:
            inside = name in line and "{" in line
            continue
        if (value := _value_on_line(line, wanted)) is not None:
            before = source[: piece.start() + line.find(wanted)]
            return ThirdPartyReading("luna_getprop", text(value.encode("latin-1")), line=_line_after(before))
        if "}" in line:
            break
    return ThirdPartyReading("luna_getprop", None)


def _value_on_line(line: str, key: str) -> str | None:
    """Return what stands between the first `=` after `key` and the next `;`, whitespace before it left out.

    Only the first place that holds `key` counts. What stands before it is not looked at (`XKey` passes for `Key`); a
    letter, a digit or `_` after it ends the search on this line.
    """
    at = line.find(key)
    if at < 0 or line[at + len(key) : at + len(key) + 1] in _NAME_GOES_ON:
        return None
    _, equals, rest = line[at:].partition("=")
    value, semicolon, _ = rest.lstrip(" \t\v\f\r").partition(";")
    return value if equals and semicolon else None


def luna_getprop_windows(data: bytes, section: str, key: str) -> ThirdPartyReading:
    """Read the Windows form like luna_getprop, which asks the system's GetPrivateProfileStringA.

    General Windows knowledge of that call, not its source: the first section and key of the name count, in any letter
    case; lines that start with `;` are skipped; whitespace around the value and one pair of quotes around it go; all
    after 1,023 bytes is cut off. An empty value counts as missing: that is luna_getprop's own doing.
    """
    name, wanted = raw(section).lower(), raw(key).lower()
    inside = False
    for number, line in enumerate(map(bytes.strip, data.splitlines()), 1):
        if line.startswith(b"["):
            if inside:
                break
            inside = line[1:].partition(b"]")[0].strip().lower() == name
        elif inside and not line.startswith(b";"):
            found, equals, rest = line.partition(b"=")
            if equals and found.rstrip().lower() == wanted:
                value = rest.strip()
                if len(value) > 1 and value[:1] in (b'"', b"'") and value[-1:] == value[:1]:
                    value = value[1:-1]
                return ThirdPartyReading("luna_getprop", text(value[:_PIECE]) or None, line=number if value else None)
    return ThirdPartyReading("luna_getprop", None)


def pycryptoki(data: bytes, section: str, key: str) -> ThirdPartyReading:
    """Read the UNIX form like pycryptoki: `section = {` has to stand in the text once, whatever the line endings in it.

    What follows up to the first `}` is searched for lines that begin with `key =`; the rest of the line, less the `;`
    and the quotes at its ends, is the value, so a comment after the `;` becomes part of it. No value, only empty ones,
    or a second after one that is not, are errors. The text is decoded strictly: as UTF-8, taking that for the locale.
    """
    if (source := _utf8(data)) is None:
        return ThirdPartyReading("pycryptoki", None, _NOT_UTF8)
    header = re.compile(rf"{re.escape(section)}\s*+=\s*+\{{")
    if (opening := header.search(source)) is None:
        return ThirdPartyReading("pycryptoki", None, "no section")
    closing = source.find("}", opening.end())
    end = closing if closing >= 0 else len(source)
    if header.search(source, end):
        return ThirdPartyReading("pycryptoki", None, "duplicate section")
    return _pycryptoki_entry(source, opening.end(), end, key)


def _pycryptoki_entry(source: str, start: int, end: int, key: str) -> ThirdPartyReading:
    entry = re.compile(rf"^[^\S\n]*+{re.escape(key)}[^\S\n]*+=([^\n]+)", re.MULTILINE)
    value, place = "", 0
    # Python reads CR and CR LF as line endings; one character becomes one, so that places in the body fit the file.
    for match in entry.finditer(source[start:end].replace("\r", "\n")):
        if value:
            return ThirdPartyReading("pycryptoki", None, "duplicate key")
        value = match[1].strip().strip(";").strip().strip("'").strip('"')
        place = start + match.start(1)
    if not value:
        return ThirdPartyReading("pycryptoki", None, "no key")
    return ThirdPartyReading("pycryptoki", value, line=_line_after(source[:place]))


def pycryptoki_windows(data: bytes, section: str, key: str) -> ThirdPartyReading:
    """Read the Windows form like pycryptoki, which asks Python's configparser.

    Sections mind the case of letters, keys do not. Errors are a duplicate, text before the first section (a byte order
    mark is one), a line without `=` or `:`, and a `%` in the value; a line indented deeper than the entry above goes on
    with its value. configparser is not called: a file with many faults costs it the square of its size. Two things are
    simpler here: the first fault of several is the reason given, and a reference `%(name)s` is an error like any `%`.
    """
    try:
        sections = _ini_sections(text(data))
    except _IniError as fault:
        return ThirdPartyReading("pycryptoki", None, str(fault))
    if section not in sections:
        return ThirdPartyReading("pycryptoki", None, "no section")
    option = sections[section].get(key.lower()) or sections[_DEFAULT].get(key.lower())
    if option is None:
        return ThirdPartyReading("pycryptoki", None, "no key")
    value = "\n".join(option[1]).rstrip()
    if "%" in value.replace("%%", ""):
        return ThirdPartyReading("pycryptoki", None, "percent sign")
    return ThirdPartyReading("pycryptoki", value.replace("%%", "%"), line=option[0])


class _IniError(Exception):
    """Python's configparser gives up on this file; the message is the short reason."""


@lru_cache(maxsize=1)  # an edit of many entries asks for each of them
def _ini_sections(source: str) -> dict[str, _Options]:
    sections: dict[str, _Options] = {_DEFAULT: {}}
    options: _Options | None = None
    parts: list[str] | None = None  # of the entry that a deeper line goes on with
    indent = 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", source), 1):
        content = line.strip()
        if not content or content.startswith(("#", ";")):
            if parts is not None and not content:
                parts.append("")
            continue
        width = len(line) - len(line.lstrip())
        if parts is not None and width > indent:
            parts.append(content)
        elif content.startswith("[") and content.rfind("]") > 1:
            name = content[1 : content.rfind("]")]
            if name in sections and name != _DEFAULT:
                raise _IniError("duplicate section")
            options, parts, indent = sections.setdefault(name, {}), None, width
        else:
            parts, indent = _ini_option(options, content, number), width
    return sections


def _ini_option(options: _Options | None, content: str, number: int) -> list[str]:
    if options is None:
        raise _IniError("text before the first section")
    delimiter = re.search("[=:]", content)
    if delimiter is None or delimiter.start() == 0:
        raise _IniError("line without =")
    key = content[: delimiter.start()].rstrip().lower()
    if key in options:
        raise _IniError("duplicate key")
    parts = [content[delimiter.end() :].strip()]
    options[key] = (number, parts)
    return parts


def pkcs11_luna(data: bytes, section: str, key: str) -> ThirdPartyReading:
    """Read the UNIX form like pkcs11_luna: after any place with `section`, a block runs from the next `{` to a `}`.

    The first place in such a block with `key =` and a `;` further on in the value's line wins; the value runs to the
    last `;` of that line. The whitespace around the `=` may hold line endings. What precedes `section` or `key` does
    not matter. Ruby refuses to search text that is not UTF-8.
    """
    if (source := _utf8(data)) is None:
        return ThirdPartyReading("pkcs11_luna", None, _NOT_UTF8)
    entry = _ruby_entry(key)
    for start, end in _blocks(source, section, "{", "}"):
        searched = start  # no value that begins before this place has a `;` in its line
        for match in entry.finditer(source, start, end):
            if match.end() > searched:
                newline = source.find("\n", match.end(), end)
                searched = newline if newline >= 0 else end
                semicolon = source.rfind(";", match.end(), searched)
                if semicolon >= 0:
                    value = source[match.end() : semicolon]
                    return ThirdPartyReading("pkcs11_luna", value, line=_line_after(source[: match.end()]))
    return ThirdPartyReading("pkcs11_luna", None)


def pkcs11_luna_windows(data: bytes, section: str, key: str) -> ThirdPartyReading:
    """Read the Windows form like pkcs11_luna: a section runs from `[section]` to the next `[`, else it is not seen.

    The first `key =` in it wins; the value is the rest of the line or, where nothing follows, the next line that is not
    blank. Ruby reads CR LF as one line ending on Windows.
    """
    if (source := _utf8(data)) is None:
        return ThirdPartyReading("pkcs11_luna", None, _NOT_UTF8)
    source, entry = source.replace("\r\n", "\n"), _ruby_entry(key)
    for start, end in _blocks(source, f"[{section}]", "", "["):
        if match := entry.search(source, start, end):
            value = source[match.end() : end].partition("\n")[0]
            return ThirdPartyReading("pkcs11_luna", value, line=_line_after(source[: match.end()]))
    return ThirdPartyReading("pkcs11_luna", None)


def _blocks(source: str, name: str, opener: str, closer: str) -> Iterator[tuple[int, int]]:
    """Yield where the text between `opener` and `closer` lies after each `name` that no earlier block has swallowed."""
    at = source.find(name)
    while at >= 0:
        start = source.find(opener, at + len(name))
        end = source.find(closer, start + len(opener))
        if start < 0 or end < 0:
            return
        yield start + len(opener), end
        at = source.find(name, end + 1)


def _ruby_entry(key: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(key)}\s*+=\s*+", re.ASCII)  # whitespace in Ruby is the six characters of ASCII


def _line_after(before: str) -> int:
    """Return the line (from 1) of what follows `before`; LF, CR LF and lone CR end a line."""
    return before.count("\n") + before.count("\r") - before.count("\r\n") + 1


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


_UNIX_FORM = (luna_getprop, pycryptoki, pkcs11_luna)
_WINDOWS_FORM = (luna_getprop_windows, pycryptoki_windows, pkcs11_luna_windows)
