from __future__ import annotations

import configparser
import ctypes
import io
import platform
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.config.third_party_readers import (
    READERS,
    ThirdPartyReading,
    as_integer,
    luna_getprop,
    luna_getprop_windows,
    pkcs11_luna,
    pkcs11_luna_windows,
    pycryptoki,
    pycryptoki_windows,
    read_all,
)
from confkit.core.syntax import parse
from testing.programs import corpus, unmet

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING = None
NO_KEY = "ERR no key"
NO_SECTION = "ERR no section"


def outcome(reading: ThirdPartyReading) -> str | None:
    return f"ERR {reading.error}" if reading.error else reading.value


def outcomes(data: bytes, section: str, key: str, *, windows: bool) -> tuple[str | None, ...]:
    return tuple(outcome(reading) for reading in read_all(data, section, key, windows=windows))


def section(*lines: str) -> str:
    return "Chrystoki2 = {\n" + "".join(f"   {line}\n" for line in lines) + "}\n"


# What the original programs answer when asked for LibUNIX64 of Chrystoki2: name of the case, file, luna_getprop,
# pycryptoki, pkcs11_luna.
AWKWARD_FILES = [
    ("plain", section("LibUNIX64 = /a.so;"), "/a.so", "/a.so", "/a.so"),
    ("commented key first", section("# LibUNIX64 = /old.so;", "LibUNIX64 = /a.so;"), "/old.so", "/a.so", "/old.so"),
    ("trailing comment", section("LibUNIX64 = /a.so; // x; y"), "/a.so", "/a.so; // x; y", "/a.so; // x"),
    ("missing semicolon", section("LibUNIX64 = /a.so"), NOTHING, "/a.so", NOTHING),
    ("brace next line", "Chrystoki2 =\n{\n   LibUNIX64 = /a.so;\n}\n", NOTHING, "/a.so", "/a.so"),
    ("one line", "Chrystoki2 = { LibUNIX64 = /a.so; }\n", NOTHING, "/a.so", "/a.so"),
    (
        "dup section 2nd has key",
        section("LibNT = /x.dll;") + section("LibUNIX64 = /b.so;"),
        NOTHING,
        "ERR duplicate section",
        "/b.so",
    ),
    ("dup key", section("LibUNIX64 = /a.so;", "LibUNIX64 = /b.so;"), "/a.so", "ERR duplicate key", "/a.so"),
    ("unclosed", "Chrystoki2 = {\n   LibUNIX64 = /a.so;\n", "/a.so", "/a.so", NOTHING),
    ("comment names section", "# Chrystoki2 is below\n" + section("LibUNIX64 = /a.so;"), "/a.so", "/a.so", "/a.so"),
    ("wrong case section", "chrystoki2 = {\n   LibUNIX64 = /a.so;\n}\n", NOTHING, NO_SECTION, NOTHING),
    ("wrong case key", section("libunix64 = /a.so;"), NOTHING, NO_KEY, NOTHING),
    ("crlf", section("LibUNIX64 = /a.so;").replace("\n", "\r\n"), "/a.so", "/a.so", "/a.so"),
    # An earlier measurement has "/a.so " for pycryptoki too; every published version strips once more after the `;`.
    ("space before semicolon", section("LibUNIX64 = /a.so ;"), "/a.so ", "/a.so", "/a.so "),
    ("quoted", section('LibUNIX64 = "/a.so";'), '"/a.so"', "/a.so", '"/a.so"'),
    ("semicolon in quotes", section('LibUNIX64 = "/a;b.so";'), '"/a', "/a;b.so", '"/a;b.so"'),
    ("brace in value", section("LibUNIX = /x}y.so;", "LibUNIX64 = /a.so;"), NOTHING, NO_KEY, NOTHING),
    ("nested block before", section("Sub = {", "a = b;", "}", "LibUNIX64 = /a.so;"), NOTHING, NO_KEY, NOTHING),
    ("tabs", "Chrystoki2\t=\t{\n\tLibUNIX64\t=\t/a.so;\n}\n", "/a.so", "/a.so", "/a.so"),
    ("nospace", "Chrystoki2={\nLibUNIX64=/a.so;\n}\n", "/a.so", "/a.so", "/a.so"),
    ("closer semicolon", "Chrystoki2 = {\n   LibUNIX64 = /a.so;\n};\n", "/a.so", "/a.so", "/a.so"),
    ("bom", "\ufeff" + section("LibUNIX64 = /a.so;"), "/a.so", "/a.so", "/a.so"),
    ("prefix key", section("OldLibUNIX64 = /old.so;", "LibUNIX64 = /a.so;"), "/old.so", "/a.so", "/old.so"),
    ("hash comment before semi", section("LibUNIX64 = /a.so # note;"), *["/a.so # note"] * 3),
    ("empty", section("LibUNIX64 = ;"), "", NO_KEY, ""),
    ("eq in value", section("LibUNIX64 = /a=b.so;"), "/a=b.so", "/a=b.so", "/a=b.so"),
    ("two on a line", section("LibUNIX = /x.so; LibUNIX64 = /a.so;"), "/a.so", NO_KEY, "/a.so"),
    ("block comment", section("/* LibUNIX64 = /old.so; */", "LibUNIX64 = /a.so;"), "/old.so", "/a.so", "/old.so"),
    ("no equals in header", "Chrystoki2 {\n   LibUNIX64 = /a.so;\n}\n", "/a.so", NO_SECTION, "/a.so"),
    ("slash comment line", section("// LibUNIX64 = /old.so;", "LibUNIX64 = /a.so;"), "/old.so", "/a.so", "/old.so"),
]


