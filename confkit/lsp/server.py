"""The language server on standard input and output: messages of the protocol in, answers of the other modules out."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from typing import TYPE_CHECKING, TypeVar

from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from confkit.core.errors import ConfkitError
from confkit.core.storage.reader import MAX_CONFIGURATION, read_bounded
from confkit.core.version import VERSION
from confkit.lint.settings.settings import OWN_FILE, SHARED_FILE
from confkit.lsp import actions, completion, labels, pages, structure
from confkit.lsp.diagnostics import diagnostics
from confkit.lsp.file_encoding import encoding_of
from confkit.lsp.findings import OpenFiles
from confkit.lsp.log import LOG, start
from confkit.lsp.open_file import OpenFile
from confkit.lsp.text_lines import Change, split

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from typing import Any

    from confkit.lint.results import LintedFile
    from confkit.lsp.positions import Units

DEBOUNCE = 0.15  # seconds without a change before a file is linted of the server's own accord
_OBJECTS = 200_000  # a document of 1 MB has 40,000
_WATCHED = "confkit-settings"
_Result = TypeVar("_Result")


class _Protocol(LanguageServerProtocol):
    """The protocol without the copy of every open file that pygls keeps: it ends lines where the protocol does not."""

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Generator[Any, Any, None]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Generator[Any, Any, None]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> Generator[Any, Any, None]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None


class ConfkitServer(LanguageServer):
    """What the server knows of one editor: its open files, and what it can do."""

    def __init__(self) -> None:
        super().__init__("confkit", VERSION, protocol_cls=_Protocol)
        self.files = OpenFiles()
        self.was_shut_down = False
        self._waiting: dict[str, asyncio.Task[None]] = {}

    @property
    def units(self) -> Units:
        """The units of columns that were agreed on."""
        agreed = str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))
        return "utf-8" if agreed == "utf-8" else "utf-32" if agreed == "utf-32" else "utf-16"

    @property
    def pulls(self) -> bool:
        """Whether the editor asks for findings by itself; sent besides, it would show each of them twice."""
        abilities = self.client_capabilities.text_document
        return abilities is not None and abilities.diagnostic is not None

    @property
    def abilities(self) -> actions.Abilities:
        """What the editor can do with a fix."""
        window, workspace = self.client_capabilities.window, self.client_capabilities.workspace
        shown = window.show_document if window else None
        edit = workspace.workspace_edit if workspace else None
        return actions.Abilities(
            opens_pages=shown is not None and shown.support,
            checks_versions=edit is not None and bool(edit.document_changes),
        )

    @property
    def fills_snippets(self) -> bool:
        """Whether the editor knows snippets."""
        abilities = self.client_capabilities.text_document
        item = abilities.completion.completion_item if abilities and abilities.completion else None
        return item is not None and bool(item.snippet_support)

    def publish_soon(self, uri: str, delay: float = DEBOUNCE) -> None:
        """Send the findings of a file once it has not changed for a while; nothing where the editor asks for them."""
        if uri in self._waiting:
            self._waiting.pop(uri).cancel()
        if not self.pulls:
            self._waiting[uri] = asyncio.get_running_loop().create_task(self._publish(uri, delay))

    async def _publish(self, uri: str, delay: float) -> None:
        await asyncio.sleep(delay)
        began = time.monotonic()
        found = await self.files.linted(uri)
        if found is None:
            return
        shown = diagnostics(*found)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, shown, version=found[0].version))
        LOG.info("%s: %d findings in %.0f ms", found[0].path, len(shown), 1000 * (time.monotonic() - began))

    def lint_again(self) -> None:
        """Lint every open file again: the settings may have changed."""
        self.files.forget_results()
        for file in self.files:
            self.publish_soon(file.uri, 0)
        workspace = self.client_capabilities.workspace
        if self.pulls and workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
            self.workspace_diagnostic_refresh(None)


SERVER = ConfkitServer()


def collect_rarely() -> None:
    """Look for circles of objects less often: a document has none, and the search takes half of the time of a parse."""
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])


def serve(log_file: str | None) -> int:
    """Answer one editor until it is done; return 0 where it asked to shut down, else 1, as the protocol wants.

    FileError where the log cannot be written.
    """
    start(log_file)
    collect_rarely()
    LOG.info("confkit %s started", VERSION)
    try:
        SERVER.start_io()
    finally:
        SERVER.files.stop()
        LOG.info("ended")
    return 0 if SERVER.was_shut_down else 1


@SERVER.feature(types.SHUTDOWN)
def shut_down(ls: ConfkitServer, _params: None) -> None:
    """Remember that the editor ends the session in order."""
    ls.was_shut_down = True


@SERVER.feature(types.INITIALIZED)
def initialized(ls: ConfkitServer, _params: types.InitializedParams) -> None:
    """Ask the editor to tell of changes of settings files."""
    workspace = ls.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if watching is None or not watching.dynamic_registration:
        return
    watchers = [types.FileSystemWatcher(f"**/{name}") for name in (OWN_FILE, SHARED_FILE)]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    wanted = types.Registration(_WATCHED, types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    ls.client_register_capability(types.RegistrationParams([wanted]))


@SERVER.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def watched_files_changed(ls: ConfkitServer, _params: types.DidChangeWatchedFilesParams) -> None:
    """Lint with the new settings."""
    ls.lint_again()


@SERVER.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
def configured(_ls: ConfkitServer, _params: types.DidChangeConfigurationParams) -> None:
    """Take no notice: settings are in confkit.toml, for every editor and for the command. Many editors send theirs."""


@SERVER.feature(types.TEXT_DOCUMENT_DID_OPEN)
def opened(ls: ConfkitServer, params: types.DidOpenTextDocumentParams) -> None:
    """Take a file."""
    given = params.text_document
    path = uris.to_fs_path(given.uri)
    lines = split(given.text)
    ls.files.put(
        OpenFile(
            uri=given.uri,
            path=path or uris.urlparse(given.uri)[2],
            language=given.language_id,
            version=given.version,
            lines=lines,
            units=ls.units,
            encoding=encoding_of(lines, _on_disk(path)),
        )
    )
    LOG.info("opened %s (%s), %d lines", path, given.language_id, len(lines))
    ls.publish_soon(given.uri, 0)


def _on_disk(path: str | None) -> bytes | None:
    """Return the bytes of the file that was opened; None where it is not on the disk."""
    if path is None or not os.path.isfile(path):
        return None
    try:
        return read_bounded(path, MAX_CONFIGURATION)
    except ConfkitError:
        return None


@SERVER.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def changed(ls: ConfkitServer, params: types.DidChangeTextDocumentParams) -> None:
    """Take the changes of a file."""
    file = ls.files.get(params.text_document.uri)
    if file is not None:
        version = params.text_document.version
        ls.files.put(file.after(version, [_change(each) for each in params.content_changes]))
        ls.publish_soon(file.uri)


def _change(given: types.TextDocumentContentChangeEvent) -> Change | str:
    if isinstance(given, types.TextDocumentContentChangeWholeDocument):
        return given.text
    start, end = given.range.start, given.range.end
    return Change(start.line, start.character, end.line, end.character, given.text)


@SERVER.feature(types.TEXT_DOCUMENT_DID_SAVE)
def saved(ls: ConfkitServer, _params: types.DidSaveTextDocumentParams) -> None:
    """Lint again: an editor that watches no files has perhaps changed the settings before."""
    ls.lint_again()


@SERVER.feature(types.TEXT_DOCUMENT_DID_CLOSE)
def closed(ls: ConfkitServer, params: types.DidCloseTextDocumentParams) -> None:
    """Forget a file, and let the editor forget its findings."""
    uri = params.text_document.uri
    ls.files.close(uri)
    if not ls.pulls:
        ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


@SERVER.feature(
    types.TEXT_DOCUMENT_DIAGNOSTIC,
    types.DiagnosticOptions(inter_file_dependencies=False, workspace_diagnostics=False, identifier="confkit"),
)
async def pulled(
    ls: ConfkitServer, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport:
    """Return the findings of a file."""
    found = await ls.files.linted(params.text_document.uri)
    return types.RelatedFullDocumentDiagnosticReport(diagnostics(*found) if found else [])


@SERVER.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=list(actions.KINDS)))
async def code_actions(ls: ConfkitServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Return what can be done about the findings in a range."""

    def found(file: OpenFile, result: LintedFile) -> list[types.CodeAction]:
        return actions.actions(file, result, params.range, params.context.only, ls.abilities)

    return await ls.files.answered(params.text_document.uri, found) or []


