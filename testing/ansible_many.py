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

# a dozen entries, one of them a secret, and two that go
CONFIG_PLAY = [
    {
        "hosts": "luna_clients",
        "gather_facts": False,
        "tasks": [
            {
                "confkit.luna.chrystoki_config": {
                    "path": "{{ status_timeout_path }}",
                    "set": {
                        "HAConfiguration": {"HAOnly": 1, "statusTimeout": 17, "reconnAtt": 20},
                        "LunaSA Client": {
                            f"Server{part}{number:02}": value.format(number)
                            for number in range(3)
                            for part, value in (("Name", "hsm{}.example.com"), ("Port", "1792"), ("Htl", "0"))
                        },
                    },
                    "secrets": {"REST": {"AuthTokenClientSecret": "{{ secret }}"}},
                    "unset": {"Misc": ["ToolsDir"], "Luna": ["PEDTimeout1"]},
                }
            }
        ],
    }
]


def many(folder: Path, count: int, source: bytes) -> tuple[Controller, list[Path]]:
    """Make `count` hosts with the file `source` each; return a controller for them and their files.

    The controller's folder has two plays: entry.yml sets statusTimeout and nothing else, config.yml a dozen entries.
    """
    files = [folder / f"c{number:03}" / "Chrystoki.conf" for number in range(count)]
    for file in files:
        file.parent.mkdir(parents=True)
        file.write_bytes(source)
    hosts = {file.parent.name: {"status_timeout_path": str(file)} for file in files}
    ansible = controller(folder / "controller", hosts, {"ansible_connection": "local"})
    for name, play in (("entry.yml", ENTRY_PLAY), ("config.yml", CONFIG_PLAY)):
        (ansible.folder / name).write_text(json.dumps(play))
    return ansible, files
