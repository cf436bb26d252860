from __future__ import annotations

from pathlib import Path

import pytest

from tests.preflight.host import Host


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host on which nothing is wrong."""
    return Host(tmp_path)
