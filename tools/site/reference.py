"""Pages of reference that are made for the site alone: commands, exit codes, entries by section, schemas, Python.

Each is read from what the program itself uses. docs/ has the pages that are read on GitHub too.
"""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

from confkit.core.catalogue.loader import SectionFacts, read_section
from confkit.core.catalogue.names import SECTION_NAMES
from tools import entries_page, schemas
from tools.command_line import Command, Parameter, command_line, every_command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COMMANDS = "reference/commands"
ENTRIES = "entries"
SCHEMAS = "schemas"

_SHARED_CODES = (
    "The [specification](specification.md#commands) has the exit codes that all commands share. "
    "These commands have more to say:"
)
_WHAT_SCHEMAS_ARE = (
    "What `--format json` prints, and what `confkit apply` reads, each described by a JSON Schema (draft 2020-12). "
    "A wheel carries them in `confkit/schemas/json`."
)
_PYTHON = """\
# Python API

What `import confkit` offers. Names that are not on this page may change in any release.

::: confkit
    options:
      show_root_heading: false
      show_root_toc_entry: false
      members: {members}

## Lint

::: confkit.lint.runner.lint_paths

::: confkit.lint.lint_file.LintOptions

::: confkit.lint.results.LintedFile

::: confkit.lint.diagnostics.Diagnostic
"""


def pages() -> dict[str, str]:
    """Return the text of each page by its path in the site's source; `{path}.json` are files to download."""
    program = command_line()
    commands = every_command(program)
    return {
        f"{COMMANDS}/README.md": _command_index(program),
        **{f"{COMMANDS}/{each.words[0]}.md": _command_page(each) for each in program.below},
        "reference/exit-codes.md": _exit_codes(commands),
        "reference/json-schemas.md": _schema_page(),
        **{f"{SCHEMAS}/{output}.json": schemas.schema(output) for output in schemas.OUTPUTS},
        "reference/python-api.md": _python_page(),
        "entries.md": _entries_index(),
        **{f"{ENTRIES}/{_file_name(name)}.md": _section_page(read_section(name)) for name in SECTION_NAMES},
    }


def _command_index(program: Command) -> str:
    rows = [f"| [{each.name}]({each.words[0]}.md) | {_cell(each.summary)} |" for each in program.below]
    head = ["# Commands", "", _text(program.summary), "", f"`{program.usage}`", ""]
    table = ["| command | what it does |", "|---|---|", *rows, ""]
    return "\n".join([*head, *table, *_parameters("Options", program.options)])


def _command_page(command: Command) -> str:
    return "\n".join(line for each in every_command(command) for line in _command(each))


def _command(command: Command) -> Iterator[str]:
    deeper = len(command.words) > 1
    yield from (f"{'##' if deeper else '#'} {command.name}", "", _text(command.summary), "")
    yield from ("```console", command.usage, "```", "")
    for paragraph in command.description:
        yield from (_text(paragraph), "")
    if command.exit_codes:
        yield from (f"Exit codes: {_text(command.exit_codes)}.", "")
    yield from _parameters("Arguments", command.arguments)
    yield from _parameters("Options", command.options)
    if command.examples:
        yield from ("**Examples**", "", "```console", *(f"$ {line}" for line in command.examples), "```", "")


def _parameters(title: str, parameters: Sequence[Parameter]) -> Iterator[str]:
    if parameters:
        yield from (f"**{title}**", "", f"| {title.lower().removesuffix('s')} | meaning |", "|---|---|")
        yield from (f"| `{_cell_of_code(each.form)}` | {_cell(each.help)} |" for each in parameters)
        yield ""


def _exit_codes(commands: Sequence[Command]) -> str:
    own = [each for each in commands if each.exit_codes]
    rows = [f"| [{each.name}](commands/{each.words[0]}.md) | {_cell(each.exit_codes or '')} |" for each in own]
    table = ["| command | exit codes |", "|---|---|", *rows, ""]
    return "\n".join(["# Exit codes", "", _SHARED_CODES, "", *table])


