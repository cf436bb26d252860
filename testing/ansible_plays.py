"""ansible-playbook as a user runs it, with nothing of this machine's own configuration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from testing.programs import REPOSITORY, unmeasured

ANSIBLE = REPOSITORY / "integrations" / "ansible"
ROLLING = ANSIBLE / "playbooks" / "rolling_status_timeout.yml"
CALLBACKS = Path(__file__).parent / "callbacks"
# The hosts' Python: not that of the virtual environment, which looks for packages at each start.
PYTHON = os.path.realpath(sys.executable)
LONGEST = 1800  # seconds that a play may take before it counts as hung; two hundred hosts take minutes

_CONFIG = """
[defaults]
home = {folder}/home
local_tmp = {folder}/home/tmp
remote_tmp = {folder}/home/remote
collections_path = {folder}/collections
callback_plugins = {callbacks}
callbacks_enabled = recorded
forks = 8
nocolor = true
retry_files_enabled = false
interpreter_python = {python}
[ssh_connection]
pipelining = true
# the default leaves connections open, and processes that hold them
ssh_args = -o ControlMaster=no
"""


class Result(NamedTuple):
    """What one task came to on one host; `state` is ok, failed, unreachable or skipped."""

    host: str
    task: str
    state: str
    result: dict[str, Any]

    @property
    def changed(self) -> bool:
        return bool(self.result.get("changed"))


class Played(NamedTuple):
    """What a run of ansible-playbook came to."""

    exit_code: int
    output: str
    results: list[Result]

    def of(self, host: str, task: str) -> Result:
        """Return the result of the one task with this name; it is found by its end, for roles put their name first."""
        (found,) = [one for one in self.results if one.host == host and one.task.endswith(task)]
        return found

    def hosts(self, *, changed: bool | None = None, state: str | None = None) -> set[str]:
        """Return the hosts with a result that is so."""
        return {
            one.host
            for one in self.results
            if (changed is None or one.changed == changed) and (state is None or one.state == state)
        }


class Controller(NamedTuple):
    """A folder with the built collection, an ansible.cfg and an inventory."""

    folder: Path

    def run(self, playbook: Path, *arguments: str, variables: dict[str, Any] | None = None) -> Played:
        """Run the play; exit codes are the caller's to judge."""
        recorded = self.folder / "recorded"
        recorded.unlink(missing_ok=True)
        recorded.touch()
        command = [sys.executable, "-m", "ansible", "playbook", "-i", str(self.folder / "inventory.json")]
        command += [str(playbook), "--extra-vars", json.dumps(variables or {}), *arguments]
        environment = {name: value for name, value in unmeasured().items() if not name.startswith("ANSIBLE_")}
        environment |= {"ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"), "RECORDED_RESULTS": str(recorded)}
        done = subprocess.run(
            command,
            env=environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
            stdin=subprocess.DEVNULL,
        )
        results = [Result(**json.loads(line)) for line in recorded.read_text(encoding="utf-8").splitlines()]
        return Played(done.returncode, done.stdout + done.stderr, results)


def controller(folder: Path, hosts: dict[str, dict[str, Any]], common: dict[str, Any]) -> Controller:
    """Build the collection into `folder` and write an inventory: hosts and their variables, and those of all."""
    folder.mkdir()
    collections = folder / "collections"
    subprocess.run([sys.executable, str(ANSIBLE / "build.py"), str(collections)], check=True, capture_output=True)
    config = _CONFIG.format(folder=folder, callbacks=CALLBACKS, python=PYTHON)
    (folder / "ansible.cfg").write_text(config)
    inventory = {"all": {"vars": common, "children": {"luna_clients": {"hosts": hosts}}}}
    (folder / "inventory.json").write_text(json.dumps(inventory))
    return Controller(folder)
