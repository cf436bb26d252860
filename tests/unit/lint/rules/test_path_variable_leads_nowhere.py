"""CK702 path-variable-leads-nowhere."""

from __future__ import annotations

import pytest

from testing.linting import diagnose_environment


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (
            "Dockerfile",
            "FROM registry.example.com/luna-client:10.7\nCOPY Chrystoki.conf /etc/luna/Chrystoki.conf\nENV ChrystokiConfigurationPath=/opt/luna\n",
            3,
        ),
    ],
)
def test_what_is_found_and_where(path: str, text: str, line: int) -> None:
    assert [(each.code, each.line) for each in diagnose_environment(path, text)] == [("CK702", line)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "Dockerfile",
            "FROM registry.example.com/luna-client:10.7\nCOPY Chrystoki.conf /etc/luna/Chrystoki.conf\nENV ChrystokiConfigurationPath=/etc/luna\n",
        ),
    ],
)
def test_good_forms_are_not_found(path: str, text: str) -> None:
    assert diagnose_environment(path, text) == []
