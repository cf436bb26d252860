"""Links that lead an edit: those of root, of the user and of the file's owner, and nobody else's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.errors import FileError
from confkit.core.storage.walk import reached
from testing.programs import needs_root
from testing.storage_child import SOMEBODY as CHILD
from testing.storage_child import as_somebody, forked, open_to_all
from testing.storage_edit import edit, write_in_place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SOMEBODY, HSM_USER = 65534, 998
PRECIOUS = b"A = {\n}\n"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("tree")
    (top / "a" / "b").mkdir(parents=True)
    (top / "a" / "b" / "file").touch()
    (top / "to-a").symlink_to("a")
    (top / "a" / "up").symlink_to("..")
    (top / "a" / "b" / "absolute").symlink_to(top / "to-a")
    (top / "file").symlink_to("to-a/b/../b/file")
    return top


@given(parts=st.lists(st.sampled_from(["a", "b", "to-a", "up", "absolute", "file", "..", "."]), max_size=8))
def test_it_is_what_realpath_says(tree: Path, parts: list[str]) -> None:
    for top in (str(tree), os.path.relpath(tree)):
        path = os.path.join(top, *parts)
        if os.path.exists(path):
            with reached(path) as place:
                assert os.path.normpath(place.target) == os.path.realpath(path)
                assert os.path.samestat(os.stat(place.name, dir_fd=place.directory), os.stat(path))


def test_a_relative_path_needs_no_permission_on_the_way_to_the_current_directory() -> None:
    needs_root("it takes a permission away from somebody")

    def edit_in_current_directory() -> None:
        os.chdir(top / "closed" / "home")
        as_somebody(close_and_edit)

    def close_and_edit() -> None:
        assert not os.access(top / "closed", os.X_OK)
        edit("Chrystoki.conf", b"B = {\n}\n")

    with open_to_all() as top:
        home = top / "closed" / "home"
        home.mkdir(parents=True)
        (home / "Chrystoki.conf").write_bytes(PRECIOUS)
        for each in (home, home / "Chrystoki.conf"):
            os.chown(each, CHILD, CHILD)
        (top / "closed").chmod(0o700)
        forked(edit_in_current_directory)
        assert (home / "Chrystoki.conf").read_bytes() == b"B = {\n}\n"


def test_a_circle_ends(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(OSError, match="symbolic links"), reached(str(tmp_path / "circle")):
        pass


@pytest.mark.parametrize("change", [edit, write_in_place])
@pytest.mark.parametrize(("maker", "refused"), [(SOMEBODY, True), (HSM_USER, False), (0, False)])
@pytest.mark.parametrize("directory", [False, True])
def test_root_is_led_astray_by_nobody_s_link(
    tmp_path: Path, change: Callable[[str, bytes], object], maker: int, refused: bool, directory: bool
) -> None:
    needs_root("it makes links that belong to others")
    home, etc = tmp_path / "home", tmp_path / "etc"
    home.mkdir()
    etc.mkdir()
    precious = etc / "Chrystoki.conf"
    precious.write_bytes(PRECIOUS)
    os.chown(precious, HSM_USER, HSM_USER)
    link = home / ("etc" if directory else "Chrystoki.conf")
    link.symlink_to(etc if directory else precious)
    os.lchown(link, maker, maker)
    path = link / "Chrystoki.conf" if directory else link
    if not refused:
        change(str(path), b"B = {\n}\n")
        assert precious.read_bytes() == b"B = {\n}\n"
        assert link.is_symlink()
        return
    with pytest.raises(FileError, match=f"the symbolic link {link} on the way to the file belongs to uid {maker}"):
        change(str(path), b"B = {\n}\n")
    assert precious.read_bytes() == PRECIOUS
    assert sorted(each.name for each in etc.iterdir()) == ["Chrystoki.conf"]
