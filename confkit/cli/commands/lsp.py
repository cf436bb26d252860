"""confkit lsp: the language server for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from confkit.core.extras import missing_extra

EXAMPLES = """Examples:

confkit lsp

confkit lsp --log-file /tmp/confkit-lsp.log
"""


def command(
    log_file: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="Log what the server does; no text of any file is written there."),
    ] = None,
    stdio: Annotated[  # noqa: ARG001 - editors pass it to every server
        bool, typer.Option("--stdio", help="Speak on standard input and output, which is the only way.")
    ] = True,
) -> int:
    """Serve an editor: findings while you type, fixes, help and completion (Language Server Protocol).

    Started by the editor; docs/how-to/use-in-an-editor.md has the few lines for each. Findings and settings are those
    of confkit lint. No file is written, and nothing is sent to other hosts.

    Exit codes: 0 the editor shut the server down; 1 it ended without; 3 the log cannot be written, or a Python package
    is missing.
    """
    try:
        from confkit.lsp.server import serve  # noqa: PLC0415 - needs pygls, an extra
    except ImportError as error:
        raise missing_extra("confkit lsp", "pygls", "lsp") from error
    return serve(log_file)
