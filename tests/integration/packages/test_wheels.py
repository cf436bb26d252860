"""The wheels for other machines and C libraries: their tags, and that they work where their tags say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from testing.foreign import emulated, unpack_packages
from testing.programs import REPOSITORY, needs, needs_packages, unmet

SAMPLE = REPOSITORY / "samples" / "ha-group" / "Chrystoki.conf"
FIRST = "manylinux_2_17_x86_64"
# Loads a library as an application does, and calls the function that tells its version.
MUSL_CLIENT = """
#include <dlfcn.h>
#include <stdio.h>
int main(int count, char **words) {
    void *library = dlopen(words[count - 1], RTLD_NOW);
    if (library == NULL) { puts(dlerror()); return 1; }
    unsigned long (*initialize)(void *) = (unsigned long (*)(void *))dlsym(library, "C_Initialize");
    unsigned long (*state)(void) = (unsigned long (*)(void))dlsym(library, "CA_GetCurrentHAState");
    printf("%d %lx\\n", state != NULL, initialize == NULL ? ~0UL : initialize(NULL));
    return 0;
}
"""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One wheel for each of the targets that are tried here, by its tag, built as `nox -s wheels` does."""
    needs_packages("packages", "ziglang", "build", "hatchling", "pyelftools")
    outdir = tmp_path_factory.mktemp("wheels")
    tags = (FIRST, "manylinux_2_17_aarch64", "musllinux_1_2_x86_64", "any")
    command = [sys.executable, "-m", "tools.packages.wheels", "--outdir", str(outdir), *tags]
    done = subprocess.run(command, cwd=REPOSITORY, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.stem.rpartition("-")[2]: path for path in outdir.iterdir()}


def work(confkit: list[str], directory: Path, **variables: str) -> None:
    """Run the commands that every package is tried with: version, lint, an edit, and a live check on an emulated group."""
    environment = {"PATH": "/nowhere", "HOME": str(directory), "TMPDIR": str(directory), **variables}
    shutil.copy(SAMPLE, directory / "Chrystoki.conf")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [*confkit, *arguments], cwd=directory, env=environment, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, (arguments, done.stdout + done.stderr)
        return done.stdout

    assert run("--version").startswith("confkit ")
    run("lint", "Chrystoki.conf")
    run("set-timeout", "8", "-c", "Chrystoki.conf")
    assert run("get", "HAConfiguration", "statusTimeout", "-c", "Chrystoki.conf") == "8\n"
    assert "SUFFICIENT" in run("emulate", "--members", "2", "--", *confkit, "check")


def test_the_index_accepts_the_tags(wheels: dict[str, Path]) -> None:
    """auditwheel, by others than us, names the same platform or an older one."""
    needs_packages("packages", "auditwheel")
    for machine in ("x86_64", "aarch64"):
        wheel = wheels[f"manylinux_2_17_{machine}"]
        done = subprocess.run(
            [sys.executable, "-m", "auditwheel", "show", str(wheel)], check=True, capture_output=True, text=True
        )
        told = " ".join(done.stdout.split())
        assert f'"manylinux_2_17_{machine}"' in told or f'"manylinux_2_5_{machine}"' in told, done.stdout


def test_it_works_without_a_compiler(wheels: dict[str, Path], tmp_path: Path) -> None:
    environment = tmp_path / "v"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, str(wheels[FIRST])], check=True, capture_output=True)
    work([str(environment / "bin" / "confkit")], tmp_path)


def test_it_works_on_arm64(wheels: dict[str, Path], tmp_path: Path) -> None:
    needs("qemu-aarch64-static", "dpkg-deb", "apt-get")
    root, site = tmp_path / "root", tmp_path / "site"
    unpack_packages(root, tmp_path / "apt", "arm64", "python3.11", "libssl3")
    python = root / "usr" / "bin" / "python3.11"
    emulated(python, root)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(site), "--only-binary=:all:"]
    options = [
        "--platform",
        "manylinux2014_aarch64",
        "--platform",
        "manylinux_2_17_aarch64",
        "--python-version",
        "3.11",
    ]
    subprocess.run([*pip, *options, str(wheels["manylinux_2_17_aarch64"])], check=True, capture_output=True)
    work([str(python), "-m", "confkit"], tmp_path, PYTHONPATH=str(site))


def test_its_library_works_with_musl(wheels: dict[str, Path], tmp_path: Path) -> None:
    loader = Path("/lib/ld-musl-x86_64.so.1")
    if not loader.exists():
        unmet("needs the C library musl", "apt-get install musl")
    shutil.unpack_archive(wheels["musllinux_1_2_x86_64"], tmp_path, "zip")
    source = tmp_path / "client.c"
    source.write_text(MUSL_CLIENT)
    zig = [sys.executable, "-m", "ziglang", "cc", "-target", "x86_64-linux-musl", "-dynamic", "-O2"]
    program = tmp_path / "client"
    subprocess.run([*zig, "-o", str(program), str(source)], check=True, capture_output=True)
    library = tmp_path / "confkit" / "emulator" / "native" / "libcryptoki_emulator.so"
    done = subprocess.run(
        [str(loader), str(program), str(library)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "ChrystokiConfigurationPath": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("1 ")


def test_a_pure_wheel_says_what_the_emulator_lacks(wheels: dict[str, Path], tmp_path: Path) -> None:
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(site)]
    subprocess.run([*pip, str(wheels["any"])], check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "confkit", "emulate", "--", "true"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": "/nowhere", "HOME": str(tmp_path), "PYTHONPATH": str(site)},
    )
    assert done.returncode == 3
    assert "Install one (Debian: gcc and libc6-dev; RHEL: gcc)" in done.stderr
    assert "wheel that was built for this platform" in done.stderr
