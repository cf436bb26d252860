# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a file says, as `confkit show --format json` has it: groups, servers, time limits and entries.

confkit's own view needs Python 3.11 and pydantic; a test holds both against each other on every sample.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Dict, Iterator

from ansible_collections.confkit.luna.plugins.module_utils.catalogue_table import SECTIONS
from ansible_collections.confkit.luna.plugins.module_utils.confkit.catalogue.names import is_secret

if TYPE_CHECKING:
    from ansible_collections.confkit.luna.plugins.module_utils.confkit.syntax import Document, Entry

_MEMBERS = re.compile(r"[,\s]+")
_WITH_LIMITS = ("HAConfiguration", "LunaSA Client", "Luna")

View = Dict[str, Any]


def view(document: Document) -> View:
    """Return the view of a file; the value of a secret entry is None. Never raises, whatever the file holds."""
    return {
        "form": "windows" if document.windows else "unix",
        "sections": list(_sections(document)),
        "groups": list(_groups(document)),
        "servers": list(_servers(document)),
        "timeouts": list(_timeouts(document)),
        "problems": list(_problems(document)),
    }


def _sections(document: Document) -> Iterator[View]:
    for section in document.sections:
        entries = []
        for entry in section.entries:
            secret = is_secret(entry.name)
            value = None if secret else _text(entry.value)
            entries.append({"name": _text(entry.name), "value": value, "secret": secret, "line": entry.line})
        yield {"name": _text(section.name), "line": section.line, "entries": entries}


def _groups(document: Document) -> Iterator[View]:
    for index, parts in _numbered(document, "VirtualToken", "VirtualToken([0-9]{2})(Label|SN|Members)"):
        label = _value(parts.get("label"))
        yield {
            "index": index,
            "label": label,
            "serial": _value(parts.get("sn")),
            "members": _list(_value(parts.get("members"))),
            "standby": _list(document.get("HAConfiguration", f"{label}StandbyMembers")) if label else [],
            "synchronize": document.get("HASynchronize", label) if label else None,
            "line": min(entry.line for entry in parts.values()),
        }


def _servers(document: Document) -> Iterator[View]:
    for index, parts in _numbered(document, "LunaSA Client", "Server(Name|Port|Htl)([0-9]{2})"):
        if "name" in parts or "port" in parts:
            port = _value(parts.get("port"))
            yield {
                "index": index,
                "name": _value(parts.get("name")),
                "port": int(port) if port and re.fullmatch("[0-9]{1,5}", port) else None,
                "line": min(entry.line for entry in parts.values()),
            }


def _timeouts(document: Document) -> Iterator[View]:
    platform = "windows" if document.windows else "unix"
    for section in _WITH_LIMITS:
        limits = [item for item in SECTIONS[section]["entries"].items() if "unit" in item[1]]
        for key, facts in sorted(limits, key=lambda item: item[0] != "statusTimeout"):
            if facts.get("platform", platform) == platform:
                yield _timeout(document, section, key, facts)


def _timeout(document: Document, section: str, key: str, facts: dict[str, Any]) -> View:
    live = document.entries(section, key)
    default = facts.get("default")
    return {
        "section": section,
        "key": key,
        "value": _text(live[0].value) if live else default,
        "unit": facts["unit"],
        "source": "file" if live else "default" if default else "unknown",
        "line": live[0].line if live else None,
        "meaning": facts["meaning"],
    }


def _problems(document: Document) -> Iterator[View]:
    for problem in document.problems:
        line, column = document.position(problem.line, problem.start)
        yield {"code": problem.code, "message": _text(problem.message), "line": line, "column": column}


def _numbered(document: Document, section: str, pattern: str) -> list[tuple[int, dict[str, Entry]]]:
    """Return (number, part -> first entry) in the order of the numbers, for a family of entries."""
    expression = re.compile(pattern, re.IGNORECASE if document.windows else 0)
    found: dict[int, dict[str, Entry]] = {}
    for entry in (entry for each in document.sections_named(section) for entry in each.entries):
        match = expression.fullmatch(entry.name)
        if match:
            number, part = sorted(match.groups())
            found.setdefault(int(number), {}).setdefault(part.lower(), entry)
    return sorted(found.items())


def _text(value: str) -> str:
    """Return text that JSON can carry: bytes that were not UTF-8 become escapes."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _value(entry: Entry | None) -> str | None:
    return _text(entry.value) if entry else None


def _list(value: str | None) -> list[str]:
    return [_text(part) for part in _MEMBERS.split(value) if part] if value else []