@pytest.mark.parametrize(
    ("source", "expected"),
    [pytest.param(source, tuple(expected), id=name) for name, source, *expected in AWKWARD_FILES],
)
def test_each_program_reads_the_awkward_file_in_its_own_way(source: str, expected: tuple[str | None, ...]) -> None:
    assert outcomes(source.encode(), "Chrystoki2", "LibUNIX64", windows=False) == expected


def test_the_ruby_gem_differs_from_luna_getprop_in_six_of_the_thirty() -> None:
    assert len(AWKWARD_FILES) == 30
    assert sum(luna != ruby for _, _, luna, _, ruby in AWKWARD_FILES) == 6


def test_read_all_answers_in_the_order_of_the_names() -> None:
    for windows in (False, True):
        readings = read_all(b"Misc = {\n", "Misc", "Apps", windows=windows)
        assert tuple(reading.reader for reading in readings) == READERS


def test_the_line_is_that_of_the_entry_taken() -> None:
    data = b"# about Misc\r\nMisc = {\r\n  # Apps = 1;\r\n  Apps = 2;\r\n}\r\n"
    assert read_all(data, "Misc", "Apps", windows=False) == (
        ThirdPartyReading("luna_getprop", "1", None, 3),
        ThirdPartyReading("pycryptoki", "2", None, 4),
        ThirdPartyReading("pkcs11_luna", "1", None, 3),
    )
    data = b"; Apps = 1\r\n[Misc]\r\n\r\nApps = 2\r\n[Next]\r\n"
    assert [(reading.value, reading.line) for reading in read_all(data, "Misc", "Apps", windows=True)] == [("2", 4)] * 3


def test_a_lone_cr_ends_a_line_where_lines_are_counted() -> None:
    data = b"Misc = {\rOther = 1;\rApps = 2;\r}\nMisc = {\n"
    assert pkcs11_luna(data, "Misc", "Apps") == ThirdPartyReading("pkcs11_luna", "2", None, 3)
    assert pycryptoki(data.replace(b"\nMisc", b"\nNext"), "Misc", "Apps") == ThirdPartyReading(
        "pycryptoki", "2", None, 3
    )


def test_an_entry_of_a_value_that_is_missing_has_no_line() -> None:
    assert luna_getprop_windows(b"[Misc]\nApps=\n", "Misc", "Apps") == ThirdPartyReading(
        "luna_getprop", None, None, None
    )


# luna_getprop on UNIX


def getprop(source: bytes, section: str = "GemEngine", key: str = "LibPath") -> str | None:
    return luna_getprop(source, section, key).value


def test_getprop_takes_a_longer_section_name_for_the_one_asked_for() -> None:
    client = b"LunaSA Client = {\n  NetClient = 1;\n}\n"
    luna = b"Luna = {\n  DefaultTimeOut = 500000;\n}\n"
    assert getprop(client + luna, "Luna", "DefaultTimeOut") is None
    assert getprop(luna + client, "Luna", "DefaultTimeOut") == "500000"


def test_getprop_takes_a_commented_header_for_a_section() -> None:
    assert getprop(b"# GemEngine = {\n LibPath = 1;\n}\nGemEngine = {\n LibPath = 2;\n}\n") == "1"


def test_getprop_still_searches_the_line_that_ends_the_section() -> None:
    assert getprop(b"GemEngine = {\nA = 1; } LibPath = /x}y; \nLibPath = /late;\n}\n") == "/x}y"


