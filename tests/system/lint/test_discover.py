"""Which files are linted, and in which order."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from confkit.lint.discover import Found, Target, find_targets
from confkit.lint.environment.detect import looks_like_configuration
from testing.programs import REPOSITORY, corpus

if TYPE_CHECKING:
    from pathlib import Path

LUNA = b"Chrystoki2 = {\n}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fill(folder: Path, *names: str, source: bytes = LUNA) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(source)


def find(folder: Path, *paths: str) -> Found:
    return find_targets(paths, str(folder))


def found(folder: Path, *paths: str) -> list[str]:
    return [target.path for target in find(folder, *paths).targets]


def test_a_named_file_is_taken_whatever_it_is_called(folder: Path) -> None:
    fill(folder, "anything.txt", source=b"")
    assert find(folder, "anything.txt", "nowhere", "-").targets == (
        Target("anything.txt"),
        Target("nowhere"),
        Target("-"),
    )


def test_a_folder_is_searched_for_both_names_and_for_what_looks_like_one(folder: Path) -> None:
    meant = ["CHRYSTOKI.CONF", "a/Crystoki.ini", "a/b/crystoki.conf", "chrystoki.ini"]
    fill(folder, *meant, source=b"")
    fill(folder, "luna.conf", "a/my.INI")
    fill(folder, "nginx.conf", "a/php.ini", source=b"[Session]\nsave_path = /tmp\n")
    fill(folder, "Chrystoki.conf.bak", "luna.txt", "conf")
    assert found(folder, ".") == sorted([*meant, "luna.conf", "a/my.INI"])


def test_the_order_is_that_of_the_arguments_then_sorted_and_each_file_comes_once(folder: Path) -> None:
    fill(folder, "b/2.conf", "b/10.conf", "a/x.conf", "a/b/y.conf", "c.conf")
    (folder / "link.conf").symlink_to("c.conf")
    assert found(folder, "b", "a", "b/2.conf", "./c.conf", "link.conf", "c.conf", "-", "-") == [
        "b/10.conf",
        "b/2.conf",
        "a/b/y.conf",
        "a/x.conf",
        "./c.conf",
        "-",
    ]
    assert find(folder, "b", "c.conf", "a").searched == ("b", "a")


def test_hidden_folders_and_linked_folders_are_left_out_unless_named(folder: Path) -> None:
    fill(folder, ".git/Chrystoki.conf", "a/.cache/x.conf", "a/x.conf", ".hidden.conf")
    (folder / "a" / "loop").symlink_to("..")
    (folder / "self").symlink_to("self")
    (folder / "linked").symlink_to("a")
    assert found(folder, ".") == [".hidden.conf", "a/x.conf"]
    assert found(folder, ".git") == [".git/Chrystoki.conf"]
    assert found(folder, "linked") == ["linked/x.conf"]


def test_links_to_files_are_followed_and_a_dangling_one_of_that_name_is_not_passed_by(folder: Path) -> None:
    fill(folder, "etc/below/luna.txt")
    (folder / "etc" / "luna.conf").symlink_to("below/luna.txt")
    (folder / "etc" / "Chrystoki.conf").symlink_to("nowhere")
    (folder / "etc" / "other.conf").symlink_to("nowhere")
    assert found(folder, "etc") == ["etc/Chrystoki.conf", "etc/luna.conf"]


@pytest.mark.parametrize(
    "leads_to",
    ["../elsewhere/Chrystoki.conf", "/etc/passwd", "..//etc/../elsewhere/Chrystoki.conf", ".git/config", "../nowhere"],
)
@pytest.mark.parametrize("name", ["Chrystoki.conf", "luna.conf", "crystoki.ini", "deploy.yaml"])
def test_links_out_of_what_is_searched_are_skipped_and_said_to_be(folder: Path, name: str, leads_to: str) -> None:
    fill(folder, "elsewhere/Chrystoki.conf", "etc/.git/config", "etc/below/x.conf")
    (folder / "etc" / "below" / name).symlink_to(os.path.join("..", leads_to))
    result = find(folder, "etc")
    assert ([each.path for each in result.targets], result.outside) == (["etc/below/x.conf"], (f"etc/below/{name}",))
    assert found(folder, f"etc/below/{name}") == [f"etc/below/{name}"], "it was named"


def test_a_link_through_a_directory_that_is_a_link_is_judged_by_where_it_ends(folder: Path) -> None:
    fill(folder, "elsewhere/luna.txt", "etc/below/luna.txt")
    (folder / "etc" / "in").symlink_to("below")
    (folder / "etc" / "out").symlink_to("../elsewhere")
    (folder / "etc" / "a.conf").symlink_to("in/luna.txt")
    (folder / "etc" / "b.conf").symlink_to("out/luna.txt")
    result = find(folder, "etc")
    assert ([each.path for each in result.targets], result.outside) == (["etc/a.conf"], ("etc/b.conf",))


def test_a_folder_of_that_name_is_searched(folder: Path) -> None:
    fill(folder, "Chrystoki.conf/luna.conf")
    (folder / "crystoki.ini").symlink_to("Chrystoki.conf")
    assert found(folder, ".") == ["Chrystoki.conf/luna.conf"]


def test_paths_below_the_current_folder_are_shown_relative_to_it(folder: Path) -> None:
    fill(folder, "a/x.conf", "-")
    assert found(folder, str(folder / "a" / "x.conf"), str(folder)) == ["a/x.conf"]
    assert find_targets([str(folder / "a")], str(folder / "b")).targets == (
        Target(str(folder / "a/x.conf"), within=str(folder / "a")),
    )
    assert found(folder, str(folder / "-")) == ["./-"], "a file that is called like standard input"


def test_a_folder_without_any_file_is_an_error(folder: Path) -> None:
    fill(folder, "empty/readme.txt")
    (target,) = find(folder, "empty").targets
    assert (target.path, target.error) == (
        "empty",
        "no configuration file was found in this directory. Name the file, or another directory.",
    )


def test_a_fifo_is_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "other.conf")
    os.mkfifo(folder / "Chrystoki.conf")
    assert find(folder, ".") == Found((Target("Chrystoki.conf", within="."),), (".",), ())


@pytest.mark.parametrize(
    "source",
    [
        b"Chrystoki2 = {",
        b"Chrystoki2={",
        b"# comment\n\n  LunaSA Client  =\t{ x",
        b"\xef\xbb\xbfVirtualToken = {",
        b"HAConfiguration\n{",
        b"HAConfiguration =\r\n  {",
        b"GemEngine {",
        b"\xff\r\n[LunaSA Client]\r\n",
        b"[ chrystoki2 ]",
    ],
)
def test_what_looks_like_one(source: bytes) -> None:
    assert looks_like_configuration(source)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"Chrystoki2",
        b"Chrystoki2 = 1",
        b"[Session]\n[Misc]\n",
        b"# Chrystoki2 = {",
        b"MyChrystoki2 = {",
        b"chrystoki2 = {",
        b"Chrystoki2 = {\0",
        b"Luna" + b" " * 60_000 + b"x",  # and that at once, however many blanks there are
    ],
)
def test_what_does_not(source: bytes) -> None:
    assert not looks_like_configuration(source)


def test_every_real_file_and_every_sample_looks_like_one() -> None:
    samples = [path for path in (REPOSITORY / "samples").rglob("*") if path.suffix in {".conf", ".ini"}]
    assert samples
    assert [path for path in [*corpus(), *samples] if not looks_like_configuration(path.read_bytes())] == []


def test_what_leads_the_client_to_its_file_is_found_in_a_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    variable = "ChrystokiConfigurationPath"
    files = {
        "Dockerfile": f"FROM x\nENV {variable}=/etc/luna\n",
        "compose.yaml": f"services:\n  a:\n    environment:\n      {variable}: /etc/luna\n",
        "deploy.yaml": "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    env:\n"
        f"    - {{name: {variable}, value: /etc/luna}}\n",
        "luna.sh": f"export {variable}=/etc/luna\n",
        "app.service": f"[Service]\nEnvironment={variable}=/etc/luna\n",
        "other.sh": "echo hello\n",
        "other.yaml": "services:\n  a: {image: x}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    found = find_targets(["."], str(tmp_path)).targets
    names = sorted(target.path.rpartition("/")[2] for target in found)
    assert names == ["Dockerfile", "app.service", "compose.yaml", "deploy.yaml", "luna.sh"]
