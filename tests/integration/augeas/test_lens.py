"""The lens: what it reads is what confkit reads, what it writes is what confkit writes, and the rest it refuses."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confkit.core.syntax import chrystoki, crystoki_ini, set_entry
from confkit.core.syntax.document import Document
from testing.augeas_tool import LENSES, UNIX, WINDOWS, Change, Tree, augtool, over
from testing.command import confkit
from testing.configuration_files import odd_files, sound_files
from testing.programs import REPOSITORY, corpus, needs

REAL = [*sorted((REPOSITORY / "samples").glob("*/*.conf")), REPOSITORY / "samples/windows/crystoki.ini", *corpus()]
NOT_PLAIN = {"missing-semicolon", "unclosed-section"}
LINES = st.sampled_from(
    [
        "Misc = {", "LunaSA Client={", "  Luna  =  { ", "[Misc]", " [ LunaSA Client ] ", "[Misc", "[Misc] x", "}", "} ; ", " }", "}}", "{",
        "Misc =", "   A = 1;", "A=1", "B = a b ;", "\tC\t=\t2;\t", "D = ;", "D=;", "E =", 'F = "x y";', 'F = "x;y";', "G = a=b // c;",
        "H = 1; I = 2;", "J = 1; # why", "K k = é;", "L/m = 1;", "# N = 1;", "#", "//", "; O = 1", "// { P", "/* Q", "*/", "", "  ", "text", "= 1;", "R = {;", "S\f = 1;",
    ]
)  # fmt: skip
nearly_plain = st.builds(
    lambda lines, end: end.join([*lines, ""]).encode(), st.lists(LINES, max_size=8), st.sampled_from(["\n", "\r\n"])
)
VALUES = st.sampled_from(["10", "-1", "a b", 'x "y" z', "/usr/lib/é.so", "a=b", "#", "x,y;"])


@pytest.fixture(autouse=True)
def programs() -> None:
    needs("augtool", "augparse")


def parsed(source: bytes, lens: str) -> Document:
    return chrystoki.parse(source) if lens == UNIX else crystoki_ini.parse(source)


def read_by_confkit(document: Document) -> Tree:
    return [(section.name, [(entry.name, entry.value) for entry in section.entries]) for section in document.sections]


def only_entries(document: Document) -> list[tuple[str, str]]:
    """Return section and name of the entries that stand once, in sections that stand once."""
    every = [(entry.section, entry.name) for section in document.sections for entry in section.entries]
    sections = [section.name for section in document.sections]
    return [each for each in every if every.count(each) == 1 and sections.count(each[0]) == 1]


def with_line_end(source: bytes) -> bytes:
    """Augeas adds a line end to the last line of a file that has none when it saves it, whatever the lens."""
    return source if source.endswith(b"\n") or not source else source + b"\n"


def test_the_lens_passes_the_tests_of_augparse() -> None:
    tests = LENSES / "tests" / "test_chrystoki.aug"
    done = subprocess.run(
        ["augparse", "-I", str(LENSES), str(tests)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_every_real_file_that_is_plain_is_read_as_confkit_reads_it(tmp_path: Path, path: Path) -> None:
    source = path.read_bytes()
    lens = WINDOWS if path.suffix == ".ini" else UNIX
    document = parsed(source, lens)
    plain = not NOT_PLAIN & {problem.code for problem in document.problems}
    (outcome,) = over(tmp_path, lens, [(source, None)])
    assert outcome.tree == (read_by_confkit(document) if plain else None)
    assert outcome.saved == source


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_one_set_changes_one_value_of_a_real_file_and_no_other_byte(tmp_path: Path, path: Path) -> None:
    source = path.read_bytes()
    lens = WINDOWS if path.suffix == ".ini" else UNIX
    document = parsed(source, lens)
    files: list[tuple[bytes, Change | None]] = [
        (source, Change(section, key, "97")) for section, key in only_entries(document)[::4]
    ]
    for (_, change), outcome in zip(files, over(tmp_path, lens, files), strict=True):
        assert change is not None
        refused = outcome.tree is None
        assert outcome.saved == (source if refused else set_entry(document, *change).to_bytes())


def test_augtool_and_the_command_of_confkit_leave_the_same_file(tmp_path: Path) -> None:
    """The lens is found for /etc/Chrystoki.conf without being named; the file is a link no more than before."""
    (tmp_path / "etc").mkdir()
    theirs, ours = tmp_path / "etc" / "Chrystoki.conf", tmp_path / "Chrystoki.conf"
    for path in (theirs, ours):
        shutil.copy(REPOSITORY / "samples" / "ha-group" / "Chrystoki.conf", path)
        path.chmod(0o640)
    file = "/files/etc/Chrystoki.conf"
    commands = (f"set {file}/HAConfiguration/statusTimeout 10", rf"set {file}/LunaSA\ Client/ReceiveTimeout 30000")
    done = augtool(*commands, "save", options=("-r", str(tmp_path)))
    assert (done.returncode, done.stdout) == (0, "Saved 1 file(s)\n")
    assert confkit("set-timeout", "10", "-c", str(ours)).code == 0
    assert confkit("set", "LunaSA Client", "ReceiveTimeout", "30000", "-c", str(ours)).code == 0
    assert theirs.read_bytes() == ours.read_bytes()
    assert theirs.stat().st_mode == ours.stat().st_mode


@st.composite
def changed_files(draw: st.DrawFn, lens: str, files: st.SearchStrategy[bytes]) -> tuple[bytes, Change | None]:
    """A file, and a new value for one of its entries if there is one that stands once."""
    source = draw(files)
    entries = [each for each in only_entries(parsed(source, lens)) if is_writable(*each)]
    if not entries:
        return source, None
    section, key = draw(st.sampled_from(entries))
    value = draw(VALUES if lens == WINDOWS else VALUES.filter(lambda value: ";" not in value))
    return source, Change(section, key, value.rstrip(";"))


def is_writable(section: str, key: str) -> bool:
    """Whether augtool's command line can hold both names; it ends at a line end and has its own use for a quotation."""
    return not any(sign in name for name in (section, key) for sign in "\r\n\t\"'/")


