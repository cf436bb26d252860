"""Runs `confkit` again and again without its start-up: a process that has imported it, and forks for every command.

`python -m testing.live_server` reads one order a line as JSON: `id`, `arguments`, `folder` (which becomes the
current one), `environment` (the whole of it). It answers with `{"id", "pid"}`, and when that process has ended with
`{"id", "status"}` (as of subprocess). The process writes its output to the files `out` and `err` of its folder, and to
`report`, as JSON, which `descriptors` it has left open. It ends when its input does.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import tempfile
from typing import Any, NoReturn

from confkit.cli import main

# What `confkit check` imports when it runs; a fork has it already.
_LATE = (
    "confkit.cli.commands.check",
    "confkit.check.checker",
    "confkit.reports.check.models",
    "confkit.reports.check.nagios",
)


def serve() -> None:
    """Serve orders until there are no more, and wait for whatever still runs."""
    for module in _LATE:
        importlib.import_module(module)
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write)
    running: dict[int, str] = {}
    rest, is_open = b"", True
    while is_open or running:
        readable, *_ = select.select([read, 0] if is_open else [read], [], [])
        if 0 in readable:
            received = os.read(0, 1 << 16)
            is_open = bool(received)
            *lines, rest = (rest + received).split(b"\n")
            for line in lines:
                order = json.loads(line)
                pid = start(order)
                running[pid] = order["id"]
                answer({"id": order["id"], "pid": pid})
        if read in readable:
            os.read(read, 1 << 16)
            reap(running)


def answer(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


def reap(running: dict[int, str]) -> None:
    """Tell of every process that has ended."""
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        answer({"id": running.pop(pid), "status": os.waitstatus_to_exitcode(status)})


def start(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        obey(order)
    return pid


def obey(order: dict[str, Any]) -> NoReturn:
    """Become the command: its own group, folder, environment, output and arguments."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setpgid(0, 0)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    tempfile.tempdir = None
    for number, name, flags in ((0, os.devnull, os.O_RDONLY), (1, "out", os.O_WRONLY), (2, "err", os.O_WRONLY)):
        descriptor = os.open(name, flags | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.argv = ["confkit", *order["arguments"]]
    before = set(os.listdir("/proc/self/fd"))
    code: object = 99
    try:
        main.main()
    except SystemExit as end:
        code = end.code
    descriptors = sorted(set(os.listdir("/proc/self/fd")) - before)
    sys.stdout.flush()
    with open("report", "w", encoding="utf-8") as file:
        json.dump({"descriptors": descriptors}, file)
    os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    serve()
