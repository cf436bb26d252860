"""Lint a text with all rules, for tests of what is found in it; and the sections of a small sound file."""

from __future__ import annotations

from confkit.core.syntax import parse
from confkit.lint.diagnostics import Diagnostic
from confkit.lint.linter import lint
from confkit.lint.rules import RULES

LIBRARY = "Chrystoki2 = {\n  LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;\n}\n"
CERTIFICATES = """\
LunaSA Client = {
  NetClient = 1;
  TCPKeepAlive = 1;
  ClientCertFile = /usr/safenet/lunaclient/cert/client/app.pem;
  ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/appKey.pem;
  ServerCAFile = /usr/safenet/lunaclient/cert/server/CAFile.pem;
}
"""


def diagnose(text: str | bytes, path: str = "Chrystoki.conf", client_version: str | None = None) -> list[Diagnostic]:
    """Return what all rules find in the text of a file."""
    source = text.encode() if isinstance(text, str) else text
    return lint(parse(source, path.rpartition("/")[2]), path, RULES, client_version)


def codes(text: str | bytes, path: str = "Chrystoki.conf", client_version: str | None = None) -> list[str]:
    """Return the codes of what all rules find, in file order."""
    return [each.code for each in diagnose(text, path, client_version)]


def section(name: str, *entries: str) -> str:
    """Return a section in the UNIX form; each entry is given without its `;`."""
    return f"{name} = {{\n" + "".join(f"  {entry};\n" for entry in entries) + "}\n"


def client(*entries: str) -> str:
    """Return a sound section LunaSA Client with these entries, which replace those of the same name."""
    given = {entry.partition("=")[0].strip(): entry for entry in entries}
    sound = [line.strip().rstrip(";") for line in CERTIFICATES.splitlines()[1:-1]]
    kept = [line for line in sound if line.partition("=")[0].strip() not in given]
    return section("LunaSA Client", *kept, *given.values())
