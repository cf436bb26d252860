"""CK416 other-platform-path: A path is written as on the other platform."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, codes, rows, section

RULES = (*network.RULES, *security.RULES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[LunaSA Client]\nServerCAFile=/etc/CAFile.pem\n", [("CK416", 2, 14, "info")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "value",
    [
        r"\usr\x.pem",
        r"certs\x.pem",
        r".\x.pem",
        r"..\certs\x.pem",
        r"C:\Luna\x.pem",
        "C:/Luna/x.pem",
        r"\\server\share\x.pem",
        r"/usr\x.pem",
    ],
)
def test_separators_of_windows_in_the_unix_form(value: str) -> None:
    assert codes(section("LunaSA Client", f"ServerCAFile = {value}")) == ["CK416"]


@pytest.mark.parametrize("value", ["/usr/x.pem", "certs/x.pem", "./x.pem", "../x.pem", ".java/x.pem"])
def test_paths_of_unix_in_the_unix_form(value: str) -> None:
    assert codes(section("LunaSA Client", f"ServerCAFile = {value}")) == []


def test_a_path_from_the_root_in_the_windows_form() -> None:
    assert codes("[LunaSA Client]\nServerCAFile=/usr/x.pem\n", "crystoki.ini") == ["CK416"]
    assert codes("[LunaSA Client]\nServerCAFile=C:\\x.pem\n", "crystoki.ini") == []
