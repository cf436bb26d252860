"""Coverage-guided fuzzing: `python -m testing.fuzz TARGET [libFuzzer options] CORPUS`; test_fuzz.py runs it.

Each target takes any bytes. The first one picks the file's name and what is done with it, the rest is the file.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import tempfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import atheris

with atheris.instrument_imports(include=["confkit"]):
    from confkit.config.third_party_readers import read_all
    from confkit.core.errors import ConfkitError
    from confkit.core.syntax import (
        EditRefusedError,
        NotAllowedError,
        parse,
        set_entry,
        set_value,
        unset_entry,
    )
    from confkit.lint.baseline import read_baseline
    from confkit.lint.discover import find_targets
    from confkit.lint.fixes import fixed
    from confkit.lint.lint_file import LintOptions, lint_source, lint_target
    from confkit.lint.linter import lint
    from confkit.lint.results import LintedFile
    from confkit.lint.rules import RULES
    from confkit.lint.settings.settings import load_settings
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


def settings(data: bytes) -> None:
    """Whatever a settings file holds, it is read or refused, with the place and a sentence."""
    with tempfile.TemporaryDirectory() as directory:
        path = _written(directory, "confkit.toml", data[1:])
        try:
            read = load_settings(path, directory, RULES)
        except ConfkitError:
            return  # anything else ends the fuzzer
        assert read.file == path
        for each in RULES[:3]:
            read.ignores.of_file(os.path.join(directory, each.name))


def baseline(data: bytes) -> None:
    """Whatever a baseline holds, it is read or refused."""
    with tempfile.TemporaryDirectory() as directory:
        path = _written(directory, "baseline.json", data[1:])
        try:
            known = read_baseline(path).known
        except ConfkitError:
            return
        assert all(each.path and each.code for each in known)


def manifests(data: bytes) -> None:
    """Whatever a file in YAML holds, there is a result, and every finding lies in the file."""
    choice, source = data[0] if data else 0, data[1:]
    if choice % 2:
        source = HELD % base64.b64encode(source)
    result = lint_source("deploy.yaml", b"kind: ConfigMap\n" + source, LintOptions(RULES))
    lines = len(result.document.lines) if result.document else 0
    assert all(
        1 <= each.line <= max(1, lines) for each in (*result.diagnostics, *(one for one, _ in result.suppressed))
    )
    assert reported("json", result)
    assert not any(character in reported("text", result) for character in "\x1b\x9b\x07\r\x00")


def file_names(data: bytes) -> None:
    """A file of any name is found and linted, and its name steers neither a terminal nor a CI service."""
    name = os.fsdecode(data.replace(b"\0", b"").replace(b"/", b"")[:200])
    with tempfile.TemporaryDirectory() as directory:
        if not name or name.startswith("."):
            return
        path = _written(directory, f"{name}.conf", b"Chrystoki2 = {\n   LibUNIX64 = /x\n}\n")
        (target,) = find_targets([directory], os.getcwd()).targets
        assert target.path == path
        result = lint_target(target, LintOptions(RULES))
        assert result.error is None
        assert result.diagnostics
        shown = reported("text", result) + reported("github", result)
        assert not any(character in shown for character in "\x1b\x9b\x07\r\x00")
        assert len(reported("github", result).splitlines()) == len(result.diagnostics)
        ET.fromstring(reported("junit", result))
        json.loads(reported("sarif", result, rules=RULES))


HELD = b"apiVersion: v1\nmetadata: {name: a}\nbinaryData:\n  Chrystoki.conf: %s\n"


def _written(directory: str, name: str, data: bytes) -> str:
    path = os.path.join(directory, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


TARGETS: dict[str, Callable[[bytes], None]] = {
    "parsing": parsing,
    "edits": edits,
    "fixes": fixes,
    "formats": formats,
    "certificates": certificates,
    "settings": settings,
    "baseline": baseline,
    "manifests": manifests,
    "file_names": file_names,
}

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
