"""Checks of who else may read the private key, or a configuration file that holds a secret."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from confkit.core.secret_names import is_secret_entry
from confkit.preflight.observations import Check, at, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.diagnostics import Finding
    from confkit.preflight.observations import Observations

_OTHERS = stat.S_IROTH | stat.S_IWOTH


def private_key_world_accessible(seen: Observations) -> Iterator[Finding]:
    """Every user of the host may read the private key, or write to it.

    ## Why

    Whoever has the key can connect to the HSMs as this client. A published runbook gives keys to everybody with
    `chmod 777`.

    ## What to do

    `chmod 640` (or 600), with the application's user or its group as the owner.

    ## Source

    https://man7.org/linux/man-pages/man7/inode.7.html for the mode bits; that it is a fault is confkit's own judgement.
    """
    for each in seen.files:
        if each.named.role == "key" and each.status.state == "file" and each.status.mode & _OTHERS:
            mode = stat.S_IMODE(each.status.mode)
            message = f"the private key {shown(each.named.path)} is open to every user of this host (mode {mode:04o})"
            yield at(each.named.entry, message, "chmod 640, with the application's user or its group as the owner")


def secret_world_accessible(seen: Observations) -> Iterator[Finding]:
    """The configuration file holds a secret, and every user of the host may read it or write to it.

    ## Why

    AuthTokenClientSecret lets whoever reads it use the cloud HSM service as this client. A file that everybody may
    write is worse still: it decides which library applications load.

    ## What to do

    `chmod 640`, with the application's group as the group of the file.

    ## Source

    A published example of such a file, with the secret blanked by its author; a ConfigMap with another one.
    """
    secrets = [
        entry
        for each in seen.config.document.sections
        for entry in each.entries
        if is_secret_entry(entry.name, entry.value)
    ]
    if secrets and seen.config.status.mode & _OTHERS:
        mode = stat.S_IMODE(seen.config.status.mode)
        message = (
            f"{shown(secrets[0].name)} is a secret, and this file is open to every user of this host (mode {mode:04o})"
        )
        yield at(secrets[0], message, "chmod 640, with the application's group as the group of the file")


CHECKS = (
    Check("CKP31", "private-key-world-accessible", "error", private_key_world_accessible),
    Check("CKP32", "secret-world-accessible", "warning", secret_world_accessible),
)
