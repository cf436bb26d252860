"""What is shipped: builds that repeat to the byte, and a wheel that works where little is allowed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from testing.programs import REPOSITORY, interpreter, needs, needs_packages, needs_root, unmeasured

# What is not in a checkout of the repository, or differs from machine to machine.
NOT_IN_A_CHECKOUT = shutil.ignore_patterns(
    ".git", ".venv*", "__pycache__", "*.so", ".coverage*", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"
)

# Runs in a mount and network namespace of its own: the root is read-only, there is no network but loopback, no
# compiler on the PATH, and the user is nobody. $1 the interpreter's folder, $2 the wheels, $3 the interpreter's name.
SANDBOX = """
set -eu
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir /mnt/python /mnt/wheels /mnt/temporary
chmod 1777 /mnt/temporary
mount --bind "$1" /mnt/python
mount --bind "$2" /mnt/wheels
mount -o remount,bind,ro /
if touch /confkit-was-here 2>/dev/null; then echo "the root can be written to"; exit 9; fi
ip link set lo up
cd /mnt/temporary
exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
    env -i HOME=/mnt/temporary TMPDIR=/mnt/temporary LD_LIBRARY_PATH=/mnt/python/lib PATH=/mnt/temporary/v/bin \
    /bin/sh -euc "$4" sandbox "$3"
"""
INSTALL_AND_WORK = """
/mnt/python/bin/$1 -m venv v
pip install --quiet --no-index --find-links /mnt/wheels --disable-pip-version-check luna-confkit
for name in cc gcc clang; do if command -v $name; then echo "a compiler"; exit 9; fi; done
printf 'Chrystoki2 = {\\n   LibUNIX64 = /usr/lib/libCryptoki2_64.so;\\n}\\n' >Chrystoki.conf
confkit set-timeout 10 -c Chrystoki.conf
test "$(confkit get HAConfiguration statusTimeout -c Chrystoki.conf)" = 10
confkit lint Chrystoki.conf
confkit demo
"""


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders with a wheel and a source archive each, built in two places from copies of different age and mode."""
    needs_packages("integration", "build")
    needs("cc")
    snapshot = tmp_path_factory.mktemp("snapshot") / "checkout"
    shutil.copytree(REPOSITORY, snapshot, ignore=NOT_IN_A_CHECKOUT)
    results = []
    for number, (umask, zone) in enumerate(((0o022, "UTC"), (0o077, "Pacific/Auckland"))):
        checkout = tmp_path_factory.mktemp(f"place-{number}") / ("deep/er" * number or "checkout")
        shutil.copytree(snapshot, checkout, copy_function=(shutil.copy2, shutil.copy)[number])
        subprocess.run(
            [sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist", "."],
            check=True,
            capture_output=True,
            cwd=checkout,
            umask=umask,
            env={**unmeasured(), "TZ": zone, "LC_ALL": "C", "PYTHONHASHSEED": str(number + 1)},
        )
        results.append(checkout / "dist")
    return results[0], results[1]


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_two_builds_are_identical(builds: tuple[Path, Path]) -> None:
    first, second = (digests(folder) for folder in builds)
    assert first == second
    assert sorted(name.rpartition(".")[2] for name in first) == ["gz", "whl"]


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_the_wheel_works_without_compiler_network_privilege_and_writable_root(
    builds: tuple[Path, Path], tmp_path: Path, version: str
) -> None:
    python = interpreter(version)
    needs("unshare", "setpriv", "ip", "mount")
    needs_root("it makes a read-only root and a network of its own")
    (wheel,) = builds[0].glob("*.whl")
    wheels = tmp_path / "wheels"
    # --only-binary: what has to be compiled could not be installed in the sandbox
    download = ["-m", "pip", "download", "--quiet", "--only-binary=:all:", "--dest", str(wheels), str(wheel)]
    subprocess.run([python, *download], check=True, capture_output=True)
    prefix = subprocess.run(
        [python, "-c", "import sys; print(sys.base_prefix)"], check=True, capture_output=True, text=True
    )
    arguments = [prefix.stdout.strip(), str(wheels), f"python{version}", INSTALL_AND_WORK]
    done = subprocess.run(
        ["unshare", "--mount", "--net", "--", "/bin/sh", "-c", SANDBOX, "sandbox", *arguments],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUFFICIENT" in done.stdout


def test_an_installed_source_archive_compiles_the_library(builds: tuple[Path, Path], tmp_path: Path) -> None:
    (archive,) = builds[0].glob("*.tar.gz")
    environment = tmp_path / "v"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = environment / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", str(archive)], check=True, capture_output=True)
    code = "from confkit.emulator.build import DIRECTORY, library; print(DIRECTORY); print(library())"
    done = subprocess.run(
        [str(python), "-I", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": "", "HOME": "/nowhere"},
    )
    directory, library = map(Path, done.stdout.split())
    assert directory.is_relative_to(environment)
    assert library.parent == directory
