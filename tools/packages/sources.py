"""The source archives that the self-contained tree is built from, pinned by hash, and their licences."""

from __future__ import annotations

import hashlib
import urllib.request
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_DEBIAN = "http://deb.debian.org/debian/pool/main/"
_MAX_SECONDS = 120


class Source(NamedTuple):
    """One archive. The same bytes lie at every address; the hash decides, so plain HTTP does no harm."""

    name: str
    version: str
    file: str
    """under which build_python.sh looks for it"""
    sha256: str
    urls: tuple[str, ...]
    licence: str
    """SPDX expression"""
    licence_file: str


SOURCES = (
    Source(
        "python",
        "3.13.15",
        "python.tar.xz",
        "1e66a7945a48390ee4c2a4268a0e4185884059a13c4aab6d148aa208deea4a76",
        (
            "https://www.python.org/ftp/python/3.13.15/Python-3.13.15.tar.xz",
            _DEBIAN + "p/python3.13/python3.13_3.13.15.orig.tar.xz",
        ),
        "PSF-2.0",
        "LICENSE",
    ),
    # 3.5 has long-term support until April 2030
    Source(
        "openssl",
        "3.5.7",
        "openssl.tar.gz",
        "a8c0d28a529ca480f9f36cf5792e2cd21984552a3c8e4aa11a24aa31aeac98e8",
        (
            "https://github.com/openssl/openssl/releases/download/openssl-3.5.7/openssl-3.5.7.tar.gz",
            _DEBIAN + "o/openssl/openssl_3.5.7.orig.tar.gz",
        ),
        "Apache-2.0",
        "LICENSE.txt",
    ),
    Source(
        "libffi",
        "3.4.8",
        "libffi.tar.gz",
        "cbb7f0b3b095dc506387ec1e35b891bfb4891d05b90a495bc69a10f2293f80ff",
        (_DEBIAN + "libf/libffi/libffi_3.4.8.orig.tar.gz",),
        "MIT",
        "LICENSE",
    ),
    Source(
        "zlib",
        "1.3.1",
        "zlib.tar.gz",
        "60dd315c07f616887caa029408308a018ace66e3d142726a97db164b3b8f69fb",
        (_DEBIAN + "z/zlib/zlib_1.3.dfsg%2Breally1.3.1.orig.tar.gz",),
        "Zlib",
        "LICENSE",
    ),
)


def fetch(directory: Path) -> None:
    """Put every archive into `directory`, unless it is there. SystemExit: no address has the pinned bytes."""
    directory.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        path = directory / source.file
        if path.exists() and _digest(path.read_bytes()) == source.sha256:
            continue
        path.write_bytes(_download(source))


def _download(source: Source) -> bytes:
    reasons = []
    for url in source.urls:
        try:
            with urllib.request.urlopen(url, timeout=_MAX_SECONDS) as answer:  # noqa: S310 - our own addresses
                content: bytes = answer.read()
        except OSError as error:
            reasons.append(f"{url}: {error}")
            continue
        if _digest(content) == source.sha256:
            return content
        reasons.append(f"{url}: its sha256 is {_digest(content)}, not {source.sha256}")
    raise SystemExit(f"no source archive of {source.name} {source.version}:\n    " + "\n    ".join(reasons))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
