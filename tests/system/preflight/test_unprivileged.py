"""A process that is neither root nor the application's user: what it cannot see is told, and not passed."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from confkit.preflight.probes.look import PreflightSettings
from confkit.preflight.run import preflight
from testing.host import OFFLINE, Host
from testing.programs import needs, needs_root


@pytest.fixture
def closed_host() -> Iterator[Host]:
    """A host of which the user 999 may see little; not in a folder of pytest, which are closed to others."""
    needs_root("only root may become another user")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        host = Host(Path(folder))
        (host.folder / "closed").mkdir(mode=0o700)
        os.chown(host.folder / "clientKey.pem", 4321, 4321)
        host.sections["LunaSA Client"]["ServerCAFile"] = host.path("closed/CAFile.pem")
        host.sections["HAConfiguration"]["haLogPath"] = host.path("closed/log")
        host.look()  # so that all modules are imported: a checkout may be closed to the user as well
        yield host


def found_by_another(host: Host, settings: PreflightSettings) -> list[str]:
    """Return what a process of the user 999 finds."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        try:
            os.setgroups([])
            os.setgid(999)
            os.setuid(999)
            seen = preflight(host.path("Chrystoki.conf"), {}, settings).diagnostics
            os.write(writer, " ".join(f"{each.code}:{each.severity}:{each.key}" for each in seen).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        found = file.read().split()
    os.wait()
    return found


def test_without_root_what_cannot_be_seen_is_not_passed(closed_host: Host) -> None:
    assert found_by_another(closed_host, OFFLINE._replace(user="4321")) == [
        "CKP43:warning:MutexFolder",
        "CKP04:warning:ClientPrivKeyFile",
        "CKP04:warning:ServerCAFile",
        "CKP04:info:haLogPath",
    ]


def test_a_user_asks_for_itself(closed_host: Host) -> None:
    assert found_by_another(closed_host, OFFLINE) == [
        "CKP43:warning:MutexFolder",
        "CKP03:error:ClientPrivKeyFile",
        "CKP03:error:ServerCAFile",
        "CKP43:error:haLogPath",
    ]


def test_a_file_that_a_list_decides_about_is_not_judged(closed_host: Host) -> None:
    needs("setfacl")
    subprocess.run(["setfacl", "-m", "u:1234:r", closed_host.path("client.pem")], check=True)
    assert "CKP04:info:ClientCertFile" in found_by_another(closed_host, OFFLINE._replace(user="4321"))
