"""The log of the language server: what it did and what failed, and no text of any file."""

from __future__ import annotations

import logging
import os
import re
import traceback

from confkit.core.errors import FileError
from confkit.core.escape import escape
from confkit.core.storage.output import open_to_append

NAME = "confkit.lsp"
LOG = logging.getLogger(NAME)
_BEGUN_HERE = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:,]{8,12} [A-Z]+ " + re.escape(NAME.encode()) + rb": ")


class _WithoutValues(logging.Formatter):
    """Of messages of other packages the pattern is written at most, of an exception its type and where it happened.

    Their arguments are messages of the protocol, with the text of whole files. Without arguments a message may be
    finished: that of asyncio holds the exception itself. Then the place in the code is written in its stead.
    """

    def format(self, record: logging.LogRecord) -> str:
        lines = [f"{self.formatTime(record)} {record.levelname} {record.name}: {escape(_said(record))}"]
        if record.exc_info and record.exc_info[0] is not None:
            lines.append(f"  {record.exc_info[0].__name__}")
            steps = traceback.extract_tb(record.exc_info[2])
            lines += [f"  {step.filename}:{step.lineno} {step.name}" for step in steps]
        return "\n".join(lines)


def _to_file(path: str) -> logging.Handler:
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    try:
        handler.setStream(
            os.fdopen(open_to_append(path, lambda data: _refuse_other(path, data)), "a", encoding="utf-8")
        )
    except OSError as error:
        raise FileError(f"the log cannot be written ({error.strerror}). Name another file.", path=path) from error
    return handler


def _refuse_other(path: str, beginning: bytes) -> None:
    if beginning and not _BEGUN_HERE.match(beginning):
        raise FileError(
            "this exists and is not a log of confkit lsp, so nothing is appended to it. Name another file, or remove "
            "this one.",
            path=path,
        )


def _said(record: logging.LogRecord) -> str:
    if record.name == NAME:
        return record.getMessage()
    if record.args and isinstance(record.msg, str):
        return record.msg
    return f"a message of {record.pathname}:{record.lineno} {record.funcName}"


def start(path: str | None) -> None:
    """Log everything to a file, or what went wrong to standard error.

    The file is a new one, an empty one, or one that was begun here: FileError for any other, and where it cannot be
    written.
    """
    handler = logging.StreamHandler() if path is None else _to_file(path)
    handler.setFormatter(_WithoutValues())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    LOG.setLevel(logging.WARNING if path is None else logging.INFO)
