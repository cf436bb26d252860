"""Redact secrets in text about files: the one way of every message, diff and report that quotes a file.

A `Redactor` knows the secrets of all texts involved, such as those before and after an edit. Secrets are found by the
names they stand behind (`confkit.core.secret_names`), wherever these are: in an entry, a comment, the value of another
entry, a line gone wrong. Besides, whatever the file: credentials in a URL, private keys, and what follows a secret's
name in the text itself. All of it takes linear time.

    hide        a message, or a name
    hide_line   a line of a file; the value of an entry that nobody knows is hidden too
    hide_value  the value of an entry as data
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from confkit.core.catalogue.names import SECRET_NAMES, SECTION_NAMES
from confkit.core.secret_names import is_catalogue_secret, is_known_name, is_secret_name
from confkit.core.syntax.document import text as decoded

if TYPE_CHECKING:
    from typing import Iterable, Iterator, Sequence

MASK = "********"

_WORD = re.compile(r"[0-9A-Za-z_.\-]+")
# Lines without any of these hold no secret's name, right or misspelt, and need not be taken apart.
_TRACES = "pas|wor|pw|pin|sec|ret|tok|ken|cre|den|key|psk|otp|jwt|bea|aut|cva|spe|dat"
_TRACE = re.compile(_TRACES, re.IGNORECASE)
_EXACT = re.compile("|".join(map(re.escape, SECRET_NAMES)), re.IGNORECASE)
_LONGEST_ENDING = 6  # of a name, as in AuthTokenClientSecret_2; what is longer is a value without a sign before it
_ASSIGNED = re.compile(r"[\"'\])}> \t]{0,64}(?:=>?|:(?!/))")
_BEFORE_NAME = re.compile(r"[^0-9A-Za-z]*")
_PRIVATE_KEY = re.compile("-----BEGIN [A-Z ]{0,40}PRIVATE KEY")
_KEY_END = "-----END "
_AROUND_VALUE = " \t\r\n\v\f\"'=:;{}[]()<>,\\\0"
_PROSE = re.compile("[a-z]+[.,]?")  # "must", in a comment, is not a secret, and is in many messages
_ANOTHER_THING = re.compile(r"[\[}]|---|- |[^=]+=.*[^=\s;]|[\w.\-]+:(?:\s|\Z)")  # a header, a brace, an entry, YAML
_COMMENT = re.compile(r"\s*(?:#|//|/\*|;)+\s*")
_NOT_SPACE = re.compile(r"\S")
_NAME_END = re.compile(r"\A\W+|\s+\Z")
_LONGEST_NAME = 100
_LONGEST_LINE = 200  # of the lines whose names are remembered
_SWITCH = frozenset({"", "0", "1", '"0"', '"1"'})  # one letter is not a secret, whatever the entry
_HARMLESS = re.compile(r"(?:true|false|yes|no|on|off|enabled|disabled|none|null|[01])?\b[;,\s]*\Z", re.IGNORECASE)
_LABEL = re.compile(r"VirtualToken[0-9]{2}Label\s*=\s*\"?([^;\"\r\n]*)", re.IGNORECASE)

_SHORTEST_VALUE = 4  # shorter ones are hidden behind their names only: 0 is not a secret, and is everywhere
_SHORT_VALUE = 8  # shorter ones are hidden only where they stand alone: a PIN is not part of a port
_MOST_VALUES = 500  # a file has one or two; each costs a search in every text that is shown
_MOST_SPACES = 64
_LONGEST_LOOK = 200  # characters behind a name
_KEY_WORD = re.compile(r"[0-9A-Za-z+/=_\-]*")  # a line of a private key, between its first and its last one


class Redactor:
    """The secrets of some files, given by their lines, and of `values` besides."""

    def __init__(self, *files: Sequence[bytes], values: Iterable[str] = ()) -> None:
        found: dict[str, None] = {}
        self._labels: set[str] = set()
        for lines in files:
            for line in lines:
                if b"abel" in line:
                    self._labels.update(match.strip().lower() for match in _LABEL.findall(decoded(line)))
            for value in _values(lines):
                found[value] = None
                if len(found) > _MOST_VALUES:
                    break
        for value in values:
            found.update(dict.fromkeys([value, *_readings(value)]))
        kept = [value for value in found if len(value) >= _SHORTEST_VALUE and not _is_known(value)]
        self._nothing_is_safe = len(found) > _MOST_VALUES
        # a longer one may hold a shorter one and has to go first
        self._values = [] if self._nothing_is_safe else sorted(kept, key=len, reverse=True)

    def hide(self, shown: str) -> str:
        """Return a message or a name with every secret replaced by asterisks.

        In a file with hundreds of secrets, which is not a configuration, nothing is shown.
        """
        return self._hidden(shown, _start_of_secret(shown, in_message=True))

    def hide_line(self, line: str) -> str:
        """Return a line of one of the files for a reader: without secrets and the value of an unknown entry."""
        start = _start_of_secret(line, in_message=False)
        unknown = self._start_of_unknown(line if start is None else line[:start])
        return self._hidden(line, start if unknown is None else unknown)

    def hide_value(self, name: str, value: str) -> str | None:
        """Return the value of an entry without the secrets in it; None where the entry itself is a secret."""
        one_letter = value in _SWITCH and not is_catalogue_secret(name)
        if is_secret_name(name) and not one_letter and name.lower() not in self._labels:
            return None
        return self._hidden(value, _start_of_secret(value, in_message=False))

    def _hidden(self, shown: str, start: int | None) -> str:
        if self._nothing_is_safe and shown:
            return MASK
        head, rest = (shown, "") if start is None else (shown[:start], shown[start:])
        if "://" in head:
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
        comment = _COMMENT.match(line)
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
            elif self._is_harmless(line[at:equals], line[value.start() : end], in_comment=comment is not None):
                at = end + 1
            else:
                return value.start()
        return None

    def _is_harmless(self, before: str, value: str, *, in_comment: bool) -> bool:
        name = _NAME_END.sub("", before[-_LONGEST_NAME:])
        if value.strip() in _SWITCH or name.lower() in self._labels or is_known_name(name):
            return True
        return in_comment and not _WORD.fullmatch(name)  # prose with an equals sign in it


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
    """Return a text with the user and the password masked in all of its URLs."""
    words = re.split(r"(\s+)", shown)
    for at, word in enumerate(words):
        start, end = word.find("://"), word.rfind("@")
        if 0 <= start < end - 3:
            words[at] = f"{word[: start + 3]}{MASK}{word[end:]}"
    return "".join(words)


def _start_of_secret(shown: str, *, in_message: bool) -> int | None:
    """Return where in a text the first secret starts, as `_first_secret` does."""
    found = _first_secret(shown, in_message=in_message)
    return found[0] if found else None


def _first_secret(shown: str, *, in_message: bool) -> tuple[int, bool] | None:
    """Return where the first secret starts that follows its name, and whether a sign such as `=` stands between.

    In a message only what follows `NAME =` is one: "AuthTokenClientSecret: must not be empty" holds none.
    """
    key = _PRIVATE_KEY.search(shown) if "PRIVATE KEY" in shown else None
    for start, end, certain in _secret_names(shown):
        if key and key.start() < start:
            break
        if certain and shown[end : end + 1].isalnum():
            return end, True
        sign = assigned = _assigned(shown, start, end)
        if in_message:
            assigned = assigned if "=" in shown[end:assigned] else 0
        elif not assigned and (certain or _is_followed_by_secret(shown, start, end)):
            assigned = end
        if assigned and not certain and _HARMLESS.match(shown[assigned : assigned + _MOST_SPACES].strip()):
            continue
        if assigned and shown[assigned:].strip(_AROUND_VALUE):
            before = shown[assigned : assigned + _MOST_SPACES]
            return assigned + len(before) - len(before.lstrip(" \t\"'")), sign > 0
    return (key.start(), True) if key else None


def _assigned(shown: str, start: int, end: int) -> int:
    """Return where the sign ends that assigns a value to the name at `start`..`end`; 0 where there is none."""
    sign = _ASSIGNED.match(shown, end)
    if sign is None:
        return 0
    is_host = sign.group() == ":" and ("." in shown[start:end] or shown[max(0, start - 2) : start] == "//")
    return 0 if is_host else sign.end()


def _secret_names(shown: str) -> Iterable[tuple[int, int, bool]]:
    """Return where the names of secrets stand in a text, and whether each is one of the catalogue's."""
    # files of a fleet share most of their lines, and each line is asked about more than once
    return _names_in_line(shown) if len(shown) <= _LONGEST_LINE else _names_in(shown)


