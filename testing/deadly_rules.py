"""Rules that kill or hang the process that runs them."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from confkit.lint.rule import Rule
from confkit.lint.settings.ignores import Ignores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

NO_IGNORES = Ignores("/", ())


def suicide(context: LintContext) -> Iterator[Finding]:
    """Stands for a worker that the kernel kills."""
    yield from ()
    if context.document.lines:
        os.kill(os.getpid(), signal.SIGKILL)


def hang(context: LintContext) -> Iterator[Finding]:
    """Says which process it is, and waits to be killed."""
    yield from ()
    with open(os.fsdecode(context.document.lines[0].strip()), "w", encoding="ascii") as fifo:
        fifo.write(f"{os.getpid()} ")
    signal.pause()


KILLED = Rule("CK199", "suicide", "error", suicide)


HANGING = Rule("CK198", "hang", "error", hang)
