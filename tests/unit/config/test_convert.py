"""Convert: a comment that became part of a value is not carried over as one without a word."""

from __future__ import annotations

import pytest

from confkit.config.convert import ConversionError, comments_in_values, convert
from confkit.core.syntax import parse

INI = "crystoki.ini"
UNIX = "Chrystoki.conf"


@pytest.mark.parametrize("windows", [False, True])
@pytest.mark.parametrize(
    ("text", "name", "entry", "line"),
    [
        ("[LunaSA Client]\nReceiveTimeout=20000 //default\n", INI, "LunaSA Client/ReceiveTimeout", 2),
        ("[LunaSA Client]\nNetClient=1\nReceiveTimeout=20000 // default\n", INI, "LunaSA Client/ReceiveTimeout", 3),
        ("[lunasa client]\nRECEIVETIMEOUT=20000 # default\n", INI, "lunasa client/RECEIVETIMEOUT", 2),
        ("[LunaSA Client]\nServerPort03=1792 ; the usual one\n", INI, "LunaSA Client/ServerPort03", 2),
        ("[LunaSA Client]\nServerName00=hsm1 -- main\n", INI, "LunaSA Client/ServerName00", 2),
        ("[HAConfiguration]\nHAOnly=1\t/* on */\n", INI, "HAConfiguration/HAOnly", 2),
        ("HAConfiguration = {\n  statusTimeout = 10 # s;\n}\n", UNIX, "HAConfiguration/statusTimeout", 2),
        ('Luna = {\n  DefaultTimeOut = "500000 // ms";\n}\n', UNIX, "Luna/DefaultTimeOut", 2),
    ],
)
def test_a_comment_behind_a_number_a_switch_or_a_host_is_refused(
    text: str, name: str, entry: str, line: int, windows: bool
) -> None:
    with pytest.raises(ConversionError, match=f"^{entry} holds a comment: ") as refused:
        convert(parse(text.encode(), name), windows=windows)
    assert refused.value.line == line


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("[LunaSA Client]\nServerCAFile=C:\\Luna\\CAFile.pem # ours\n", INI, 2),
        ("[HAConfiguration]\nHAOnly=1\nhaLogPath=C:\\Logs // here\n", INI, 3),
        ("VirtualToken = {\n  VirtualToken00Label = payments # main;\n}\n", UNIX, 2),
        ("REST = {\n  AuthTokenClientSecret = hush # hush;\n}\n", UNIX, 2),
    ],
)
def test_in_a_path_or_a_text_it_may_be_meant_and_is_told(text: str, name: str, line: int) -> None:
    document = parse(text.encode(), name)
    told = list(comments_in_values(document))
    assert [(each.line, each.certain) for each in told] == [(line, False)]
    assert "hush" not in told[0].message
    there = convert(document, windows=name == UNIX)
    assert there.sections[0].entries[-1].value == document.sections[0].entries[-1].value


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("; the default\n[LunaSA Client]\nReceiveTimeout=20000\n", INI),
        ("[LunaSA Client]\nServerCAFile=C:\\Luna#1\\CAFile.pem\n", INI),
        ("[LunaSA Client]\nServerCAFile=\\\\server\\share\\CAFile.pem\n", INI),
        ("[REST]\nAuthTokenConfigURI=https://token.example/x\n", INI),
        ("LunaSA Client = {\n  ReceiveTimeout = 20000; // default\n}\n", UNIX),
        ("Unheard = {\n  of = 1 # and free;\n}\n", UNIX),
    ],
)
def test_where_there_is_none_nothing_is_said(text: str, name: str) -> None:
    document = parse(text.encode(), name)
    assert list(comments_in_values(document)) == []
    convert(document, windows=name == UNIX)
