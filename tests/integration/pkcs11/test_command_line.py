"""pkcs11-tool, p11tool and OpenSSL on a group of which a member is killed in between."""

from __future__ import annotations

import os
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from confkit.emulator import softhsm
from testing.programs import needs
from testing.softhsm import needs_softhsm

if TYPE_CHECKING:
    from pathlib import Path

    from confkit.emulator.group import EmulatedGroup

KEY = ("--keypairgen", "--key-type", "rsa:2048", "--id", "01", "--label", "app")


def run(command: list[str], environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env={**os.environ, **environment}, cwd=folder, capture_output=True, text=True, check=False
    )


def pkcs11_tool(group: EmulatedGroup, folder: Path, *arguments: str) -> str:
    command = ["pkcs11-tool", "--module", group.library, "--login", "--pin", group.pin, *arguments]
    done = run(command, group.environment(), folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("key", "mechanism"), [("rsa:2048", "SHA256-RSA-PKCS"), ("EC:prime256v1", "ECDSA")], ids=["RSA", "EC"]
)
def test_pkcs11_tool_makes_a_key_signs_and_verifies(
    group: EmulatedGroup, tmp_path: Path, key: str, mechanism: str
) -> None:
    needs("pkcs11-tool")
    (tmp_path / "message").write_text("m" * 32)
    sign = ("--id", "01", "--mechanism", mechanism, "--input-file", "message")
    pkcs11_tool(group, tmp_path, "--keypairgen", "--key-type", key, "--id", "01")
    group.stop_member(0)
    pkcs11_tool(group, tmp_path, "--sign", *sign, "--output-file", "signature")
    group.stop_member(1)
    shown = pkcs11_tool(group, tmp_path, "--verify", *sign, "--signature-file", "signature")
    assert "Signature is valid" in shown
    assert "Private Key Object" in pkcs11_tool(group, tmp_path, "--list-objects")
    assert group.counters(2)["calls"] > 0


def test_the_tests_of_pkcs11_tool_go_as_with_softhsm2_alone(group: EmulatedGroup, tmp_path: Path) -> None:
    needs("pkcs11-tool")
    (tmp_path / "alone").mkdir()
    alone = softhsm.make_tokens(needs_softhsm(), str(tmp_path / "alone" / "private"), ["alone"])
    results = []
    for module, pin, environment in (
        (group.library, group.pin, group.environment()),
        (alone.library, alone.pin, {"SOFTHSM2_CONF": alone.configuration}),
    ):
        tool = ["pkcs11-tool", "--module", module, "--login", "--pin", pin]
        assert run([*tool, *KEY], environment, tmp_path).returncode == 0
        done = run([*tool, "--test"], environment, tmp_path)
        results.append(
            (done.returncode, done.stdout, [line for line in done.stderr.splitlines() if "slot" not in line])
        )
    assert results[0] == results[1]
    assert results[0][1].count("OK") > 5


def test_p11tool_lists_tokens_and_objects(group: EmulatedGroup, tmp_path: Path) -> None:
    needs("p11tool", "pkcs11-tool")
    pkcs11_tool(group, tmp_path, *KEY)
    group.stop_member(0)
    tokens = run(["p11tool", "--provider", group.library, "--list-tokens"], group.environment(), tmp_path)
    assert f"Label: {group.token_label}" in tokens.stdout, tokens.stdout + tokens.stderr
    url = f"pkcs11:token={group.token_label}"
    listing = ["p11tool", "--provider", group.library, "--login", "--list-all", "--set-pin", group.pin, url]
    objects = run(listing, group.environment(), tmp_path)
    assert "Label: app" in objects.stdout, objects.stdout + objects.stderr
    assert "Type: Private key" in objects.stdout


def test_openssl_serves_tls_with_a_key_of_the_group(group: EmulatedGroup, tmp_path: Path) -> None:
    """One process of openssl: each handshake is a signature, and a member is killed between two of them."""
    needs("openssl", "pkcs11-tool")
    pkcs11_tool(group, tmp_path, *KEY)
    environment = {**group.environment(), "PKCS11_MODULE_PATH": group.library}
    key = f"pkcs11:token={group.token_label};object=app;type=private;pin-value={group.pin}"
    engine = ["-engine", "pkcs11", "-keyform", "engine", "-key", key]
    request = ["openssl", "req", "-new", "-x509", "-subj", "/CN=app", *engine, "-out", "app.pem"]
    made = run(request, environment, tmp_path)
    assert made.returncode == 0, made.stderr
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serve = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", "app.pem", *engine, "-www"]
    with subprocess.Popen(
        serve, env={**os.environ, **environment}, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        try:
            assert server.stdout is not None
            while b"ACCEPT" not in server.stdout.readline():
                assert server.poll() is None
            assert shakes_hands(port, tmp_path)
            group.stop_member(0)
            assert all(shakes_hands(port, tmp_path) for _ in range(3))
            group.stop_member(1)
            group.stop_member(2)
            assert not shakes_hands(port, tmp_path)
            for index in range(3):
                group.start_member(index)
            assert any(shakes_hands(port, tmp_path) for _ in range(50))
        finally:
            server.kill()


def shakes_hands(port: int, folder: Path) -> bool:
    """Return whether a TLS client accepts the server's signature."""
    connect = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", "app.pem", "-verify_return_error"]
    done = subprocess.run(connect, cwd=folder, input=b"", capture_output=True, check=False)
    return done.returncode == 0 and b"Verify return code: 0 (ok)" in done.stdout
