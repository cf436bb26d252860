"""docs/reference/emulator.md with its table of faults, which is made from the table that the emulator itself uses."""

from __future__ import annotations

from pathlib import Path

from confkit.emulator.plans import fault_forms

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "emulator.md"
_BEGIN, _END = "<!-- faults: made by python -m tools.generate -->\n", "<!-- end of faults -->\n"


def page(text: str | None = None) -> str:
    """Return the text of the page, by default as it stands, with the current table. ValueError without its place."""
    before, begin, rest = (PAGE.read_text("utf-8") if text is None else text).partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"{PAGE} has no place for the table of faults, between {_BEGIN!r} and {_END!r}")
    return f"{before}{begin}{table()}{end}{after}"


def table() -> str:
    """Return the table in Markdown."""
    rows = [f"| `{form}` | {effect} |\n" for form, effect in fault_forms().items()]
    return "| fault | a member that has it |\n|---|---|\n" + "".join(rows)
