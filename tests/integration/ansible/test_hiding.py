"""Secrets and control characters are taken out of what leaves a managed host."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from confkit.core.secret_names import is_secret_name
from confkit.core.syntax import parse

SECRET_LINES = st.sampled_from(
    [b"AuthTokenClientSecret = %s;", b"# AuthTokenClientSecret=%s", b'authtokenclientsecretX = "%s"; # old', b"CVAppSpecificData", b"  = %s;",
     b"AuthTokenClientSecret\t%s", b"ClientID = x%sx;", b"Misc = {", b"}", b"ToolsDir = /bin;", b"[REST]", b"%s", b"AuthTokenClientSecret = %s = %s;"]
)  # fmt: skip


@given(
    lines=st.lists(SECRET_LINES),
    end=st.sampled_from([b"\n", b"\r\n"]),
    secret=st.sampled_from([b"Geheim7x", b"a+/b=", b"ge;heim9"]),
)
def test_stars_keep_every_position_and_no_secret(utils: Any, lines: list[bytes], end: bytes, secret: bytes) -> None:
    source = end.join(lines).replace(b"%s", secret) + end
    starred = utils("hiding").with_secrets_starred(source)
    assert len(starred) == len(source)
    assert [len(line) for line in starred.splitlines()] == [len(line) for line in source.splitlines()]
    document = parse(source)
    for entry in (entry for section in document.sections for entry in section.entries):
        if is_secret_name(entry.name):
            value = entry.value.encode("utf-8", "surrogateescape")
            assert len(value) < 4 or value not in starred
    if not any(is_secret_name(line.decode().lstrip("# ")) for line in lines):
        assert starred == source


def test_stars_leave_the_syntax_standing(utils: Any) -> None:
    source = b"REST = {\n\tAuthTokenClientSecret = ab{c=d; # ab{c\n  ClientID = 1;\n}\n"
    assert utils("hiding").with_secrets_starred(source) == (
        b"REST = {\n\tAuthTokenClientSecret = **{*=*; # **{*\n  ClientID = 1;\n}\n"
    )


def test_a_very_long_file_is_not_compared_line_by_line(utils: Any) -> None:
    before = b"Misc = {\n" + b"#\n" * 10_001 + b"}\n"
    shown = utils("hiding").difference("x", before, before + b"#\n")
    assert shown == {"prepared": "x has more than 10000 lines: the difference is not shown\n"}