def test_getprop_searches_the_first_matching_section_alone() -> None:
    assert getprop(b"GemEngine = {\n}\nGemEngine = {\nLibPath = 1;\n}\n") is None


@pytest.mark.parametrize("letter", "aZ0_")
def test_getprop_gives_a_line_up_when_the_name_goes_on(letter: str) -> None:
    assert getprop(f"GemEngine = {{\nLibPath{letter} = 1; LibPath = 2;\n}}\n".encode()) is None


def test_getprop_takes_the_first_equals_sign_after_the_name_wherever_it_stands() -> None:
    assert getprop(b"GemEngine = {\nLibPath, see Other = \t\v\f/x ;\n}\n") == "/x "


def test_getprop_passes_over_lines_without_equals_sign_or_semicolon() -> None:
    assert getprop(b"GemEngine = {\nLibPath\nLibPath;\nLibPath = 1\nLibPath =\nLibPath = 2;\n}\n") == "2"


def test_getprop_reads_a_long_line_in_pieces() -> None:
    fits = b" LibPath = " + b"/" * 1011 + b";"
    assert len(fits) == 1023
    assert getprop(b"GemEngine = {\n" + fits + b"\n}\n") == "/" * 1011
    assert getprop(b"GemEngine = {\n " + fits + b"\n}\n") is None
    padding = b"x" * 1023
    assert getprop(b"GemEngine = {\n" + padding + b"LibPath = 1;\n}\n") == "1"
    assert getprop(b"GemEngine = {\n" + padding[4:] + b"LibPath = 1;\n}\n") is None
    assert getprop(b"GemEngine" + padding + b"{\nLibPath = 1;\n}\n") is None


def test_getprop_stops_at_a_line_that_begins_with_nul() -> None:
    assert getprop(b"GemEngine = {\nA = \0 }\nLibPath = 1;\n}\n") == "1"
    assert getprop(b"GemEngine = {\n\0\nLibPath = 1;\n}\n") is None


def test_getprop_keeps_bytes_that_are_not_utf8() -> None:
    assert getprop(b"GemEngine = {\nLibPath = \xe9\xc3\xa9;\n}\n") == "\udce9é"


# The others on UNIX


@pytest.mark.parametrize("read", [pycryptoki, pkcs11_luna])
def test_python_and_ruby_refuse_bytes_that_are_not_utf8(read: Callable[[bytes, str, str], ThirdPartyReading]) -> None:
    reading = read(b"Misc = {\n Apps = 1;\n}\n# \xe9\n", "Misc", "Apps")
    assert outcome(reading) == "ERR bytes that are not UTF-8"


def test_pycryptoki_counts_headers_in_comments_and_longer_names_as_sections() -> None:
    assert outcome(pycryptoki(b"# Misc = {\n}\nMisc = {\n Apps = 1;\n}\n", "Misc", "Apps")) == "ERR duplicate section"
    assert outcome(pycryptoki(b"MyMisc\n=\n{\n Apps = 1;\n}\n", "Misc", "Apps")) == "1"


def test_pycryptoki_passes_over_empty_values() -> None:
    assert outcome(pycryptoki(b"Misc = {\n Apps = ;\n Apps = '';\n Apps = 3;\n}\n", "Misc", "Apps")) == "3"


def test_ruby_reads_a_value_from_the_next_line() -> None:
    reading = pkcs11_luna(b"Misc = {\n Apps =\n\n  Other = 1;\n}\n", "Misc", "Apps")
    assert reading == ThirdPartyReading("pkcs11_luna", "Other = 1", None, 4)


def test_python_takes_a_no_break_space_for_a_blank_and_ruby_does_not() -> None:
    data = "Misc = {\n Apps\u00a0= 1;\n}\n".encode()
    assert outcome(pycryptoki(data, "Misc", "Apps")) == "1"
    assert outcome(pkcs11_luna(data, "Misc", "Apps")) is NOTHING


def test_ruby_looks_further_when_the_line_of_a_value_has_no_semicolon() -> None:
    assert outcome(pkcs11_luna(b"Misc = {\n Apps = Apps\n = 1;\n}\n", "Misc", "Apps")) == "1"


