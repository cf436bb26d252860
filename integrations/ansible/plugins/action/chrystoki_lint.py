# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lint the file of a managed host on the controller: the linter needs Python 3.11, the host may have 3.8 alone.

The module of the same name reads the file there and hides its secrets. confkit is started as a process of its own,
because it may be installed for another Python than Ansible's.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import shutil
import subprocess
import sys
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

_MODULE = "confkit.luna.chrystoki_lint"


class ActionModule(ActionBase):
    """The controller's side of chrystoki_lint."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Have the file read and lint it."""
        result = super().run(tmp, task_vars)
        fetched = self._execute_module(module_name=_MODULE, module_args=self._task.args, task_vars=task_vars)
        source, asked = fetched.pop("content", None), fetched.pop("asked", None)
        result.update(fetched)
        if source is not None:
            result.update(judged(self.lint(base64.b64decode(source), fetched["path"], asked), fetched["path"]))
        self._remove_tmp_path(self._connection._shell.tmpdir)  # noqa: SLF001 - as every action plugin does
        return result

    def lint(self, source: bytes, path: str, asked: dict[str, Any]) -> subprocess.CompletedProcess:
        """Return the finished `confkit lint` of these bytes."""
        # `--option=value`, for no path and no code is then taken for an option
        options = [f"--stdin-filename={path}", "--format=json", f"--fail-on={asked['fail_on']}"]
        options += [f"--{name}={','.join(asked[name])}" for name in ("select", "ignore") if asked[name]]
        # settings are looked for from here upward
        folder = self._loader.get_basedir()
        command = [*confkit(), "lint", "-", *options]
        return subprocess.run(command, input=source, capture_output=True, cwd=folder, check=False)  # noqa: S603 - no shell


def confkit() -> list[str]:
    """Return the command that starts confkit on the controller; AnsibleActionFail where there is none."""
    if importlib.util.find_spec("confkit") and importlib.util.find_spec("confkit.cli"):
        return [sys.executable, "-m", "confkit"]
    found = shutil.which("confkit")
    if found:
        return [found]
    raise AnsibleActionFail(
        "there is no confkit on the controller, where chrystoki_lint runs the linter. Install luna-confkit for the "
        f"Python that runs Ansible ({sys.executable}), or put the command confkit on the PATH."
    )


def judged(lint: subprocess.CompletedProcess, path: str) -> dict[str, Any]:
    """Return the result of a finished lint."""
    if lint.returncode not in {0, 1}:  # wrong codes, wrong settings, or a text that is too long to lint
        raise unfinished(lint)
    try:
        report = json.loads(lint.stdout)
        findings = {"summary": report["summary"], "diagnostics": report["diagnostics"]}
    except (ValueError, KeyError, TypeError) as error:  # another program of this name
        raise unfinished(lint) from error
    if lint.returncode == 1:
        return dict(findings, failed=True, msg=message(path, **findings))
    return findings


def unfinished(lint: subprocess.CompletedProcess) -> AnsibleActionFail:
    """Return the error for a lint without a report."""
    said = lint.stderr.decode(errors="replace").strip() or "it printed no report"
    return AnsibleActionFail(f"confkit lint on the controller ended with {lint.returncode}: {said}")


def message(path: str, summary: dict[str, int], diagnostics: list[dict[str, Any]]) -> str:
    """Say in one line how much there is to find, and what comes first."""
    found = [(summary[f"{each}s"], each) for each in ("error", "warning", "info")]
    counts = ", ".join(f"{count} {each}{'s' if count > 1 else ''}" for count, each in found if count)
    worst = min(diagnostics, key=lambda each: ("error", "warning", "info").index(each["severity"]))
    return f"{path}: {counts}; first: line {worst['line']}: {worst['code']} {worst['message']}"
