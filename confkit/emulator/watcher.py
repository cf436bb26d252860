"""The one who tidies up after an emulated group, even when the process that started it is killed.

It makes the group's private folder, prints its path and reads its standard input, whose other end the starting process
holds: on each line, as JSON, a path that is to be removed in the end, or null. At null, or when the input ends because
that process did, it ends every process of its process group, which the members belong to (stopped ones too), and
removes the folder and those paths.
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
    """Remove a file, or a folder if it is empty; neither needs to be there."""
    with contextlib.suppress(OSError):
        if os.path.isdir(path) and not os.path.islink(path):
            os.rmdir(path)
        else:
            os.unlink(path)


def main() -> None:
    """Watch over one group."""
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # whatever ends the others, this process still has to tidy up
    folder = tempfile.mkdtemp(prefix="luna-")
    print(folder, flush=True)  # noqa: T201 - what the starting process waits for
    paths = list(itertools.takewhile(lambda path: path is not None, map(json.loads, sys.stdin)))
    os.killpg(0, signal.SIGTERM)
    os.killpg(0, signal.SIGCONT)  # a stopped process takes its SIGTERM only now
    shutil.rmtree(folder, ignore_errors=True)
    for path in reversed(paths):
        remove(path)


if __name__ == "__main__":
    main()