# The Windows form


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"[Misc]\nApps=1\n[Z]\n", ("1", "1", "1")),
        (b"[Misc]\nApps=1\n", ("1", "1", NOTHING)),  # no section follows
        (b"[misc]\nAPPS=1\n[Z]\n", ("1", NO_SECTION, NOTHING)),
        (b"[Misc]\nAPPS=1\n[Z]\n", ("1", "1", NOTHING)),
        (b"[Misc]\r\n;Apps=0\r\nApps = 1 \r\n[Z]\r\n", ("1", "1", "0")),
        (b"[Misc]\n#Apps=0\nApps=1\n[Z]\n", ("1", "1", "0")),
        (b"[Misc]\nApps=1 ; note\n[Z]\n", ("1 ; note", "1 ; note", "1 ; note")),
        (b"[Misc]\nApps=\n[Z]\n", (NOTHING, "", "")),
        (b"[Misc]\nApps=' a '\n[Z]\n", (" a ", "' a '", "' a '")),
        (b"[Misc]\nApps=\"a'\n[Z]\n", ("\"a'", "\"a'", "\"a'")),
        (b'[Misc]\nApps="\n[Z]\n', ('"', '"', '"')),
        (b"[Misc]\nApps=''\n[Z]\n", (NOTHING, "''", "''")),
        (b"[Misc]\nApps=1\nApps=2\n[Z]\n", ("1", "ERR duplicate key", "1")),
        (b"[Misc]\nA=1\n[Misc]\nApps=2\n[Z]\n", (NOTHING, "ERR duplicate section", NOTHING)),
        (b"[Misc]\nA=1\n[Y]\n[Misc]\nApps=2\n[Z]\n", (NOTHING, "ERR duplicate section", "2")),
        (b"[Misc]\nApps=C:\\%x\n[Z]\n", ("C:\\%x", "ERR percent sign", "C:\\%x")),
        (b"[Misc]\nApps=9%%\n[Z]\n", ("9%%", "9%", "9%%")),
        (b"[Misc]\nB=1%\nApps=2\n[Z]\n", ("2", "2", "2")),
        (b"\xef\xbb\xbf[Misc]\nApps=1\n[Z]\n", (NOTHING, "ERR text before the first section", "1")),
        (b"[Misc]\nApps=1\nstray\n[Z]\n", ("1", "ERR line without =", "1")),
        (b"[Misc]\nApps=1\n=2\n[Z]\n", ("1", "ERR line without =", "1")),
        (b"[Misc]\n A=1\n  Apps=2\n[Z]\n", ("2", NO_KEY, "2")),
        (b"[Misc]\nApps=1\n\n  2\n[Z]\n", ("1", "1\n\n2", "1")),
        (b"[Misc]\nOldApps=1\nApps=2\n[Z]\n", ("2", "2", "1")),
        (b"[Misc]\nApps : 1\n[Z]\n", (NOTHING, "1", NOTHING)),
        (b"[Misc]\n[Z]\n[DEFAULT]\nApps=3\n[DEFAULT]\n", (NOTHING, "3", NOTHING)),
        (b"[Z]\nApps=1\n[Y]\n", (NOTHING, NO_SECTION, NOTHING)),
        (b"[Misc]\nA=1\n[Z]\n", (NOTHING, NO_KEY, NOTHING)),
        (b"[Misc]\nApps=\xe9\n[Z]\n", ("\udce9", "\udce9", "ERR bytes that are not UTF-8")),
        (b"Misc = {\n Apps = 1;\n}\n", (NOTHING, "ERR text before the first section", NOTHING)),
    ],
)
def test_each_program_reads_the_windows_form_in_its_own_way(source: bytes, expected: tuple[str | None, ...]) -> None:
    assert outcomes(source, "Misc", "Apps", windows=True) == expected


def test_the_windows_call_cuts_a_long_value() -> None:
    assert luna_getprop_windows(b"[Misc]\nApps=" + b"x" * 1024, "Misc", "Apps").value == "x" * 1023


# Numbers


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("10", 10),
        ("abc", 0),
        ("5x", 5),
        ("", 0),
        ("-1", -1),
        ("+7", 7),
        (" \t\n\v\f\r 3.5", 3),
        ("- 1", 0),
        ("+-1", 0),
        ("0x10", 0),
        ("1e9", 1),
        ("٣", 0),
        ("\u00a05", 0),
        ("0" * 5000 + "12", 12),
        ("2147483648", -(2**31)),
        ("9" * 20, -1),
        ("-" + "9" * 5000, 0),
    ],
)
def test_a_number_is_read_as_atoi_does(value: str, number: int) -> None:
    assert as_integer(value) == number


