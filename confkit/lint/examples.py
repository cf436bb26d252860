"""The examples in a rule's page: each is a file, or the sections of one that the rule is about and a named base.

The line that opens an example may carry words after the form: `escaped` for bytes that a page cannot show,
`base=NAME` for a file that holds more than is shown, `name=NAME` for a file of another name, and `client-version=X`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.syntax import parse
from confkit.lint.environment.detect import environment_form
from confkit.lint.environment.files import lint_environment
from confkit.lint.linter import lint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.diagnostics import Diagnostic
    from confkit.lint.rule import Rule

_EXAMPLE = re.compile(
    r"^## (Bad|Good)\n.*?^```(conf|ini|dockerfile|sh)((?: [^\s`]+)*)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
_FILE_NAMES = {"conf": "Chrystoki.conf", "ini": "crystoki.ini", "dockerfile": "Dockerfile", "sh": "luna.sh"}

# What a page calls base=NAME, and in words. An entry that the example has itself is not added.
BASES = {
    "certificates": "the certificates of a client of network HSMs",
    "network": "a client of one network HSM",
    "group": "the settings of an HA group named payments",
    "ha": "a client with an HA group named payments",
}
_CERTIFICATES = """\
LunaSA Client = {
  NetClient = 1;
  TCPKeepAlive = 1;
  ClientCertFile = /usr/safenet/lunaclient/cert/client/app.pem;
  ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/appKey.pem;
  ServerCAFile = /usr/safenet/lunaclient/cert/server/CAFile.pem;
}
"""
_SERVER = """\
LunaSA Client = {
  ServerName00 = hsm.example.com;
  ServerPort00 = 1792;
}
"""
_SETTINGS = """\
HASynchronize = {
  payments = 1;
}
HAConfiguration = {
  HAOnly = 1;
  reconnAtt = -1;
}
"""
_GROUP = """\
VirtualToken = {
  VirtualToken00Label = payments;
  VirtualToken00SN = 11234567890123;
  VirtualToken00Members = 1234567890123,1234567890124;
}
"""
_TEXTS = {
    "certificates": (_CERTIFICATES,),
    "network": (_CERTIFICATES, _SERVER),
    "group": (_SETTINGS,),
    "ha": (_GROUP, _SETTINGS),
}


class Example(NamedTuple):
    """A whole file from a rule's page: `kind` is Bad or Good, `name` that of a file of its form."""

    kind: str
    name: str
    source: bytes
    shown: str
    """What the page shows of it"""
    client_version: str | None = None


def examples(docstring: str) -> Iterator[Example]:
    """Yield the files in the text of a rule's page, in their order, each completed by its base."""
    for match in _EXAMPLE.finditer(docstring):
        kind, form, words, text = match.groups()
        marks = dict(word.partition("=")[::2] for word in words.split())
        source = text.encode().decode("unicode_escape").encode("latin-1") if "escaped" in marks else text.encode()
        for base in _TEXTS[marks["base"]] if "base" in marks else ():
            source = _completed(source, base)
        yield Example(kind, marks.get("name", _FILE_NAMES[form]), source, text, marks.get("client-version"))


def lint_example(example: Example, rules: tuple[Rule, ...] | list[Rule]) -> list[Diagnostic]:
    """Return what the rules find in the file of an example."""
    form = environment_form(example.name, example.source)
    if form is not None:
        return lint_environment(example.name, example.source, form, rules).diagnostics
    return lint(parse(example.source, example.name), example.name, rules, example.client_version)


def _completed(source: bytes, base: str) -> bytes:
    """Return the file with the entries and sections of the base that it does not have."""
    lines = source.splitlines(keepends=True)
    here = {section.name: section for section in parse(source, "Chrystoki.conf").sections}
    behind: dict[int, list[bytes]] = {}
    for section in parse(base.encode(), "Chrystoki.conf").sections:
        present = {entry.name for entry in here[section.name].entries} if section.name in here else set()
        wanted = [f"  {each.name} = {each.value};\n".encode() for each in section.entries if each.name not in present]
        if section.name in here:
            behind[here[section.name].open_line] = wanted
        else:
            lines += [f"{section.name} = {{\n".encode(), *wanted, b"}\n"]
    return b"".join(part for number, line in enumerate(lines, 1) for part in (line, *behind.get(number, [])))
