"""An old and small Debian in a directory, without Python and compiler, and commands run in it as on a locked-down host."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

SUITE = "bullseye"  # glibc 2.31: the oldest that the mirror has
MIRROR = "http://deb.debian.org/debian"
# $1 the root, then the command: no network but loopback, a read-only root, /tmp in memory, a user without rights.
_LOCKED = """
root=$1; shift
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -o remount,bind,ro "$root"
ip link set lo up
exec env -i HOME=/tmp PATH=/usr/bin:/bin LC_ALL=C.UTF-8 "$(command -v chroot)" --userspec=65534:65534 --groups= "$root" "$@"
"""
# What every package is tried with; $1 is its command.
_WORK = """
for name in cc gcc clang python3 pip; do if command -v $name; then echo "there is $name"; exit 9; fi; done
if touch /confkit-was-here 2>/dev/null; then echo "the root can be written to"; exit 9; fi
cd /tmp
"$1" --version
printf 'Chrystoki2 = {\\n   LibUNIX64 = /usr/lib/libCryptoki2_64.so;\\n}\\n' >Chrystoki.conf
"$1" lint Chrystoki.conf
"$1" set-timeout 8 -c Chrystoki.conf
test "$("$1" get HAConfiguration statusTimeout -c Chrystoki.conf)" = 8
"$1" emulate --members 2 -- "$1" check
"$1" rules >/dev/null
"""


def make(root: Path) -> None:
    """Install the smallest Debian into `root`."""
    command = ["debootstrap", "--variant=minbase", SUITE, str(root), MIRROR]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def work(root: Path, confkit: str) -> str:
    """Run version, lint, an edit and a live check on an emulated group, locked down; return what they printed."""
    start = ["unshare", "--mount", "--net", "--fork", "sh", "-euc", _LOCKED, "sh", str(root)]
    done = subprocess.run(
        [*start, "/bin/sh", "-euc", _WORK, "sh", confkit], check=False, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run(root: Path, *command: str) -> str:
    """Run a command in `root` as root."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["chroot", str(root), *command], check=False, capture_output=True, text=True, env=environment, timeout=600
    )
    assert done.returncode == 0, (command, done.stdout + done.stderr)
    return done.stdout


def files(root: Path, *, without: tuple[str, ...] = ()) -> set[str]:
    """Return every path below `root`, but those that begin with one of `without`."""
    found = {
        os.path.relpath(os.path.join(directory, name), root)
        for directory, directories, names in os.walk(root)
        for name in (*directories, *names)
    }
    return {path for path in found if not path.startswith(without)}
