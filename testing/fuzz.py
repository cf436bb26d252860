"""Coverage-guided fuzzing: `python -m testing.fuzz TARGET [libFuzzer options] CORPUS`; test_fuzz.py runs it.

Each target takes any bytes. The first one picks the file's name and what is done with it, the rest is the file.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import atheris

with atheris.instrument_imports(include=["confkit"]):
    from confkit.config.third_party_readers import read_all
    from confkit.core.syntax import (
        EditRefusedError,
        NotAllowedError,
        parse,
        set_entry,
        set_value,
        unset_entry,
    )
    from confkit.lint.fixes import fixed
    from confkit.lint.linter import lint
    from confkit.lint.results import LintedFile
    from confkit.lint.rules import RULES
    from confkit.preflight.probes import x509
    from confkit.reports.lint import github, text

from testing.entries import others
from testing.findings import reported

if TYPE_CHECKING:
    from collections.abc import Callable

    from confkit.core.syntax import Document

NAMES = ("Chrystoki.conf", "crystoki.ini", "")
SECTIONS = ("HAConfiguration", "A", "LunaSA Client")
KEYS = ("statusTimeout", "x", "REM")
LABELS = ("CERTIFICATE", "TRUSTED CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")


def parsing(data: bytes) -> None:
    """Every byte is kept, and every position lies in the file."""
    choice, source = data[0] if data else 0, data[1:]
    document = parse(source, NAMES[choice % 3])
    assert document.to_bytes() == source
    for section in document.sections:
        assert 1 <= section.line <= section.open_line <= section.end_line <= len(document.lines)
        for entry in section.entries:
            value = document.lines[entry.line - 1][entry.value_start : entry.value_end]
            assert value.decode("utf-8", "surrogateescape") == entry.value
    for problem in document.problems:
        width = len(document.lines[problem.line - 1]) if document.lines else 0
        assert 0 <= problem.start <= problem.end <= width


def edits(data: bytes) -> None:
    """An edit changes its own span, reads back as it was meant, and leaves every other entry as it is."""
    choice, source = data[0] if data else 0, data[1:]
    document = parse(source, NAMES[choice % 3])
    section, key = SECTIONS[choice // 3 % 3], KEYS[choice // 9 % 3]
    _set(document, section, key)
    _unset(document, section, key)


def _set(document: Document, section: str, key: str) -> None:
    try:
        spans = set_value(document, section, key, "10")
    except (EditRefusedError, NotAllowedError):
        return
    edited = set_entry(document, section, key, "10")
    assert edited.get(section, key) == "10"
    assert others(edited, section, key) == others(document, section, key)
    if spans:
        (span,) = spans
        source = document.to_bytes()
        start, end = document.offset(span.line, span.start), document.offset(span.line, span.end)
        assert edited.to_bytes() == source[:start] + span.text + source[end:]


def _unset(document: Document, section: str, key: str) -> None:
    try:
        without = unset_entry(document, section, key)
    except EditRefusedError:
        return
    assert without.get(section, key) is None
    assert others(without, section, key) == others(document, section, key)


def fixes(data: bytes) -> None:
    """A safe fix takes no entry away, and none from a reader that sees it rightly; fixing again changes nothing."""
    choice, source = data[0] if data else 0, data[1:]
    name, unsafe = NAMES[choice % 3], bool(choice // 3 % 2)
    result, _ = fixed(source, name, RULES, unsafe=unsafe)
    assert fixed(result, name, RULES, unsafe=unsafe)[0] == result
    if not unsafe:
        before, after = parse(source, name), parse(result, name)
        assert others(after, "", "") == others(before, "", "")
        for section in before.sections[:3]:
            for entry in section.entries[:3]:
                _readers_stay_right(before, after, section.name, entry.name)


def _readers_stay_right(before: Document, after: Document, section: str, key: str) -> None:
    if not section:
        return
    value = before.get(section, key)
    old = read_all(before.to_bytes(), section, key, windows=before.windows)
    new = read_all(after.to_bytes(), section, key, windows=after.windows)
    for one, other in zip(old, new, strict=True):
        assert one.error or (one.value or "") != value or (other.value or "") == value, (one, other)


def formats(data: bytes) -> None:
    """Whatever the file holds, each report is whole, says the same, and steers neither a terminal nor a CI service."""
    choice, source = data[0] if data else 0, data[1:]
    name = NAMES[choice % 3]
    document = parse(source, name)
    found = tuple(lint(document, name, RULES))
    result = LintedFile(name, document, found)
    assert len(json.loads(reported("json", result))["diagnostics"]) == len(found)
    assert len(json.loads(reported("sarif", result, rules=RULES))["runs"][0]["results"]) == len(found)
    assert len(json.loads(reported("gitlab", result))) == len(found)
    ET.fromstring(reported("junit", result))
    shown = text.of_file(result)
    commands = github.of_file(result)
    assert not any(character in shown + commands for character in "\x1b\x9b\x07\r\x00")
    assert all(line.startswith("::") for line in commands.splitlines())


def certificates(data: bytes) -> None:
    """Whatever bytes stand in a PEM block, there is an answer, and it quotes nothing of them."""
    label = LABELS[data[0] % len(LABELS)] if data else "CERTIFICATE"
    file = f"-----BEGIN {label}-----\n{base64.b64encode(data[1:]).decode()}\n-----END {label}-----\n".encode()
    for content in (file, data[1:]):
        read = x509.read_certificates(content)
        assert read.certificates or read.fault
        for each in read.certificates:
            x509.issued(each.certificate, each.certificate)
        key = x509.read_key(content)
        assert [key.public_key is not None, key.encrypted, key.fault is not None].count(True) == 1


TARGETS: dict[str, Callable[[bytes], None]] = {
    "parsing": parsing,
    "edits": edits,
    "fixes": fixes,
    "formats": formats,
    "certificates": certificates,
}

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
