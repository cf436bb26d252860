"""CK133: a comment behind a value has become a part of it."""

from __future__ import annotations

import pytest

from testing.linting import client, codes, diagnose, section


@pytest.mark.parametrize(
    ("line", "severity", "right"),
    [
        ("ReceiveTimeout=20000 //default", "error", "20000"),
        ("ReceiveTimeout=20000 // default", "error", "20000"),
        ("ReceiveTimeout=20000 # default", "error", "20000"),
        ("ReceiveTimeout=20000 ; default", "error", "20000"),
        ("ReceiveTimeout=20000 /* default */", "error", "20000"),
        ("ReceiveTimeout=20000\t//default", "error", "20000"),
        ("TCPKeepAlive=1 # on", "error", "1"),
        ("ServerName00=hsm1 // main", "error", "hsm1"),
        (r"ServerCAFile=C:\Luna\CAFile.pem # ours", "warning", r"C:\Luna\CAFile.pem"),
    ],
)
def test_in_the_windows_form_the_comment_is_named_and_not_the_type(line: str, severity: str, right: str) -> None:
    found = [
        each
        for each in diagnose(f"[LunaSA Client]\n{line}\n", "crystoki.ini")
        if each.code not in {"CK151", "CK401", "CK404", "CK405", "CK411"}
    ]
    assert [(each.code, each.severity) for each in found] == [("CK133", severity)]
    assert found[0].fix is not None
    assert found[0].fix.edits[0].text.decode() == right
    assert not found[0].fix.safe


@pytest.mark.parametrize("sign", ["//", "#", "/*"])
def test_in_the_unix_form_a_comment_before_the_semicolon(sign: str) -> None:
    assert codes(client(f"ReceiveTimeout = 20000 {sign} default")) == ["CK133"]


@pytest.mark.parametrize(
    "line",
    [
        r"ServerCAFile=C:\Luna#1\CAFile.pem",
        r"ServerCAFile=\\server\share\CAFile.pem",
        "ReceiveTimeout=20000",
    ],
)
def test_a_sign_that_follows_no_space_is_none(line: str) -> None:
    assert "CK133" not in codes(f"[LunaSA Client]\nNetClient=1\n{line}\n", "crystoki.ini")


def test_an_address_keeps_its_slashes() -> None:
    assert "CK133" not in codes(section("REST", "RestClient = 1", "AuthTokenConfigURI = https://token.example/x"))
