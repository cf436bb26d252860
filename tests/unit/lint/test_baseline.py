"""A baseline: what is read and written, and what it recognises."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.errors import FileError, UsageError
from confkit.core.storage.reader import MAX_BASELINE
from confkit.lint.baseline import (
    REASON,
    Baseline,
    KnownFinding,
    listed,
    place_of,
    read_baseline,
    stale,
    suppress,
    write_baseline,
)
from testing.configuration_files import any_bytes
from testing.findings import ANY_ENTRY, linted, made, result_of

if TYPE_CHECKING:
    from pathlib import Path

ONE = KnownFinding("a/Chrystoki.conf", "CK101", "0123:1")
OTHER = KnownFinding("Chrystoki.conf", "CK301", "4567:2")
BROKEN = b"A = {\n   B = 1\n}\n"


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = str(tmp_path / "baseline.json")
    write_baseline(path, [ONE, OTHER])
    assert read_baseline(path) == Baseline(path, frozenset({ONE, OTHER}))
    content = json.loads((tmp_path / "baseline.json").read_text())
    assert content["version"] == 1
    assert [each["path"] for each in content["findings"]] == ["Chrystoki.conf", "a/Chrystoki.conf"], "sorted"
    assert os.stat(path).st_mode & 0o777 == 0o666 & ~umask()


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_one_that_is_there_is_replaced_with_its_mode_through_a_link(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(str(path), [ONE])
    path.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to("baseline.json")
    write_baseline(str(link), [OTHER])
    assert link.is_symlink()
    assert read_baseline(str(path)).known == {OTHER}
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("kind", ["dangling link", "folder", "no folder"])
def test_where_it_cannot_be_written_it_is_said(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "baseline.json"
    if kind == "dangling link":
        path.symlink_to("elsewhere.json")
    elif kind == "folder":
        path.mkdir()
    else:
        path = tmp_path / "nowhere" / "baseline.json"
    with pytest.raises(FileError):
        write_baseline(str(path), [ONE])
    assert not (tmp_path / "elsewhere.json").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b"[" * 100_000,
        b'{"version": 1}',
        b'{"version": 1, "findings": {}, "x": 1',
        b'{"version": 1, "findings": [1]}',
        b'{"version": 1, "findings": [{"path": "a"}]}',
        b'{"version": 1, "findings": [{"path": "a", "code": "b", "fingerprint": "c", "more": 1}]}',
        b'{"version": 1, "findings": [{"path": "a", "code": "b", "fingerprint": 1}]}',
        b'{"version": 1, "findings": [{"path": [], "code": "b", "fingerprint": "c"}]}',
    ],
)
def test_what_is_not_a_baseline_is_a_usage_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "baseline.json").write_bytes(content)
    with pytest.raises(UsageError, match="this is not a baseline"):
        read_baseline(str(tmp_path / "baseline.json"))


@pytest.mark.parametrize("content", [b"", b"important notes\n", b'{"version": 1}', b"CardReader = {\n}\n"])
def test_a_file_that_is_not_a_baseline_is_not_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="exists and is not a baseline, so it is not replaced"):
        write_baseline(str(path), [ONE])
    assert path.read_bytes() == content
    (tmp_path / "link.json").symlink_to(path.name)
    with pytest.raises(UsageError, match="is not replaced"):
        write_baseline(str(tmp_path / "link.json"), [ONE])
    assert path.read_bytes() == content


def test_a_baseline_is_at_most_16_mib(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.touch()
    os.truncate(path, MAX_BASELINE + 1)
    with pytest.raises(FileError, match="it has more than 16 MiB"):
        read_baseline(str(path))
    path.unlink()
    with pytest.raises(FileError, match="make a baseline of more than 16 MiB"):
        write_baseline(str(path), [KnownFinding("x" * 1_000_000, "CK101", str(number)) for number in range(17)])
    assert not path.exists()


def test_a_later_version_is_named(tmp_path: Path) -> None:
    (tmp_path / "baseline.json").write_text('{"version": 2, "findings": []}')
    with pytest.raises(UsageError, match="a baseline of version 2, not 1"):
        read_baseline(str(tmp_path / "baseline.json"))


def test_places_are_relative_to_the_directory_of_the_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert place_of("a/Chrystoki.conf", "baseline.json") == "a/Chrystoki.conf"
    assert place_of("a/Chrystoki.conf", str(tmp_path / "b" / "baseline.json")) == "../a/Chrystoki.conf"
    assert place_of(str(tmp_path / "x.conf"), "a/baseline.json") == "../x.conf"


def test_stale_entries_are_judged_in_linted_files_and_in_those_that_do_not_exist(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").touch()
    baseline = Baseline(str(tmp_path / "baseline.json"), frozenset({ONE, OTHER}))
    assert list(stale(baseline, [], [])) == [ONE], "of the other file nothing is known"
    assert list(stale(baseline, [], ["Chrystoki.conf"])) == [OTHER, ONE]
    assert list(stale(baseline, [ONE, OTHER], ["Chrystoki.conf"])) == []


def test_a_second_finding_alike_is_new() -> None:
    known = frozenset(listed(linted(BROKEN), "b.json"))
    twice = BROKEN.replace(b"}", b"   B = 1\n}")
    held, found = suppress(linted(twice), Baseline("b.json", known))
    assert len(known) == len(found) < len(held.diagnostics) + len(held.suppressed)
    assert held.diagnostics


def test_a_finding_that_is_ignored_already_keeps_its_reason() -> None:
    result = result_of(BROKEN, made(2))
    (known,) = listed(result, "b.json")
    ignored = result._replace(diagnostics=(), suppressed=((made(2), "as shipped"),))
    assert list(listed(ignored, "b.json")) == []
    held, found = suppress(ignored, Baseline("b.json", frozenset({known})))
    assert held == ignored
    assert found == {known}, "it is no longer counted, but not stale"


@given(any_bytes)
def test_everything_listed_is_suppressed(source: bytes) -> None:
    result = linted(source)
    known = frozenset(listed(result, "b.json"))
    assert len(known) == len(result.diagnostics), "fingerprints tell the findings of a file apart"
    held, found = suppress(result, Baseline("b.json", known))
    assert held.diagnostics == ()
    assert held.suppressed == tuple((each, REASON) for each in result.diagnostics)
    assert found == known


@given(any_bytes.filter(lambda source: not source.startswith(b"\xef\xbb\xbf")), st.integers(0, 3))
def test_new_lines_above_change_nothing(source: bytes, lines: int) -> None:
    known = frozenset(listed(linted(source, rules=(ANY_ENTRY,)), "b.json"))
    moved = linted(b"\n" * lines + source, rules=(ANY_ENTRY,))
    held, found = suppress(moved, Baseline("b.json", known))
    assert held.diagnostics == ()
    assert found == known
