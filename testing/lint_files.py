"""Files to draw from in which simple readers go astray: names that end in one another, comments that hold entries."""

from __future__ import annotations

from hypothesis import strategies as st

_SECTIONS = st.sampled_from(["Luna", "LunaSA Client", "Chrystoki2", "GemEngine", "A"])
_KEYS = st.sampled_from(["x", "ax", "a-x", "x-a", "LibUNIX64", "OldLibUNIX64", "LibNT", "LibPath", "a b", "é"])
_VALUES = st.sampled_from(
    ["1", "0", "", "/a.so", "x = 1", "a b", '"1"', "'1'", "Luna", "1\t0", "é", "%", "x", "=", "1;", "A"]
)
_BLANKS = st.sampled_from(["", "", "", " ", "  ", "\t", " \t"])
_SIGNS = st.sampled_from(["# ", "#", "// ", "#\t", "/* "])
_TAILS = st.sampled_from(
    ["", "", "", "", " ", "\t", " # note", " // x = 2;", " # Luna", " /* c */", " y = 2;", " # {", " }"]
)
_ODD = st.sampled_from(
    ["", "\t", "x", "= 1;", "# Luna = {", "# }", "# the default", "/* x = 1;", "*/", "A = {", "}", "{"]
)


@st.composite
def _entries(draw: st.DrawFn, *, semicolon: str) -> str:
    gap, end = draw(_BLANKS), draw(st.sampled_from([semicolon, semicolon, semicolon, ""]))
    name, value = draw(_KEYS), draw(_VALUES)
    return f"{draw(_BLANKS)}{name}{gap}={draw(_BLANKS)}{value}{draw(_BLANKS)}{end}"


@st.composite
def _unix_lines(draw: st.DrawFn) -> str:
    entry = draw(_entries(semicolon=";"))
    kind = draw(st.integers(0, 9))
    if kind < 6:
        return entry + draw(_TAILS)
    return draw(_BLANKS) + draw(_SIGNS) + entry if kind < 9 else draw(_ODD)


@st.composite
def unix_files(draw: st.DrawFn) -> bytes:
    """A Chrystoki.conf of a few sections, each with the faults that the rules of layout know."""
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    lines = [draw(_ODD)] if draw(st.booleans()) else []
    for name in draw(st.lists(_SECTIONS, max_size=3)):
        header = draw(st.sampled_from([" = {", " = {", " = {", "\t=\t{", " {", f" ={end}{{", " = { # x = 3;"]))
        lines += [
            name + header,
            *draw(st.lists(_unix_lines(), max_size=5)),
            draw(st.sampled_from(["}", "}", "}", "};", "\t}", ""])),
        ]
    source = end.join([*lines, ""]).encode()
    return draw(_spoilt(source))


@st.composite
def windows_files(draw: st.DrawFn) -> bytes:
    """A crystoki.ini of a few sections, with faults."""
    lines: list[str] = []
    for name in draw(st.lists(_SECTIONS, max_size=3)):
        body = st.one_of(_entries(semicolon=""), _entries(semicolon="").map("; {}".format), _ODD)
        lines += [draw(_BLANKS) + f"[{name}]", *draw(st.lists(body, max_size=5))]
    source = draw(st.sampled_from(["\n", "\r\n"])).join([*lines, ""]).encode()
    return draw(_spoilt(source))


@st.composite
def _spoilt(draw: st.DrawFn, source: bytes) -> bytes:
    kind = draw(st.integers(0, 19))
    spoilt = {
        0: b"\xef\xbb\xbf" + source,
        1: source.replace(b"\n", b"\r", 1),
        2: source + b"\xff",
        3: source.replace(b"1", b"\0", 1),
        4: source.replace(b"\r\n", b"\n", 1),
        5: source.replace(b"/a.so", b"/" + b"a" * 1015),
        6: source.replace(b"\n", b"\r\n", 1),
    }
    return spoilt.get(kind, source)
