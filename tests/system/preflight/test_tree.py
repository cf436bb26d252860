"""Paths below a root: they lead where the system itself would lead a process with that root, and never out of it."""

from __future__ import annotations

import itertools
import json
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confkit.core.errors import UsageError
from confkit.preflight.probes.files import status_of
from confkit.preflight.probes.tree import has_acl, open_tree, place, read
from testing.programs import needs_root

PARTS = ["..", ".", "", "a", "b", "absolute", "relative", "out", "far", "loop", "self", "file", "none"]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image whose links try to lead out, in a folder with files of the same names."""
    outside = tmp_path_factory.mktemp("outside")
    root = outside / "image"
    (root / "a" / "b" / "a").mkdir(parents=True)
    for folder in (outside, root, root / "a", root / "a" / "b"):
        (folder / "file").write_text(str(folder))
    links = {
        "absolute": "/a/b",
        "relative": "../a/./b",
        "out": "../../../../../../..",
        "far": str(outside),
        "loop": "loop",
        "self": "/proc/self/root/file",
    }
    for folder in (root, root / "a", root / "a" / "b"):
        for name, target in links.items():
            (folder / name).symlink_to(target)
    return root


def identity(status: os.stat_result) -> list[int]:
    return [status.st_dev, status.st_ino]


def where(root: Path | None, path: str) -> list[int] | None:
    """Return what confkit finds at a path."""
    with open_tree(None if root is None else str(root)) as tree:
        try:
            with place(tree, path) as found:
                return identity(found.status())
        except OSError:
            return None


def in_chroot(root: Path, paths: list[str]) -> list[list[int] | None]:
    """Return what the system finds at the paths with this root: a child changes its root and looks."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.chroot(root)
        os.chdir("/")
        found = [_stat(path) for path in paths]
        with os.fdopen(writer, "w") as file:
            json.dump(found, file)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        answers: list[list[int] | None] = json.load(file)
    os.wait()
    return answers


def _stat(path: str) -> list[int] | None:
    try:
        return identity(os.stat(path))
    except OSError:
        return None


def test_all_short_paths_lead_where_the_system_leads_a_process_with_that_root(image: Path) -> None:
    needs_root("only root may change its root")
    paths = ["/" + "/".join(parts) for length in (1, 2, 3) for parts in itertools.product(PARTS, repeat=length)]
    expected = in_chroot(image, paths)
    assert [where(image, path) for path in paths] == expected
    assert sum(1 for found in expected if found) > 400


@given(st.lists(st.sampled_from(PARTS), max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_path_leads_out(image: Path, parts: list[str]) -> None:
    with open_tree(str(image)) as tree:
        with suppress(OSError), place(tree, "/" + "/".join(parts)) as found:
            assert Path(os.readlink(f"/proc/self/fd/{found.directory}")).is_relative_to(image)
            assert not stat.S_ISLNK(found.status().st_mode)
        with suppress(OSError):
            assert read(tree, "/" + "/".join(parts), 1000).decode().startswith(str(image))


@given(st.lists(st.sampled_from(PARTS), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_without_a_root_paths_lead_where_they_always_do(image: Path, parts: list[str]) -> None:
    path = f"{image}/{'/'.join(parts)}"
    try:
        expected = identity(os.stat(path))
    except OSError:
        expected = None
    if "self" not in parts:  # the root of a process is a link that is none: /proc/self/root
        assert where(None, path) == expected


def test_a_path_leaves_no_descriptor_open(image: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for parts in itertools.product(PARTS, repeat=2):
        where(image, "/" + "/".join(parts))
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(
    ("path", "state", "reason"),
    [
        ("/a/file", "file", ""),
        ("/absolute", "directory", ""),
        ("/", "directory", ""),
        ("/..", "directory", ""),
        ("/far/file", "missing", "No such file or directory"),
        ("/none", "missing", "No such file or directory"),
        ("/a/file/x", "missing", "Not a directory"),
        ("/a/file/", "missing", "Not a directory"),
        ("/loop", "missing", "Too many levels of symbolic links"),
        ("/a\0b", "missing", "No such file or directory"),
        ("/" + "x" * 300, "missing", "File name too long"),
        ("/" + "a/../" * 200_000 + "file", "missing", "File name too long"),
        ("/\udcff", "missing", "No such file or directory"),
    ],
)
def test_what_stands_at_a_path(image: Path, path: str, state: str, reason: str) -> None:
    with open_tree(str(image)) as tree:
        seen = status_of(tree, path)
    assert (seen.state, seen.reason) == (state, reason)


def test_a_fifo_is_neither_a_file_nor_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listening, open_tree(str(tmp_path)) as tree:
        listening.bind(str(tmp_path / "socket"))
        assert [status_of(tree, path).state for path in ("/fifo", "/socket")] == ["special", "special"]
        with pytest.raises(OSError, match="not a regular file"):
            read(tree, "/fifo", 10)


def test_no_more_is_read_than_asked_for(image: Path) -> None:
    with open_tree(str(image)) as tree:
        assert read(tree, "/file", 3) == str(image)[:3].encode()


@pytest.mark.parametrize("root", ["none", "file", "a\0b"])
def test_a_root_that_is_no_folder_is_refused(image: Path, root: str) -> None:
    with pytest.raises(UsageError, match=r"--root .*: not a directory"), open_tree(f"{image}/{root}"):
        pass


def test_what_cannot_be_asked_for_an_acl_may_have_one(image: Path) -> None:
    assert has_acl(str(image / "none"))
    assert not has_acl(str(image / "file"))