@lru_cache(maxsize=2048)
def _names_in_line(shown: str) -> tuple[tuple[int, int, bool], ...]:
    return tuple(_names_in(shown))


def _names_in(shown: str) -> Iterator[tuple[int, int, bool]]:
    if "\0" in shown:  # UTF-16, read byte by byte
        if any(True for _ in _secret_names(shown.replace("\0", ""))):
            yield 0, 0, True
        return
    if not _has_trace(shown):
        return
    previous = -1
    for match in _WORD.finditer(shown):
        word, start, end = match.group(), match.start(), match.end()
        exact = _EXACT.search(word)
        if exact:
            glued = len(word) - exact.end() > _LONGEST_ENDING
            yield start, start + exact.end() if glued else end, True
        elif is_secret_name(word):
            yield start, end, is_catalogue_secret(word)
        elif previous >= 0 and start - previous <= _LONGEST_NAME and _EXACT.search(_joined(shown[previous:end])):
            yield previous, end, True
        previous = start


def _has_trace(shown: str) -> bool:
    if len(shown) <= _LONGEST_LINE or not shown.isascii():
        return _TRACE.search(shown) is not None
    # in a value of megabytes, plain searches take a twentieth of the time
    folded = shown.lower()
    return any(trace in folded for trace in _TRACES.split("|"))


