"""The site and the browser, each made once for a worker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from testing.site import Served, built_site, chromium, serving

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def html(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The directory of the built site."""
    base = tmp_path_factory.getbasetemp()
    return built_site(base if worker_id == "master" else base.parent)


@pytest.fixture(scope="module")
def site(html: Path) -> Iterator[Served]:
    """The site, served."""
    with serving(html) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, without a way to other hosts."""
    with chromium() as started:
        yield started
