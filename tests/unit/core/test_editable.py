"""Which files are edited: configurations of the client, and whole ones."""

from __future__ import annotations

import pytest

from confkit.core.editable import refuse_uneditable
from confkit.core.errors import FileError
from confkit.core.syntax import parse

CONFIGURATION = b"Chrystoki2 = {\n   LibUNIX64 = /usr/lib/libCryptoki2_64.so;\n}\n"
WINDOWS = b"[Chrystoki2]\r\nLibNT=cryptoki.dll\r\n"
MANIFEST = b"apiVersion: v1\nkind: ConfigMap\ndata:\n  Chrystoki.conf: |\n    " + CONFIGURATION.replace(
    b"\n", b"\n    "
)


def refusal(name: str, source: bytes, *, force: bool = False, create: bool = False) -> FileError | None:
    path = f"/somewhere/{name}"
    try:
        refuse_uneditable(path, path, parse(source, name), force=force, create=create)
    except FileError as error:
        found = error
    else:
        return None
    assert found.path == path
    assert "Nothing was changed." in found.message
    return found


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Chrystoki.conf", CONFIGURATION),
        ("crystoki.ini", WINDOWS),
        ("CHRYSTOKI.CONF", b"Docker = {\n   Slot = 1;\n}\n"),  # its name is enough, whatever its sections are called
        ("luna-production", CONFIGURATION),
        ("a.txt", b"[hAcOnFiGuRaTiOn]\nHAOnly=1\n"),
        ("Chrystoki.conf", CONFIGURATION + b"stray text\n"),
        ("other.conf", CONFIGURATION + b"stray text\n"),
        (
            "luna-tools.ini",
            b"[Misc]\nToolsDir=C:\\luna\n",
        ),  # a section that others have too, with an entry they have not
        ("Chrystoki.conf.20260101T000000Z.bak", CONFIGURATION + b"stray text\n"),
        ("Chrystoki.conf", CONFIGURATION.rstrip(b"\n")),
        ("crystoki.ini", WINDOWS.rstrip()),
        ("Chrystoki.conf", b"Misc = {\n   A = 1;\n" + CONFIGURATION),  # not closed, but not cut short either
    ],
)
def test_a_configuration_is_edited(name: str, source: bytes) -> None:
    assert refusal(name, source) is None


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("hostname", b"vm.example\n"),
        ("app.py", b"import os\n\ndef f():\n    return {\n        'a': 1}\n"),
        ("empty.json", b"{}"),
        ("package", b'{"name": "x"}\n'),
        ("nginx.conf", b"http {\n   server {\n   }\n}\n"),
        ("php.ini", b"[PHP]\nengine=On\n"),
        ("php.ini", b"[client]\nuser=root\n[Session]\nTimeout=5\n"),  # sections that other programs have too
        ("my.ini", b"[mysqld]\nport=3306\n[Misc]\nverbose=1\n"),
        ("app.conf", b"Presentation {\n   Theme = dark;\n}\nREST = {\n   Listen = 80;\n}\n"),
        ("empty.ini", b"[Toggles]\n"),
        ("chrystoki2.conf", b"chrystoki2 = {\n}\n"),  # names in the UNIX form are case-sensitive
        ("notes.txt", b"# nothing but comments\nand text\n"),
    ],
)
def test_something_else_is_not_edited_without_force(name: str, source: bytes) -> None:
    assert refusal(name, source) is not None
    assert refusal(name, source, create=True) is not None, "--create is for what is empty"
    assert refusal(name, source, force=True) is None


