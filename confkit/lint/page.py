"""The page of a rule, from its docstring, and the index of all pages; tools.generate writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.lint.examples import BASES, examples, lint_example

if TYPE_CHECKING:
    from confkit.lint.rule import Rule

_ESCAPED = (
    "In an example marked `escaped`, `\\t` stands for a TAB, `\\r` for a carriage return, `\\xNN` and `\\0` for a byte,"
    " and a line that ends in `\\` goes on in the next."
)
_BASE = re.compile(r"^```conf.* base=(\w+)", re.MULTILINE)
_STANDS = "the example is a part of the file of "
_MADE_BY = "<!-- Made by `python -m tools.generate` from the rule itself; change it there. -->"
FAMILIES = {
    "CK1": "Layout",
    "CK2": "Entries",
    "CK3": "HA",
    "CK4": "Network",
    "CK5": "Security",
    "CK6": "Other readers of the file",
    "CK7": "The environment that leads to the file",
    "CKP": "This host (confkit preflight)",
}


def page(rule: Rule) -> str:
    """Return the page of a rule as Markdown."""
    text = docstring(rule)
    remarks = [_ESCAPED, ""] if " escaped\n" in text else []
    remarks += [
        line for base in dict.fromkeys(_BASE.findall(text)) for line in (f"`base={base}`: {_STANDS}{BASES[base]}.", "")
    ]
    facts = f"Severity: {_severities(rule)}. Fix: {_fix(rule)}."
    return "\n".join([f"# {rule.code} {rule.name}", "", facts, "", text, "", *remarks])


def index(rules: tuple[Rule, ...]) -> str:
    """Return the list of all rules as Markdown, by family."""
    lines = [_MADE_BY, "", "# Rules", "", "`confkit explain CODE` shows the page of a rule.", ""]
    for prefix, title in FAMILIES.items():
        family = [rule for rule in rules if rule.code.startswith(prefix)]
        if family:
            lines += [f"## {title}", "", "| code | name | severity | fix | what it finds |", "|---|---|---|---|---|"]
            lines += [_row(rule) for rule in sorted(family)]
            lines.append("")
    return "\n".join(lines)


def docstring(rule: Rule) -> str:
    """Return the text of the rule's page, without the facts above it."""
    # costs 10 ms, and a lint never comes here
    from inspect import getdoc  # noqa: PLC0415

    return getdoc(rule.find) or ""


def _severities(rule: Rule) -> str:
    if not rule.lowered_to:
        return rule.severity
    return f"{rule.severity}; {' or '.join(rule.lowered_to)} where the facts are less certain"


def _fix(rule: Rule) -> str:
    """Say which fix the bad example has; another finding of the rule may have none, or one that is not safe."""
    fixes = [
        diagnostic.fix
        for example in examples(docstring(rule))
        if example.kind == "Bad"
        for diagnostic in lint_example(example, [rule])
        if diagnostic.fix
    ]
    if not fixes:
        return "none"
    return "safe" if any(fix.safe for fix in fixes) else "with `--unsafe-fixes`"


def _row(rule: Rule) -> str:
    first = docstring(rule).partition("\n")[0].rstrip(".").replace("|", "\\|")
    return f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity} | {_fix(rule)} | {first} |"


def page_file(rule: Rule) -> str:
    """Return the text of the rule's file in docs/rules."""
    return f"{_MADE_BY}\n\n{page(rule)}"
