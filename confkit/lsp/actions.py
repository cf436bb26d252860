"""What an editor offers to do about findings: fix one, fix all that is safe, open the page of the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from confkit.lint.source import Source
from confkit.lsp.diagnostics import at, diagnostics
from confkit.lsp.linting import linted
from confkit.lsp.source_edits import edits_of, edits_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confkit.lint.diagnostics import Diagnostic
    from confkit.lint.results import LintedFile
    from confkit.lsp.open_file import OpenFile

FIX_ALL = "source.fixAll.confkit"
OPEN_PAGE = "confkit.openDocumentation"  # the command; its argument is the address of a page
KINDS = (types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll, FIX_ALL)
_UNSAFE = "unsafe: may change what the client does"


class Abilities(NamedTuple):
    """What an editor can do: show a web page, and refuse edits that are meant for another version of a file."""

    opens_pages: bool
    checks_versions: bool


def actions(
    file: OpenFile, result: LintedFile, span: types.Range, only: Sequence[str] | None, abilities: Abilities
) -> list[types.CodeAction]:
    """Return the actions for a range; `only` those of some kinds, where it is given.

    An unsafe fix says so in its title, is never the preferred one, and is never a part of `source.fixAll`.
    """
    found: list[types.CodeAction] = []
    if _is_wanted(types.CodeActionKind.QuickFix, only):
        touched = at(file, result.diagnostics, span)
        found += _fixes(file, result, touched, abilities)
        if abilities.opens_pages:
            found += _pages(touched)
    if _is_wanted(FIX_ALL, only):
        found += _fix_all(file, result, abilities)
    return found


def _is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Return whether a kind, or one that holds it, is among those asked for."""
    return not only or any(kind == each or kind.startswith(f"{each}.") for each in only)


def _fixes(
    file: OpenFile, result: LintedFile, touched: Sequence[Diagnostic], abilities: Abilities
) -> Iterator[types.CodeAction]:
    source = Source(result.document, result.fixed)
    for finding in touched:
        edits = edits_of(file, finding.fix.edits) if finding.fix else []
        if finding.fix and edits:
            yield types.CodeAction(
                title=_title(source.sentence(finding.fix.description), finding.code, safe=finding.fix.safe),
                kind=types.CodeActionKind.QuickFix,
                diagnostics=diagnostics(file, result._replace(diagnostics=(finding,), error=None)),
                is_preferred=finding.fix.safe or None,
                edit=workspace_edit(file, edits, abilities),
            )


def _title(description: str, code: str, *, safe: bool) -> str:
    return f"{description} ({code})" if safe else f"{description} ({code}), {_UNSAFE}"


def _pages(touched: Sequence[Diagnostic]) -> Iterator[types.CodeAction]:
    for code, (name, url) in {each.code: (each.name, each.url) for each in touched}.items():
        title = f"Open the documentation of {code} {name}"
        yield types.CodeAction(
            title, kind=types.CodeActionKind.QuickFix, command=types.Command(title, OPEN_PAGE, arguments=[url])
        )


def _fix_all(file: OpenFile, result: LintedFile, abilities: Abilities) -> Iterator[types.CodeAction]:
    if not any(each.fix and each.fix.safe for each in result.diagnostics):
        return
    fixed = linted(file, "show").fixed
    edits = edits_to(file, fixed.after) if fixed else []
    if edits:
        yield types.CodeAction(
            "Make all safe fixes (confkit)", kind=FIX_ALL, edit=workspace_edit(file, edits, abilities)
        )


def workspace_edit(file: OpenFile, edits: list[types.TextEdit], abilities: Abilities) -> types.WorkspaceEdit:
    """Return edits of one file: of this version of it, where the editor checks that, else in the form that all take."""
    if not abilities.checks_versions:
        return types.WorkspaceEdit(changes={file.uri: edits})
    version = types.OptionalVersionedTextDocumentIdentifier(file.uri, file.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(version, edits)])
