from __future__ import annotations

import tomllib

from confkit.core.extras import PACKAGES, install_command
from testing.programs import REPOSITORY


def test_the_packages_are_those_of_the_extras() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    extras = {name: tuple(project["optional-dependencies"][name]) for name in PACKAGES}
    assert extras == PACKAGES


def test_the_command_asks_for_nothing_that_only_an_index_with_confkit_has() -> None:
    assert install_command("manifests") == "pip install 'PyYAML>=6.0'"
    assert install_command("lsp") == "pip install 'pygls>=2.0,<3' 'lsprotocol>=2025.0'"
