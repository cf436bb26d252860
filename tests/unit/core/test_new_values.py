"""What no edit writes without force, whatever it intends."""

from __future__ import annotations

import pytest

from confkit.core.errors import UsageError
from confkit.core.new_values import dropped_comments, refuse_unusable
from confkit.core.syntax import Document, parse, set_entry, unset_entry

SOURCE = b"""LunaSA Client = {
   ServerName00 = CHANGEME;
   ServerName01 = hsm1;
   ServerCAFile = C:\\luna\\CAFile.pem;
}
"""
BEFORE = parse(SOURCE)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("ServerName02", "CHANGEME", "was not filled in: CHANGEME"),  # which stands in the file once, not twice
        ("ServerName01", "<host>", "was not filled in: <host>"),
        ("ClientCertFile", "C:\\luna\\x.pem", "a path of Windows, and the file has the UNIX form"),
        ("ClientCertFile", '"C:/luna/x.pem"', "a path of Windows, and the file has the UNIX form"),
        ("SSLConfigFile", "\\\\server\\x.cnf", "a path of Windows, and the file has the UNIX form"),
        ("Unknown", "TODO", "was not filled in: TODO"),
    ],
)
def test_a_new_value_that_no_client_can_use_is_refused(key: str, value: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason.replace("(", r"\(")):
        refuse_unusable(BEFORE, set_entry(BEFORE, "LunaSA Client", key, value))


def test_a_path_of_unix_is_refused_in_the_windows_form() -> None:
    before = parse(b"[Misc]\r\nToolsDir=C:\\luna\r\n")
    with pytest.raises(UsageError, match="a path of UNIX, and the file has the Windows form"):
        refuse_unusable(before, set_entry(before, "Misc", "ToolsDir", "/opt/luna"))


def test_what_was_in_the_file_may_stay_and_move() -> None:
    refuse_unusable(BEFORE, BEFORE)
    refuse_unusable(BEFORE, set_entry(BEFORE, "LunaSA Client", "ServerName01", "hsm2"))
    moved = set_entry(unset_entry(BEFORE, "LunaSA Client", "ServerName00"), "LunaSA Client", "ServerName01", "CHANGEME")
    refuse_unusable(BEFORE, moved)
    path = parse(b"Misc = {\n   ToolsDir = /usr/$V/bin;\n}\n")
    refuse_unusable(path, set_entry(path, "Misc", "ToolsDir", "/opt/$V/bin"))


MIXED = rb"""Chrystoki2 = {
   LibUNIX64 = /a;
}
Misc = {
   ToolsDir = C:\x;
}
LunaSA Client = {
   ServerName00 = <host>;
   ServerName01 = hsm1;
   ClientCertFile = /etc/<where>/c.pem;
}
VirtualToken = {
   VirtualToken00Members = 123,<serial>;
}
"""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([("LunaSA Client", "ServerName00", "<host>.example.com")], "ServerName00 was not filled in"),
        ([("LunaSA Client", "ServerName01", "x<host>"), ("LunaSA Client", "ServerName00", "hsm2")], "ServerName01"),
        ([("Misc", "ToolsDir", None), ("Chrystoki2", "LibUNIX64", r"C:\x")], "LibUNIX64 would have a path of Windows"),
        ([("Misc", "ToolsDir", r"C:\x\bin")], "ToolsDir would have a path of Windows"),
        ([("LunaSA Client", "ServerName00", "hsm2"), ("Misc", "ToolsDir", "<host>")], "ToolsDir was not filled in"),
        ([("LunaSA Client", "ClientCertFile", "/etc/<where>/<name>.pem")], "ClientCertFile was not filled in"),
        ([("LunaSA Client", "ClientCertFile", "/etc/<where>/<where>.pem")], "ClientCertFile was not filled in"),
        ([("VirtualToken", "VirtualToken00Members", "123,<serial>,<serial>")], "Members was not filled in"),
        (
            [
                ("LunaSA Client", "ServerName00", None),
                ("LunaSA Client", "ServerName01", "<host>"),
                ("LunaSA Client", "ServerName02", "<host>"),
            ],
            "ServerName02 was not filled in",
        ),
    ],
)
def test_a_text_that_goes_away_elsewhere_makes_no_new_value_known(
    changes: list[tuple[str, str, str | None]], reason: str
) -> None:
    with pytest.raises(UsageError, match=reason):
        refuse_unusable(parse(MIXED), changed(parse(MIXED), changes))


