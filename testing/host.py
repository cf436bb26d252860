"""A folder with everything that a configuration needs, all of it right; tests break one thing each."""

from __future__ import annotations

import os
from pathlib import Path

from confkit.preflight.run import PreflightSettings, Result, preflight
from testing import pki

OFFLINE = PreflightSettings(offline=True)
Sections = dict[str, dict[str, str]]


class Host:
    """The files of a client below `folder`, and its configuration; `sections` may be changed before `look`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.client = pki.certificate("client", pki.CLIENT_KEY)
        self.write("client.pem", pki.pem(self.client))
        self.write("clientKey.pem", pki.key_pem(pki.CLIENT_KEY), 0o600)
        self.write("CAFile.pem", pki.pem(pki.certificate("hsm1.example")))
        self.write("openssl.cnf", b"")
        self.write("lib.so", pki.shared_library().read_bytes()[:4096])
        for name in ("log", "lock"):
            (folder / name).mkdir()
        self.sections: Sections = {
            "Chrystoki2": {"LibUNIX64": self.path("lib.so")},
            "Misc": {"MutexFolder": self.path("lock")},
            "LunaSA Client": {
                "SSLConfigFile": self.path("openssl.cnf"),
                "ClientCertFile": self.path("client.pem"),
                "ClientPrivKeyFile": self.path("clientKey.pem"),
                "ServerCAFile": self.path("CAFile.pem"),
                "ServerName00": "hsm1.example",
            },
            "HAConfiguration": {"haLogPath": self.path("log")},
        }

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def write(self, name: str, data: bytes, mode: int = 0o644) -> None:
        (self.folder / name).write_bytes(data)
        (self.folder / name).chmod(mode)

    def config(self) -> Path:
        """Write the configuration and return its path."""
        lines = []
        for section, entries in self.sections.items():
            lines += [f"{section} = {{", *(f"   {key} = {value};" for key, value in entries.items()), "}"]
        path = self.folder / "Chrystoki.conf"
        path.write_text("\n".join(lines) + "\n")
        return path

    def look(self, settings: PreflightSettings = OFFLINE) -> Result:
        return preflight(os.fspath(self.config()), {}, settings)

    def found(self, settings: PreflightSettings = OFFLINE) -> list[tuple[str, str, str | None]]:
        """Return code, severity and key of all findings."""
        return [(each.code, each.severity, each.key) for each in self.look(settings).diagnostics]

    def message(self, code: str, settings: PreflightSettings = OFFLINE) -> str:
        """Return the message of the one finding of this code."""
        (message,) = [each.message for each in self.look(settings).diagnostics if each.code == code]
        return message
