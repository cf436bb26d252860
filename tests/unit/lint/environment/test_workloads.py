"""What compose files and workloads say of the way to the client's file: where a mounted file comes to."""

from __future__ import annotations

import pytest

from confkit.lint.lint_file import LintOptions, lint_source
from confkit.lint.rules import RULES
from testing.linting import diagnose_environment

VARIABLE = "ChrystokiConfigurationPath"
POD = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: luna}
data:
  Chrystoki.conf: |
    Chrystoki2 = {
      LibUNIX64 = /usr/lib/libCryptoki2_64.so;
    }
---
apiVersion: v1
kind: Pod
metadata: {name: payments}
spec:
  containers:
  - name: app
    image: app
    env: [{name: ChrystokiConfigurationPath, value: DIRECTORY}]
    volumeMounts: [{name: luna, MOUNT}]
  volumes: [{name: luna, configMap: {name: luna}}]
"""


def service(field: str, target: str, directory: str) -> str:
    return (
        f"{field}:\n  luna: {{file: ./Chrystoki.conf}}\nservices:\n  app:\n    image: app\n"
        f"    environment: {{{VARIABLE}: {directory}}}\n    {field}: [{{source: luna{target}}}]\n"
    )


@pytest.mark.parametrize(
    ("field", "target", "directory"),
    [
        ("secrets", ", target: Chrystoki.conf", "/run/secrets"),
        ("secrets", ", target: ./Chrystoki.conf", "/run/secrets/"),
        ("secrets", ", target: luna/Chrystoki.conf", "/run/secrets/luna"),
        ("secrets", ", target: ../luna/Chrystoki.conf", "/run/luna"),
        ("secrets", ", target: /etc/luna/Chrystoki.conf", "/etc/luna"),
        ("secrets", "", "/run/secrets"),
        ("configs", ", target: Chrystoki.conf", "/"),
        ("configs", ", target: etc/luna/Chrystoki.conf", "/etc/luna"),
        ("configs", ", target: /etc/luna/Chrystoki.conf", "/etc/luna"),
    ],
)
def test_where_a_secret_or_a_config_of_compose_comes_to(field: str, target: str, directory: str) -> None:
    assert diagnose_environment("compose.yaml", service(field, target, directory)) == []
    (elsewhere,) = diagnose_environment("compose.yaml", service(field, target, "/opt/other"))
    assert (elsewhere.code, elsewhere.line) == ("CK702", 6)
    home = directory.rstrip("/") or "/"
    assert elsewhere.message.endswith(f"and the file comes to {home}")


def test_a_target_with_a_drive_stands_for_itself() -> None:
    text = service("secrets", r", target: 'C:\luna\crystoki.ini'", r"'C:\luna'")
    assert [each.code for each in diagnose_environment("compose.yaml", text)] == []


@pytest.mark.parametrize(
    "mount", ["mountPath: etc/luna", "mountPath: etc/luna/Chrystoki.conf, subPath: Chrystoki.conf"]
)
def test_a_relative_mount_of_kubernetes_starts_at_the_root(mount: str) -> None:
    def codes(directory: str) -> list[str]:
        text = POD.replace("MOUNT", mount).replace("DIRECTORY", directory)
        return [each.code for each in lint_source("pod.yaml", text.encode(), LintOptions(RULES)).diagnostics]

    assert codes("/etc/luna") == []
    assert codes("/opt/luna") == ["CK702"]
