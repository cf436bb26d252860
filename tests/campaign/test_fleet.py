"""Two hundred hosts changed by chrystoki_config: check mode predicts the difference exactly, and once is enough."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from testing.ansible_many import many
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 200
CANARY = "Kanarie4711vogel"


def test_two_hundred_hosts_are_changed_once_as_check_mode_predicts(tmp_path: Path) -> None:
    source = (REPOSITORY / "samples" / "unix" / "Chrystoki.conf").read_bytes()
    ansible, files = many(tmp_path, COUNT, source)
    play, secret = ansible.folder / "config.yml", {"secret": CANARY}
    everyone = {file.parent.name for file in files}

    predicted = ansible.run(play, "--check", "--diff", variables=secret)
    assert predicted.exit_code == 0, predicted.output[-4000:]
    assert predicted.hosts(changed=True) == everyone
    assert {file.read_bytes() for file in files} == {source}

    done = ansible.run(play, "--diff", variables=secret)
    assert done.exit_code == 0, done.output[-4000:]
    assert done.hosts(changed=True) == everyone
    (content,) = {file.read_bytes() for file in files}
    assert CANARY.encode() in content
    told = [{one.host: one.result["diff"] for one in each.results} for each in (predicted, done)]
    assert told[0] == told[1]
    written = [file.stat().st_mtime_ns for file in files]

    again = ansible.run(play, "--diff", variables=secret)
    assert again.exit_code == 0, again.output[-4000:]
    assert again.hosts(changed=False) == everyone
    assert [file.stat().st_mtime_ns for file in files] == written
    for each in (predicted, done, again):
        shown = json.dumps([one.result.get("diff") for one in each.results])
        assert CANARY not in shown + each.output
