"""CK164 wrong-file-name: The file has another name than the one that the client looks for."""

from __future__ import annotations

import pytest

from testing.linting import LIBRARY, codes, diagnose


@pytest.mark.parametrize(
    "name", ["chrystoki.conf", "crystoki.conf", "CHRYSTOKI.CONF", "etc/chrystoki.conf", "Chrystoki.Conf"]
)
def test_another_spelling_of_the_name_is_noted(name: str) -> None:
    assert [(each.code, each.severity) for each in diagnose(LIBRARY, name)] == [("CK164", "info")]


@pytest.mark.parametrize("name", ["Chrystoki.conf", "/etc/Chrystoki.conf", "luna.conf", "Chrystoki-base.conf"])
def test_other_names_are_not(name: str) -> None:
    assert codes(LIBRARY, name) == []
