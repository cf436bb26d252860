"""CK3, HA: the HA log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core import ha
from confkit.core.ha import unquoted
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_name, at_value, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

_SECTION = "HAConfiguration"
_SMALLEST = 262_144  # bytes; in examples, and recalled as the minimum
_MOST_DIGITS = 19


def incomplete_ha_log(context: LintContext) -> Iterator[Finding]:
    """The HA log is enabled without a directory, or has a directory without being enabled.

    ## Why

    Nothing is logged until haLogPath names a directory, so haLogStatus alone has no effect. The reverse is less grave:
    clients from 7.2.0 enable the log when a group is configured, older ones do not.

    ## Bad

    ```conf
    HAConfiguration = {
      haLogStatus = enabled;
    }
    ```

    ## Good

    ```conf
    HAConfiguration = {
      haLogStatus = enabled;
      haLogPath = /var/log/luna;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm
    """
    status = context.entries(_SECTION, "haLogStatus")
    path = context.entries(_SECTION, "haLogPath")
    to_stdout = [unquoted(entry.value) for entry in context.entries(_SECTION, "haLogToStdout")]
    if status and unquoted(status[0].value) == "enabled" and "enabled" not in to_stdout:
        if not context.stands_anywhere("haLogPath"):
            yield at_name(status[0], f"{status[0].name} is enabled, but haLogPath is missing: nothing is logged")
    elif path and path[0].value and not context.stands_anywhere("haLogStatus"):
        message = f"{path[0].name} is set, but haLogStatus is missing: clients before 7.2.0 log nothing"
        yield at_name(path[0], message, "info")


def small_ha_log(context: LintContext) -> Iterator[Finding]:
    """The HA log is rotated at less than 262144 bytes.

    ## Why

    262144 bytes is the smallest size in the vendor's examples and recalled as the minimum. A smaller log is renamed
    often, and what it held is spread over many files.

    ## Bad

    ```conf
    HAConfiguration = {
      haLogStatus = enabled;
      haLogPath = /var/log/luna;
      logLen = 1000;
    }
    ```

    ## Good

    ```conf
    HAConfiguration = {
      haLogStatus = enabled;
      haLogPath = /var/log/luna;
      logLen = 262144;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm for the example; the minimum
    is recalled.
    """
    status = [unquoted(entry.value) for entry in context.entries(_SECTION, "haLogStatus")[:1]]
    for entry in () if status == ["disabled"] else context.entries(_SECTION, "logLen")[:1]:
        value = unquoted(entry.value)
        if ha.is_serial(value) and len(value) <= _MOST_DIGITS and int(value) < _SMALLEST:
            yield at_value(entry, f"{entry.name} is {shown(value)} bytes: {_SMALLEST} is the smallest size seen")


RULES = (
    Rule("CK319", "incomplete-ha-log", "warning", incomplete_ha_log, ("info",)),
    Rule("CK320", "small-ha-log", "info", small_ha_log),
)