def many(lens: str, files: st.SearchStrategy[bytes]) -> st.SearchStrategy[list[tuple[bytes, Change | None]]]:
    """Several files at once: one process looks at all of them."""
    return st.lists(changed_files(lens, files), min_size=1, max_size=12)


def outcomes_hold(lens: str, files: list[tuple[bytes, Change | None]]) -> list[bool]:
    """Assert that each file was refused and is untouched, or read and saved as confkit does; tell which were read."""
    with tempfile.TemporaryDirectory() as folder:
        outcomes = over(Path(folder), lens, files)
    for (source, change), outcome in zip(files, outcomes, strict=True):
        if outcome.tree is None:
            assert outcome.saved == source
            continue
        document = parsed(with_line_end(source), lens)
        assert outcome.tree == read_by_confkit(document)
        edited = set_entry(document, *change) if change else document
        assert outcome.saved == (source if edited is document else edited.to_bytes())
    return [outcome.tree is not None for outcome in outcomes]


@pytest.mark.parametrize("lens", [UNIX, WINDOWS])
@settings(max_examples=25)
@given(data=st.data())
def test_every_plain_file_is_read_and_one_set_changes_one_value(lens: str, data: st.DataObject) -> None:
    read = outcomes_hold(lens, data.draw(many(lens, sound_files(windows=lens == WINDOWS))))
    assert all(read)


@pytest.mark.parametrize("lens", [UNIX, WINDOWS])
@settings(max_examples=50)
@given(data=st.data())
def test_whatever_the_file_the_lens_agrees_with_confkit_or_refuses(lens: str, data: st.DataObject) -> None:
    outcomes_hold(lens, data.draw(many(lens, st.one_of(nearly_plain, nearly_plain, odd_files))))


REFUSED = {
    "no semicolon": b"Misc = {\n   A = 1\n   B = 2;\n}\n",
    "two entries on a line": b"Misc = {\n   A = 1; B = 2;\n}\n",
    "a comment behind an entry": b"Misc = {\n   A = 1; // why\n}\n",
    "a quotation mark not closed": b'Misc = {\n   A = "1;\n}\n',
    "a section on one line": b"Misc = { A = 1; }\n",
    "a brace on the next line": b"Misc =\n{\n   A = 1;\n}\n",
    "a section not closed": b"Misc = {\n   A = 1;\nLuna = {\n   B = 1;\n}\n",
    "a section in a section": b"Misc = {\n   A = 1;\n   Luna = {\n      B = 1;\n   }\n}\n",
    "a brace too many": b"Misc = {\n   A = 1;\n}\n}\n",
    "an entry outside": b"B = 1;\nMisc = {\n   A = 1;\n}\n",
    "text": b"Misc = {\n   A = 1;\n   text\n}\n",
    "a block comment": b"/* A */\nMisc = {\n   A = 1;\n}\n",
    "a byte order mark": b"\xef\xbb\xbfMisc = {\n   A = 1;\n}\n",
    "UTF-16": "Misc = {\n   A = 1;\n}\n".encode("utf-16"),
    "lone carriage returns": b"Misc = {\r   A = 1;\r}\r",
    "the other form": b"[Misc]\nA=1\n",
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_what_is_not_plain_is_refused_and_left_as_it_is(tmp_path: Path, source: bytes) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(source)
    before = path.stat().st_ino
    change = f"set /files{path}/Misc/A 2"
    done = augtool(change, "save", options=("--noautoload", "-t", f"Chrystoki incl {path}"))
    assert done.returncode != 0
    assert path.read_bytes() == source
    assert path.stat().st_ino == before
    assert sorted(os.listdir(tmp_path)) == ["Chrystoki.conf"]


@pytest.mark.parametrize("value", ["1; B = 2", "{", "1;", '"x', " 1"])
def test_a_value_that_would_break_the_file_is_refused(tmp_path: Path, value: str) -> None:
    source = b"Misc = {\n   A = 1;\n}\n"
    (outcome,) = over(tmp_path, UNIX, [(source, Change("Misc", "A", value))])
    assert outcome.saved == source


def test_a_new_entry_and_a_new_section_in_the_usual_style_are_those_of_confkit(tmp_path: Path) -> None:
    source = b"Luna = {\n   A = 1;\n}\nMisc = {\n   A = 1;\n}\n"
    changes = [Change("Luna", "B", "2"), Change("HAConfiguration", "statusTimeout", "10")]
    files: list[tuple[bytes, Change | None]] = [(source, change) for change in changes]
    for change, outcome in zip(changes, over(tmp_path, UNIX, files), strict=True):
        assert outcome.saved == set_entry(chrystoki.parse(source), *change).to_bytes()


def test_augeas_itself_ends_a_file_at_a_nul_byte(tmp_path: Path) -> None:
    """The README warns of this: no lens sees what stands behind it, and saving loses it."""
    source = b"Misc = {\n   A = 1;\n}\n\0Luna = {\n   B = 1;\n}\n"
    (outcome,) = over(tmp_path, UNIX, [(source, Change("Misc", "A", "2"))])
    assert outcome.saved == b"Misc = {\n   A = 2;\n}\n"
