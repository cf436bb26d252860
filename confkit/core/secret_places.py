"""Find where secrets stand in a text, and what they are: by the names in front of them, and by their look.

A secret follows its name (`confkit.core.secret_names`): behind an equals sign, a colon, a space, in a sentence of a
comment, or on a line below. All of it takes linear time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from confkit.core.catalogue.names import SECRET_NAMES
from confkit.core.secret_names import is_catalogue_secret, is_known_name, is_secret_name, may_name_secret
from confkit.core.syntax.document import text as decoded

if TYPE_CHECKING:
    from typing import Iterable, Iterator

WORD = re.compile(r"[0-9A-Za-z_.\-]+")
_EXACT = re.compile("|".join(map(re.escape, SECRET_NAMES)), re.IGNORECASE)
_LONGEST_ENDING = 6  # of a name, as in AuthTokenClientSecret_2; what is longer is a value without a sign before it
_ASSIGNED = re.compile(r"[\"'\])}> \t]{0,64}(?:=>?|:(?!/))")
_BEFORE_NAME = re.compile(r"[^0-9A-Za-z]*")
_PRIVATE_KEY = re.compile("-----BEGIN [A-Z ]{0,40}PRIVATE KEY")
_KEY_END = "-----END "
AROUND_VALUE = " \t\r\n\v\f\"'=:;{}[]()<>,\\\0"
_PROSE = re.compile("[a-z]+[.,]?")  # "must", in a comment, is not a secret, and is in many messages
_ANOTHER_THING = re.compile(r"[\[}]|---|- |[^=]+=.*[^=\s;]|[\w.\-]+:(?:\s|\Z)")  # a header, a brace, an entry, YAML
_LONGEST_NAME = 100
_LONGEST_LINE = 200  # of the lines whose names are remembered
_HARMLESS = re.compile(r"(?:true|false|yes|no|on|off|enabled|disabled|none|null|[01])?\b[;,\s]*\Z", re.IGNORECASE)
_MOST_SPACES = 64
_LONGEST_LOOK = 200  # characters behind a name
_KEY_WORD = re.compile(r"[0-9A-Za-z+/=_\-]*")  # a line of a private key, between its first and its last one
# What tells a secret in a sentence, and what follows it in one that tells none.
_SAYS = re.compile(
    r"[\"'`)\]]?\s{1,8}(?:(?:is|was|are|were|be|equals|now|still|set|to|called|as)(?:\s|[:=]){1,8}){1,4}[\"'`]?"
)
_USUAL = re.compile(
    r"(?:a|an|the|no|not|never|always|only|in|on|at|by|of|for|from|to|with|without|here|there|above|below|it|its|this|that|"
    r"asked|changed|checked|defined|empty|encrypted|entered|expired|generated|given|held|hidden|in|injected|invalid|kept|"
    r"known|managed|masked|missing|needed|optional|passed|printed|provided|read|redacted|removed|required|rotated|secret|"
    r"sent|set|shared|shown|stored|taken|unknown|unset|used|valid|written|wrong|too|also|and|or|if|when|where|must|per|"
    r"available|handled|loaded|filled|replaced|supplied|put|part|what|one|same|different|longer|shorter|limited)\b",
    re.IGNORECASE,
)
_NOT_SPACES = re.compile(r"\S+")
_WORDS_BEFORE = 6
_SHORTEST_MIXED = 6
COMMENT = re.compile(r"\s*(?:#|//|/\*|;)+\s*")


def start_of_secret(shown: str, *, in_message: bool) -> int | None:
    """Return where in a text the first secret starts, as `first_secret` does."""
    found = first_secret(shown, in_message=in_message)
    return found[0] if found else None


def first_secret(shown: str, *, in_message: bool) -> tuple[int, bool] | None:
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
        elif not assigned:
            told = _told_in_sentence(shown, start, end)
            if told is not None:
                return told, False
        if assigned and not certain and _HARMLESS.match(shown[assigned : assigned + _MOST_SPACES].strip()):
            continue
        if assigned and shown[assigned:].strip(AROUND_VALUE):
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
    if not may_name_secret(shown):
        return
    previous = -1
    for match in WORD.finditer(shown):
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


def _joined(words: str) -> str:
    """Return two words without the space between them."""
    return words.replace(" ", "")


def _is_followed_by_secret(line: str, start: int, end: int) -> bool:
    """Return whether a secret follows a name without an equals sign: as an option, or as all that stands on a line."""
    rest = line[end : end + _LONGEST_LOOK].strip(AROUND_VALUE)
    if not rest:
        return False
    if line[start] == "-":  # an option
        return True
    words = rest.split(None, 1)
    if line[start:end].lower() in {"bearer", "basic"}:
        return not _PROSE.fullmatch(words[0])
    alone = start <= _MOST_SPACES and _BEFORE_NAME.fullmatch(line, 0, start) is not None
    return alone and len(words) == 1 and not _PROSE.fullmatch(words[0])


def _told_in_sentence(line: str, start: int, end: int) -> int | None:
    """Return where the secret starts that a sentence tells around its name, or None.

    "password is hunter", "the token we use: 4fd1ba", "4fd1ba is the token". What "password is needed" says is none.
    """
    said = _SAYS.match(line, end, end + _LONGEST_LOOK)
    if said and line[said.end() :].strip(AROUND_VALUE) and not _USUAL.match(line, said.end()):
        return said.end()
    if not COMMENT.match(line):
        return None
    for word in _NOT_SPACES.finditer(line, end, end + _LONGEST_LOOK):
        if _is_mixed(word.group()):
            return word.start()
    words = list(_NOT_SPACES.finditer(line, max(0, start - _LONGEST_LOOK), start))[-_WORDS_BEFORE:]
    for word, verb in zip(words, words[1:]):
        if verb.group() in {"is", "was", "as", "="} and _is_mixed(word.group()):
            return word.start()
    return None


def _is_mixed(word: str) -> bool:
    """Return whether a word of a comment looks like a secret: letters and digits, not a path, a name or an entry."""
    word = word.strip(AROUND_VALUE)
    return (
        len(word) >= _SHORTEST_MIXED
        and any(each.isdigit() for each in word)
        and any(each.isalpha() for each in word)
        and not any(each in word for each in "/\\.=:")
        and not is_known_name(word)
    )


def secret_values(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield what stands behind the name of each secret, on its own line or on those below, in all its readings."""
    awaited = inside_key = commented = goes_on = False
    found: list[str] = []
    for line in lines:
        words = decoded(line).replace("\0", "")
        comment = COMMENT.match(words)
        said = words[comment.end() :] if comment else words
        if _PRIVATE_KEY.search(words):
            inside_key = _KEY_END not in words
            yield from readings(words[words.index("-----BEGIN") :])
            continue
        inside_key = inside_key and _KEY_WORD.fullmatch(said.strip(AROUND_VALUE)) is not None
        if inside_key:
            yield said.strip(AROUND_VALUE)
            continue
        secret = first_secret(words, in_message=False)
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
            awaited = awaited and (not words.strip() or comment is not None)
            continue
        found = [value for value in readings(rest) if certain or not _PROSE.fullmatch(value)]
        # a `;` ends the secret, but for a `;` with nothing in front of it, which may have been put above the secret
        ended = ";" in rest and (commented or bool(found))
        awaited = goes_on and not ended and not (found and commented)
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
    if rest.strip(AROUND_VALUE) or not (certain or _ASSIGNED.match(rest) or said.lstrip().startswith(words[start:end])):
        return None
    return rest


def _before_name(words: str) -> Iterator[str]:
    """Yield the name of an entry whose value is the name of a secret and nothing else: written the wrong way round."""
    name, equals, value = words.partition("=")
    if equals and is_catalogue_secret(value.strip(AROUND_VALUE)):
        yield from readings(name)


def readings(piece: str) -> Iterator[str]:
    """Yield what programs may read as the value: all there is, its parts between `;`, and its first word."""
    piece = piece.strip(AROUND_VALUE)
    parts = [part.strip(AROUND_VALUE) for part in piece.split(";")[:_MOST_SPACES]]
    first = parts[0].split(None, 1)[:1]
    readings = [piece, *parts, *(part.partition("=")[0].strip(AROUND_VALUE) for part in parts[:1]), *first]
    yield from (reading for reading in dict.fromkeys(readings) if reading)
