"""An editor for `confkit lsp`: pytest-lsp's client, which holds every answer against what the editor says it can do."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

PATIENCE = 60  # seconds for one answer, on a machine that is busy
PUSHED, PULLING = "neovim@0.9", "neovim@0.11"  # editors that are sent findings, and that ask for them


class Editor:
    """One session: the files it has open, and requests about them by name of the file's path."""

    def __init__(self, client: LanguageClient, runner: asyncio.Runner, server: types.ServerCapabilities) -> None:
        self.client = client
        self.server = server
        self._runner = runner
        self.versions: dict[str, int] = {}
        self.last_version: int | None = None  # of the file that findings were last sent for

    def run(self, work: Any) -> Any:
        """Return what a request of the client answers."""

        async def bounded() -> Any:
            return await asyncio.wait_for(work, PATIENCE)

        return self._runner.run(bounded())

    def open(self, path: Path, text: str | None = None, language: str = "chrystoki") -> str:
        """Open a file with the text that it has, or with another; return its URI."""
        uri = path.as_uri()
        self.versions[uri] = 1
        shown = path.read_bytes().decode() if text is None else text
        document = types.TextDocumentItem(uri, language, 1, shown)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        return uri

    def change(self, uri: str, changes: Sequence[types.TextDocumentContentChangeEvent]) -> None:
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))

    def replace(self, uri: str, text: str) -> None:
        """Give a file another text."""
        self.change(uri, [types.TextDocumentContentChangeWholeDocument(text)])

    def save(self, uri: str) -> None:
        document = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def pushed(self, uri: str) -> list[types.Diagnostic]:
        """Return the next findings that the server sends for a file."""

        async def wait() -> None:
            while True:
                sent = await self.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
                if sent.uri == uri:
                    self.last_version = sent.version
                    return

        self.run(wait())
        return list(self.client.diagnostics[uri])

    def pulled(self, uri: str) -> list[types.Diagnostic]:
        """Return the findings of a file as the server answers."""
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        return list(self.run(self.client.text_document_diagnostic_async(params)).items)

    def actions(self, uri: str, span: types.Range | None = None, only: Sequence[str] | None = None) -> list[Any]:
        """Return the code actions for a range, by default for the whole file."""
        span = span or types.Range(types.Position(0, 0), types.Position(100_000, 0))
        context = types.CodeActionContext([], only=only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), span, context)
        return list(self.run(self.client.text_document_code_action_async(params)) or [])

    def at(self, request: str, uri: str, line: int, character: int, **more: object) -> Any:
        """Return the answer to a request about a place, both from 0: hover, completion, definition, rename ..."""
        kind: Any = getattr(types, f"{request.title().replace('_', '')}Params")
        params = kind(text_document=types.TextDocumentIdentifier(uri), position=types.Position(line, character), **more)
        return self.run(getattr(self.client, f"text_document_{request}_async")(params))

    def about(self, request: str, uri: str) -> Any:
        """Return the answer to a request about a file: document_symbol, folding_range, document_link."""
        kind: Any = getattr(types, f"{request.title().replace('_', '')}Params")
        params = kind(types.TextDocumentIdentifier(uri))
        return self.run(getattr(self.client, f"text_document_{request}_async")(params))

    def settle(self, seconds: float = 0.1) -> None:
        """Let messages come in for a while."""
        self.run(asyncio.sleep(seconds))


@contextmanager
def editor(
    root: Path,
    capabilities: str | types.ClientCapabilities = PUSHED,
    *options: str,
    units: Sequence[str] = (),
    environment: dict[str, str] | None = None,
) -> Iterator[Editor]:
    """Start a server for an editor with these capabilities; `units` are the units of columns that it offers."""
    can = client_capabilities(capabilities) if isinstance(capabilities, str) else capabilities
    if units:
        can.general = can.general or types.GeneralClientCapabilities()
        can.general.position_encodings = [types.PositionEncodingKind(each) for each in units]
    with asyncio.Runner() as runner:
        client = make_test_lsp_client()
        command = (sys.executable, "-m", "confkit", "lsp", *options)
        runner.run(client.start_io(*command, env={**os.environ, **(environment or {})}))
        folders = [types.WorkspaceFolder(root.as_uri(), root.name)]
        params = types.InitializeParams(capabilities=can, root_uri=root.as_uri(), workspace_folders=folders)
        began = runner.run(client.initialize_session(params))
        try:
            yield Editor(client, runner, began.capabilities)
            assert client.error is None, client.error
        finally:
            runner.run(asyncio.wait_for(client.shutdown_session(), PATIENCE))
            runner.run(_stopped(client))


def capabilities(name: str) -> types.ClientCapabilities:
    """Return what an editor can do, to be changed before it is used."""
    return client_capabilities(name)


async def _stopped(client: Any) -> None:  # Any: the method has no types
    await client.stop()
