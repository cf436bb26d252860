"""Write each result of a play to $RECORDED_RESULTS, a JSON object a line: what the tests look at."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase  # type: ignore[import-untyped]

DOCUMENTATION = """
    name: recorded
    type: notification
    short_description: results as JSON lines
    description: Writes host, task, state and result of every task to the file that RECORDED_RESULTS names.
    options: {}
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible-core ships no types
    """Ansible wants a class of this name."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "recorded"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # noqa: FBT002, ARG002 - the callback's signature
        self._record("failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._record("unreachable", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._record("skipped", result)

    def _record(self, state: str, result: Any) -> None:
        line = {"host": result.host.get_name(), "task": result.task.get_name(), "state": state, "result": result.result}
        with open(os.environ["RECORDED_RESULTS"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")
