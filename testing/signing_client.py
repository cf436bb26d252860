"""A real PKCS#11 client in a process of its own that makes one signature for each line that it is sent."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from confkit.emulator.group import EmulatedGroup

HOW_TO = REPOSITORY / "docs" / "how-to" / "test-your-application.md"
CLIENTS = REPOSITORY / "testing" / "pkcs11_clients"


def example(name: str) -> str:
    """Return the code block of the how-to page that is marked with this name."""
    pattern = rf"<!-- example: {re.escape(name)} -->\n```\w+\n(.*?)^```$"
    (block,) = re.findall(pattern, HOW_TO.read_text(), re.DOTALL | re.MULTILINE)
    return str(block)


class SigningClient:
    """The running client. Every answer is one line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def sign(self) -> str:
        """Ask for one signature; return "signed", or what the client says instead."""
        return self.step("")

    def step(self, name: str) -> str:
        """Send a line and return the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        return self.line()

    def line(self) -> str:
        """Return the next line that the client prints."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().rstrip("\n")


@contextmanager
def running(command: Sequence[str], group: EmulatedGroup, folder: Path) -> Iterator[SigningClient]:
    """Run a client on a group; what it prints on standard error is in the file `messages` of the folder."""
    with (
        (folder / "messages").open("w") as messages,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=messages,
            text=True,
            cwd=folder,
            env={**os.environ, **group.environment()},
        ) as process,
    ):
        try:
            yield SigningClient(process)
        finally:
            process.kill()


def python_client(name: str) -> list[str]:
    """Return the command of a Python client."""
    return [sys.executable, str(CLIENTS / f"{name}.py")]
