"""The log of the language server: what it did and what failed, and no text of any file."""

from __future__ import annotations

import logging
import traceback

from confkit.core.errors import FileError
from confkit.core.escape import escape

NAME = "confkit.lsp"
LOG = logging.getLogger(NAME)


class _WithoutValues(logging.Formatter):
    """Of messages of other packages only the pattern is written, of an exception its type and where it happened.

    Their arguments are messages of the protocol, with the text of whole files.
    """

    def format(self, record: logging.LogRecord) -> str:
        said = record.getMessage() if record.name == NAME else str(record.msg)
        lines = [f"{self.formatTime(record)} {record.levelname} {record.name}: {escape(said)}"]
        if record.exc_info and record.exc_info[0] is not None:
            lines.append(f"  {record.exc_info[0].__name__}")
            steps = traceback.extract_tb(record.exc_info[2])
            lines += [f"  {step.filename}:{step.lineno} {step.name}" for step in steps]
        return "\n".join(lines)


def start(path: str | None) -> None:
    """Log everything to a file, or what went wrong to standard error. FileError where the file cannot be written."""
    try:
        handler = logging.StreamHandler() if path is None else logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        raise FileError(f"the log cannot be written ({error.strerror}). Name another file.", path=path) from error
    handler.setFormatter(_WithoutValues())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    LOG.setLevel(logging.WARNING if path is None else logging.INFO)