@pytest.mark.parametrize("name", ["deployment.yaml", "values.yml", "configmap.json", "-", "rendered", "Chrystoki.conf"])
def test_a_manifest_is_not_edited_whatever_is_in_it_and_it_is_said_how_to(name: str) -> None:
    error = refusal(name, MANIFEST)
    assert error is not None
    assert "this is a manifest" in error.message
    assert "kubectl create configmap NAME --from-file=Chrystoki.conf" in error.message
    assert refusal(name, MANIFEST, create=True) is not None
    assert refusal(name, MANIFEST, force=True) is None


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("install.sh", b"#!/bin/sh\ncat > /etc/Chrystoki.conf <<EOF\n" + CONFIGURATION + b"EOF\nexit 0\n"),
        ("README.md", b"# Setup\n\nWrite this:\n\n" + CONFIGURATION + b"\nThen restart.\n"),
    ],
)
def test_a_configuration_inside_of_other_text_is_not_edited(name: str, source: bytes) -> None:
    error = refusal(name, source)
    assert error is not None
    assert "among other text" in error.message
    assert error.line is not None


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "it is empty"),
        (b"\n \n\t\n", "it is empty"),
        (b"# comments alone\n", "it has no section"),
        (b"vm.example\n", "it has no section"),
        (b"Misc = {\n   A = 1;\n}\nLuna = {\n   Defau", "it ends inside section Luna"),
        (b"Misc = {\n   A = 1;\n", "it ends inside section Misc"),
        (b"Misc = {\n   A = 1;\n}\nHAConfi", "its last line is cut short"),
        (b"Misc = {\n   A = 1;\n}\nHAConfiguration =", "its last line is cut short"),
        (b"[Misc]\nA=1\nToolsD", "its last line is cut short"),
        (b"[Misc]\nA=1\n[HAConf", "its last line is cut short"),
    ],
)
def test_what_looks_half_written_is_not_edited_without_create_or_force(source: bytes, said: str) -> None:
    error = refusal("Chrystoki.conf", source)
    assert error is not None
    assert said in error.message
    assert "--create or --force" in error.message
    assert refusal("Chrystoki.conf", source, create=True) is None
    assert refusal("Chrystoki.conf", source, force=True) is None


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b"[HAConfiguration]\n" + CONFIGURATION, 2),
        (b"[managed by ansible]\n" + CONFIGURATION, 2),
        (b"[HAConfiguration]\nHAOnly=1\nMisc = {\n ToolsDir = /x;\n}\n", 3),
        (b"[HAConfiguration]\nHAOnly=1\nMisc =\n{\n ToolsDir = /x;\n}\n", 4),
        (b"[HAConfiguration]\nHAOnly=1\nMisc {\n ToolsDir = /x;\n}\n", 3),
        (b"[HAConfiguration]\nHAOnly=1\nMisc = { ToolsDir = /x; }\n", 3),
        (b"[HAConfiguration]\nHAOnly=1\nMisc = {}\n", 3),
        (b"[HAConfiguration]\nHAOnly=1\nMisc = { // tools\n ToolsDir = /x;\n}\n", 3),
        (b"[HAConfiguration]\nHAOnly=1\n}\n", 3),
        (CONFIGURATION + b"[HAConfiguration]\nHAOnly=1\n", 4),
        (CONFIGURATION + b"[HAConfiguration] # ours\nHAOnly=1\n", 4),
        (b"Misc = {\n[HAConfiguration]\nHAOnly=1\n}\n", 2),
    ],
)
@pytest.mark.parametrize("name", ["Chrystoki.conf", "crystoki.ini"])
def test_a_file_that_mixes_both_forms_is_not_edited_without_force(name: str, source: bytes, line: int) -> None:
    error = refusal(name, source)
    assert error is not None
    assert "mixes both forms" in error.message
    assert error.line == line
    assert refusal(name, source, create=True) is not None
    assert refusal(name, source, force=True) is None


@pytest.mark.parametrize(
    "source",
    [
        b"# [HAConfiguration]\n" + CONFIGURATION,
        CONFIGURATION + b"# was: [Misc]\nMisc = {\n   ToolsDir = [x];\n}\n",
        WINDOWS + b"; Misc = {\r\n[Misc]\r\nToolsDir=C:\\{0B5A}\\x\r\nX={0B5A-11}\r\nY={{ tools }}\r\n",
    ],
)
def test_brackets_and_braces_elsewhere_do_not_mix_the_forms(source: bytes) -> None:
    assert refusal("Chrystoki.conf", source) is None


@pytest.mark.parametrize("source", [b"", b"# comments alone\n"])
def test_a_configuration_can_be_started_in_an_empty_file_of_any_name(source: bytes) -> None:
    assert refusal("new-file", source) is not None
    assert refusal("new-file", source, create=True) is None
