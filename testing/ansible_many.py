"""Many hosts on this machine: a local connection, and a folder with a configuration file for each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from testing.ansible_plays import Controller, controller

if TYPE_CHECKING:
    from pathlib import Path

ENTRY_PLAY = [
    {
        "hosts": "luna_clients",
        "gather_facts": False,
        "tasks": [
            {
                "confkit.luna.chrystoki_entry": {
                    "path": "{{ status_timeout_path }}",
                    "section": "HAConfiguration",
                    "key": "statusTimeout",
                    "value": "{{ status_timeout_seconds }}",
                }
            }
        ],
    }
]


def many(folder: Path, count: int, source: bytes) -> tuple[Controller, list[Path]]:
    """Make `count` hosts with the file `source` each; return a controller for them and their files.

    The controller's folder has entry.yml too, a play that sets statusTimeout and nothing else.
    """
    files = [folder / f"c{number:03}" / "Chrystoki.conf" for number in range(count)]
    for file in files:
        file.parent.mkdir(parents=True)
        file.write_bytes(source)
    hosts = {file.parent.name: {"status_timeout_path": str(file)} for file in files}
    ansible = controller(folder / "controller", hosts, {"ansible_connection": "local"})
    (ansible.folder / "entry.yml").write_text(json.dumps(ENTRY_PLAY))
    return ansible, files
