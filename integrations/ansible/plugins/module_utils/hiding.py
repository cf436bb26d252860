# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
"""Take the secrets of a file out of what leaves the host: with -vvv a connection prints every result as it comes."""

from __future__ import annotations

import re

from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.catalogue.names import SECRET_NAMES
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.escape import plain
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.redact import MASK, Secrets
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.syntax import parse
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.syntax.document import text
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.syntax.lines import split_lines

_MOST_LINES = 10_000  # the controller compares them line by line, which takes quadratic time in the worst case
_NAME = re.compile("(?:" + "|".join(SECRET_NAMES) + ")[0-9a-z_]*", re.IGNORECASE)
_CONTENT = re.compile(rb"[^\x00-\x20\x7f\"'=;{}\[\]#/]")  # what is left gives a line its structure, TABs included


def difference(path: str, before: bytes, after: bytes, section: str, key: str) -> dict:
    """Return the change as Ansible shows it with --diff: without control characters, and with every secret masked."""
    old, new = split_lines(before), split_lines(after)
    if len(new) > _MOST_LINES:
        return {"prepared": f"{plain(path)} has more than {_MOST_LINES} lines: the difference is not shown\n"}
    secrets = Secrets([*old, *new])
    shown_old, shown_new = ([_shown(secrets, line) for line in lines] for lines in (old, new))
    if before != after and shown_old == shown_new:  # one secret in the place of another
        line = parse(after, path).entries(section, key)[0].line
        shown_new[line - 1] = shown_new[line - 1].replace(MASK, f"{MASK} (another value)", 1)
    return {
        "before": "".join(f"{line}\n" for line in shown_old),
        "after": "".join(f"{line}\n" for line in shown_new),
        "before_header": plain(path),
        "after_header": plain(path),
    }


def _shown(secrets: Secrets, line: bytes) -> str:
    return plain(secrets.hide(text(line)).rstrip("\r\n"))


def with_secrets_starred(source: bytes) -> bytes:
    """Return the file with every secret overwritten by asterisks: the same length, so that all positions stay.

    Where a secret's name stands, what follows it on the line is overwritten but for the signs of the syntax; where a
    secret comes up again elsewhere, the line is overwritten from its beginning.
    """
    lines = split_lines(source)
    secrets = Secrets(lines)
    return b"".join(_starred(line) if _holds_secret(secrets, line) else line for line in lines)


def _holds_secret(secrets: Secrets, line: bytes) -> bool:
    shown = text(line)
    return secrets.hide(shown) != shown


def _starred(line: bytes) -> bytes:
    name = _NAME.search(line.decode("latin-1"))  # a character is a byte
    start = name.end() if name else 0
    return line[:start] + _CONTENT.sub(b"*", line[start:])


def hidden(output: str, *files: bytes) -> str:
    """Return what a program printed about these files, with their secrets masked and control characters escaped."""
    lines: list[bytes] = [line for each in files for line in split_lines(each)]
    secrets = Secrets(lines)
    return "\n".join(plain(secrets.hide(line)) for line in output.splitlines())
