"""Many editors and readers at once: every edit is there in the end, once, and nobody ever reads half a file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from testing import storage_crowd
from testing.storage_edit import journal, journal_lines
from testing.storage_state import names


def crowd(way: str, editors: int, readers: int, *paths: Path) -> int:
    """Let the crowd loose; return how many different contents its readers saw in all."""
    paths[0].write_bytes(journal([]))
    for path in paths[1:]:
        os.link(paths[0], path)
    command = [sys.executable, "-S", "-E", "-B", storage_crowd.__file__, way, str(editors), str(readers)]
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, check=False, timeout=3600)
    assert (done.returncode, done.stderr) == (0, "")
    numbers = [int(line.split()[0]) for line in journal_lines(paths[0].read_bytes())]
    assert sorted(numbers) == list(range(editors)), "every edit is there, once"
    for path in paths:
        assert names(path.parent) == {path.name}
    return int(done.stdout)


def test_no_reader_in_a_crowd_sees_half_a_file(tmp_path: Path, long_campaign: bool) -> None:
    half = 500 if long_campaign else 30
    begin = time.monotonic()
    seen = crowd("replace", half, half, tmp_path / "Chrystoki.conf")
    assert seen > half, "the readers were there while the file changed"
    print(
        f"campaign: storage crowd: {half} editors and {half} readers at once, {half * storage_crowd.READS} reads, "
        f"0 lost, 0 half, {time.monotonic() - begin:.0f} s"
    )


def test_in_place_edits_through_two_hard_links_in_two_directories_lose_nothing(
    tmp_path: Path, long_campaign: bool
) -> None:
    editors = 200 if long_campaign else 20
    for directory in ("one", "two"):
        (tmp_path / directory).mkdir()
    begin = time.monotonic()
    crowd("in-place", editors, 0, tmp_path / "one" / "Chrystoki.conf", tmp_path / "two" / "other.conf")
    print(f"campaign: storage in-place crowd: {editors} editors at once, 0 lost, {time.monotonic() - begin:.0f} s")
