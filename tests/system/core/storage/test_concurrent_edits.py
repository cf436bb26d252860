"""Two hundred set-timeout runs from eight processes on one file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import confkit

_PROCESSES = 8
_RUNS = 25
_EDITOR = """
import sys, confkit
from confkit.config.edit import EditOptions, set_in_file
# on a busy machine the last of eight waits long for its turn
patient = EditOptions(lock_seconds=280)
path, first = sys.argv[1], int(sys.argv[2])
for run in range({runs}):
    set_in_file(path, "HAConfiguration", "statusTimeout", str(3 + (first + 8 * run) % 58), patient)
    document = confkit.load(path)
    value = int(document.get("HAConfiguration", "statusTimeout"))
    assert 3 <= value <= 60, value
    assert not document.problems, document.problems
"""


def test_the_file_is_valid_after_each_of_200_runs_and_nothing_is_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    head, tail = b"HAConfiguration = {\n   HAOnly = 1;\n   statusTimeout = ", b";\n}\n\n# end\n"
    path.write_bytes(head + b"3" + tail)
    command = [sys.executable, "-c", _EDITOR.format(runs=_RUNS), str(path)]
    editors = [subprocess.Popen([*command, str(number)]) for number in range(_PROCESSES)]
    assert [editor.wait(timeout=300) for editor in editors] == [0] * _PROCESSES
    result = path.read_bytes()
    assert result.startswith(head)
    assert result.endswith(tail)
    assert int(result[len(head) : -len(tail)]) in range(3, 61)
    assert [each.name for each in tmp_path.iterdir()] == ["Chrystoki.conf"]
    assert confkit.load(path).get("HAConfiguration", "HAOnly") == "1"
