"""The log of the language server goes to no file that another user's link leads to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from testing.command import confkit
from testing.storage_child import SOMEBODY, need_root, open_to_all

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_of_somebody_else_leads_root_to_no_file(exists: bool) -> None:
    need_root("makes a link of another user")
    with open_to_all() as folder:
        target, link = folder / "target", folder / "lsp.log"
        folder.chmod(0o755)
        if exists:
            target.touch()
        link.symlink_to(target)
        os.lchown(link, SOMEBODY, SOMEBODY)
        result = confkit("lsp", "--log-file", str(link))
        assert (result.code, "belongs to uid" in result.err) == (3, True), result
        assert target.exists() == exists
        assert not exists or target.read_bytes() == b""


def test_a_configuration_is_no_log(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_text("Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n")
    before = path.read_bytes()
    result = confkit("lsp", "--log-file", str(path))
    assert (result.code, "is not a log of confkit lsp" in result.err) == (3, True), result
    assert path.read_bytes() == before
