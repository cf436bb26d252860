"""Redact secrets in text about files: the one way of every message, diff and report that quotes a file.

A `Redactor` knows the secrets of all texts involved, such as those before and after an edit. Secrets are found by the
names they stand behind (`confkit.core.secret_names`), wherever these are: in an entry, a comment, the value of another
entry, a line gone wrong. Besides, whatever the file: credentials in an address or its query, private keys, and what
follows a secret's name in the text itself. All of it takes linear time.

    hide        a message, or a name
    hide_line   a line of a file; the value of an entry that nobody knows is hidden too
    hide_value  the value of an entry as data, for whoever asked for this very entry
    hide_entry  the same for a list of entries; the value of an entry that nobody knows is hidden too
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.core.catalogue.names import SECTION_NAMES
from confkit.core.secret_names import is_catalogue_secret, is_known_name, is_secret_name
from confkit.core.secret_places import (
    AROUND_VALUE,
    COMMENT,
    WORD,
    readings,
    secret_values,
    start_of_secret,
)
from confkit.core.syntax.document import text as decoded

if TYPE_CHECKING:
    from typing import Iterable, Sequence

MASK = "********"

_NOT_SPACE = re.compile(r"\S")
_FIRST_WORD = re.compile(r"[^\s;]*")
# The variable that leads the client to its file, in a script or a unit: its value is the name of a directory.
_PATH_VARIABLE = re.compile(r"\bChrystokiConfigurationPath\s*\Z", re.IGNORECASE)
_PATH_ASSIGNED = re.compile(r"[\"']?ChrystokiConfigurationPath\s*=", re.IGNORECASE)
_NAME_END = re.compile(r"\A\W+|\s+\Z")
_LONGEST_NAME = 100
_SWITCH = frozenset({"", "0", "1", '"0"', '"1"'})  # one letter is not a secret, whatever the entry
_QUERY = re.compile(r"[\w.~%\-]{1,100}=[^=]")
_QUERY_NAME = re.compile(r"[\w.~%\-]{1,100}=")
_NO_PASSWORD = re.compile(r"\b[A-Za-z]:[\\/]")  # a drive
_LABEL = re.compile(r"VirtualToken[0-9]{2}Label\s*=\s*\"?([^;\"\r\n]*)", re.IGNORECASE)

_SHORTEST_VALUE = 4  # shorter ones are hidden behind their names only: 0 is not a secret, and is everywhere
_SHORT_VALUE = 8  # shorter ones are hidden only where they stand alone: a PIN is not part of a port
_MOST_VALUES = 500  # a file has one or two; each costs a search in every text that is shown


class Redactor:
    """The secrets of some files, given by their lines, and of `values` besides."""

    def __init__(self, *files: Sequence[bytes], values: Iterable[str] = ()) -> None:
        found: dict[str, None] = {}
        self._labels: set[str] = set()
        for lines in files:
            for line in lines:
                if b"abel" in line:
                    self._labels.update(match.strip().lower() for match in _LABEL.findall(decoded(line)))
            for value in secret_values(lines):
                found[value] = None
                if len(found) > _MOST_VALUES:
                    break
        for value in values:
            found.update(dict.fromkeys([value, *readings(value)]))
        kept = [value for value in found if len(value) >= _SHORTEST_VALUE and not _is_known(value)]
        self._nothing_is_safe = len(found) > _MOST_VALUES
        # a longer one may hold a shorter one and has to go first
        self._values = [] if self._nothing_is_safe else sorted(kept, key=len, reverse=True)

    def hide(self, shown: str) -> str:
        """Return a message or a name with every secret replaced by asterisks.

        In a file with hundreds of secrets, which is not a configuration, nothing is shown.
        """
        return self._hidden(shown, start_of_secret(shown, in_message=True))

    def hide_line(self, line: str) -> str:
        """Return a line of one of the files for a reader: without secrets and the value of an unknown entry."""
        start = start_of_secret(line, in_message=False)
        unknown = self._start_of_unknown(line if start is None else line[:start])
        return self._hidden(line, start if unknown is None else unknown)

    def hide_value(self, name: str, value: str) -> str | None:
        """Return the value of an entry without the secrets in it; None where the entry itself is a secret."""
        one_letter = value in _SWITCH and not is_catalogue_secret(name)
        if is_secret_name(name) and not one_letter and name.lower() not in self._labels:
            return None
        return self._hidden(value, start_of_secret(value, in_message=False))

    def hide_entry(self, name: str, value: str) -> str | None:
        """Return the value of one entry of many as `hide_value` does, and a mask where nobody knows the entry."""
        shown = self.hide_value(name, value)
        return MASK if shown is not None and not self._is_harmless(name, value, in_comment=False) else shown

    def _hidden(self, shown: str, start: int | None) -> str:
        if self._nothing_is_safe and shown:
            return MASK
        head, rest = (shown, "") if start is None else (shown[:start], shown[start:])
        if "@" in head or "?" in head:
            head = _without_credentials(head)
        for value in self._values:
            if value in head:
                head = _replaced(head, value)
        if start is None:
            return head
        body = rest.rstrip("\r\n")
        end = ";" if ";" in body else ""  # what follows it is hidden with the value, which may hold one
        return f"{head}{MASK}{end}{rest[len(body) :]}"

    def _start_of_unknown(self, line: str) -> int | None:
        """Return where the value of the first unknown entry of a line starts, or None."""
        comment = COMMENT.match(line)
        at = comment.end() if comment else 0
        end = -1
        while at < len(line):
            if end < at:
                end = line.find(";", at)
                end = len(line) if end < 0 else end
            equals = line.find("=", at, end)
            value = _NOT_SPACE.search(line, equals + 1, end) if equals >= 0 else None
            if value is None:
                at = end + 1
            elif value.group() == "{":  # a header and more on one line
                at = value.end()
            elif _PATH_ASSIGNED.match(line, value.start()):  # Environment= of a unit
                at = value.start()
            elif _PATH_VARIABLE.search(line, at, equals):
                word = _FIRST_WORD.match(line, value.start(), end)
                at = word.end() if word else end + 1
            elif self._is_harmless(line[at:equals], line[value.start() : end], in_comment=comment is not None):
                at = end + 1
            else:
                return value.start()
        return None

    def _is_harmless(self, before: str, value: str, *, in_comment: bool) -> bool:
        name = _NAME_END.sub("", before[-_LONGEST_NAME:])
        if value.strip() in _SWITCH or name.lower() in self._labels or is_known_name(name):
            return True
        return in_comment and not WORD.fullmatch(name)  # prose with an equals sign in it


BY_CONTENT = Redactor()
"""Knows no file: judges a text by its content alone."""


def _is_known(value: str) -> bool:
    """Return whether a text is the name of an entry or a section: that is not a secret, and is in many messages."""
    return value in SECTION_NAMES or is_known_name(value) or is_known_name(value.partition("=")[0].strip())


def _replaced(shown: str, value: str) -> str:
    if len(value) >= _SHORT_VALUE:
        return shown.replace(value, MASK)
    return re.sub(f"(?<![0-9A-Za-z]){re.escape(value)}(?![0-9A-Za-z])", MASK, shown)


def _without_credentials(shown: str) -> str:
    """Return a text with user and password masked in all of its addresses, and the query of each URL."""
    words = re.split(r"(\s+)", shown)
    for at, word in enumerate(words):
        if "@" in word or "?" in word:
            words[at] = _without_user(_without_query(word))
    return "".join(words)


def _without_query(word: str) -> str:
    """Return a word with the query of a URL masked: signatures, codes and keys stand there under any name."""
    start = word.find("?", word.find("://") + 1) + 1
    if not start or not ("://" in word or _QUERY.match(word, start)):
        return word
    end = len(word.rstrip(AROUND_VALUE))
    name = _QUERY_NAME.match(word, start)
    start = name.end() if name else start
    return f"{word[:start]}{MASK}{word[end:]}" if end > start else word


def _without_user(word: str) -> str:
    """Return a word with the user and the password of a URL masked, and the password of `user:password@host`."""
    scheme, end = word.find("://"), word.rfind("@")
    start = scheme + 3 if scheme >= 0 else word.find(":") + 1
    if not 0 < start < end or (scheme < 0 and _NO_PASSWORD.match(word, start - 2)):
        return word
    host = word[end + 1 :].strip(AROUND_VALUE)
    return word if not host or host.startswith("sha256") else f"{word[:start]}{MASK}{word[end:]}"
