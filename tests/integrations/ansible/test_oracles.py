"""What the collection does again for Python 3.8 is held against confkit itself."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.catalogue import all_entries, entry_facts, is_secret, section_names
from confkit.catalogue.values import fault
from confkit.haconfig import view
from confkit.syntax import parse
from tests.integrations.ansible.running import run_module
from tests.programs import REPOSITORY, corpus

UTILS = "ansible_collections.confkit.luna.plugins.module_utils"
SAMPLES = sorted(path for path in (REPOSITORY / "samples").rglob("*") if path.suffix in {".conf", ".ini"})
ENTRIES = list(all_entries())
NAMES = [(entry.section, entry.name.replace("{NN}", "07").replace("{label}", "signing")) for entry in ENTRIES]
VALUES = st.one_of(
    st.integers(-2, 100_000).map(str),
    st.sampled_from(["", "0", "1", "-", "--1", "1" * 19, "1" * 20, "-" + "9" * 19, "enabled", "\u0663", "a b", "10 "]),
    st.sampled_from(["hsm1.example", "a..b", "-a", "::1", "10.0.0.1", "10.0.0.256", "x" * 64, "a.b.", "_x", "1.2"]),
    st.sampled_from(["https://h", "https://", "http:/x", "x y://z", "https:///x", "1,2", "1,,2", ",", "1, 2"]),
    st.text(st.characters(codec="utf-8"), max_size=20),
    *(st.sampled_from([choice for entry in ENTRIES for choice in entry.choices]),),
)


@pytest.fixture(scope="module")
def utils(root: Path) -> Any:
    """Import modules of the assembled collection into this process."""
    sys.path.insert(0, str(root))
    yield lambda name: importlib.import_module(f"{UTILS}.{name}")
    sys.path.remove(str(root))
    for name in [name for name in sys.modules if name.startswith("ansible_collections")]:
        del sys.modules[name]


@pytest.mark.parametrize("windows", [False, True])
def test_every_name_of_the_catalogue_is_known(utils: Any, windows: bool) -> None:
    for section, key in NAMES:
        for asked in (key, key.lower(), key + "x", "x" + key):
            facts, theirs = (
                utils("entries").facts_of(section, asked, windows=windows),
                entry_facts(section, asked, windows=windows),
            )
            assert (facts is None) == (theirs is None), (section, asked)
            if facts and theirs:
                assert (facts["type"], facts["sure"], facts.get("minimum"), facts.get("maximum")) == (
                    theirs.type,
                    theirs.sure,
                    theirs.minimum,
                    theirs.maximum,
                )
                assert facts.get("platform") == theirs.platform


@given(name=st.sampled_from(NAMES), value=VALUES, windows=st.booleans())
def test_values_are_judged_as_by_confkit(utils: Any, name: tuple[str, str], value: str, windows: bool) -> None:
    entries = utils("entries")
    theirs_facts = entry_facts(*name, windows=windows)
    assert theirs_facts is not None
    ours, theirs = entries.fault(entries.facts_of(*name, windows=windows), value), fault(theirs_facts, value)
    assert (ours is None) == (theirs is None)
    if ours and theirs:
        assert ours.message == theirs.message
        assert ours.refused == (theirs.certain or theirs.field == "type")


@given(
    section=st.sampled_from([*section_names(), "x", "misc"]),
    key=st.text("aHO{}07Nly", max_size=12),
    windows=st.booleans(),
)
def test_strange_names_are_found_as_by_confkit(utils: Any, section: str, key: str, windows: bool) -> None:
    ours, theirs = utils("entries").facts_of(section, key, windows=windows), entry_facts(section, key, windows=windows)
    assert (ours and ours["expected"]) == (
        theirs and utils("entries").facts_of(section, key, windows=windows)["expected"]
    )
    assert (ours is None) == (theirs is None)


def expected_view(source: bytes, name: str) -> Any:
    seen = json.loads(view(parse(source, name), name).model_dump_json())
    return {field: value for field, value in seen.items() if field not in {"version", "path"}}


@pytest.mark.parametrize("path", [*SAMPLES, *corpus()], ids=lambda path: path.name)
def test_a_file_is_seen_as_by_confkit_show(utils: Any, path: Path) -> None:
    source = path.read_bytes()
    assert json.loads(json.dumps(utils("view").view(parse(source, path.name)))) == expected_view(source, path.name)


@given(st.lists(st.sampled_from([b"VirtualToken = {", b"LunaSA Client = {", b"}", b"[VirtualToken]", b"\xff = 1;",
    b"VirtualToken00Label = g;", b"VirtualToken00SN = 1;", b"virtualtoken01members = 1, 2", b"ServerName00 = h;", b"ServerPort00 = 99999;",
    b"ServerPort01 = x;", b"ServerHtl02 = 0;", b"AuthTokenClientSecret = s;", b"HAConfiguration = {", b"statusTimeout = \xff;", b"gStandbyMembers = 4;"])))  # fmt: skip
def test_any_file_is_seen_as_by_confkit_show(utils: Any, lines: list[bytes]) -> None:
    source = b"\n".join(lines)
    assert json.loads(json.dumps(utils("view").view(parse(source)))) == expected_view(source, "")


def test_chrystoki_info_answers_what_show_prints(python: str, root: Path) -> None:
    path = REPOSITORY / "samples" / "ha-group" / "Chrystoki.conf"
    result = run_module(python, root, "chrystoki_info", {"path": str(path.parent)}).result
    assert result["changed"] is False
    found = {field: result[field] for field in ("form", "sections", "groups", "servers", "timeouts", "problems")}
    assert found == expected_view(path.read_bytes(), path.name)
    schema = json.loads((REPOSITORY / "schemas" / "json" / "show.json").read_text())
    jsonschema.validate({**found, "version": 1, "path": result["path"]}, schema)


@pytest.mark.parametrize("name", ["chrystoki_info", "chrystoki_lint"])
def test_what_cannot_be_read(name: str, python: str, root: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.conf"
    large.write_bytes(b"#" * ((1 << 20) + 1))
    for path, said in {
        tmp_path / "none": "there is no such file",
        tmp_path: "no Chrystoki.conf or crystoki.ini",
        large: "more than 1 MiB",
        Path("/dev/null"): "a FIFO, a socket or a device",
    }.items():
        done = run_module(python, root, name, {"path": str(path)})
        assert said in done.result["msg"]
        assert done.result["failed"] is True


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
        if is_secret(entry.name):
            value = entry.value.encode("utf-8", "surrogateescape")
            assert len(value) < 4 or value not in starred
    if not any(is_secret(line.decode().lstrip("# ")) for line in lines):
        assert starred == source


def test_stars_leave_the_syntax_standing(utils: Any) -> None:
    source = b"REST = {\n\tAuthTokenClientSecret = ab{c=d; # ab{c\n  ClientID = 1;\n}\n"
    assert utils("hiding").with_secrets_starred(source) == (
        b"REST = {\n\tAuthTokenClientSecret = **{*=*; # **{*\n  ClientID = 1;\n}\n"
    )


def test_a_very_long_file_is_not_compared_line_by_line(utils: Any) -> None:
    before = b"Misc = {\n" + b"#\n" * 10_001 + b"}\n"
    shown = utils("hiding").difference("x", before, before + b"#\n", "Misc", "ToolsDir")
    assert shown == {"prepared": "x has more than 10000 lines: the difference is not shown\n"}
