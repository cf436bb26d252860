"""Workloads and the ConfigMaps that they mount, in files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from confkit.lint.lint_file import LintOptions
from confkit.lint.rules import RULES
from confkit.lint.runner import lint_paths

if TYPE_CHECKING:
    from pathlib import Path

FILE = "  Chrystoki.conf: |\n    Chrystoki2 = {\n      LibUNIX64 = /usr/lib/libCryptoki2_64.so;\n    }\n"
CONFIG_MAP = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: luna-client}}\ndata:\n{FILE}"
SECRET = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: luna-client}}\nstringData:\n{FILE}"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: payments}
spec:
  template:
    spec:
      containers:
      - name: app
        volumeMounts: [{name: luna, mountPath: /usr/local/luna/config}]
      volumes:
      - {name: luna, configMap: {name: luna-client}}
"""
KUSTOMIZATION = "resources: [deployment.yaml]\nconfigMapGenerator:\n- name: luna-client\n  files: [FILE]\n"


def found(paths: list[Path]) -> list[tuple[str, str, int]]:
    run = lint_paths([str(path) for path in paths], LintOptions(RULES))
    return [
        (file.path.rpartition("/")[2], each.code, each.line)
        for file in run
        if file.error is None
        for each in file.diagnostics
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("configmap.yaml", CONFIG_MAP),
        ("base/configmap.yml", CONFIG_MAP),
        ("kustomization.yaml", KUSTOMIZATION.replace("FILE", "conf/Chrystoki.conf")),
        ("kustomization.yaml", KUSTOMIZATION.replace("FILE", "Chrystoki.conf=conf/luna.txt")),
    ],
)
def test_a_deployment_mounts_a_config_map_of_another_file(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / name).write_text(text)
    (tmp_path / "deployment.yaml").write_text(DEPLOYMENT)
    assert found([tmp_path]) == [("deployment.yaml", "CK703", 9)]
    if "kustom" not in name:
        assert found([tmp_path / "deployment.yaml", tmp_path / name]) == [("deployment.yaml", "CK703", 9)]


def test_a_secret_of_another_file(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(SECRET)
    text = DEPLOYMENT.replace("configMap: {name:", "secret: {secretName:")
    (tmp_path / "deployment.yaml").write_text(text)
    assert found([tmp_path]) == [("deployment.yaml", "CK703", 9)]


def test_a_deployment_that_leads_to_it_and_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "configmap.yaml").write_text(CONFIG_MAP)
    env = "        env: [{name: ChrystokiConfigurationPath, value: /usr/local/luna/config}]\n      volumes:"
    (tmp_path / "deployment.yaml").write_text(DEPLOYMENT.replace("      volumes:", env))
    (tmp_path / "other.yaml").write_text(DEPLOYMENT.replace("luna-client", "luna-client-of-another"))
    (tmp_path / "unrelated.yaml").write_text(DEPLOYMENT.replace("{name: luna-client}", "{name: web}"))
    assert found([tmp_path]) == []


def test_an_overlay_in_another_directory_sets_another_directory(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base/configmap.yaml").write_text(CONFIG_MAP)
    env = "        env: [{name: ChrystokiConfigurationPath, value: /opt/luna}]\n      volumes:"
    (tmp_path / "deployment.yaml").write_text(DEPLOYMENT.replace("      volumes:", env))
    assert found([tmp_path]) == [("deployment.yaml", "CK702", 10)]
