"""The build file, built by buildah upon a base made of this host's Python, and the image run as the docs say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from testing import image_base as base
from testing.programs import REPOSITORY, needs, needs_root, unmet

# The folder is bound read-only to /work, the root itself is read-only, and /tmp is empty and writable: what
# `docker run --read-only --tmpfs /tmp -v FOLDER:/work:ro` gives. Everything is gone with the name space of the mounts.
RUN = """
mount --bind "$1" "$1" && mount --bind "$2" "$1/work" && mount -o remount,ro,bind "$1/work"
mount -t tmpfs tmpfs "$1/tmp" && mount -o remount,ro,bind "$1"
root=$1 user=$3; shift 3
exec chroot --userspec="$user" "$root" /bin/sh -c 'cd /work && exec "$@"' sh "$@"
"""


class Image(NamedTuple):
    """The folder that an image unpacks to, and its configuration as the OCI specification has it."""

    root: Path
    config: dict[str, Any]

    def run(self, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        """Run the command as the image's user, with its environment, and `folder` as its working folder."""
        start = [
            "unshare",
            "--mount",
            "--fork",
            "sh",
            "-euc",
            RUN,
            "sh",
            str(self.root),
            str(folder),
            self.config["User"],
        ]
        environment = dict(variable.split("=", 1) for variable in self.config["Env"])
        environment |= {"PATH": environment["PATH"] + ":/usr/sbin:/sbin", "HOME": "/"}
        return subprocess.run(
            [*start, *command], capture_output=True, text=True, check=False, timeout=60, env=environment
        )

    def confkit(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(folder, *self.config["Entrypoint"], *arguments)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """Build the image in a store of its own, which is removed again: it is too big to be kept as pytest keeps folders."""
    needs("buildah", "unshare", "chroot", "mount", "ldd")
    needs_root("a build changes its root directory")
    folder = tmp_path_factory.mktemp("image")
    try:
        yield _built(folder)
    finally:
        shutil.rmtree(folder)


def _built(folder: Path) -> Image:
    empty = _buildah(folder, "from", "scratch")
    variables = base.lay_out(Path(_buildah(folder, "mount", empty)))
    settings = [option for name, value in variables.items() for option in ("--env", f"{name}={value}")]
    _buildah(folder, "config", *settings, empty)
    _buildah(folder, "commit", "--rm", empty, "localhost/base")
    file = REPOSITORY / "integrations" / "image" / "Containerfile"
    arguments = ("--build-arg", "BASE=localhost/base", "--file", str(file), "--tag", "localhost/confkit")
    _buildah(folder, "bud", "--isolation", "chroot", *arguments, str(REPOSITORY))
    described = json.loads(_buildah(folder, "inspect", "--type", "image", "localhost/confkit"))
    root = _buildah(folder, "mount", _buildah(folder, "from", "localhost/confkit"))
    return Image(Path(root), described["OCIv1"]["config"])


def _buildah(folder: Path, *arguments: str) -> str:
    store = ("--root", str(folder / "store"), "--runroot", str(folder / "run"), "--storage-driver", "vfs")
    (folder / "tmp").mkdir(exist_ok=True)
    done = subprocess.run(
        ["buildah", *store, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={**os.environ, "TMPDIR": str(folder / "tmp")},
    )
    if "Could not find a version that satisfies" in done.stdout + done.stderr:
        unmet("needs the Python package index")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def test_the_image_starts_confkit_as_nobody_in_particular(image: Image) -> None:
    assert image.config["Entrypoint"] == ["confkit"]
    assert image.config["Cmd"] == ["--help"]
    assert image.config["WorkingDir"] == "/work"
    user, group = image.config["User"].split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert image.config["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"


def test_nothing_of_the_build_is_left(image: Image) -> None:
    assert not (image.root / "wheels").exists()
    assert not (image.root / "source").exists()
    assert list(image.root.rglob("*.whl")) == list(image.root.rglob("ensurepip/_bundled/*.whl"))
    installed = image.root / Path(*image.root.rglob("site-packages/confkit")).relative_to(image.root)
    assert {path.suffix for path in installed.rglob("*") if path.is_file()} <= {
        ".py",
        ".pyc",
        ".toml",
        ".c",
        ".json",
        ".typed",
        ".h",
        *("", ".bash", ".fish", ".1"),  # completion scripts (that of zsh has no suffix) and manual pages
    }


def test_it_lints_with_a_root_that_is_read_only(image: Image) -> None:
    good = image.confkit(REPOSITORY / "samples" / "ha-group", "lint", ".")
    assert (good.returncode, good.stdout) == (0, "1 file: 0 errors, 0 warnings, 0 infos\n")
    bad = image.confkit(REPOSITORY / "samples" / "broken", "lint", "04-missing-semicolon.conf", "--format", "gitlab")
    assert bad.returncode == 1
    assert [finding["check_name"] for finding in json.loads(bad.stdout)] == ["CK101"]
    for place in ("/x", "/work/x"):
        assert image.run(REPOSITORY / "samples", "python3", "-c", f"open({place!r}, 'w')").returncode == 1


def test_preflight_looks_below_a_mounted_root(image: Image) -> None:
    done = image.confkit(REPOSITORY / "samples", "preflight", "--root", ".", "--format", "json")
    assert done.returncode in {1, 3}
    assert "cryptography" not in done.stderr


def test_without_a_compiler_emulate_says_what_is_missing(image: Image) -> None:
    """The base has no compiler, so the wheel was built without one, which is the usual image."""
    done = image.confkit(REPOSITORY / "samples", "emulate", "--", "true")
    assert done.returncode == 3
    assert "the emulated client library" in done.stderr