def _schema_page() -> str:
    lines = ["# JSON schemas", "", _WHAT_SCHEMAS_ARE, ""]
    for output in schemas.OUTPUTS:
        described = json.loads(schemas.schema(output))
        lines += [f"## {output}", "", f"[{output}.json](../{SCHEMAS}/{output}.json)", ""]
        if "description" in described:
            lines += [_text(str(described["description"])), ""]
        lines += ["| field | type | meaning |", "|---|---|---|"]
        lines += [
            f"| `{name}` | {_cell_of_code(_type(facts))} | {_cell(facts.get('description', ''))} |"
            for name, facts in described.get("properties", {}).items()
        ]
        lines.append("")
    return "\n".join(lines)


def _type(facts: dict[str, Any]) -> str:
    """Return the type of a field in few words; the schema itself has all of it."""
    if "anyOf" in facts:
        return " or ".join(dict.fromkeys(map(_type, facts["anyOf"])))
    if "$ref" in facts:
        return str(facts["$ref"]).rpartition("/")[2]
    if "const" in facts or "enum" in facts:
        return ", ".join(json.dumps(each) for each in facts.get("enum", [facts.get("const")]))
    if facts.get("type") == "array":
        return f"array of {_type(facts['items'])}" if facts.get("items") else "array"
    return str(facts.get("type", "any"))


def _python_page() -> str:
    import confkit  # noqa: PLC0415 - the one place that asks for its public names

    return _PYTHON.replace("{members}", json.dumps(confkit.__all__))


def _entries_index() -> str:
    lines = [entries_page.INTRODUCTION.partition("-->")[2].strip(), ""]
    for name in SECTION_NAMES:
        section = read_section(name)
        names = ", ".join(f"[`{each}`]({ENTRIES}/{_file_name(name)}.md#{_anchor(each)})" for each in section.entries)
        lines += [
            f"## {name}",
            "",
            f"{_text(section.meaning)}. [All of it]({ENTRIES}/{_file_name(name)}.md).",
            "",
            names,
            "",
        ]
    return "\n".join(lines)


def _section_page(section: SectionFacts) -> str:
    lines = [f"# {section.name}", "", f"{_text(section.meaning)}.", ""]
    lines += [*entries_page.deprecation(section), *entries_page.misspellings(section)]
    for entry in section.entries.values():
        sources = list(dict.fromkeys(entry.source))
        cells = dict(zip(entries_page.HEADER, entries_page.cells(entry, sources), strict=True))
        lines += [
            f"## {entry.name} {{#{_anchor(entry.name)}}}",
            "",
            _text(cells["Meaning"]),
            "",
            "| fact | value |",
            "|---|---|",
        ]
        lines += [
            f"| {name} | {cells[name]} |"
            for name in ("Type", "Default", "Allowed", "Platform", "Since", "Evidence")
            if cells[name]
        ]
        lines += ["", "Sources:", "", *(f"{at}. {entries_page.source(text)}" for at, text in enumerate(sources, 1)), ""]
    return "\n".join(lines)


def _file_name(section: str) -> str:
    return section.lower().replace(" ", "-")


def _anchor(entry: str) -> str:
    return entry.lower().replace("{", "").replace("}", "")


def _text(text: str) -> str:
    """Return prose of the program as Markdown that shows it as it is; what stands in backticks stays code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return _escaped(text)
    return "`".join(part if at % 2 else _escaped(part) for at, part in enumerate(parts))


def _escaped(text: str) -> str:
    shown = html.escape(text, quote=False)
    for sign in "\\*_[]":
        shown = shown.replace(sign, f"&#{ord(sign)};")
    return " ".join(shown.split())


def _cell(text: str) -> str:
    return _text(text).replace("|", "&#124;")


def _cell_of_code(text: str) -> str:
    return text  # Python-Markdown takes a bar in code for text
