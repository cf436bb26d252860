"""Clients of other people sign while members are lost and come back."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from testing.application import wait_until
from testing.programs import needs
from testing.signing_client import example, python_client, running

if TYPE_CHECKING:
    from pathlib import Path

    from confkit.emulator.group import EmulatedGroup

ERRORS = {"python-pkcs11": "DeviceError", "PyKCS11": "CKR_DEVICE_ERROR (0x00000030)", "Java": "ProviderException"}


def java(group: EmulatedGroup, folder: Path) -> list[str]:
    """Make a key with keytool, as the how-to page does, and return the command that signs with it."""
    needs("java", "javac", "keytool")
    *make_key, _sign = example("java").split("sh -c '\n")[1].rstrip("'\n").splitlines()
    environment = {**os.environ, **group.environment()}
    made = subprocess.run(
        ["sh", "-ec", "\n".join(make_key)], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    (folder / "Sign.java").write_text(example("Sign.java"))
    return ["java", "Sign.java"]


def command_of(client: str, group: EmulatedGroup, folder: Path) -> list[str]:
    if client == "Java":
        return java(group, folder)
    module = {"python-pkcs11": "pkcs11", "PyKCS11": "PyKCS11"}[client]
    pytest.importorskip(module)
    return python_client(f"with_{client.lower().replace('-', '_')}")


@pytest.mark.parametrize("client", ["python-pkcs11", "PyKCS11", "Java"])
def test_it_signs_while_members_are_killed(client: str, group: EmulatedGroup, tmp_path: Path) -> None:
    with running(command_of(client, group, tmp_path), group, tmp_path) as application:
        first = application.line()
        assert first in {"ready", "key app"}, first + (tmp_path / "messages").read_text()
        assert [application.sign() for _ in range(5)] == ["signed"] * 5
        group.stop_member(0)
        assert [application.sign() for _ in range(5)] == ["signed"] * 5
        group.set_fault(1, "hang")  # the call waits for ReceiveTimeout
        assert [application.sign() for _ in range(5)] == ["signed"] * 5
        assert group.counters(2)["calls"] > 0
        if client == "Java":  # the example ends with an exception
            return
        group.stop_member(2)
        group.stop_member(1)
        assert application.sign() == ERRORS[client]
        for index in range(3):
            group.start_member(index)
        wait_until(lambda: application.sign() == "signed")
        assert [application.sign() for _ in range(5)] == ["signed"] * 5


def test_java_says_why_it_cannot_sign(group: EmulatedGroup, tmp_path: Path) -> None:
    with running(java(group, tmp_path), group, tmp_path) as application:
        assert application.line() == "key app"
        for index in range(3):
            group.stop_member(index)
        assert application.sign() == ""
    messages = (tmp_path / "messages").read_text()
    assert ERRORS["Java"] in messages
    assert "CKR_DEVICE_ERROR" in messages
