"""TLS and basic authentication: by real connections, and every wrong file with what is wrong in it."""

from __future__ import annotations

import base64
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import bcrypt
import pytest

from confkit.core.errors import FileError, UnavailableError
from confkit.exporter import server
from confkit.exporter.web_config import Authentication, WebConfig, load
from testing import pki
from testing.exporter_states import STATE

HASH = "$2b$04$55gprZmxQ34CoOYYzvffMu6UF0py1kJTjJMsSoETydCVzLe0SxnRO"  # of "right"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory with a server's certificate and key, an authority, and a client's certificate and key of it."""
    authority = pki.certificate("ca", pki.CLIENT_KEY, authority=True)
    (tmp_path / "server.pem").write_bytes(pki.pem(pki.certificate("exporter", alternative=("127.0.0.1",))))
    (tmp_path / "server.key").write_bytes(pki.key_pem(pki.SERVER_KEY))
    (tmp_path / "ca.pem").write_bytes(pki.pem(authority))
    (tmp_path / "client.pem").write_bytes(pki.pem(pki.certificate("client", issuer=(authority, pki.CLIENT_KEY))))
    return tmp_path


TLS = "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"
USERS = f"basic_auth_users:\n  scraper: {HASH}\n"


def serve(directory: Path, text: str, say: Callable[[str], None] = print) -> int:
    path = directory / "web.yml"
    path.write_text(text)
    return server.start(server.Address("127.0.0.1", 0), lambda: STATE, WebConfig(str(path), say))


def get(url: str, context: ssl.SSLContext | None = None, password: str | None = None) -> int:
    request = urllib.request.Request(url)
    if password is not None:
        request.add_header("Authorization", f"Basic {base64.b64encode(password.encode()).decode()}")
    try:
        with urllib.request.urlopen(request, timeout=10, context=context) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def trusting(directory: Path, *, client: bool = False) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(directory / "server.pem"))
    if client:
        context.load_cert_chain(directory / "client.pem", directory / "server.key")
    return context


def test_tls(directory: Path) -> None:
    port = serve(directory, TLS)
    assert get(f"https://127.0.0.1:{port}/metrics", trusting(directory)) == 200
    with pytest.raises(OSError):  # noqa: PT011 - closed or reset: the server speaks TLS alone
        get(f"http://127.0.0.1:{port}/metrics")
    assert get(f"https://127.0.0.1:{port}/-/healthy", trusting(directory)) == 200


def test_old_versions_are_refused_unless_they_are_named(directory: Path) -> None:
    port = serve(directory, TLS + "  min_version: TLS13\n")
    context = trusting(directory)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(urllib.error.URLError, match=r"(?i)version|alert|closed|reset|EOF"):
        get(f"https://127.0.0.1:{port}/metrics", context)


def test_a_client_without_a_certificate_is_refused_where_one_is_required(directory: Path) -> None:
    port = serve(directory, TLS + "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n")
    with pytest.raises(OSError):  # noqa: PT011 - TLS 1.3 tells it at the first read
        get(f"https://127.0.0.1:{port}/metrics", trusting(directory))
    assert get(f"https://127.0.0.1:{port}/metrics", trusting(directory, client=True)) == 200


def test_users(directory: Path) -> None:
    port = serve(directory, USERS)
    for path in ("/metrics", "/", "/-/healthy", "/none"):
        url = f"http://127.0.0.1:{port}{path}"
        assert [get(url, password=each) for each in (None, "scraper:wrong", "other:right", "", "scraper")] == [401] * 5
    assert get(f"http://127.0.0.1:{port}/metrics", password="scraper:right") == 200
    assert get(f"http://127.0.0.1:{port}/metrics", password="scraper:right") == 200  # from memory
    assert get(f"http://127.0.0.1:{port}/metrics", password="scraper:wrong") == 401


def test_a_right_password_is_compared_once_and_a_new_hash_counts() -> None:
    known = Authentication()
    assert known.allows({"a": HASH}, "a", "right")
    assert known.allows({"a": HASH}, "a", "right")
    other = bcrypt.hashpw(b"other", bcrypt.gensalt(4)).decode()
    assert not known.allows({"a": other}, "a", "right")
    assert not known.allows({"a": "not a hash"}, "a", "right")
    assert not known.allows({"a": HASH}, "a", "x\0y")


def test_headers(directory: Path) -> None:
    port = serve(directory, "http_server_config:\n  headers:\n    X-Frame-Options: deny\n")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        assert answer.headers["X-Frame-Options"] == "deny"


def test_a_changed_file_counts_at_once_and_an_invalid_one_is_said_and_not_used(directory: Path) -> None:
    said: list[str] = []
    port = serve(directory, "", said.append)
    url = f"http://127.0.0.1:{port}/metrics"
    assert get(url) == 200
    (directory / "web.yml").write_text(USERS)
    assert get(url) == 401
    (directory / "web.yml").write_text("basic_auth_users: 7\n")
    assert [get(url), get(url)] == [401, 401]
    assert len(said) == 1
    assert "basic_auth_users" in said[0]
    assert said[0].endswith("The previous settings stay in force.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tls_server_config: {cert_file: server.pem}", "tls_server_config.key_file: Field required"),
        (TLS + "  cipher_suites: [TLS_AES_128_GCM_SHA256]\n", "tls_server_config.cipher_suites is not supported"),
        (TLS + "  client_auth_type: RequireAnyClientCert\n", "tls_server_config.client_auth_type"),
        (TLS + "  client_auth_type: RequireAndVerifyClientCert\n", "needs client_ca_file"),
        (TLS.replace("server.pem", "none.pem"), "tls_server_config cannot be used"),
        (TLS.replace("server.key", "ca.pem"), "tls_server_config cannot be used"),
        ("tls: {}", "tls is not supported by confkit"),
        ("- a", "valid dictionary"),
        ("a: [", "this is not YAML"),
        ("a: &a [*a]", "a is not supported"),
        ("\0", "this is not YAML"),
        ("[" * 100_000, "it has more than 64 KiB"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(directory: Path, text: str, words: str) -> None:
    path = directory / "web.yml"
    path.write_text(text)
    with pytest.raises(FileError) as caught:
        load(str(path))
    assert words in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "right" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"there is no such file"):
        load(str(tmp_path / "none.yml"))


@pytest.mark.parametrize(("package", "text"), [("yaml", ""), ("bcrypt", USERS)], ids=["yaml", "bcrypt"])
def test_a_missing_package_is_one_line_with_the_command(
    directory: Path, monkeypatch: pytest.MonkeyPatch, package: str, text: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, package, None)
    (directory / "web.yml").write_text(text)
    with pytest.raises(UnavailableError) as caught:
        load(str(directory / "web.yml"))
    assert "pip install 'prometheus-client>=0.20' 'PyYAML>=6.0' 'bcrypt>=4.0'" in str(caught.value)
    assert "\n" not in str(caught.value)
