from __future__ import annotations

from typing import NamedTuple

from hypothesis import given

from confkit.lint.results import LintedFile
from confkit.reports.lint import github
from testing.findings import UNREADABLE, hostile_bytes, hostile_text, linted, made


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def read(line: str) -> Command:
    """Read a line as the runner does (actions/runner, ActionCommand.cs, TryParseV2)."""
    stripped = line.lstrip()
    assert stripped.startswith("::")
    end = stripped.index("::", 2)
    name, _, rest = stripped[2:end].partition(" ")
    pairs = (pair.partition("=") for pair in rest.strip().split(",") if pair)
    properties = {key: unescaped(value, "\r\n:,%") for key, _, value in pairs}
    return Command(name, properties, unescaped(stripped[end + 2 :], "\r\n%"))


def unescaped(text: str, characters: str) -> str:
    for character in characters:
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def test_one_finding() -> None:
    finding = made(2, 3, 8, help="Do this", severity="warning")
    assert github.of_file(LintedFile("x/Chrystoki.conf", None, (finding._replace(path="./x/Chrystoki.conf"),))) == (
        "::warning file=x/Chrystoki.conf,line=2,col=3,endLine=2,endColumn=8,title=CK199 any-problem"
        "::this is wrong. Do this\n"
    )


def test_severities() -> None:
    findings = tuple(made(severity=severity) for severity in ("error", "warning", "info"))
    lines = github.of_file(LintedFile("a", None, findings)).splitlines()
    assert [read(line).name for line in lines] == ["error", "warning", "notice"]


def test_an_unreadable_file_is_an_error() -> None:
    assert github.of_file(UNREADABLE) == "::error file=locked/Chrystoki.conf,title=not linted::Permission denied\n"


def test_what_the_runner_takes_for_syntax_is_escaped() -> None:
    finding = made(path="a,b:c%.conf", message="100 %: a, b%0A::error::x")
    (line,) = github.of_file(LintedFile("a", None, (finding,))).splitlines()
    assert "file=a%2Cb%3Ac%25.conf," in line
    assert line.endswith("::100 %25: a, b%250A::error::x.")


def test_a_clean_file_says_nothing() -> None:
    assert github.of_file(linted(b"Misc = {\n}\n")) == ""


@given(hostile_text, hostile_text, hostile_text)
def test_every_line_is_the_one_command_it_should_be(path: str, message: str, section: str) -> None:
    finding = made(3, 4, 9, path=path, message=message, help=section or None)
    unreadable = LintedFile(path, None, (finding,), error=message)
    output = github.of_file(unreadable)
    lines = output.splitlines()
    assert output == "".join(f"{line}\n" for line in lines)
    first, second = map(read, lines)
    assert (first.name, second.name) == ("error", "error")
    assert list(first.properties) == ["file", "line", "col", "endLine", "endColumn", "title"]
    assert list(second.properties) == ["file", "title"]
    numbers = [first.properties[name] for name in ("line", "col", "endLine", "endColumn")]
    assert numbers == ["3", "4", "3", "9"]
    assert first.properties["title"] == "CK199 any-problem"
    assert first.properties["file"] == second.properties["file"]


@given(hostile_bytes)
def test_no_file_can_forge_a_command(source: bytes) -> None:
    result = linted(source)
    lines = github.of_file(result).splitlines()
    assert len(lines) == len(result.diagnostics)
    for line, finding in zip(lines, result.diagnostics, strict=True):
        assert read(line).properties["title"] == f"{finding.code} {finding.name}"
        assert read(line).properties["line"] == str(finding.line)
