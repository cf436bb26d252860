"""Who else may read the private key, or a configuration file that holds a secret."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.catalogue import is_secret
from confkit.lint.diagnostics import Finding
from confkit.preflight.model import Check, at, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Document, Entry
    from confkit.lint.diagnostics import Severity
    from confkit.preflight.files import Look
    from confkit.preflight.model import Seen

_OTHERS = stat.S_IROTH | stat.S_IWOTH


class ConfigSeen(NamedTuple):
    """The configuration file itself, and the entries whose paths are relative.

    `path` is where it lies below the tree, None for one that lies elsewhere.
    """

    document: Document
    look: Look
    path: str | None
    relative: tuple[Entry, ...] = ()

    @property
    def windows(self) -> bool:
        """Whether it is of the Windows form."""
        return self.document.windows

    def whole(self, message: str, advice: str, severity: Severity | None = None) -> Finding:
        """Return a finding that concerns the file as a whole: it stands at its start."""
        return Finding(message, 1, 0, 0, help=advice, severity=severity)


def key_open(seen: Seen) -> Iterator[Finding]:
    """Every user of the host may read the private key, or write to it.

    ## Why

    Whoever has the key can connect to the HSMs as this client. A runbook was found that makes keys of everybody with
    `chmod 777`.

    ## What to do

    `chmod 640` (or 600), with the application's user or its group as the owner.

    ## Source

    https://man7.org/linux/man-pages/man7/inode.7.html for the mode; the finding is ours.
    """
    for each in seen.files:
        if each.named.role == "key" and each.look.state == "file" and each.look.mode & _OTHERS:
            mode = stat.S_IMODE(each.look.mode)
            message = f"the private key {shown(each.named.path)} is open to every user of this host (mode {mode:04o})"
            yield at(each.named.entry, message, "chmod 640, with the application's user or its group as the owner")


def secrets_open(seen: Seen) -> Iterator[Finding]:
    """The configuration file holds a secret, and every user of the host may read it or write to it.

    ## Why

    AuthTokenClientSecret lets whoever reads it use the cloud HSM service as this client. A file that everybody may
    write is worse still: it says which library applications load.

    ## What to do

    `chmod 640`, with the application's group as the group of the file.

    ## Source

    A published example of such a file, with the secret blanked by its author; a ConfigMap in which another stood.
    """
    secrets = [
        entry
        for each in seen.config.document.sections
        for entry in each.entries
        if is_secret(entry.name) and entry.value
    ]
    if secrets and seen.config.look.mode & _OTHERS:
        mode = stat.S_IMODE(seen.config.look.mode)
        message = (
            f"{shown(secrets[0].name)} is a secret, and this file is open to every user of this host (mode {mode:04o})"
        )
        yield at(secrets[0], message, "chmod 640, with the application's group as the group of the file")


CHECKS = (
    Check("CKP31", "key-open", "error", key_open),
    Check("CKP32", "secrets-open", "warning", secrets_open),
)
