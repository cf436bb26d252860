"""A crowd of editors and readers of one file: `python -S -E -B storage_crowd.py WAY EDITORS READERS PATH...`.

All start at once, each a process of its own. WAY is "replace" or "in-place"; editors take the PATHs in turn. Prints how
many different contents the readers saw in all; exit code 1 when an editor failed or a reader saw what is not whole.
"""

from __future__ import annotations

import fcntl  # noqa: F401 - before the fork, once for all
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from confkit.core.errors import FileError
from confkit.core.storage import in_place
from confkit.core.storage.atomic import replace
from confkit.core.storage.lock import Waiting, edit_lock
from confkit.core.storage.snapshot import read_configuration, take
from testing.storage_edit import journal, journal_lines

READS = 20
_WAYS = {"replace": replace, "in-place": in_place.write}


def edit(path: str, way: str, number: int) -> int:
    """Add a line of its own to the file. An in-place edit may find it changed under another name, and tries again."""
    while True:
        try:
            with edit_lock(path, Waiting(3600)) as place:
                snapshot = take(place)
                line = b"%d %s\n" % (number, b"x" * (number * 97 % 500))
                _WAYS[way](snapshot, journal([*journal_lines(snapshot.data), line]), backup=False)
                return 0
        except (FileError, AssertionError, ValueError) as error:
            if way == "replace" or (isinstance(error, FileError) and "was modified" not in error.message):
                raise


def look(path: str) -> int:
    """Read the file again and again, as confkit does and as others do; return how many contents were seen."""
    seen = set()
    for turn in range(READS):
        if turn % 2:
            data = read_configuration(path)
        else:
            with open(path, "rb") as file:
                data = file.read()
        seen.add(len(journal_lines(data)))
        time.sleep(0.001)  # a reader that never rests keeps the editors from their work
    return len(seen)


def start(job: int, way: str, editors: int, paths: list[str], gate: int, report: int) -> int:
    """Start one process that waits for the gate to open; return its id."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        os.read(gate, 1)
        path = paths[job % len(paths)]
        count = edit(path, way, job) if job < editors else look(path)
        os.write(report, b"%d\n" % count)
        code = 0
    except BaseException as error:  # noqa: BLE001 - whatever it is, it must not go on as a second parent
        sys.stderr.write(f"{job}: {error!r}\n")
    finally:
        os._exit(code)


def main(way: str, editors: str, readers: str, *paths: str) -> int:
    """Let them all loose, and wait for the last one."""
    gate, opened = os.pipe()
    reading, report = os.pipe()
    jobs = range(int(editors) + int(readers))
    processes = [start(job, way, int(editors), list(paths), gate, report) for job in jobs]
    os.close(report)
    os.write(opened, b"!" * len(jobs))
    failed = sum(os.waitpid(process, 0)[1] != 0 for process in processes)
    with open(reading, "rb") as file:
        print(sum(map(int, file)))
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
