"""confkit/cli/completion/table.json: what the completion of a shell needs of the commands, without loading them."""

from __future__ import annotations

import json
import re
from typing import Any

from confkit.emulator.plans import fault_forms
from confkit.lint.rules import RULES
from confkit.preflight.run import RULES as HOST_RULES
from tools.commands import Argument, Command, Option, root

# How the value of an argument or option is completed, by its name in the help.
_KINDS = {
    **dict.fromkeys(("PATH", "FILE", "[PATH]...", "A", "B", "CHANGES", "SRC", "DST", "SO"), "files"),
    **dict.fromkeys(("DIR", "FROM", "TO"), "directories"),
    **dict.fromkeys(("SECONDS", "S", "N", "P", "C", "DURATION", "PATTERN", "VERSION", "ADDRESS", "TEXT"), "none"),
    **dict.fromkeys(("USER[:GROUP]", "GROUP,...", "MS[,MS...]"), "none"),
    "SECTION": "section",
    "KEY": "key",
    "VALUE": "value",
    "HOST": "host",
    "LABEL": "label",
    "L": "label",
    "CODE|SECTION": "subject",
    "CODES": "codes",
    "I=FAULT": "fault",
    "-- COMMAND ...": "commands",
    "SHELL": "bash|zsh|fish",
}
# A name that is new, or one that the metavar does not tell: command, parameter.
_EXCEPTIONS = {
    ("server add", "host"): "none",
    ("ha create", "label"): "none",
    ("ha remove-member", "serial"): "member",
}
_LONGEST = 70  # characters of a description beside a candidate


def table() -> str:
    """Return the text of the table. KeyError where a new name of a value has no kind yet."""
    content = {
        "command": _command(root(), ""),
        "rules": {rule.code: rule.name for rule in (*RULES, *HOST_RULES)},
        "faults": {re.sub(":.*", ":", form): effect for form, effect in fault_forms().items()},
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _command(command: Command, path: str) -> dict[str, Any]:
    repeating = [each for each in command.arguments if each.repeats]
    return {
        "about": _short(command.help),
        "options": {name: _option(each, path) for each in command.options for name in each.names},
        "arguments": [{"name": each.name, "kind": _kind(each, path)} for each in command.arguments],
        "commands": {each.name: _command(each, f"{path} {each.name}".strip()) for each in command.commands},
        **({"rest": _kind(repeating[0], path)} if repeating else {}),
    }


def _option(option: Option, path: str) -> dict[str, Any]:
    kind = _kind(option, path) if option.metavar is not None else None
    return {"name": option.name, "about": _short(option.help), **({"kind": kind} if kind else {})}


def _kind(parameter: Argument | Option, path: str) -> str:
    if (path, parameter.name) in _EXCEPTIONS:
        return _EXCEPTIONS[path, parameter.name]
    return "|".join(parameter.choices) or _KINDS[parameter.metavar or ""]


def _short(text: str) -> str:
    """Return the first sentence, or as much of it as stands beside a candidate."""
    sentence = text.partition("\n\n")[0].partition(". ")[0].partition("; ")[0].rstrip(".")
    return sentence if len(sentence) <= _LONGEST else f"{sentence[: _LONGEST - 3].rsplit(' ', 1)[0]}..."
