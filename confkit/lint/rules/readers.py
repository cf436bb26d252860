"""CK6, readers: a public program that reads the file sees another value of an entry than confkit does.

What is written plainly all of them read alike (`context.lookalikes`), and is not read again here. The models of the
readers run for the other entries, and read 32 MiB in one file at most: beyond that, entries are passed over in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.config.third_party_readers import ThirdPartyReading, read_all
from confkit.core.catalogue import entry_facts
from confkit.core.redact import BY_CONTENT
from confkit.core.syntax.document import raw
from confkit.lint.context.lookalikes import orderly, plain_names
from confkit.lint.diagnostics import Finding
from confkit.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Entry, Section
    from confkit.lint.context.lint_context import LintContext

_MOST_BYTES_READ = 32 * 1024 * 1024  # by the models in one file
_LONGEST_SHOWN = 60  # characters of a value in a message

LIBRARIES = {  # reader -> what it asks for in Chrystoki2; one that is not here is asked for nothing
    # sautil.c, sautil_libname
    "luna_getprop": ["LibNT", "LibNT64", "LibUNIX", "LibUNIX64", "LibHPUX", "LibHPUX64", "LibAIX", "LibAIX64"],
    "pycryptoki": ["LibNT", "LibUNIX", "LibUNIX64", "LibHPUX"],  # helpers.py, _search_for_dll_in_chrystoki_conf
    "pkcs11_luna": ["LibNT", "LibUNIX", "LibUNIX64"],  # extensions.rb, resolve_so_path
}


def misread_entry(context: LintContext) -> Iterator[Finding]:
    """A public program that reads this entry sees another value, or none.

    ## Why

    Three public programs read the file with code of their own: luna_getprop in Thales' OpenSSL engine and tools,
    Thales' pycryptoki, and the Ruby gem pkcs11_luna. They read the paths of the library in `Chrystoki2`, and the engine
    all of `GemEngine`. None of them knows a comment, and each has rules of its own for the bounds of a section and of a
    value, so one program on a host may load the library that another one does not find. confkit runs a model of each
    over the file and says which one reads something else, and where.

    What the Luna client itself reads is not documented. Where the Ruby gem alone is concerned, this is an info. In one
    file the models read 32 MiB at most; entries beyond that, in a very large file, are passed over.

    ## Bad

    The first line opens the section for luna_getprop, the second ends it; pycryptoki counts two sections and gives up.

    ```conf
    # Chrystoki2 = {
    # }
    Chrystoki2 = {
      LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
    }
    ```

    ## Good

    ```conf
    # Where the library is
    Chrystoki2 = {
      LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c and sautil.c (MIT); ThalesGroup/pycryptoki,
    pycryptoki/cryptoki/helpers.py (Apache-2.0); larskanis/pkcs11, pkcs11_luna/lib/pkcs11_luna/extensions.rb (MIT).
    """
    source = context.source
    left = _MOST_BYTES_READ
    for entry in _asked(context):
        left -= len(source)
        if left < 0:
            return
        wrong = [reading for reading in _other_readings(context, source, entry) if _reads(reading.reader, entry)]
        if wrong:
            alone = [reading.reader for reading in wrong] == ["pkcs11_luna"]
            yield Finding(
                f"some programs see another value of {entry.name} ({_said(wrong, entry)})",
                *(entry.line, entry.start, entry.end, entry.section, entry.name),
                help="Write the entry once, plainly, and keep comments and braces out of its section.",
                severity="info" if alone else None,
            )


def easily_misread_entry(context: LintContext) -> Iterator[Finding]:
    """A program that looks for the name anywhere on a line takes another line for this entry.

    ## Why

    The public readers of the file search each line for the name they are asked for, and do not look at what stands
    before it: whoever asks luna_getprop for `lab` gets the value of `prodlab` when that line comes first. No public
    program is known to ask for this entry, so this is only an info; one that is written in the same way would be
    misled. The order of the two lines decides: the first one wins. As for CK601, entries beyond 32 MiB are passed over.

    ## Bad

    ```conf
    VirtualToken = {
      VirtualToken00Label = prodlab;
      VirtualToken00SN = 11234840370164;
      VirtualToken00Members = 1234840370164,1234840370165;
      VirtualToken01Label = lab;
      VirtualToken01SN = 11234840370166;
      VirtualToken01Members = 1234840370166,1234840370167;
    }
    HASynchronize = {
      prodlab = 1;
      lab = 0;
    }
    HAConfiguration = {
      HAOnly = 1;
      reconnAtt = -1;
    }
    ```

    ## Good

    ```conf
    VirtualToken = {
      VirtualToken00Label = prodlab;
      VirtualToken00SN = 11234840370164;
      VirtualToken00Members = 1234840370164,1234840370165;
      VirtualToken01Label = lab;
      VirtualToken01SN = 11234840370166;
      VirtualToken01Members = 1234840370166,1234840370167;
    }
    HASynchronize = {
      lab = 0;
      prodlab = 1;
    }
    HAConfiguration = {
      HAOnly = 1;
      reconnAtt = -1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c, `luna_getprop` (MIT); larskanis/pkcs11,
    pkcs11_luna/lib/pkcs11_luna/extensions.rb (MIT).
    """
    if context.document.windows or not context.readers_cope:
        return
    reported = {problem.line for problem in context.document.problems}
    left = _MOST_BYTES_READ
    for section in context.document.sections:
        if section.name in ("Chrystoki2", "GemEngine") or not orderly(context.document, section):
            continue
        plain = plain_names(context.document, section)
        suspects = [entry for entry in section.entries if entry.name not in plain and entry.line not in reported]
        source = b"".join(context.document.lines[section.line - 1 : section.end_line])
        for entry in suspects:
            left -= len(source)
            if left < 0:
                return
            yield from _elsewhere(context, source, section, entry, reported)


def _elsewhere(
    context: LintContext, source: bytes, section: Section, entry: Entry, reported: set[int]
) -> Iterator[Finding]:
    """Yield a finding where readers take another line for the entry, and that line has no finding of its own."""
    taken = {
        (section.line - 1 + reading.line, reading.reader)
        for reading in _other_readings(context, source, entry)
        if reading.line is not None
    }
    wrong = {(line, reader) for line, reader in taken if line != entry.line and line not in reported}
    if wrong:
        lines, readers = (" and ".join(map(str, sorted(set(each)))) for each in zip(*wrong, strict=True))
        yield Finding(
            f"a program that reads like {readers} takes line {lines} for {entry.name}",
            *(entry.line, entry.start, entry.end, entry.section, entry.name),
            help=f"Write {entry.name} above line {lines}, or choose names that do not end in one another.",
        )


def _asked(context: LintContext) -> Iterator[Entry]:
    """Yield the entries that some program asks for and may misread: of every name the one that confkit reads."""
    for name in ("Chrystoki2", "GemEngine"):
        seen: set[str] = set()
        sections = context.document.sections_named(name)
        for section in sections:
            plain = _plain_names(context, section) if len(sections) == 1 else set()
            for entry in section.entries:
                known = entry.name.lower() if context.document.windows else entry.name
                if known not in seen and known not in plain and _reads("luna_getprop", entry):
                    yield entry
                seen.add(known)


def _plain_names(context: LintContext, section: Section) -> set[str]:
    """Return the names in the section that all programs read alike, whatever stands in the rest of the file."""
    alone = context.source.count(raw(section.name)) == 1
    if context.document.windows or not alone or not context.readers_cope or not orderly(context.document, section):
        return set()
    return plain_names(context.document, section)


def _reads(reader: str, entry: Entry) -> bool:
    """Return whether the program asks for this entry at all: the engine for all of GemEngine that it knows."""
    if entry.section.lower() == "gemengine":
        return reader == "luna_getprop" and entry_facts("GemEngine", entry.name) is not None
    return entry.name in LIBRARIES.get(reader, ())


def _other_readings(context: LintContext, source: bytes, entry: Entry) -> list[ThirdPartyReading]:
    """Return what the readers that do not see the entry's value see; nothing and an empty value are the same."""
    readings = read_all(source, entry.section, entry.name, windows=context.document.windows)
    return [reading for reading in readings if (reading.value or "") != entry.value]


def _said(readings: list[ThirdPartyReading], entry: Entry) -> str:
    """Say which reader sees what: "luna_getprop, pkcs11_luna: line 3; pycryptoki: nothing"."""
    readers: dict[str, list[str]] = {}
    for reading in readings:
        readers.setdefault(_seen(reading, entry), []).append(reading.reader)
    return "; ".join(f"{', '.join(names)}: {seen}" for seen, names in readers.items())


def _seen(reading: ThirdPartyReading, entry: Entry) -> str:
    if reading.value is None:
        return f"nothing, {reading.error}" if reading.error else "nothing"
    if reading.line != entry.line:
        return f"line {reading.line}"
    shown = BY_CONTENT.hide_value("", reading.value) or ""
    return f"`{shown}`" if len(shown) <= _LONGEST_SHOWN else f"`{shown[:_LONGEST_SHOWN]}...`"


RULES = (
    Rule("CK601", "misread-entry", "warning", misread_entry, ("info",)),
    Rule("CK602", "easily-misread-entry", "info", easily_misread_entry),
)
