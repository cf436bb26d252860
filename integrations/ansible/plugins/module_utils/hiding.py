# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
"""Take the secrets of a file out of what leaves the host: with -vvv a connection prints every result as it comes."""

from __future__ import annotations

import os
import re

from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.escape import escape
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.redact import MASK, Redactor
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.syntax.document import raw, text
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.syntax.lines import split_lines

_MOST_LINES = 10_000  # the controller compares them line by line, which takes quadratic time in the worst case
_CONTENT = re.compile(rb"[^\x00-\x20\x7f\"'=;{}\[\]#/]")  # what is left gives a line its structure, TABs included


def difference(path: str, before: bytes, after: bytes) -> dict:
    """Return the change as Ansible shows it with --diff: without control characters, and with every secret masked."""
    old, new = split_lines(before), split_lines(after)
    if len(new) > _MOST_LINES:
        return {"prepared": f"{escape(path)} has more than {_MOST_LINES} lines: the difference is not shown\n"}
    redactor = Redactor(old, new)
    shown_old, shown_new = ([_shown(redactor, line) for line in lines] for lines in (old, new))
    if len(old) == len(new):  # one secret in the place of another shows as a change all the same
        for number, (one, other) in enumerate(zip(old, new)):
            if one != other and shown_old[number] == shown_new[number]:
                shown_new[number] = shown_new[number].replace(MASK, f"{MASK} (another value)", 1)
    return {
        "before": "".join(f"{line}\n" for line in shown_old),
        "after": "".join(f"{line}\n" for line in shown_new),
        "before_header": escape(path),
        "after_header": escape(path),
    }


def _shown(redactor: Redactor, line: bytes) -> str:
    return escape(redactor.hide_line(text(line)).rstrip("\r\n"))


def with_secrets_starred(source: bytes) -> bytes:
    """Return the file with every secret overwritten by asterisks: the same length, so that all positions stay.

    A line that holds a secret is overwritten from there on, but for the signs of the syntax. The values of entries that
    nobody knows stay: the file is linted.
    """
    lines = split_lines(source)
    redactor = Redactor(lines)
    return b"".join(_starred(redactor, line) for line in lines)


def _starred(redactor: Redactor, line: bytes) -> bytes:
    shown = redactor.hide_value("", text(line)) or ""
    if shown == text(line):
        return line
    start = len(os.path.commonprefix([line, raw(shown)]))  # noqa: RUF071 - of bytes, not of paths
    return line[:start] + _CONTENT.sub(b"*", line[start:])


def hidden(output: str, *files: bytes) -> str:
    """Return what a program printed about these files, with their secrets masked and control characters escaped."""
    redactor = Redactor(*map(split_lines, files))
    return "\n".join(escape(redactor.hide_line(line)) for line in output.splitlines())
