"""Lint a text with all rules or some, for tests of what is found in it; and the sections of a small sound file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.severity import Severity
from confkit.core.syntax import parse
from confkit.core.syntax.document import splice
from confkit.lint.diagnostics import Diagnostic
from confkit.lint.environment.detect import environment_form
from confkit.lint.environment.files import lint_environment
from confkit.lint.linter import lint
from confkit.lint.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.lint.rule import Rule

Row = tuple[str, int, int, Severity]
"""The code of a finding, its line and column from 1, and its severity"""

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


def diagnose_environment(path: str, text: str) -> list[Diagnostic]:
    """Return what all rules find in a Dockerfile, a script or another file that leads the client to its own."""
    form = environment_form(path, text.encode())
    assert form is not None, path
    return lint_environment(path, text.encode(), form, RULES).diagnostics


def found(text: str, rules: Sequence[Rule], name: str = "Chrystoki.conf") -> list[Diagnostic]:
    """Return what these rules find in a file of this name; a lone surrogate in the text stands for a byte."""
    return lint(parse(text.encode("utf-8", "surrogateescape"), name), name, rules)


def rows(text: str, rules: Sequence[Rule], name: str = "Chrystoki.conf") -> list[Row]:
    """Return where these rules find what, and how severe it is, in file order."""
    return [(each.code, each.line, each.column, each.severity) for each in found(text, rules, name)]


def fixed_by_hand(text: str, code: str, rules: Sequence[Rule]) -> str:
    """Return the text after the fix of the first finding that has one, which is unsafe and of this code."""
    document = parse(text.encode())
    diagnostic = next(each for each in lint(document, "", rules) if each.fix)
    assert diagnostic.fix is not None
    assert (diagnostic.code, diagnostic.fix.safe) == (code, False)
    return splice(document.lines, diagnostic.fix.edits).decode()


def section(name: str, *entries: str) -> str:
    """Return a section in the UNIX form; each entry is given without its `;`."""
    return f"{name} = {{\n" + "".join(f"  {entry};\n" for entry in entries) + "}\n"


def client(*entries: str) -> str:
    """Return a sound section LunaSA Client with these entries, which replace those of the same name."""
    given = {entry.partition("=")[0].strip(): entry for entry in entries}
    sound = [line.strip().rstrip(";") for line in CERTIFICATES.splitlines()[1:-1]]
    kept = [line for line in sound if line.partition("=")[0].strip() not in given]
    return section("LunaSA Client", *kept, *given.values())
