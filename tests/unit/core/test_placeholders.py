"""What counts as not filled in: the forms of common tools and of people; and values that only look alike."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.catalogue import all_entries
from confkit.core.placeholders import placeholder


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("$HOME/x.so", "$HOME"),
        ("/etc/$USER/x", "$USER"),
        ("${PORT}", "${PORT}"),
        ("${HSM_HOST:-hsm1}", "${HSM_HOST:-hsm1}"),
        ("${PORT", "${PORT"),
        ("$(HOST)", "$(HOST)"),
        (r"$env:ProgramFiles\x", "$env"),
        (r"%ProgramFiles%\SafeNet", "%ProgramFiles%"),
        (r"%ProgramFiles(x86)%\SafeNet", "%ProgramFiles(x86)%"),
        ("%(host)s", "%(host)s"),
        ("~/luna/x.pem", "~"),
        ("~luna/x.pem", "~luna"),
        ("{{ host }}", "{{ host }}"),
        ("{{.Values.host}}", "{{.Values.host}}"),
        ("{% host %}", "{% host %}"),
        ("{host}", "{host}"),
        ("<%= @host %>", "<%= @host %>"),
        ("<path>/x.pem", "<path>"),
        ("<HSM IP>", "<HSM IP>"),
        ("__HSM_HOST__", "__HSM_HOST__"),
        ("@@HOST@@", "@@HOST@@"),
        ("a[[ host ]]b", "[[ host ]]"),
        ("a@{host}b", "@{host}"),
        ("Fill me in", "Fill me in"),
        ("/opt/REPLACE_THIS/x", "REPLACE_THIS"),
        ("SET_ME", "SET_ME"),
        ("INSERT_HOST_2", "INSERT_HOST_2"),
        ("replace with a host", "replace with a host"),
        ("TO BE DEFINED", "TO BE DEFINED"),
        ("tobedone", "tobedone"),
        ("${" + "x" * 57 + "}", "${" + "x" * 57 + "}"),  # sixty characters are shown
        ("${" + "x" * 58 + "}", "${" + "x" * 58),
        ("/" * 4094 + "$A", "$A"),
        ("/" * 4094 + "$AB", "$A"),  # what comes after 4,096 characters is not looked at
        ("@prefix@/lib", "@prefix@"),
        ("##HOST##", "##HOST##"),
        ("#{host}", "#{host}"),
        ("%{hiera('x')}", "%{hiera('x')}"),
        ("((hsm_host))", "((hsm_host))"),
        ("[HOST]", "[HOST]"),
        ("!Ref Host", "!Ref"),
        ("CHANGEME", "CHANGEME"),
        ("changeme", "changeme"),
        ("/opt/change-me/x", "change-me"),
        ("REPLACE_ME", "REPLACE_ME"),
        ("REPLACE_WITH_HOST", "REPLACE_WITH_HOST"),
        ("INSERT_HOST_HERE", "INSERT_HOST_HERE"),
        ("put host here", "put host here"),
        ("your-hsm-host", "your-hsm-host"),
        ("TODO", "TODO"),
        ("FIXME", "FIXME"),
        ("TBD", "TBD"),
        ("XXXX", "XXXX"),
        ("xxx.xxx.xxx.xxx", "xxx.xxx.xxx.xxx"),
        ("x.x.x.x", "x.x.x.x"),
        ("placeholder.example.com", "placeholder"),
        ("https://placeholder.example.com/x", "placeholder"),
        ("/opt/PLACEHOLDER/lib", "PLACEHOLDER"),
        ("/opt/TODO/lib", "TODO"),
        ("C:\\FIXME\\x.dll", "FIXME"),
        ("placeholder", "placeholder"),
        ("/opt/__hsm_host__/x", "__hsm_host__"),
        ("/opt/my__HOST__x", "__HOST__"),
        ("__10_HOST__", "__10_HOST__"),
    ],
)
def test_what_was_not_filled_in_is_found(value: str, found: str) -> None:
    assert placeholder(value) == found


@pytest.mark.parametrize(
    "value",
    [
        "",
        "/usr/safenet/lunaclient/lib/libCryptoki2_64.so",
        r"C:\Program Files\SafeNet\LunaClient\cryptoki.dll",
        r"C:\PROGRA~1\SafeNet\x",
        r"\\server\C$\x",
        "hsm1.example.com",
        "fe80::1%eth0",
        "[fe80::1]",
        "1530786110427,1530786110538",
        "payments-ha",
        "https://token.example/a%20b%AF%BC",
        '"luna":0:0:passfile=/etc/x',
        "user@example.com",
        "to-do-app",
        "/var/lib/my__lib/x",
        "/var/lib/app__10__3/x",
        "/var/lib/__10__/x",
        "/var/lib/my__lib__x/y",
        "/usr/lib/python3/__pycache__/x",
        "/opt/placeholder/lib/x.so",
        "/opt/placeholder-service/x",
        "/srv/todo/x.pem",
        "C:\\xxx\\fixme\\tbd\\x.dll",
        "/opt/app#1/x",
        "set-me-free",
        "insert-mode",
        "update-server",
        "/opt/fill/in",
        "setup.example.com",
        "yourself",
        "slot(123),slot(456)",
        "ALL_FUNC",
        "tbd1",
        "methodo",
    ],
)
def test_an_ordinary_value_holds_no_placeholder(value: str) -> None:
    assert placeholder(value) is None


def test_no_default_of_the_catalogue_is_a_placeholder() -> None:
    values = [value for facts in all_entries() for value in (facts.default, *facts.choices) if value]
    assert [value for value in values if placeholder(value)] == []


@given(st.text(max_size=80))
def test_what_is_found_stands_in_the_value(value: str) -> None:
    found = placeholder(value)
    assert found is None or (found in value and found)


@pytest.mark.parametrize("part", ["${", "{{", "<a", "__a", "%a", "((a", "@@", "your-", "~a", "[A", "insert_a_"])
def test_a_hostile_value_is_searched_in_linear_time(part: str) -> None:
    before = time.perf_counter()
    placeholder(part * 100_000)
    assert time.perf_counter() - before < 1
