"""The view of a file: whatever it holds, the view can be written as JSON and is what its schema says."""

from __future__ import annotations

import json
from dataclasses import asdict

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.syntax import parse
from confkit.core.view import view
from testing.programs import REPOSITORY

SCHEMA = jsonschema.Draft202012Validator(json.loads((REPOSITORY / "schemas" / "json" / "show.json").read_text()))
NAMES = st.sampled_from(
    [b"VirtualToken00Label", b"VirtualToken00SN", b"virtualtoken01members", b"VirtualToken01Label", b"g", b"\xff", b"gStandbyMembers",
     b"\xffStandbyMembers", b"ServerName00", b"ServerPort00", b"ServerHtl02", b"AuthTokenClientSecret", b"statusTimeout"]
)  # fmt: skip
VALUES = st.sampled_from(
    [b"g", b"\xff", b"\xed\xa0\x80", b"1, 2", b"\xff,1", b"99999", b"100000", b"10", b"", b"\x1b[31m", b"\xc3\xa9"]
)
SECTIONS = st.sampled_from([b"VirtualToken", b"HASynchronize", b"HAConfiguration", b"LunaSA Client", b"REST", b"\xff"])
FILES = st.lists(st.tuples(SECTIONS, st.lists(st.tuples(NAMES, VALUES), max_size=6)), max_size=5)


@given(sections=FILES, windows=st.booleans())
def test_any_file_can_be_shown_as_json(sections: list[tuple[bytes, list[tuple[bytes, bytes]]]], windows: bool) -> None:
    head, entry, end = (b"[%s]\n", b"%s=%s\n", b"\n") if windows else (b"%s = {\n", b"   %s = %s;\n", b"}\n")
    source = b"".join(head % name + b"".join(entry % pair for pair in entries) + end for name, entries in sections)
    shown = {"version": 1, "path": "x", **asdict(view(parse(source)))}
    written = json.dumps(shown, ensure_ascii=False).encode()  # fails on what is no Unicode text
    SCHEMA.validate(json.loads(written))


def test_a_group_keeps_its_standby_members_whatever_its_label_is_written_in() -> None:
    source = (
        b"VirtualToken = {\n VirtualToken00Label = \xff;\n}\nHAConfiguration = {\n \xffStandbyMembers = 7;\n}\n"
        b"HASynchronize = {\n \xff = \xfe;\n}\n"
    )
    (group,) = view(parse(source)).groups
    assert (group.label, group.standby, group.synchronize) == ("\\xff", ("7",), "\\xfe")