def _joined(words: str) -> str:
    """Return two words without the space between them."""
    return words.replace(" ", "")


def _is_followed_by_secret(line: str, start: int, end: int) -> bool:
    """Return whether a secret follows a name without an equals sign: as an option, or as all that stands on a line."""
    rest = line[end : end + _LONGEST_LOOK].strip(_AROUND_VALUE)
    if not rest:
        return False
    if line[start] == "-":  # an option
        return True
    words = rest.split(None, 1)
    if line[start:end].lower() in {"bearer", "basic"}:
        return not _PROSE.fullmatch(words[0])
    alone = start <= _MOST_SPACES and _BEFORE_NAME.fullmatch(line, 0, start) is not None
    return alone and len(words) == 1 and not _PROSE.fullmatch(words[0])


def _values(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield what stands behind the name of each secret, on its own line or on those below, in all its readings."""
    awaited = inside_key = commented = goes_on = False
    found: list[str] = []
    for line in lines:
        words = decoded(line).replace("\0", "")
        comment = _COMMENT.match(words)
        said = words[comment.end() :] if comment else words
        if _PRIVATE_KEY.search(words):
            inside_key = _KEY_END not in words
            yield from _readings(words[words.index("-----BEGIN") :])
            continue
        inside_key = inside_key and _KEY_WORD.fullmatch(said.strip(_AROUND_VALUE)) is not None
        if inside_key:
            yield said.strip(_AROUND_VALUE)
            continue
        secret = _first_secret(words, in_message=False)
        last = None if secret else _name_at_end(words, said)
        if secret:
            rest, certain = words[secret[0] :], secret[1]
            goes_on = "=" in words[: secret[0]]
            commented = comment is not None
        elif last is not None:
            rest, certain = last, True
            goes_on = True
            commented = comment is not None
            yield from _before_name(words)
        elif awaited and (comment is None or commented) and not _ANOTHER_THING.match(said.lstrip()):
            rest, certain = said, not comment and not found
        else:
            awaited = awaited and not words.strip()
            continue
        found = [value for value in _readings(rest) if certain or not _PROSE.fullmatch(value)]
        awaited = goes_on and ";" not in rest and not (found and commented)
        yield from found


def _name_at_end(words: str, said: str) -> str | None:
    """Return what stands behind the name of a secret at the end of a line, where the secret is awaited below; or None.

    A name that is not the catalogue's counts where an equals sign follows it, or where it is all that the line says.
    """
    names = list(_secret_names(words))
    if not names:
        return None
    start, end, certain = names[-1]
    rest = words[end:]
    if rest.strip(_AROUND_VALUE) or not (
        certain or _ASSIGNED.match(rest) or said.lstrip().startswith(words[start:end])
    ):
        return None
    return rest


def _before_name(words: str) -> Iterator[str]:
    """Yield the name of an entry whose value is the name of a secret and nothing else: written the wrong way round."""
    name, equals, value = words.partition("=")
    if equals and is_catalogue_secret(value.strip(_AROUND_VALUE)):
        yield from _readings(name)


def _readings(piece: str) -> Iterator[str]:
    """Yield what programs may read as the value: all there is, its parts between `;`, and its first word."""
    piece = piece.strip(_AROUND_VALUE)
    parts = [part.strip(_AROUND_VALUE) for part in piece.split(";")[:_MOST_SPACES]]
    first = parts[0].split(None, 1)[:1]
    readings = [piece, *parts, *(part.partition("=")[0].strip(_AROUND_VALUE) for part in parts[:1]), *first]
    yield from (reading for reading in dict.fromkeys(readings) if reading)
