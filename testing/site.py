"""The documentation site as tests look at it: built once for all workers, served on a port of its own."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from testing.programs import REPOSITORY, found, needs, needs_packages, unmet

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAYGROUND = REPOSITORY / "tools" / "site" / "playground"
MODULES = PLAYGROUND / "node_modules"
_INSTALL = "npm ci --ignore-scripts --prefix tools/site/playground"


def needs_docs(*packages: str) -> None:
    """Skip the running test without the Python packages of the extra docs (or fail, see `needs`)."""
    needs_packages("docs", *(packages or ("mkdocs", "mkdocs-material", "mkdocstrings")))


def needs_playground() -> None:
    """Skip the running test without the packages of npm that the playground is built from (or fail, see `needs`)."""
    needs("node", "npm")
    if not (MODULES / ".package-lock.json").is_file():
        unmet("needs the packages of the playground", _INSTALL)


def built_site(directory: Path) -> Path:
    """Build the site below `directory`, which all workers share, unless one of them has; return that of its HTML."""
    needs_docs()
    needs_playground()
    html = directory / "site" / "html"
    with (directory / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not html.is_dir():
            command = [sys.executable, "-m", "tools.site", "--output", str(directory / "site")]
            done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
    return html


class Served(NamedTuple):
    """A site at `address`, which ends in a slash; `asked` are the paths of all requests so far."""

    address: str
    asked: list[str]
    server: ThreadingHTTPServer


@contextmanager
def serving(directory: Path) -> Iterator[Served]:
    """Serve a directory on a port of 127.0.0.1."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def guess_type(self, path: str | os.PathLike[str]) -> str:
            return {".mjs": "text/javascript", ".wasm": "application/wasm"}.get(
                Path(path).suffix
            ) or super().guess_type(path)

        def log_request(self, *_: object) -> None:
            asked.append(self.path)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(directory))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Served(f"http://127.0.0.1:{server.server_port}/", asked, server)
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def chromium() -> Iterator[Any]:
    """Start Debian's Chromium, which reaches this machine and no other; yield Playwright's browser."""
    needs_docs("playwright")
    needs("chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the extra docs

    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found("chromium"), args=arguments)
        try:
            yield browser
        finally:
            browser.close()
