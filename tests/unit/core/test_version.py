"""The version stands once; whatever names it elsewhere names the same one."""

from __future__ import annotations

import re
from importlib.metadata import version

from confkit.core.version import VERSION
from testing.checkout import own_files

# a released tag or archive of ours that people copy from these files
NAMED = re.compile(r"(?:confkit/confkit(?:/|@)v|confkit:|confkit@v)(\d+\.\d+\.\d+)\b")


def test_it_is_a_version_and_the_package_has_it() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)
    assert version("luna-confkit") == VERSION


def test_what_users_copy_names_this_version() -> None:
    texts = [
        path
        for directory in ("integrations", "docs", "samples")
        for path in own_files("*", directory)
        if path.suffix in {".md", ".yml", ".yaml", ""}
    ]
    found = {(path.name, number) for path in texts for number in NAMED.findall(path.read_text())}
    assert {name for name, _ in found} >= {"Jenkinsfile", "confkit.gitlab-ci.yml", "README.md"}
    assert {number for _, number in found} == {VERSION}
