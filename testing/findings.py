"""Results for the reports to show: of a rule that finds whatever the parser reports, and of findings made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from confkit.core.syntax import Edit, parse
from confkit.lint.diagnostics import Diagnostic, Finding, Fix
from confkit.lint.linter import lint
from confkit.lint.results import LintedFile
from confkit.lint.rule import Rule
from confkit.reports.colour import coloured, uncoloured
from confkit.reports.lint.formats import ReportContext, report
from testing.configuration_files import any_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confkit.core.severity import Severity
    from confkit.lint.context.lint_context import LintContext


def any_problem(context: LintContext) -> Iterator[Finding]:
    """The parser stumbles.

    ## Why

    Some program
    does too.

    ## Source

    None.
    """
    for problem in context.document.problems:
        where = problem.line, problem.start, problem.end
        edit = Edit(problem.line, problem.start, problem.end, b"\xc3\xa9 = 1;\n")
        fix = Fix("Write something else", safe=False, edits=(edit,))
        yield Finding(problem.message, *where, problem.section, problem.key, help="Look at it", fix=fix)


def any_entry(context: LintContext) -> Iterator[Finding]:
    """There is an entry."""
    for section in context.document.sections:
        for entry in section.entries:
            where = entry.line, entry.value_start, entry.value_end
            yield Finding(f"{entry.name} is there", *where, section.name, entry.name)


ANY_PROBLEM = Rule("CK199", "any-problem", "warning", any_problem)
ANY_ENTRY = Rule("CK299", "any-entry", "info", any_entry)
RULES = (ANY_PROBLEM, ANY_ENTRY)


def linted(source: bytes, path: str = "Chrystoki.conf", rules: tuple[Rule, ...] = RULES) -> LintedFile:
    document = parse(source, path)
    return LintedFile(path, document, tuple(lint(document, path, rules)))


def made(line: int = 1, column: int = 1, end_column: int | None = None, **changes: object) -> Diagnostic:
    """A finding made by hand, on one line."""
    finding = Diagnostic(
        code="CK199",
        name="any-problem",
        severity="error",
        message="this is wrong",
        path="Chrystoki.conf",
        line=line,
        column=column,
        end_line=line,
        end_column=column if end_column is None else end_column,
        section=None,
        key=None,
        help=None,
        url="https://example.org/CK199.md",
        fix=None,
    )
    return finding._replace(**changes)  # type: ignore[arg-type]


def result_of(source: bytes, *findings: Diagnostic) -> LintedFile:
    return LintedFile("Chrystoki.conf", parse(source, "Chrystoki.conf"), findings)


def reported(
    name: str, *results: LintedFile, rules: Sequence[Rule] = RULES, fail_on: Severity = "error", colour: bool = False
) -> str:
    """The report of the format `name`, whole."""
    return "".join(report(name, results, ReportContext(rules, fail_on, coloured if colour else uncoloured)))


UNREADABLE = LintedFile("locked/Chrystoki.conf", None, (), error="Permission denied")

# What a hostile file or file name may hold to get out of a report
hostile_text = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "::error::",
                "\n::warning file=a::b",
                "\r\n",
                "##[error]x",
                "##vso[task.setvariable variable=a]b",
                "%0A",
                "%",
                "\x1b[2J",
                "\x9b31m",
                "\u202e",
                "\u2028",
                "\x00",
                "\x7f",
                "]]>",
                "<!--",
                "&lt;",
                '"',
                "'",
                "\ufffe",
                "\uffff",
                "[a](https://example.org)",
                "{0}",
                "\\",
                ",",
                ":",
                "=",
                "é",
                "日本",
                "e\u0301",
                "\U0001f512",
                "\udcff",
                "\ud800",
            ]
        ),
        st.text(max_size=5),
    ),
    max_size=8,
).map("".join)
hostile_bytes = st.one_of(
    any_bytes,
    st.lists(hostile_text, max_size=6).map(lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")),
)
