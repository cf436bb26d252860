"""Two dozen hosts at once. `python -m benchmarks fleet` measures what two hundred cost."""

from __future__ import annotations

from pathlib import Path

from testing.ansible_many import many
from testing.programs import REPOSITORY

COUNT = 24


def test_many_hosts_are_changed_once(tmp_path: Path) -> None:
    source = (REPOSITORY / "samples" / "unix" / "Chrystoki.conf").read_bytes()
    ansible, files = many(tmp_path, COUNT, source)

    first = ansible.run(ansible.folder / "entry.yml", variables={"status_timeout_seconds": 17})

    assert first.exit_code == 0, first.output
    assert first.hosts(changed=True) == {file.parent.name for file in files}
    (content,) = {file.read_bytes() for file in files}
    assert b"statusTimeout = 17;" in content
    written = [file.stat().st_mtime_ns for file in files]

    second = ansible.run(ansible.folder / "entry.yml", variables={"status_timeout_seconds": 17})

    assert second.exit_code == 0, second.output
    assert second.hosts(changed=False) == {file.parent.name for file in files}
    assert second.hosts(changed=True) == set()
    assert [file.stat().st_mtime_ns for file in files] == written