@SERVER.command(actions.OPEN_PAGE)
def open_page(ls: ConfkitServer, address: str) -> None:
    """Show a page of the documentation in a browser."""
    ls.window_show_document(types.ShowDocumentParams(address, external=True))


@SERVER.feature(types.TEXT_DOCUMENT_HOVER)
async def hover(ls: ConfkitServer, params: types.HoverParams) -> types.Hover | None:
    """Return the page of what stands under the cursor; that of an entry does not wait until the file is linted."""
    uri = params.text_document.uri
    file = ls.files.get(uri)
    if file is not None and file.is_configuration:
        shown = pages.hover(file, ls.files.known(uri), params.position)
        if shown is not None:
            return shown
    found = await ls.files.linted(uri)
    return pages.hover(*found, params.position) if found else None


@SERVER.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=["=", "["]))
def complete(ls: ConfkitServer, params: types.CompletionParams) -> list[types.CompletionItem]:
    """Return what can be typed."""

    def found(file: OpenFile) -> list[types.CompletionItem]:
        return completion.completion(file, params.position, snippets=ls.fills_snippets)

    return _of_client_file(ls, params.text_document.uri, found) or []


@SERVER.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
def symbols(ls: ConfkitServer, params: types.DocumentSymbolParams) -> Sequence[types.DocumentSymbol]:
    """Return the outline of a file."""
    return _of_client_file(ls, params.text_document.uri, structure.symbols) or []


