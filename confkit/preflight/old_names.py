"""Names that checks had in the first release: accepted for one more, with a note. Codes never change."""

from __future__ import annotations

OLD_NAMES = {
    "ca-lacks-server": "unknown-server-certificate",
    "certificate-expired": "expired-certificate",
    "certificate-expires-soon": "expiring-certificate",
    "certificate-malformed": "malformed-certificate",
    "certificate-not-yet-valid": "not-yet-valid-certificate",
    "file-missing": "missing-file",
    "file-unreadable": "unreadable-file",
    "folder-missing": "missing-directory",
    "folder-not-writable": "unwritable-directory",
    "key-encrypted": "encrypted-key",
    "key-malformed": "malformed-key",
    "key-mismatch": "mismatched-key",
    "key-open": "private-key-world-accessible",
    "library-machine": "wrong-library-machine",
    "library-not-named": "no-library-named",
    "library-width": "swapped-libraries",
    "name-not-resolved": "unresolved-name",
    "not-a-folder": "not-a-directory",
    "not-judged": "not-checked",
    "port-refused": "refused-connection",
    "port-silent": "unreachable-port",
    "secrets-open": "secret-world-accessible",
}
