"""A file system that does not answer: preflight goes on without it after --timeout, and SIGTERM ends it at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from confkit.core.errors import FileError
from confkit.preflight.run import preflight
from testing.host import OFFLINE, Host
from testing.hung_mount import hung_mount

QUICK = OFFLINE._replace(timeout_seconds=1.0)


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "mount"
    directory.mkdir()
    with hung_mount(directory) as mounted:
        yield mounted


@pytest.mark.parametrize(
    ("section", "key", "name"),
    [
        ("Chrystoki2", "LibUNIX64", "lib.so"),
        ("LunaSA Client", "ClientCertFile", "client.pem"),
        ("LunaSA Client", "ServerCAFile", "a/b/CAFile.pem"),
        ("HAConfiguration", "haLogPath", "log"),
        ("Misc", "MutexFolder", ""),
    ],
)
@pytest.mark.parametrize("user", [None, "4321"])
def test_what_lies_there_is_a_finding_and_the_rest_is_checked(
    host: Host, silent: Path, section: str, key: str, name: str, user: str | None
) -> None:
    host.sections[section][key] = str(silent / name)
    host.write("openssl.cnf", b"")
    (host.folder / "openssl.cnf").unlink()
    began = time.monotonic()
    found = host.found(QUICK._replace(user=user))
    assert time.monotonic() - began < 10
    assert ("CKP08", "error", key) in found
    assert ("CKP01", "warning", "SSLConfigFile") in found


def test_a_configuration_that_lies_there_is_not_waited_for(silent: Path) -> None:
    for given, root in ((str(silent), None), (str(silent / "Chrystoki.conf"), None), (None, str(silent))):
        with pytest.raises(FileError, match="no answer within 1 s"):
            preflight(given, {}, QUICK._replace(root=root))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once(host: Host, silent: Path, number: signal.Signals) -> None:
    host.sections["LunaSA Client"]["ClientCertFile"] = str(silent / "client.pem")
    command = [sys.executable, "-m", "confkit", "preflight", "-c", str(host.config()), "--offline", "--timeout", "600"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not (child := children.read_text().split()):
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(0.5)  # so that the child has come to the file
    process.send_signal(number)
    began = time.monotonic()
    assert process.wait(timeout=30) == 130
    assert time.monotonic() - began < 5
    process.communicate()
    assert not os.path.exists(f"/proc/{child[0]}") or "Z" in Path(f"/proc/{child[0]}/stat").read_text()
