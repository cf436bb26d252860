"""Charts as `helm template` renders them: sound ones without a finding, and one change at a time that is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from confkit.lint.lint_file import LintOptions, lint_source
from confkit.lint.rules import RULES

CHARTS = Path(__file__).parent / "data" / "helm"


def found(text: str) -> list[tuple[str, str]]:
    """Return the codes of the findings about the way to the file, each with the line that it marks."""
    linted = lint_source("rendered.yaml", text.encode(), LintOptions(RULES))
    assert linted.error is None
    lines = text.splitlines()
    return [
        (each.code, lines[each.line - 1][each.column - 1 : each.end_column - 1])
        for each in linted.diagnostics
        if each.code.startswith("CK7")
    ]


@pytest.mark.parametrize("chart", sorted(CHARTS.glob("*.yaml")), ids=lambda chart: chart.stem)
def test_a_sound_chart_has_no_warning(chart: Path) -> None:
    linted = lint_source(chart.name, chart.read_bytes(), LintOptions(RULES))
    assert linted.error is None
    assert [(each.code, each.line) for each in linted.diagnostics if each.severity != "info"] == []


@pytest.mark.parametrize(
    ("chart", "old", "new", "expected"),
    [
        (
            "payments",
            '"/usr/safenet/lunaclient/config"',
            '"/usr/safenet/lunaclient/config/Chrystoki.conf"',
            [("CK701", '"/usr/safenet/lunaclient/config/Chrystoki.conf"')],
        ),
        ("payments", '"/usr/safenet/lunaclient/config"', '"/etc/luna"', [("CK702", '"/etc/luna"')]),
        ("payments", '"/usr/safenet/lunaclient/config"', '"<path>"', [("CK706", '"<path>"')]),
        ("payments", '"/usr/safenet/lunaclient/config"', "'\"/etc/luna\"'", [("CK707", "'\"/etc/luna\"'")]),
        ("payments", '"/usr/safenet/lunaclient/config"', '""', [("CK708", '""')]),
        (
            "payments",
            "            - configMapRef:\n                name: release-payments-env\n",
            "            - configMapRef:\n                name: release-luna-client\n",
            [],  # the Secret beside it may set the variable
        ),
        (
            "payments",
            (
                "          envFrom:\n            - configMapRef:\n                name: release-payments-env\n"
                "            - secretRef:\n                name: release-payments-pin\n                optional: true\n"
            ),
            "",
            [("CK703", "/usr/safenet/lunaclient/config")],
        ),
        (
            "payments",
            "            - name: POD_NAME\n",
            "            - name: chrystokiConfigurationPath\n              value: /x\n            - name: POD_NAME\n",
            [],  # envFrom sets the right one
        ),
        (
            "payments",
            "            - name: POD_NAME\n",
            "            - name: ChrystokiConfigurationPath\n              value: $HOME/luna\n            - name: POD_NAME\n",
            [("CK706", "$HOME/luna")],
        ),
        (
            "signer",
            "value: /luna/config",
            "value: /luna/config/Chrystoki.conf",
            [("CK701", "/luna/config/Chrystoki.conf")],
        ),
        ("signer", "value: /luna/config", "value: /etc/luna", [("CK702", "/etc/luna")]),
        ("signer", "value: /luna/config", "value: luna/config", [("CK708", "luna/config")]),
        (
            "signer",
            "name: ChrystokiConfigurationPath",
            "name: chrystokiConfigurationPath",
            [("CK709", "chrystokiConfigurationPath")],
        ),
        (
            "rotation",
            "mountPath: /etc/Chrystoki.conf",
            "mountPath: /opt/Chrystoki.conf",
            [("CK703", "/opt/Chrystoki.conf")],
        ),
        (
            "rotation",
            "mountPath: /etc/Chrystoki.conf",
            "mountPath: /etc/luna/Chrystoki.conf",
            [("CK703", "/etc/luna/Chrystoki.conf")],
        ),
    ],
)
def test_one_change_is_found_at_its_place(chart: str, old: str, new: str, expected: list[tuple[str, str]]) -> None:
    text = (CHARTS / f"{chart}.yaml").read_text()
    assert text.count(old) == 1
    assert found(text.replace(old, new)) == expected
