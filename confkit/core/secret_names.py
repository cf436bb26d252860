"""Whether the name of an entry says that its value is a secret: a wide judgement, for everything that is shown.

The catalogue marks two entries as secret. A file may hold more: a misspelt one, a password that a script left there, a
setting of another program. A name that the catalogue knows and does not mark is never a secret.
"""

from __future__ import annotations

import re
from functools import lru_cache

from confkit.core.catalogue.names import SECRET_NAMES
from confkit.core.errors import FileError

# A text without any of these holds no secret's name, right or misspelt, and need not be taken apart.
_TRACES = "pas|wor|pw|pin|sec|ret|tok|ken|cre|den|key|psk|otp|jwt|bea|aut|cva|spe|dat|phr|swd|ser|cet|tia|tko|toe"
_TRACE = re.compile(f"{_TRACES}|to.en")  # tolen: the wrong letter stands in the middle
# A name is judged without them (to_ken, p-wd); white space stands between names.
_SIGNS = {code: None for code in range(128) if not chr(code).isalnum() and not chr(code).isspace()}
_NOT_IN_NAMES = re.compile(r"[^0-9a-z\s]+")
_LONG = 200  # characters
_LONGEST_NAME = 64  # the words in a longer one are not told apart; the catalogue's longest has 37 characters
_NO_SECRET = re.compile(
    r"(?:true|false|yes|no|on|off|enabled|disabled|none|null|[0-9])\Z|\.{0,2}/[^/=+]{1,100}/|~/|[a-z]:[\\/]",
    re.IGNORECASE,
)
_NOT_ALNUM = re.compile("[^0-9a-z]+")
_TWO_DIGITS = re.compile("(?<![0-9])[0-9]{2}(?![0-9])")
_CATALOGUE = tuple(name.lower() for name in SECRET_NAMES)

