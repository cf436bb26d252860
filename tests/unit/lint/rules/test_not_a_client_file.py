"""CK162 not-a-client-file: The file is not a configuration file of the client."""

from __future__ import annotations

import pytest

from testing.linting import codes, diagnose, section


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("# Title\n\nSome text.\n- a list\n\n```\nx = 1\n```\n", "README.md"),
        ("import os\nprint(os.name)\nx = 1\n", "setup.py"),
        ("myhost\n", "hostname"),
        ("{}\n", "values.json"),
        ('{\n  "a": 1\n}\n', "settings.json"),
        ("<html><body>404 Not Found</body></html>\n", "Chrystoki.conf"),
        ("127.0.0.1 localhost\n::1 localhost\n", "hosts"),
        ("server {\n  listen 80;\n}\n", "nginx.conf"),
        ("[mysqld]\nport=3306\n", "my.ini"),
        ("key: value\nlist:\n  - a\n", "values.yaml"),
    ],
)
def test_what_is_no_configuration_of_the_client_is_one_error(text: str, path: str) -> None:
    seen = diagnose(text, path)
    assert [(each.code, each.severity) for each in seen] == [("CK162", "error")]


@pytest.mark.parametrize(
    "text",
    [
        section("HSMClient", "NetClient = 1"),
        section("CardRaeder", "RemoteCommand = 1"),
        "RSAKeyGenMechRemap = 1;\n",
        section("VirtualToken01", "VirtualToken00Label = a"),
    ],
)
def test_a_file_of_which_one_name_is_known_is_the_clients(text: str) -> None:
    assert "CK162" not in codes(text, "luna.conf")