@pytest.mark.parametrize(
    "changes",
    [
        [("LunaSA Client", "ServerName00", "hsm1"), ("LunaSA Client", "ServerName01", "<host>")],  # another order
        [("LunaSA Client", "ServerName00", None), ("LunaSA Client", "ServerName05", "<host>")],  # another number
        [("Misc", "ToolsDir", None), ("Chrystoki2", "ToolsDir", r"C:\x")],  # another section
        [("Misc", "ToolsDir", None), ("Chrystoki2", "LibUNIX", r"C:\x")],  # another name
        [("Misc", "ToolsDir", None), ("Misc", "TOOLSDIR", r"C:\x")],
        [("LunaSA Client", "ClientCertFile", "/opt/luna/<where>/c.pem")],  # relocated
        [("VirtualToken", "VirtualToken00Members", "123, <serial>, 456")],  # one member more
        [("VirtualToken", "VirtualToken00Members", "<serial>")],  # one less
    ],
)
def test_an_entry_that_keeps_what_it_had_is_not_new(changes: list[tuple[str, str, str | None]]) -> None:
    refuse_unusable(parse(MIXED), changed(parse(MIXED), changes))


def changed(document: Document, changes: list[tuple[str, str, str | None]]) -> Document:
    for section, key, value in changes:
        document = unset_entry(document, section, key) if value is None else set_entry(document, section, key, value)
    return document


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("LunaSA Client", "ServerName02", "hsm3"),
        ("REST", "AuthTokenClientSecret", "a$bc"),  # any characters may be in a secret
        ("VirtualToken", "VirtualToken00Label", "a\\b"),  # not a path
        ("Misc", "ToolsDir", "tools/bin"),
    ],
)
def test_any_other_value_is_not(section: str, key: str, value: str) -> None:
    refuse_unusable(parse(SOURCE), set_entry(BEFORE, section, key, value))


COMMENTED = parse(b"[Misc]\nToolsDir=C:\\luna # ours\n[LunaSA Client]\nReceiveTimeout=20000 //default\n")


@pytest.mark.parametrize("value", ["D:\\luna # mine", "D:\\luna // ours", "D:\\luna ; ours", "D:\\luna /* ours */"])
def test_a_new_comment_behind_a_value_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match=r"Misc/ToolsDir holds a comment.*on a line of its own; --force sets it"):
        refuse_unusable(COMMENTED, set_entry(COMMENTED, "Misc", "ToolsDir", value))


def test_a_comment_that_was_behind_the_value_may_stay() -> None:
    refuse_unusable(COMMENTED, set_entry(COMMENTED, "Misc", "ToolsDir", "D:\\luna # ours"))
    slashes = parse(b"Misc = {\n ToolsDir = /usr/luna //see a/b;\n}\n")
    refuse_unusable(slashes, set_entry(slashes, "Misc", "ToolsDir", "/opt/luna //see a/b"))


def test_an_edit_that_drops_a_comment_behind_a_value_says_so() -> None:
    assert dropped_comments(COMMENTED, COMMENTED) == ()
    assert dropped_comments(COMMENTED, unset_entry(COMMENTED, "Misc", "ToolsDir")) == ()
    assert dropped_comments(COMMENTED, set_entry(COMMENTED, "Misc", "ToolsDir", "D:\\luna # ours")) == ()
    (warning,) = dropped_comments(COMMENTED, set_entry(COMMENTED, "LunaSA Client", "ReceiveTimeout", "30000"))
    assert warning.startswith("LunaSA Client/ReceiveTimeout had a comment behind its value")


def test_a_secret_may_hold_the_sign_of_a_comment() -> None:
    refuse_unusable(BEFORE, set_entry(BEFORE, "REST", "AuthTokenClientSecret", "ab # cd"))
