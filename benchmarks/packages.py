"""The ways to install confkit, by what an edit takes as a process: the wheel, the self-contained tree, PyInstaller.

The tree is built where the cache of `nox -s bundle` has its Python; without it these comparisons are left out, and the
benchmark says so.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import inputs, peers
from benchmarks.measure import Side, in_turn, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measure import Comparison


def comparisons(rounds: int) -> Iterator[Comparison]:
    """Yield set-timeout from the tree against the wheel, and PyInstaller's one file against the tree."""
    with tempfile.TemporaryDirectory() as folder:
        tree = _tree(Path(folder))
        if tree is None:
            return
        file = Path(folder, "Chrystoki.conf")
        file.write_bytes(inputs.unix(inputs.CLIENT))
        value = map(str, itertools.cycle((10, 11)))

        def side(name: str, program: str) -> Side:
            return Side(name, lambda: _run(program, "set-timeout", next(value), "-c", str(file)))

        wheel = side(f"the wheel, Python {platform.python_version()}", peers.program("confkit"))
        own = side(f"the self-contained tree, {_size(tree)}", str(tree / "bin" / "confkit"))
        one_file = _one_file(Path(folder))
        frozen = side(f"PyInstaller, one file, {_size(one_file)}", str(one_file))
        yield in_turn("set-timeout from each package", own, wheel, rounds=2 * rounds, goal=1.2)
        yield in_turn("set-timeout from each package", own, frozen, rounds=2 * rounds)


def _tree(folder: Path) -> Path | None:
    if importlib.util.find_spec("ziglang") is None or importlib.util.find_spec("elftools") is None:
        print("packages: left out, it needs pip install --editable '.[packages]'", file=sys.stderr)
        return None
    from tools.packages import interpreter, tree  # noqa: PLC0415 - needs what was looked for above
    from tools.packages.targets import TARGETS  # noqa: PLC0415

    target = TARGETS[f"manylinux_2_17_{platform.machine()}"]
    if not interpreter.is_built(target):
        print("packages: left out, there is no Python for the tree yet: nox -s bundle", file=sys.stderr)
        return None
    tree.lay_out(target, folder / "confkit")
    return folder / "confkit"


def _one_file(folder: Path) -> Path:
    """Build confkit with PyInstaller, in an environment that is removed with `folder`."""
    made = folder / "pyinstaller"
    venv.create(made, with_pip=True)
    wheel = [str(made / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*wheel, "pyinstaller", f"{peers.REPOSITORY}[all]"], check=True)
    start = folder / "start.py"
    start.write_text("from confkit.cli.main import main\n\nmain()\n")
    build = [str(made / "bin" / "pyinstaller"), "--onefile", "--collect-all", "confkit", "--name", "confkit-one-file"]
    subprocess.run([*build, "--log-level", "ERROR", str(start)], check=True, cwd=folder)
    shutil.rmtree(made)
    return folder / "dist" / "confkit-one-file"


def _size(path: Path) -> str:
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return f"{sum(each.stat().st_size for each in files) / 1e6:.0f} MB"


def _run(program: str, *arguments: str) -> float:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return seconds(lambda: subprocess.run([program, *arguments], check=True, capture_output=True, env=environment))
