"""Text for a terminal or a log: what a file holds cannot move the cursor, forge a line or command a build server.

Build servers take certain text in a log for commands, whatever program printed it: `::name ...::` at the start of a
line and `##[name]` (GitHub: actions/runner, ActionCommand.cs, MIT), `##vso[...]` and `##[...]` (Azure:
https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands), `##teamcity[...]`. They are neutralised
wherever confkit runs, so that a log can be copied from one place to another.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Mapping

# First and last of C0, DEL and C1, of the bidirectional controls (Unicode TR 36) and line separators, and of what no
# encoder takes
_UNSAFE = (
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0x061C, 0x061C),
    (0x200E, 0x200F),
    (0x2028, 0x202E),
    (0x2066, 0x2069),
    (0xD800, 0xDFFF),
    (0xFEFF, 0xFEFF),
)


COMMAND = re.compile(r"(?<=#)#(?=\w*\[)", re.ASCII)
"""Where in a line a command stands; the `#` that this matches has to go."""
_COMMAND_AT_START = re.compile(
    r"(\s*):(?=:(?![0-9a-fA-F:.]*(?:[\s/%\],;)]|\Z)))"
)  # but for an IPv6 address, such as ::1
_BUILD_SERVERS = ("GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "JENKINS_URL", "TEAMCITY_VERSION", "CI")


def escape(text: str) -> str:
    r"""Return `text` on one line, with every control character written as \xNN or \uNNNN, and no command in it."""
    # what is printable holds no control character: they are all of the categories Other and Separator
    return without_commands(text if text.isprintable() else text.translate(_escapes()))


def without_commands(line: str) -> str:
    r"""Return one line of a log without commands to a build server: one character becomes \x23 or \x3a."""
    if "##" in line:
        line = COMMAND.sub(r"\\x23", line)
    return _COMMAND_AT_START.sub(r"\1\\x3a", line, count=1) if line.lstrip().startswith("::") else line


def without_commands_in_json(text: str) -> str:
    r"""Return JSON text that says the same and holds no command: a `#` becomes the escape \u0023 of JSON."""
    return COMMAND.sub(r"\\u0023", text) if "##" in text else text


def on_build_server(environment: Mapping[str, str]) -> bool:
    """Return whether standard output is likely to be read by a build server (GITHUB_ACTIONS, TF_BUILD, CI, ...)."""
    return any(environment.get(name, "").lower() not in {"", "0", "false"} for name in _BUILD_SERVERS)


def escape_lines(text: str) -> str:
    """Return `text` with its line feeds kept and all other control characters escaped."""
    return "\n".join(map(escape, text.split("\n")))


@lru_cache(maxsize=None)
def _escapes() -> dict[int, str]:
    # made when it is first needed: in a short command hardly ever
    return {code: _escape(code) for first, last in _UNSAFE for code in range(first, last + 1)}


def _escape(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00  # a byte that was not UTF-8, as Python carries it
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
