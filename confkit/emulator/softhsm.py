"""SoftHSM2, which does the cryptography of an emulated group: where it is, and a private token for each HA group.

SoftHSM2 is found at run time and is never part of confkit. Python loads it in a process of its own (token_maker.py), so
that a library that cannot be loaded, or is not SoftHSM2, does no harm to this process.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import UnavailableError
from confkit.live.interpreter import interpreter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VARIABLE = "CONFKIT_SOFTHSM2"
PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",  # Debian, Ubuntu
    "/usr/lib64/pkcs11/libsofthsm2.so",  # Fedora, RHEL
    "/usr/lib64/softhsm/libsofthsm.so",
    "/usr/lib/pkcs11/libsofthsm2.so",  # Arch
    "/usr/lib/libsofthsm2.so",  # Alpine
    "/usr/local/lib/softhsm/libsofthsm2.so",  # built from source
    "/usr/local/lib64/softhsm/libsofthsm2.so",
)
_INSTALL = "Install it (Debian: libsofthsm2; RHEL and Fedora: softhsm)"
_MAX_SECONDS = 60  # to make the tokens; it takes a tenth of a second on an idle machine
_CONFIGURATION = """\
directories.tokendir = {tokens}
objectstore.backend = file
log.level = ERROR
slots.removable = false
library.reset_on_fork = true
"""


class Tokens(NamedTuple):
    """Where the tokens of an emulated group are, and what opens them."""

    library: str  # SoftHSM2, or a private copy of it
    configuration: str  # the file for its variable SOFTHSM2_CONF
    pin: str  # of the user, the same for every token
    so_pin: str  # of the security officer


def find(path: str | None = None, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the path of SoftHSM2: `path`, else that in CONFKIT_SOFTHSM2, else the first usual place; None if nowhere.

    A path that was named is returned even if nothing is there: `make_tokens` says so.
    """
    named = path or environment.get(VARIABLE)
    if named:
        return os.path.abspath(named) if os.sep in named else named  # a bare name is for the loader to find
    return next(filter(os.path.isfile, PLACES), None)


def not_found() -> UnavailableError:
    """Return the error for a machine without SoftHSM2."""
    return UnavailableError(
        f"SoftHSM2 was not found: {VARIABLE} is not set, and no libsofthsm2.so is in a usual place. {_INSTALL}, or "
        "name the library with --softhsm PATH"
    )


def make_tokens(library: str, directory: str, labels: Sequence[str]) -> Tokens:
    """Make one token for each label below `directory`, which has to be private. UnavailableError: SoftHSM2 cannot.

    A private copy of the library is used where it can be loaded from there: an application that uses SoftHSM2 itself,
    with its own configuration, then has an instance of its own.
    """
    tokens = os.path.join(directory, "tokens")
    copy = os.path.join(directory, "libsofthsm2.so")
    configuration = os.path.join(directory, "softhsm2.conf")
    os.makedirs(tokens, mode=0o700)
    with open(configuration, "x", encoding="utf-8") as file:
        file.write(_CONFIGURATION.format(tokens=tokens))
    with suppress(OSError):  # the token maker says what is wrong with the original
        shutil.copyfile(library, copy)
    made = Tokens(library, configuration, _new_pin(), _new_pin())
    wanted = {"libraries": [copy, library], "labels": list(labels), "pin": made.pin, "so_pin": made.so_pin}
    return made._replace(library=_run_token_maker(wanted, library, configuration))


def _new_pin() -> str:
    return f"{secrets.randbelow(10**8):08}"


def _run_token_maker(wanted: Mapping[str, object], library: str, configuration: str) -> str:
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "token_maker.py")
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and script
            interpreter(script),
            input=json.dumps(wanted).encode(),
            capture_output=True,
            check=False,
            timeout=_MAX_SECONDS,
            env={**os.environ, "SOFTHSM2_CONF": configuration},
        )
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"{library} made no token within {_MAX_SECONDS} s. Is it SoftHSM2?") from error
    try:
        answer = json.loads(done.stdout)
        return str(answer["library"])
    except (ValueError, KeyError):
        reason = _reason(done)
    raise UnavailableError(
        f"SoftHSM2 cannot be used: {reason}. {_INSTALL} for this machine's architecture, or name another "
        f"libsofthsm2.so with --softhsm PATH or {VARIABLE}"
    )


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(done.stdout)["error"])
    lines = done.stderr.decode(errors="replace").split("\n")
    return f"the process that loads it ended with code {done.returncode} {' '.join(lines[-2:]).strip()}".rstrip()