@given(st.from_regex(r"[ \t\n\v\f\r]{0,2}[+-]{0,2}[0-9]{0,25}[a-z.٣\xa0 ]?", fullmatch=True) | st.text())
def test_a_number_is_what_the_c_library_says(value: str) -> None:
    if platform.libc_ver()[0] != "glibc":
        unmet("what atoi does with a number too large is compared with the GNU C library alone")
    assert as_integer(value) == ctypes.CDLL(None).atoi(value.encode().split(b"\0")[0])


# The same answers in the plain way. The searches here take time that grows with the square of the size, and more.

FRAGMENTS = [
    *(
        b"S = {\n",
        b"S",
        b"{",
        b"}",
        b"S {",
        b"[S]",
        b"[S]\n",
        b"[Z]\n",
        b"[",
        b"]",
        b"[DEFAULT]\n",
        b"[s]\n",
        b"s = {\n",
    ),
    *(
        b"K = 1;\n",
        b"K=2\n",
        b"  K = ;\n",
        b"XK",
        b"K",
        b"k : 3\n",
        b"K_",
        b" = ",
        b"=",
        b";",
        b" ",
        b"\t",
        b"\n",
        b"\n",
    ),
    *(b"# K = 4;\n", b"; ", b"//", b"'", b'"', b"%", b"%%", b":", b"x" * 40, b"  more\n", b"a=1\n", b" b=2\n", b"\r\n"),
    *(b"\xef\xbb\xbf", b"\xc3\xa9", b"\xe2\x80\xa8", b"\xc2\x85", b"\x1c", b"\x0b", b"x" * 1000),
]
RARE_FRAGMENTS = [b"\0", b"\xff", b"\r"]
OPENINGS = st.sampled_from([b"", b"S = {\n", b"[S]\n"])


def files(fragments: list[bytes]) -> st.SearchStrategy[bytes]:
    return st.builds(lambda start, rest: start + b"".join(rest), OPENINGS, st.lists(st.sampled_from(fragments)))


FILES = files(FRAGMENTS) | files(FRAGMENTS + RARE_FRAGMENTS)


def plain_luna_getprop(data: bytes) -> str | None:
    stream = io.BytesIO(data)
    inside = False
    while line := stream.readline(1023).split(b"\0")[0]:
        if inside:
            found = re.match(rb"(?s)(?:(?!K).)*K(?![A-Za-z0-9_])[^=]*=\s*([^;]*);", line)
            if found:
                return found[1].decode("utf-8", "surrogateescape")
            if b"}" in line:
                return None
        inside = inside or (b"S" in line and b"{" in line)
    return None


def plain_pycryptoki(data: bytes) -> str:
    try:
        source = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8").read()
    except UnicodeDecodeError:
        return "ERR bytes that are not UTF-8"
    bodies = re.findall(r"S\s*=\s*{([^}]*)", source)
    if len(bodies) != 1:
        return "ERR duplicate section" if bodies else NO_SECTION
    value = ""
    for line in bodies[0].split("\n"):
        for found in re.findall(r"^\s*K\s*=\s*([^\n]+)", line):
            if value:
                return "ERR duplicate key"
            value = found.strip().strip(";").strip().strip("'").strip('"')
    return value or NO_KEY


def plain_ruby(data: bytes, block: str, entry: str) -> str | None:
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError:
        return "ERR bytes that are not UTF-8"
    for body in re.findall(block, source, re.DOTALL):
        if found := re.search(entry, body, re.ASCII):
            return found[1]
    return None


def plain_configparser(data: bytes) -> str:
    parser = configparser.ConfigParser()
    try:
        parser.read_file(io.StringIO(data.decode("utf-8", "surrogateescape"), newline=None))
        return parser.get("S", "K")
    except configparser.Error:
        return "ERR"


@given(FILES)
def test_getprop_agrees_with_the_plain_scan(data: bytes) -> None:
    assert outcome(luna_getprop(data, "S", "K")) == plain_luna_getprop(data)


@given(FILES)
def test_pycryptoki_agrees_with_the_plain_expressions(data: bytes) -> None:
    assert outcome(pycryptoki(data, "S", "K")) == plain_pycryptoki(data)


@given(FILES)
def test_pkcs11_luna_agrees_with_the_plain_expressions(data: bytes) -> None:
    assert outcome(pkcs11_luna(data, "S", "K")) == plain_ruby(data, r"S.*?\{(.*?)\}", r"K\s*=\s*(.*);")


