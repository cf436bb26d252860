"""The completion scripts of bash, zsh and fish, and where a user's own ones are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from confkit.core.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Under the names by which the shells look for them.
SHELLS = {"bash": "confkit.bash", "zsh": "_confkit", "fish": "confkit.fish"}
_DIRECTORY = os.path.join(os.path.dirname(__file__), "scripts")


def script(shell: str) -> str:
    """Return the completion script of a shell. FileError where this installation lacks it."""
    path = os.path.join(_DIRECTORY, SHELLS[shell])
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        message = f"the completion script cannot be read ({error.strerror}). Install confkit again"
        raise FileError(message, path=path) from error


def install(shell: str, environment: Mapping[str, str]) -> list[str]:
    """Write the script of a shell into the home directory; return what to tell the user.

    FileError where it cannot be written.
    """
    home = environment.get("HOME") or os.path.expanduser("~")
    path = {
        "bash": os.path.join(
            environment.get("XDG_DATA_HOME") or os.path.join(home, ".local/share"),
            "bash-completion/completions/confkit",
        ),
        "zsh": os.path.join(home, ".zfunc/_confkit"),
        "fish": os.path.join(
            environment.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"), "fish/completions/confkit.fish"
        ),
    }[shell]
    content = script(shell)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
    except OSError as error:
        message = (
            f"the completion script cannot be written ({error.strerror}). Make its directory writable, or put the "
            f"script elsewhere: confkit --show-completion {shell}"
        )
        raise FileError(message, path=path) from error
    return [f"wrote {path}", _NEXT[shell].format(path=path)]


_NEXT = {
    "bash": "Start a new shell. Without the package bash-completion, add to ~/.bashrc: source {path}",
    "zsh": "Unless ~/.zshrc has it, add to it: fpath=(~/.zfunc $fpath); autoload -U compinit; compinit",
    "fish": "fish reads it at the next start.",
}
