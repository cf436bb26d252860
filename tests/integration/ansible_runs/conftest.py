from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from testing.ansible_hosts import NAMES, OLD_PYTHON, OWNER, PATH_ON_HOST, REMOTE_TMP, Fleet, Host, fleet
from testing.ansible_plays import controller
from testing.ansible_site import Site
from testing.programs import interpreter, needs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    needs("setfacl")
    folder = tmp_path_factory.mktemp("site")
    with fleet(folder, NAMES) as running:
        hosts = {host.name: _variables(host) for host in running.hosts}
        yield Site(controller(folder / "controller", hosts, _common(running)), running)


@pytest.fixture
def site(running_site: Site) -> Site:
    """The site with every host as it was: fast members, the old file, no backup."""
    for host in running_site.fleet.hosts:
        _prepare(host)
    return running_site


def _common(running: Fleet) -> dict[str, Any]:
    return {
        "ansible_user": "root",
        "ansible_ssh_common_args": running.ssh_arguments(),
        "ansible_remote_tmp": REMOTE_TMP,
        "status_timeout_path": PATH_ON_HOST,
        "status_timeout_executable": str(Path(sys.executable).with_name("confkit")),
        # two calls decide: with 60 % confidence two clean ones bound the share of failures at 37 %, two failed ones at 63 %
        "status_timeout_calls": 2,
        "status_timeout_tolerate": 0.4,
        "status_timeout_confidence": 0.6,
    }


def _variables(host: Host) -> dict[str, Any]:
    variables: dict[str, Any] = {"ansible_host": host.address, "ansible_port": host.port}
    if host.name == OLD_PYTHON:
        variables["ansible_python_interpreter"] = _python38(host.folder.parent)
    return variables


def _python38(folder: Path) -> str:
    """Write a starter of Python 3.8 that leaves a trace, so that a test can see that it was used."""
    # what is found may be a stub of a version manager, which does not work with the PATH that a login over ssh has
    asked = [interpreter("3.8"), "-c", "import sys; print(sys.executable)"]
    executable = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    starter = folder / "python38"
    starter.write_text(f'#!/bin/sh\necho used >> "{folder}/python38.log"\nexec "{executable}" "$@"\n')
    starter.chmod(0o755)
    return str(starter)


def _prepare(host: Host) -> None:
    for left in host.folder.glob("*.bak"):
        left.unlink()
    for member in host.group.members:
        host.group.set_latency(member.index, 20)
        host.group.set_fault(member.index, None)
    if not (kept := host.folder.parent / "as_generated").exists():
        kept.write_bytes(host.file.read_bytes())
    # a line that ends like those of Windows, and no end of line at the end: bytes that a copy as text would lose
    host.file.write_bytes(kept.read_bytes().replace(b"   HAOnly = 1;\n", b"   HAOnly = 1;\r\n") + b"# fin \xc3\xa9")
    os.chown(host.file, *OWNER)
    host.file.chmod(0o640)
    subprocess.run(["setfacl", "-m", "u:54321:r,g:54322:r", str(host.file)], check=True)
    os.setxattr(host.file, "user.ticket", b"CHG-1")