@SERVER.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
def folding(ls: ConfkitServer, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    """Return what can be folded."""
    return _of_client_file(ls, params.text_document.uri, structure.folding) or []


@SERVER.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)
def links(ls: ConfkitServer, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
    """Return links to the files that are named."""
    return _of_client_file(ls, params.text_document.uri, structure.links) or []


@SERVER.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
def prepare_rename(ls: ConfkitServer, params: types.PrepareRenameParams) -> types.Range | None:
    """Return what would be renamed: the label of an HA group, and nothing else."""

    def found(file: OpenFile) -> types.Range | None:
        place = labels.place_at(file, params.position)
        return place and file.range(place.line, place.start, place.end)

    return _of_client_file(ls, params.text_document.uri, found)


@SERVER.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
def rename(ls: ConfkitServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """Return the edits that rename an HA group; an error, which says why, where that cannot be."""

    def found(file: OpenFile) -> types.WorkspaceEdit | None:
        try:
            edits = labels.renamed(file, params.position, params.new_name)
        except ConfkitError as error:
            raise JsonRpcInvalidParams(error.message) from error
        return actions.workspace_edit(file, edits, ls.abilities) if edits else None

    return _of_client_file(ls, params.text_document.uri, found)


@SERVER.feature(types.TEXT_DOCUMENT_DEFINITION)
def definition(ls: ConfkitServer, params: types.DefinitionParams) -> types.Location | None:
    """Return where an HA group is defined."""
    return _of_client_file(ls, params.text_document.uri, lambda file: labels.definition(file, params.position))


def _of_client_file(ls: ConfkitServer, uri: str, answer: Callable[[OpenFile], _Result]) -> _Result | None:
    """Return the answer for a configuration file that is open; None for any other, such as a manifest."""
    file = ls.files.get(uri)
    return answer(file) if file is not None and file.is_configuration else None
