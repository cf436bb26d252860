"""What must hold of every format: no secret comes out, and nothing that steers a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from confkit.core.escape import escape_lines
from confkit.core.syntax import Edit
from confkit.core.syntax.document import text as decoded
from confkit.lint.diagnostics import Finding, Fix
from confkit.lint.rule import Rule
from confkit.reports.lint.formats import FORMATS
from testing.findings import RULES, hostile_bytes, hostile_text, linted, made, reported, result_of
from testing.secrets import CANARY, files_with_a_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.lint_context import LintContext


def each_line(context: LintContext) -> Iterator[Finding]:
    """Says everything it sees, as no rule should; and moves it elsewhere."""
    for number, line in enumerate(context.document.lines, 1):
        content = decoded(line.rstrip(b"\r\n"))
        edits = (Edit(number, 0, len(line), b""), Edit(1, 0, 0, line))
        fix = Fix(f"Move {content}", safe=False, edits=edits)
        yield Finding(content, number, 0, len(line), content, content, help=content, fix=fix)


TELLTALE = (*RULES, Rule("CK999", "each-line", "error", each_line))


@pytest.mark.parametrize("name", FORMATS)
@given(source=files_with_a_secret(), path=st.sampled_from(["Chrystoki.conf", "crystoki.ini"]))
@example(source=f"AuthTokenClientSecret\n\n  {CANARY};\n".encode(), path="Chrystoki.conf")
@example(source=f"AuthTokenClientSecret = a{CANARY}; {CANARY} = 1\n".encode(), path="crystoki.ini")
@example(source=f"CVAppSpecificData = {CANARY};\nTypo = {CANARY};\n".encode(), path="Chrystoki.conf")
def test_no_secret_comes_out(name: str, source: bytes, path: str) -> None:
    assert CANARY not in reported(name, linted(source, path, TELLTALE))


@pytest.mark.parametrize("name", FORMATS)
@given(source=hostile_bytes, path=hostile_text.filter(lambda path: "\ud800" not in path))
def test_no_control_character_comes_out(name: str, source: bytes, path: str) -> None:
    result = linted(source, path or "x", TELLTALE)
    if result.diagnostics:
        first, *others = result.diagnostics
        result = result._replace(diagnostics=tuple(others), suppressed=((first, path),), error=path)
    output = reported(name, result)
    # with the commands that are meant
    shown = "\n".join(line.removeprefix("::") for line in output.split("\n")) if name == "github" else output
    assert escape_lines(shown) == shown
    output.encode()  # and no lone surrogate


@pytest.mark.parametrize("name", FORMATS)
def test_a_clean_file_with_a_secret_hides_nothing_else(name: str) -> None:
    source = b"REST = {\n   AuthTokenClientSecret = ;\n   AuthTokenClientId = my-id-0815;\n   Other = 1;\n}\n"
    finding = made(4, 4, 9, message="Other is my-id-0815")
    assert "my-id-0815" in reported(name, result_of(source, finding))


@pytest.mark.parametrize("name", FORMATS)
def test_a_hostile_file_is_reported_in_linear_time(name: str) -> None:
    """Quadratic, this would take an hour: names of secrets without end, and a thousand findings in one line."""
    names = b"CVAppSpecificData" * 100_000
    many = b"".join(b"AuthTokenClientSecret = secret-%d;\n" % number for number in range(3000))
    reported(name, linted(names + b"\n" + many))
    reported(name, linted(b"A = 1; " + b"} x " * 100_000))
