"""The completion scripts of bash, zsh and fish, and where a user's own ones are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Under the names by which the shells look for them.
SHELLS = {"bash": "confkit.bash", "zsh": "_confkit", "fish": "confkit.fish"}
_DIRECTORY = os.path.join(os.path.dirname(__file__), "scripts")


def script(shell: str) -> str:
    """Return the completion script of a shell."""
    with open(os.path.join(_DIRECTORY, SHELLS[shell]), encoding="utf-8") as file:
        return file.read()


def install(shell: str, environment: Mapping[str, str]) -> list[str]:
    """Write the script of a shell into the home directory; return what to tell the user. OSError where it cannot be."""
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
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(script(shell))
    return [f"wrote {path}", _NEXT[shell].format(path=path)]


_NEXT = {
    "bash": "Start a new shell. Without the package bash-completion, add to ~/.bashrc: source {path}",
    "zsh": "Unless ~/.zshrc has it, add to it: fpath=(~/.zfunc $fpath); autoload -U compinit; compinit",
    "fish": "fish reads it at the next start.",
}