@given(FILES)
def test_pkcs11_luna_agrees_with_the_plain_expressions_on_windows(data: bytes) -> None:
    expected = plain_ruby(data.replace(b"\r\n", b"\n"), r"\[S\](.*?)\[", r"K\s*=\s*(.*)")
    assert outcome(pkcs11_luna_windows(data, "S", "K")) == expected


INI_LINES = [
    b"[S]",
    b"[S]",
    b"[Z]",
    b"[DEFAULT]",
    b"",
    b"",
    b"K=1",
    b"K = 2%%",
    b" K : 3",
    b"k=%",
    b"  more",
    b"a=1",
    b" b: 2",
]
INI_LINES += [b"; note", b"  # note", b"stray", b"=1", b"[]", b"[S]]", b"\xe2\x80\xa8K=5", b"c=\xff"]


@given(FILES | st.lists(st.sampled_from(INI_LINES), max_size=6).map(lambda lines: b"\n".join([b"[S]", *lines])))
def test_pycryptoki_agrees_with_configparser_on_windows(data: bytes) -> None:
    reading = pycryptoki_windows(data, "S", "K")
    assert ("ERR" if reading.error else reading.value) == plain_configparser(data)


# Whatever the bytes


@given(data=st.binary() | FILES, name=st.text(), key=st.text(), windows=st.booleans())
def test_no_reader_raises(data: bytes, name: str, key: str, *, windows: bool) -> None:
    for reading in read_all(data, name, key, windows=windows):
        assert reading.error is None or reading.value is None
        assert (reading.line is None) == (reading.value is None)


@given(data=files(FRAGMENTS), windows=st.booleans())
def test_the_value_stands_on_the_line_named(data: bytes, *, windows: bool) -> None:
    lines = data.splitlines()
    for reader, value, _, line in read_all(data, "S", "K", windows=windows):
        if value is not None and line is not None:
            written = value.replace("%", "%%") if windows and reader == "pycryptoki" else value
            first_line = re.split("[\r\n]", written)[0]
            assert first_line.encode("utf-8", "surrogateescape") in lines[line - 1]


LARGE = 200_000
HOSTILE = [
    *(
        b"{",
        b"}",
        b"K",
        b"K=",
        b"K = K = ",
        b"S = {",
        b"S={",
        b"S={}",
        b"S",
        b"S ",
        b"[S]",
        b"[",
        b"K\n",
        b"K=;\n",
        b"x\n",
    ),
    *(b"  K\n", b"x=1\n", b"%%", b" ", b"\n", b"\r", b";", b"K =\n"),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_large_hostile_file_is_read_in_linear_time(unit: bytes) -> None:
    # An expression that is quadratic takes minutes to hours here. The answer is that of a small file of the kind.
    for start, end in ((b"", b""), (b"S = {\nK", b"\n}\n"), (b"[S]\nK=", b"x\n[Z]\n")):
        for windows in (False, True):
            small, large = (
                read_all(start + unit * count + end, "S", "K", windows=windows) for count in (300, LARGE // len(unit))
            )
            assert [reading.error for reading in large] == [reading.error for reading in small]
            assert [reading.value is None for reading in large] == [reading.value is None for reading in small]


def test_ruby_looks_for_the_semicolon_of_a_line_once() -> None:
    # A million entries on one line that has none: looking from each to the end takes minutes, fast as that look is.
    data = b"S = {\n" + b"K=" * 1_000_000 + b"x\nK = 1;\n}\n"
    assert pkcs11_luna(data, "S", "K") == ThirdPartyReading("pkcs11_luna", "1", None, 3)


# Real files

DIFFERENT = {
    "014": {"pkcs11_luna"},  # Windows form: the last section has none after it
    "016": {"pkcs11_luna"},
    "020": {"pkcs11_luna"},
    "019": {"pycryptoki"},  # EngineInit = "label":0:0:..., half of whose quotes pycryptoki takes off
    "038": {"luna_getprop", "pkcs11_luna"},  # the file breaks off in its last entry
}


def test_the_programs_read_real_files_as_confkit_does() -> None:
    if not corpus():
        unmet("needs the folder of real files: see CONFKIT_CORPUS")
    for path in corpus():
        data = path.read_bytes()
        document = parse(data, path.name)
        different = {
            reading.reader
            for found in document.sections
            for entry in found.entries
            for reading in read_all(data, found.name, entry.name, windows=document.windows)
            if (reading.value, reading.line) != (entry.value, entry.line)
        }
        assert different == DIFFERENT.get(path.name[:3], set()), path.name
