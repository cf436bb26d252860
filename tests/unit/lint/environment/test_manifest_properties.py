"""Whatever file a manifest holds, and however it is written there: the findings are those of the file itself."""

from __future__ import annotations

import base64
import re
from typing import Any

import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from confkit.core.secret_places import secret_values
from confkit.core.syntax import parse
from confkit.core.syntax.document import text
from confkit.core.syntax.lines import split_lines
from confkit.lint.diagnostics import Diagnostic
from confkit.lint.environment.detect import is_template
from confkit.lint.environment.manifests import holds_configuration, lint_manifest
from confkit.lint.linter import lint
from confkit.lint.rules import RULES
from testing.configuration_files import any_bytes, sound_files
from testing.lint_files import unix_files, windows_files

_FILES = st.one_of(unix_files(), windows_files(), any_bytes, sound_files(windows=False))
_STYLES = st.sampled_from(["|", "|", "|", ">", '"', "'", None])
_DUMPS = st.fixed_dictionaries(
    {
        "default_style": _STYLES,
        "indent": st.integers(2, 9),
        "width": st.sampled_from([20, 80, 100_000]),
        "allow_unicode": st.booleans(),
        "line_break": st.sampled_from(["\n", "\r\n"]),
        "explicit_start": st.booleans(),
    }
)
_LINE = re.compile(r"ConfigMap luna, Chrystoki\.conf(?:, line ([0-9]+))?: (.*)", re.DOTALL)


def of_the_file(content: bytes) -> list[Diagnostic]:
    return lint(parse(content, "Chrystoki.conf"), "x", RULES, name="Chrystoki.conf")


def of_the_manifest(source: bytes) -> tuple[list[str], list[Diagnostic]]:
    """Return the lines that reports may quote, and the findings in the only file."""
    result = lint_manifest("x", source, RULES)
    assert result.faults == []
    (findings,) = result.findings
    return [text(line).removeprefix("\ufeff").rstrip("\r\n") for line in result.lines], findings


def what(finding: Diagnostic) -> tuple[Any, ...]:
    return finding.code, finding.severity, finding.section, finding.key, finding.help, finding.fix


def check(content: bytes, source: bytes) -> bool:
    """Compare the findings one by one, message and place; return whether the manifest has the lines of the file."""
    shown, found = of_the_manifest(source)
    lines = [line.rstrip("\r\n") for line in map(text, split_lines(content))]
    alone = of_the_file(content)
    assert [what(each) for each in found] == [what(each) for each in alone]
    exact = True
    for there, here in zip(found, alone, strict=True):
        match = _LINE.fullmatch(there.message)
        assert match is not None
        assert match[2] == here.message
        if match[1]:
            exact = False
            assert int(match[1]) == here.line
            assert (there.line, there.column) == (found[0].line, found[0].column), "all at the beginning of the value"
        elif here.line <= len(lines):
            assert (
                shown[there.line - 1][there.column - 1 : there.end_column - 1]
                == (lines[here.line - 1][here.column - 1 : here.end_column - 1])
            )
            assert lines[here.line - 1] in shown[there.line - 1]
            assert there.line - here.line == found[0].line - alone[0].line
    return exact


def config_map(field: str, value: str) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "luna"}, field: {"Chrystoki.conf": value}}


@given(_FILES, _DUMPS)
@example(b"\n\n  Chrystoki2 = {\n}\n", {"default_style": "|"})
@example(b"Chrystoki2 = {\n", {"default_style": ">"})
@example(b"VirtualToken{\x01", {"default_style": "|"})
@example("\ufeffA = {\n\n".encode(), {"default_style": "|"})
@example("\x85 = {\n a = 1;\u2028}\n".encode(), {"default_style": "|", "allow_unicode": True})
def test_as_text(content: bytes, how: dict[str, Any]) -> None:
    try:
        value = content.decode()
    except UnicodeDecodeError:
        assume(False)  # noqa: FBT003 - hypothesis' own way of saying so
    source = yaml.dump(config_map("data", value), **how)
    assume(not is_template(value) and yaml.safe_load(source)["data"]["Chrystoki.conf"] == value)
    if not (value.strip() and not is_secret(content)):  # the one finding of a file that holds nothing has no line
        return
    exact = check(content, source.encode())
    literal = re.search(r'^ +"?Chrystoki\.conf"?: \|[-+0-9]*\r?$', source, re.MULTILINE)
    assert exact or not literal or "\x85" in value or "\u2028" in value, "a literal block has the lines as they are"


def is_secret(content: bytes) -> bool:
    """Return whether nothing of the file is quoted where it stands there with escapes."""
    return any(True for _ in secret_values(split_lines(content)))


@given(_FILES, st.booleans(), st.sampled_from(["data", "binaryData"]), _DUMPS)
def test_as_base64(content: bytes, broken: bool, field: str, how: dict[str, Any]) -> None:
    assume(b"\0" not in content and not is_template(text(content)))
    encoded = base64.encodebytes(content) if broken else base64.b64encode(content)
    holder = config_map(field, encoded.decode())
    if field == "binaryData" and encoded:
        check(content, yaml.dump(holder, **how).encode())
    holder["kind"] = "Secret"
    result = lint_manifest("x", yaml.dump(holder, **how).encode(), RULES)
    if field == "data" and encoded:
        assert [(each.code, each.severity) for each in result.findings[0]] == [
            (each.code, each.severity) for each in of_the_file(content)
        ]


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode), _FILES))
def test_whatever_it_is_nothing_is_raised(source: bytes) -> None:
    result = lint_manifest("x.yaml", source, RULES)
    assert result.findings or result.faults
    assert holds_configuration(source) in {"yes", "no", "not rendered"}


_TREES = st.recursive(
    st.sampled_from(["ConfigMap", "Secret", "List", "Chrystoki.conf", "a = {", "x", 1, None, True, 2.5]),
    lambda children: st.one_of(
        st.lists(children, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["kind", "data", "stringData", "binaryData", "items", "metadata", "name", "Chrystoki.conf", "<<"]
            ),
            children,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(st.lists(_TREES, max_size=3))
def test_whatever_a_manifest_is_made_of_nothing_is_raised(trees: list[object]) -> None:
    result = lint_manifest("x.yaml", yaml.safe_dump_all(trees).encode(), RULES)
    assert result.findings or result.faults
