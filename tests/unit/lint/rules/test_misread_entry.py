"""CK601 misread-entry: A public program that reads this entry sees another value, or none."""

from __future__ import annotations

import pytest

from confkit.config.third_party_readers import READERS
from confkit.lint.rules import readers
from confkit.lint.rules.readers import LIBRARIES, RULES
from testing.linting import found

A = "A = {\n"
C = "Chrystoki2 = {\n"
G = "GemEngine = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # the file, then (code, line, column, severity, what the message says) of every finding
        (C + " LibUNIX64 = /a;\n}\n", []),
        (
            C + " # LibUNIX64 = /o;\n LibUNIX64 = /a;\n}\n",
            [("CK601", 3, 2, "warning", "luna_getprop, pkcs11_luna: line 2")],
        ),
        (
            C + " LibUNIX64 = /a; // x; y\n}\n",
            [("CK601", 2, 2, "warning", "pycryptoki: `/a; // x; y`; pkcs11_luna: `/a; // x`")],
        ),
        (C + " LibUNIX64 = /a\n}\n", [("CK601", 2, 2, "warning", "luna_getprop, pkcs11_luna: nothing")]),
        ("Chrystoki2 =\n{\n LibUNIX64 = /a;\n}\n", [("CK601", 3, 2, "warning", "luna_getprop: nothing")]),
        (
            "Chrystoki2 = {\n}\n" + C + " LibUNIX64 = /a;\n}\n",
            [("CK601", 4, 2, "warning", "luna_getprop: nothing; pycryptoki: nothing, duplicate section")],
        ),
        (
            C + " LibUNIX64 = /a;\n LibUNIX64 = /a;\n}\n",
            [("CK601", 2, 2, "warning", "pycryptoki: nothing, duplicate key")],
        ),
        (C + " LibUNIX64 = '/a';\n}\n", [("CK601", 2, 2, "warning", "pycryptoki: `/a`")]),
        (
            C + " LibUNIX64 = /" + "a" * 70 + " ;\n}\n",
            [("CK601", 2, 2, "warning", "luna_getprop, pkcs11_luna: `/" + "a" * 59 + "...`")],
        ),
        (C + " LibUNIX64 = ;\n}\n", []),
        # the Ruby gem alone is misled
        (
            C + " x = LibUNIX64 = /o; y;\n LibUNIX64 = /a;\n}\n",
            [("CK601", 3, 2, "warning", "luna_getprop, pkcs11_luna: line 2")],
        ),
        (
            "# Chrystoki2\nA = {\n LibUNIX = /o;\n}\n" + C + " LibUNIX = /a;\n}\n",
            [("CK601", 6, 2, "info", "pkcs11_luna: line 3")],
        ),
        # only what a program asks for: LibAIX by luna_getprop alone, Misc by nobody
        (C + " LibAIX = '/a';\n # Other = /o;\n}\n", []),
        (C + " # Other = /o;\n Other = /a;\n}\n", []),
        (G + " # EngineInit = 1;\n EngineInit = 2;\n}\n", [("CK601", 3, 2, "warning", "luna_getprop: line 2")]),
        (G + " # Unknown = 1;\n Unknown = 2;\n}\n", []),
        ("# GemEngine = {\n" + G + ' EngineInit = "a":0:0;\n}\n', []),
        (
            "# GemEngine = { }\n# }\n" + G + ' EngineInit = "a":0:0;\n}\n',
            [("CK601", 4, 2, "warning", "luna_getprop: nothing")],
        ),
        # the Windows form
        ("[Chrystoki2]\nLibNT=c:\\a\n[A]\n", []),
        ("[Chrystoki2]\nLibNT=c:\\a\n", [("CK601", 2, 1, "info", "pkcs11_luna: nothing")]),
        (
            "[Chrystoki2]\nLibNT=c:\\a\n[A]\nx=1\nx=1\n",
            [("CK601", 2, 1, "warning", "pycryptoki: nothing, duplicate key")],
        ),
    ],
)
def test_what_other_readers_see(source: str, expected: list[tuple[str, int, int, str, str]]) -> None:
    seen = found(source, RULES, "")
    assert [(each.code, each.line, each.column, each.severity) for each in seen] == [each[:4] for each in expected]
    for each, (*_, said) in zip(seen, expected, strict=True):
        assert said in each.message


def test_a_secret_on_the_line_of_a_path_is_masked() -> None:
    source = C + " LibUNIX64 = /a; AuthTokenClientSecret = hush;\n}\n"
    (only,) = found(source, RULES[:1], "")
    assert "********" in only.message
    assert "hush" not in only.message


@pytest.mark.parametrize("source", [C + " # LibUNIX64 = /o;\n LibUNIX64 = /a;\n}\n", A + " ax = 1;\n x = 2;\n}\n"])
def test_no_more_is_read_than_the_limit(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(source, RULES, "")
    monkeypatch.setattr(readers, "_MOST_BYTES_READ", 10)
    assert found(source, RULES, "") == []


def test_the_models_do_not_run_for_plain_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def read(source: bytes, section: str, key: str, *, windows: bool) -> list[object]:
        asked.append(f"{section}/{key}")
        assert b"A = {" in source
        assert not windows
        return []

    monkeypatch.setattr(readers, "read_all", read)
    body = "".join(f"  Key{index:06} = {index};\n" for index in range(2000))
    source = f"{C} LibUNIX64 = /a;\n LibUNIX = /b;\n}}\n{A}{body} old-x = 1;\n x = 2;\n}}\n"
    assert found(source, RULES, "") == []
    assert asked == ["A/x"]


def test_what_each_reader_asks_for_is_listed() -> None:
    assert tuple(LIBRARIES) == READERS
