"""Hosts to log in to: an sshd each, on an address of the loopback network, with a configuration file of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from confkit.emulator.group import running_group
from confkit.emulator.plans import MemberPlan
from testing.programs import needs, needs_root

if TYPE_CHECKING:
    from collections.abc import Iterator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.emulator.group import EmulatedGroup

LONGEST = 30.0  # seconds that an sshd may take to answer

# Each host has a /run of its own: the same paths on all hosts, another file behind them, and nothing left afterwards.
# sshd wants /run/sshd when root starts it, and bare machines have none.
PATH_ON_HOST = "/run/luna/Chrystoki.conf"
REMOTE_TMP = "/run/ansible"
_START = """
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/sshd /run/luna
mount --bind "$1" /run/luna
exec "$2" -D -f "$3" -E "$4"
"""

_SSHD_CONFIG = """
ListenAddress {address}:{port}
HostKey {folder}/host_key
AuthorizedKeysFile {keys}/key.pub
AuthenticationMethods publickey
StrictModes no
UsePAM no
PidFile none
LogLevel ERROR
"""


class Host(NamedTuple):
    """A host by its name in the inventory. `folder` is what it has at /run/luna."""

    name: str
    address: str
    port: int
    folder: Path
    group: EmulatedGroup

    @property
    def file(self) -> Path:
        """The host's configuration file, seen from here."""
        return self.folder / "Chrystoki.conf"


class Fleet(NamedTuple):
    """Hosts that answer, and what a client needs to log in: the files `key` and `known_hosts` in `keys`."""

    hosts: list[Host]
    keys: Path

    def ssh_arguments(self) -> str:
        """Return the options for ssh: nothing of the user's own, only known host keys."""
        return (
            f"-F none -i {self.keys}/key -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=yes "
            f"-o UserKnownHostsFile={self.keys}/known_hosts -o GlobalKnownHostsFile=none"
        )


@contextmanager
def fleet(folder: Path, names: list[str]) -> Iterator[Fleet]:
    """Run a host for each of `names`, with a group of two members that answer fast, until the block ends."""
    needs("ssh", "ssh-keygen", "sshd", "unshare", "mount")
    needs_root("it runs sshd, and a /run for each host")
    keys = folder / "keys"
    keys.mkdir()
    _make_key(keys / "key")
    with ExitStack() as stack:
        hosts = [stack.enter_context(_host(folder / name, keys, f"127.0.0.{2 + n}")) for n, name in enumerate(names)]
        known = (f"[{host.address}]:{host.port} {_public_key(folder / host.name / 'host_key')}" for host in hosts)
        (keys / "known_hosts").write_text("\n".join(known) + "\n")
        yield Fleet(hosts, keys)


@contextmanager
def _host(folder: Path, keys: Path, address: str) -> Iterator[Host]:
    folder.mkdir()
    _make_key(folder / "host_key")
    port = _free_port(address)
    config = folder / "sshd_config"
    config.write_text(_SSHD_CONFIG.format(address=address, port=port, folder=folder, keys=keys))
    luna = folder / "luna"
    with running_group([MemberPlan()] * 2, directory=str(luna), status_timeout=10) as group:
        start = ["unshare", "--mount", "sh", "-ec", _START, "sh"]
        command = [*start, str(luna), str(shutil.which("sshd")), str(config), str(folder / "sshd.log")]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
            try:
                _wait_for(process, address, port)
                yield Host(folder.name, address, port, luna, group)
            finally:
                process.terminate()


def _make_key(path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True)


def _public_key(path: Path) -> str:
    return path.with_suffix(".pub").read_text().strip()


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(process: subprocess.Popen[bytes], address: str, port: int) -> None:
    """Return once the sshd has sent its banner; fail when it ends, or when that takes too long."""
    deadline = time.monotonic() + LONGEST
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection((address, port), timeout=LONGEST) as connection:
                if connection.recv(4) == b"SSH-":
                    return
        except ConnectionRefusedError:
            time.sleep(0.02)
    raise AssertionError(f"the sshd at {address}:{port} does not answer (exit code {process.poll()})")


NAMES = [f"h{number}" for number in range(1, 9)]


OLD_PYTHON = "h2"


OWNER = (12345, 23456)
