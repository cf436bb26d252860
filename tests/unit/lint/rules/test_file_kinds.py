"""CK161 to CK164, CK144 and CK215: files of which one finding says all, and the names of files."""

from __future__ import annotations

import pytest

from testing.linting import LIBRARY, client, codes, diagnose, section

INI = "[Chrystoki2]\nLibUNIX64=/usr/lib/libCryptoki2_64.so\n[Misc]\nToolsDir=/usr/bin\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "   \n\t\n",
        "# nothing\n",
        "// a\n# b\n",
        "CardReader = {\n}\n",
        "Luna = {\n}\nMisc = {\n}\n",
        "\ufeff\n",
    ],
)
def test_a_file_without_an_entry_is_an_error(text: str) -> None:
    found = diagnose(text)
    assert [(each.code, each.severity) for each in found if each.code in {"CK161", "CK162"}] == [("CK161", "error")]
    assert any("nothing is configured" in each.message for each in found)


@pytest.mark.parametrize("text", ["", "; nothing\n", "[Luna]\n", "\r\n"])
def test_an_empty_file_of_the_windows_form_is_an_error_too(text: str) -> None:
    assert "CK161" in codes(text, "crystoki.ini")


@pytest.mark.parametrize("name", ["Chrystoki2", "chrystoki2"])
def test_a_section_that_needs_entries_has_none(name: str) -> None:
    found = diagnose(f"{name} = {{\n}}\n" + section("Misc", "ToolsDir = /usr/bin"))
    assert ("CK217", "error") in [(each.code, each.severity) for each in found]
    assert "CK217" not in codes(LIBRARY)


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
    found = diagnose(text, path)
    assert [(each.code, each.severity) for each in found] == [("CK162", "error")]


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


@pytest.mark.parametrize(
    "path",
    ["Chrystoki.conf.template", "Chrystoki.conf.j2", "x/Chrystoki.conf.tmpl", "chrystoki.conf-base.erb", "a.conf.tpl"],
)
def test_a_template_is_told_as_one(path: str) -> None:
    text = client("ServerName00 = {{ a }}", "ServerPort00 = <%= b %>", "ReceiveTimeout = ${c}")
    found = diagnose(text, path)
    assert [(each.code, each.severity) for each in found] == [("CK163", "warning")]
    assert "template" in found[0].message
    assert "3 places" in found[0].message


@pytest.mark.parametrize(
    "line",
    [
        "{% if ha %}",
        "{%- for host in hosts %}",
        "<% hosts.each do |host| %>",
        "{{ range .Hosts }}",
        "{{- if .Values.ha }}",
        "{{#hosts}}",
        "<%- if @ha { -%>",
    ],
)
def test_a_template_under_the_name_of_the_file_was_not_rendered(line: str) -> None:
    text = LIBRARY + f"LunaSA Client = {{\n{line}\n  ServerName00 = {{{{ host }}}};\n}}\n"
    assert [(each.code, each.severity) for each in diagnose(text)] == [("CK163", "error")]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (INI, "Chrystoki.conf"),
        (INI, "etc/Chrystoki.conf"),
        (LIBRARY + client("ServerName00 = hsm1"), "crystoki.ini"),
        (section("Misc", r"ToolsDir = C:\Luna"), "crystoki.ini"),
        (INI.replace("\n", "\r\n"), "chrystoki.conf"),
    ],
)
def test_a_whole_file_in_the_other_form_is_one_error(text: str, path: str) -> None:
    found = diagnose(text, path)
    assert [(each.code, each.severity) for each in found] == [("CK144", "error")]
    assert found[0].message.startswith("the file has the form of the other platform")


@pytest.mark.parametrize(
    "name", ["chrystoki.conf", "crystoki.conf", "CHRYSTOKI.CONF", "etc/chrystoki.conf", "Chrystoki.Conf"]
)
def test_another_spelling_of_the_name_is_noted(name: str) -> None:
    assert [(each.code, each.severity) for each in diagnose(LIBRARY, name)] == [("CK164", "info")]


@pytest.mark.parametrize("name", ["Chrystoki.conf", "/etc/Chrystoki.conf", "luna.conf", "Chrystoki-base.conf"])
def test_other_names_are_not(name: str) -> None:
    assert codes(LIBRARY, name) == []


APPLIANCES = "Appliances  = {\n   SSLConfigFile = /usr/bin/openssl.cnf;\n   ServerCAFile = /usr/cert/CAFile.pem\n}\n"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (APPLIANCES, "pedServer.conf"),
        (APPLIANCES, "/etc/pedServer.conf"),
        (APPLIANCES, "ped.conf"),
        ("Whatever = {\n  x = 1;\n}\n" + APPLIANCES, "PEDSERVER.CONF"),
        (section("Whatever", "ServerTimeout = 1"), "pedServer.conf"),
    ],
)
def test_the_file_of_the_ped_server_is_recognised_and_not_linted_as_the_clients(text: str, path: str) -> None:
    assert [(each.code, each.severity) for each in diagnose(text, path)] == [("CK215", "info")]


def test_its_layout_is_checked() -> None:
    assert codes(APPLIANCES + "}\n", "pedServer.conf") == ["CK215", "CK113"]


def test_its_section_in_the_clients_file_is_said_to_belong_there() -> None:
    found = diagnose(LIBRARY + APPLIANCES.replace(".pem\n", ".pem;\n"))
    assert [each.code for each in found] == ["CK201"]
    assert "belongs in pedServer.conf" in found[0].message
