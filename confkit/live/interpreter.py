"""How a child process of our own is started: by the interpreter that runs this one, as isolated as it is."""

from __future__ import annotations

import sys


def interpreter(*arguments: str) -> list[str]:
    """Return the command that runs this interpreter with `arguments`, such as a script, or `-m` and a module.

    -P: nothing in the working directory, or beside a script, takes the place of a module. An isolated interpreter (-I),
    as the self-contained tree starts it, has isolated children: variables such as PYTHONPATH count for none of them.
    """
    return [sys.executable, "-I" if sys.flags.isolated else "-P", *arguments]
