from __future__ import annotations

import json

import jsonschema
from hypothesis import given

from confkit.core.syntax import Edit, parse
from confkit.lint.diagnostics import Fix
from confkit.lint.results import LintedFile
from testing.findings import UNREADABLE, hostile_bytes, linted, made, reported
from testing.programs import REPOSITORY

VALIDATOR = jsonschema.Draft202012Validator(json.loads((REPOSITORY / "schemas" / "json" / "lint.json").read_text()))


def test_the_shape_other_peoples_scripts_rely_on() -> None:
    fix = Fix("Add the `;`", safe=True, edits=(Edit(2, 7, 7, b";"),))
    finding = made(2, 3, 8, section="Misc", key="A", help="Do so", fix=fix)
    result = LintedFile("Chrystoki.conf", parse(b"Misc = {\n  A = 1\n}\n"), (finding,), ((finding, "known"),))
    assert json.loads(reported("json", result, UNREADABLE)) == {
        "version": 1,
        "summary": {"files": 2, "errors": 1, "warnings": 0, "infos": 0},
        "diagnostics": [
            {
                "code": "CK199",
                "name": "any-problem",
                "severity": "error",
                "message": "this is wrong",
                "path": "Chrystoki.conf",
                "line": 2,
                "column": 3,
                "end_line": 2,
                "end_column": 8,
                "section": "Misc",
                "key": "A",
                "help": "Do so",
                "url": "https://example.org/CK199.md",
                "fix": {
                    "description": "Add the `;`",
                    "safe": True,
                    "edits": [{"line": 2, "column": 8, "end_line": 2, "end_column": 8, "text": ";"}],
                },
            }
        ],
    }


def test_what_is_not_known_is_null() -> None:
    (diagnostic,) = json.loads(reported("json", LintedFile("a", None, (made(),))))["diagnostics"]
    assert {name for name, value in diagnostic.items() if value is None} == {"section", "key", "help", "fix"}


def test_bytes_that_are_not_utf8_are_written_as_escapes() -> None:
    finding = made(path="a\udcff.conf", key="k\udce9")
    (diagnostic,) = json.loads(reported("json", LintedFile("a", None, (finding,))))["diagnostics"]
    assert (diagnostic["path"], diagnostic["key"]) == ("a\\xff.conf", "k\\xe9")


@given(hostile_bytes)
def test_any_file_gives_what_the_schema_says(source: bytes) -> None:
    VALIDATOR.validate(json.loads(reported("json", linted(source))))
