"""Names that rules had in the first release: accepted for one more, with a note. Codes never change."""

from __future__ import annotations

OLD_NAMES = {
    "blank-before-semicolon": "space-before-semicolon",
    "call-log-half-set": "incomplete-call-log",
    "certificate-and-key-differ": "mismatched-key-name",
    "certificates-missing": "missing-certificates",
    "factor-of-ten": "unusual-timeout",
    "file-is-a-folder": "file-is-a-directory",
    "group-serial": "unexpected-group-serial",
    "groups-alike": "duplicate-group",
    "log-half-set": "incomplete-ha-log",
    "log-small": "small-ha-log",
    "login-on-modules": "login-to-fm-hsm-allowed",
    "member-no-serial": "invalid-member-serial",
    "member-twice": "duplicate-member",
    "mixed-line-ends": "mixed-line-endings",
    "not-a-choice": "invalid-choice",
    "openssl-configuration": "wrong-openssl-configuration",
    "other-platform": "other-platform-entry",
    "other-spelling": "other-platform-spelling",
    "path-of-other-platform": "other-platform-path",
    "recovery-interval": "recovery-interval-out-of-bounds",
    "server-incomplete": "incomplete-server",
    "server-twice": "duplicate-server",
    "standby-no-member": "standby-not-a-member",
    "standby-unknown": "unknown-standby-group",
    "status-timeout-bounds": "status-timeout-out-of-bounds",
    "synchronised-unknown": "unknown-synchronised-group",
    "unit-slip": "wrong-time-unit",
    "wide-library": "64-bit-library-in-libunix",
}
