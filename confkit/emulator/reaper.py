"""The cleanup process of an emulated group: it works even when the process that started the group is killed.

It makes the group's private directory, prints its path, and reads its standard input, whose other end the starting
process holds. Each line is JSON: a path to remove at the end, or null. At null, or when the input ends because that
process ended, it ends every process of its process group (the members belong to it, stopped ones too), and removes the
private directory and those paths.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import sys
import tempfile


def remove(path: str) -> None:
    """Remove a file, or a directory if it is empty; neither needs to exist."""
    with contextlib.suppress(OSError):
        if os.path.isdir(path) and not os.path.islink(path):
            os.rmdir(path)
        else:
            os.unlink(path)


def main() -> None:
    """Wait for the end of one group, then clean up."""
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # whatever ends the others, this process still has to clean up
    directory = tempfile.mkdtemp(prefix="luna-")
    print(directory, flush=True)  # noqa: T201 - what the starting process waits for
    paths = list(itertools.takewhile(lambda path: path is not None, map(json.loads, sys.stdin)))
    os.killpg(0, signal.SIGTERM)
    os.killpg(0, signal.SIGCONT)  # a stopped process takes its SIGTERM only now
    shutil.rmtree(directory, ignore_errors=True)
    for path in reversed(paths):
        remove(path)


if __name__ == "__main__":
    main()