# Anywhere in a name, whatever letter case and separators it has.
_PARTS = (
    "password|passwd|passphrase|passcode|pwd|secret|credential|token|bearer|authorization|"
    "(?:api|private|priv|secret|access|master|session|shared|symmetric|encryption|signing|hmac|aes|rsa|wrapping)key"
)
# Only as a word of its own: `pin` stands in "mapping", `key` in "monkey".
_WORDS = "pins?|pincode|[a-z]{2,9}pin|pass|pw|psk|otp|creds?|keys?|keymaterial|keyvalue|keydata|keyblob|jwt"
# At its end they make a name harmless that speaks of a key, a token or a PIN: KeySize, TokenLabel, PinPadTimeout.
_ABOUT = frozenset(
    ("label", "name", "size", "id", "type", "alias", "length", "timeout", "algorithm", "usage", "count", "format")
)
_REFERENCES = frozenset({"secretname", "secretref", "secretkeyref", "imagepullsecrets"})  # of Kubernetes: no values
_NEVER_HARMLESS = re.compile("pass|pwd|secret|cred")
_SUSPECT = re.compile(_PARTS)
_SUSPECT_WORD = re.compile(_WORDS)
_NOT_PINS = frozenset({"spin", "mapin", "lupin", "hairpin", "underpin"})
_CAMEL = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_MISSPELT = ("password", "passwd", "passphrase", "secret", "credential", "credentials", "token")
_SHORTEST_MISSPELT = 5
# A third of the word stands in it still where one letter is wrong: quickly told.
_MISSPELT_TRACE = re.compile("pa|ss|w[od]|sph|ras|se|cr|et|den|tia|tk|to|ok|ke|en")


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Return whether the value of an entry of this name must not be shown, in whatever section it stands.

    That is so for the secrets of the catalogue, with any ending and one letter off, and for names that speak of a
    password, passphrase, PIN, secret, token, credential or key.
    """
    return is_catalogue_secret(name) or (_speaks_of_secret(name) and not is_known_name(name))


def is_secret_entry(name: str, value: str) -> bool:
    """Return whether an entry holds a secret in plain text: the one judgement of lint, preflight and manifests.

    A switch, and the path of a file that holds the secret, is none, unless the catalogue marks the entry as secret.
    """
    said = value.strip(" \t\"'")
    return bool(said) and (is_catalogue_secret(name) or (is_secret_name(name) and not _NO_SECRET.match(said)))


def may_name_secret(text: str) -> bool:
    """Return whether the name of a secret may stand in a text: quickly told, and never wrongly denied."""
    folded = text.lower()
    joined = folded.translate(_SIGNS) if folded.isascii() else _NOT_IN_NAMES.sub("", folded)
    if len(joined) <= _LONG:
        return _TRACE.search(joined) is not None
    # in a value of megabytes, plain searches take a twentieth of the time
    return any(trace in joined for trace in _TRACES.split("|")) or ("to" in joined and "en" in joined)


@lru_cache(maxsize=4096)
def is_catalogue_secret(name: str) -> bool:
    """Return whether the name of a secret entry of the catalogue is in this one, perhaps one letter off."""
    folded = _NOT_ALNUM.sub("", name.lower())
    if any(secret in folded for secret in _CATALOGUE):
        return True
    near = any(_shares_third(folded, secret) and _is_near(folded, secret, 1) for secret in _CATALOGUE)
    return near and not is_known_name(name)


def is_known_name(name: str) -> bool:
    """Return whether the catalogue has an entry of this name, in any section and letter case."""
    # only a name that looks like a secret, or a text that is shown, makes the catalogue be read
    from confkit.core.catalogue.loader import names_ignoring_case  # noqa: PLC0415

    try:
        known = names_ignoring_case()
    except FileError:
        return False
    folded = name.lower()
    return folded in known or _TWO_DIGITS.sub("{nn}", folded, count=1) in known or folded.endswith("standbymembers")


def _speaks_of_secret(name: str) -> bool:
    words = [word.lower() for word in _CAMEL.findall(name[:_LONGEST_NAME])]
    folded = _NOT_ALNUM.sub("", name.lower())
    if folded in _REFERENCES or (words and words[-1] in _ABOUT and not _NEVER_HARMLESS.search(folded)):
        return False
    if _SUSPECT.search(folded):
        return True
    return any(_is_suspect_word(word) for word in (*words, folded))


def _is_suspect_word(word: str) -> bool:
    if _SUSPECT_WORD.fullmatch(word) and word not in _NOT_PINS:
        return True
    if len(word) < _SHORTEST_MISSPELT or not _MISSPELT_TRACE.search(word):
        return False
    return any(abs(len(word) - len(secret)) <= 1 and _is_near(word, secret, 1, whole=True) for secret in _MISSPELT)


def _shares_third(name: str, secret: str) -> bool:
    """Return whether a third of `secret` stands in `name`, as it does where one letter is wrong: quickly told."""
    length = len(secret) // 3
    return any(secret[start : start + length] in name for start in (0, length, 2 * length))


def _is_near(name: str, wanted: str, wrong: int, *, whole: bool = False) -> bool:
    """Return whether `name` begins with `wanted`, or `whole` is it, but for this many letters.

    A letter may be missing, another one, one too many, or two may be exchanged.
    """
    same = next((at for at, (one, other) in enumerate(zip(name, wanted)) if one != other), min(len(name), len(wanted)))
    name, wanted = name[same:], wanted[same:]
    if not wanted and (not whole or len(name) <= wrong):
        return True
    if wrong == 0:
        return False
    exchanged = len(name) > 1 and name[:2] == wanted[1::-1]
    repaired = [(name, wanted[1:]), (name[1:], wanted[1:]), (name[1:], wanted)]
    repaired += [(name[2:], wanted[2:])] if exchanged else []
    return any(_is_near(rest, other, wrong - 1, whole=whole) for rest, other in repaired)
