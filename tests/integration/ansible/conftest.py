"""The collection, assembled once, and the Pythons that its modules run on."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_running import build
from testing.programs import interpreter, packages_of, unmet


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the assembled collection, and the library of ansible-core for modules run alone."""
    library = importlib.util.find_spec("ansible")
    if library is None or library.origin is None:
        unmet("needs ansible-core", packages_of("integration"))
    folder = tmp_path_factory.mktemp("collections")
    build(folder)
    (folder / "ansible").symlink_to(Path(library.origin).parent)
    return folder


@pytest.fixture(scope="session")
def collection(root: Path) -> Path:
    """The folder of the assembled collection."""
    return root / "ansible_collections" / "confkit" / "luna"


@pytest.fixture(params=["this Python", "Python 3.8"])
def python(request: pytest.FixtureRequest) -> str:
    """An interpreter of a managed host: the oldest that the collection supports, and the one of the tests."""
    if request.param == "this Python":
        return sys.executable
    return interpreter("3.8")


@pytest.fixture(scope="module")
def utils(root: Path) -> Any:
    """Import modules of the assembled collection into this process."""
    sys.path.insert(0, str(root))
    yield lambda name: importlib.import_module(f"ansible_collections.confkit.luna.plugins.module_utils.{name}")
    sys.path.remove(str(root))
    for name in [name for name in sys.modules if name.startswith("ansible_collections")]:
        del sys.modules[name]
