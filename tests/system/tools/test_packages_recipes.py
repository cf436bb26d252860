from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

from tools.packages.recipes import recipes


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "luna_confkit-1.2.3.tar.gz"
    path.write_bytes(b"the source")
    return path


def test_no_place_is_left_and_all_name_the_archive(archive: Path) -> None:
    digest = hashlib.sha256(b"the source").hexdigest()
    texts = recipes(archive)
    assert sorted(texts) == ["confkit.rb", "recipe.yaml"]
    for text in texts.values():
        assert "@" not in text.replace("python@3.13", "")
        assert digest in text
        assert "1.2.3" in text


def test_conda_gets_the_requirements_of_the_project(archive: Path) -> None:
    recipe = yaml.safe_load(recipes(archive)["recipe.yaml"])
    run = recipe["requirements"]["run"]
    assert "python >=3.11" in run
    assert [line.split()[0] for line in run] == ["python", "typer", "rich", "pydantic"]
    assert recipe["context"]["version"] == "1.2.3"


def test_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not named luna_confkit-VERSION"):
        recipes(tmp_path / "confkit.zip")
