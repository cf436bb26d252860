"""CK704 conflicting-path-variables."""

from __future__ import annotations

import pytest

from testing.linting import diagnose_environment


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("luna.sh", "export ChrystokiConfigurationPath=/etc/luna\nexport ChrystokiConfigurationPath=/opt/luna\n", 2),
    ],
)
def test_what_is_found_and_where(path: str, text: str, line: int) -> None:
    assert [(each.code, each.line) for each in diagnose_environment(path, text)] == [("CK704", line)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("luna.sh", "export ChrystokiConfigurationPath=/etc/luna\nexport ChrystokiConfigurationPath=/etc/luna/\n"),
        ("luna.sh", "export ChrystokiConfigurationPath=/etc/luna\n"),
    ],
)
def test_good_forms_are_not_found(path: str, text: str) -> None:
    assert diagnose_environment(path, text) == []
