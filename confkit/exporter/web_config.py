"""TLS and basic authentication from the web configuration file that Prometheus exporters share.

https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md. What Python's TLS cannot do, or
does otherwise, is refused by name, so that no setting is silently without effect. The file, certificate and key are
read again when one of them changes, as exporters do.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import ssl
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from confkit.core.errors import ConfkitError, FileError
from confkit.core.extras import missing_extra
from confkit.core.storage.reader import MAX_WEB_CONFIGURATION, read_bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MAX_USERS_REMEMBERED = 100
# https://go.dev/src/crypto/tls: the names that the file has, for what Python calls TLSVersion
_VERSIONS = {
    "TLS10": ssl.TLSVersion.TLSv1,
    "TLS11": ssl.TLSVersion.TLSv1_1,
    "TLS12": ssl.TLSVersion.TLSv1_2,
    "TLS13": ssl.TLSVersion.TLSv1_3,
}
_CLIENT_AUTH = {
    "NoClientCert": ssl.CERT_NONE,
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}
# Compared for a user who is not in the file, so that the time to refuse does not tell who is
_NOBODY = b"$2b$10$9bPA17g54baoZsN5gD2G/OCddc0IZlWhZYgJMDiGO88Z0nW.hSURq"


class _WebConfigModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TlsServerConfig(_WebConfigModel):
    """The part tls_server_config; paths are relative to the file."""

    cert_file: str
    key_file: str
    client_auth_type: Literal["NoClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"] = "NoClientCert"
    client_ca_file: str | None = None
    min_version: Literal["TLS10", "TLS11", "TLS12", "TLS13"] = "TLS12"
    max_version: Literal["TLS10", "TLS11", "TLS12", "TLS13"] = "TLS13"


class HttpServerConfig(_WebConfigModel):
    """The part http_server_config. `http2` has no effect: this server speaks HTTP/1."""

    http2: bool = True
    headers: dict[str, str] = {}


class WebConfigFile(_WebConfigModel):
    """The whole file."""

    tls_server_config: TlsServerConfig | None = None
    http_server_config: HttpServerConfig = HttpServerConfig()
    basic_auth_users: dict[str, str] = {}


@dataclass(frozen=True)
class WebSettings:
    """What a connection needs: TLS where it is wanted, users with their bcrypt hashes, headers of every answer.

    `files` are those that this was read from.
    """

    tls: ssl.SSLContext | None = None
    users: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()


def load(path: str) -> WebSettings:
    """Return the settings of the web configuration file. FileError where it or what it names is invalid.

    UnavailableError where a package of the extra is not installed.
    """
    document = _validated(path, _yaml(path))
    tls = document.tls_server_config
    directory = os.path.dirname(os.path.abspath(path))
    named = (tls.cert_file, tls.key_file, tls.client_ca_file) if tls else ()
    files = (path, *(os.path.join(directory, each) for each in named if each))
    if document.basic_auth_users:
        _bcrypt()
    try:
        context = _context(tls, directory) if tls else None
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise FileError(
            f"tls_server_config cannot be used: {error}. Check its files and versions.", path=path
        ) from error
    return WebSettings(context, document.basic_auth_users, document.http_server_config.headers, files)


def _yaml(path: str) -> object:
    try:
        import yaml  # noqa: PLC0415 - an extra of this package
    except ImportError as error:
        raise missing_extra("--web-config", "PyYAML", "exporter") from error
    data = read_bounded(path, MAX_WEB_CONFIGURATION)
    try:
        return yaml.safe_load(data) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = {"line": mark.line + 1, "column": mark.column + 1} if mark else {}
        raise FileError("this is not YAML. Fix the file.", path=path, **where) from error


def _validated(path: str, document: object) -> WebConfigFile:
    try:
        return WebConfigFile.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or "the file"
        if first["type"] == "extra_forbidden":
            raise FileError(f"{name} is not supported by confkit. Remove it.", path=path) from error
        raise FileError(f"{name}: {first['msg']}. Fix the value.", path=path) from error


def _context(tls: TlsServerConfig, directory: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = _VERSIONS[tls.min_version]
    context.maximum_version = _VERSIONS[tls.max_version]
    context.load_cert_chain(os.path.join(directory, tls.cert_file), os.path.join(directory, tls.key_file), _no_password)
    if tls.client_ca_file:
        context.load_verify_locations(os.path.join(directory, tls.client_ca_file))
    elif tls.client_auth_type != "NoClientCert":
        raise ValueError(f"{tls.client_auth_type} needs client_ca_file")
    context.verify_mode = _CLIENT_AUTH[tls.client_auth_type]
    return context


def _no_password() -> str:
    raise ValueError("the private key is encrypted")


def _bcrypt() -> Callable[[bytes, bytes], bool]:
    try:
        import bcrypt  # noqa: PLC0415 - an extra of this package
    except ImportError as error:
        raise missing_extra("basic_auth_users", "bcrypt", "exporter") from error
    return bcrypt.checkpw


class Authentication:
    """Which passwords were right: bcrypt is slow on purpose, and a scraper shows the same one every few seconds."""

    def __init__(self) -> None:
        self._right: dict[bytes, None] = {}
        self._key = os.urandom(32)
        self._lock = threading.Lock()  # one comparison at a time: guesses cannot take every processor

    def allows(self, users: Mapping[str, str], name: str, password: str) -> bool:
        """Return whether the user has this password; in about the same time where there is no such user."""
        given = password.encode()[:72]  # bcrypt's limit; Go's implementation refuses longer ones when it hashes
        hashed = users.get(name, "").encode()
        token = hmac.digest(self._key, b"\0".join((name.encode(), hashed, password.encode())), hashlib.sha256)
        if token in self._right:
            return True
        with self._lock:
            try:
                right = _bcrypt()(given, hashed or _NOBODY) and bool(hashed)
            except ValueError:  # not a bcrypt hash, or a NUL in the password
                right = False
            if right and len(self._right) < _MAX_USERS_REMEMBERED:
                self._right[token] = None
        return right


class WebConfig:
    """The settings in force: those of the file, read again when it or a file that it names has changed."""

    def __init__(self, path: str | None, say: Callable[[str], None]) -> None:
        """Load the file, None for no TLS and no users; `say` is given a line when reading it again fails."""
        self._path = path
        self._say = say
        self._settings = load(path) if path is not None else WebSettings()
        self._stamps = [_stamp(each) for each in self._settings.files]

    def settings(self) -> WebSettings:
        """Return the settings; the last valid ones where the file became invalid."""
        stamps = [_stamp(each) for each in self._settings.files]
        if self._path is not None and stamps != self._stamps:
            self._stamps = stamps
            try:
                self._settings = load(self._path)
            except ConfkitError as error:
                self._say(f"{error} The previous settings stay in force.")
            else:
                self._stamps = [_stamp(each) for each in self._settings.files]
        return self._settings


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
