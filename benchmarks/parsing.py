"""Parse, read and write: against other parsers of the same content, against the floor, and at twice the size.

`parse and read` builds the tree and then takes section, name and value of every entry out of it, because a parser may
leave work to whoever looks. The others get text where they want text, so they decode nothing; ours gets bytes.
"""

from __future__ import annotations

import configparser
import importlib
import platform
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import inputs, peers
from benchmarks.measure import Side, in_turn, seconds
from confkit.core.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.measure import Comparison

    Read = list[tuple[str, str, str]]

KB, MB = 1 << 10, 1 << 20
_REPOSITORY = Path(__file__).resolve().parent.parent

# Large files: every figure comes from a process of its own, so that none pays for what another one left in the memory.
_CONFKIT = """
from confkit.core.syntax import parse
def work():
    return parse(source).to_bytes()
"""
_CONFIGPARSER = """
import configparser, io
source = source.decode()
def work():
    out = io.StringIO()
    parser = configparser.RawConfigParser()
    parser.read_string(source)
    parser.write(out)
    return out.getvalue()
"""
_SPLITLINES = """
def work():
    return b"".join(source.splitlines(keepends=True))
"""
_CHILD = """
import sys, time
with open(sys.argv[1], "rb") as file:
    source = file.read()
exec(sys.argv[2])
started = time.perf_counter()
work()
seconds = time.perf_counter() - started
with open("/proc/self/status") as status:
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
print(seconds, peak)
"""


def comparisons(rounds: int) -> Iterator[Comparison]:
    """Yield small files, large files, linearity, memory."""
    peers.importable()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        yield from _small(rounds, folder)
        yield from _large(min(rounds, 7), folder)
        yield from _slow(folder)
        yield from _linear(min(rounds, 3), folder)


def _small(rounds: int, folder: Path) -> Iterator[Comparison]:
    sections = inputs.CLIENT
    unix, windows = inputs.unix(sections), inputs.windows(sections)
    what = f"parse and read {len(unix) / KB:.1f} KB"
    ours = _timed("confkit", lambda: _read(unix), 50)
    ini = _timed(_configparser(), lambda: _configparser_read(windows.decode()), 50)
    expected = [(section, key, value) for section, entries in sections for key, value in entries]
    if not _read(unix) == _read(windows) == expected:
        raise AssertionError("confkit does not read what was written")
    yield in_turn(what, ours, ini, rounds=rounds, goal=0.5)
    yield in_turn(
        f"{what}, the Windows form", _timed("confkit", lambda: _read(windows), 50), ini, rounds=rounds, goal=0.5
    )
    yield in_turn(
        "parse alone",
        _timed("confkit", lambda: parse(unix), 50),
        _timed(_configparser(), lambda: _configparser_parsed(windows.decode()), 50),
        rounds=rounds,
    )
    for side, goal in _others(folder, writes=False):
        yield in_turn(what, ours, side, rounds=rounds, goal=goal)


def _large(rounds: int, folder: Path) -> Iterator[Comparison]:
    sections = inputs.of_size(10 * MB)
    unix, windows, empty = (folder / name for name in ("Chrystoki.conf", "crystoki.ini", "empty.conf"))
    unix.write_bytes(inputs.unix(sections))
    windows.write_bytes(inputs.windows(sections))
    empty.write_bytes(b"")
    what = "parse and write 10 MB"
    ours = _child("confkit", _CONFKIT, unix)
    yield in_turn(what, ours, _child(_configparser(), _CONFIGPARSER, windows), rounds=rounds, goal=0.5)
    floor = _child("bytes.splitlines", _SPLITLINES, unix)
    yield in_turn(what, ours, floor, rounds=rounds, note="the floor: lines alone, no tree")
    yield in_turn(
        f"{what}: peak memory",
        Side("confkit", lambda: (_run(_CONFKIT, unix)[1] - _run(_CONFKIT, empty)[1]) / MB),
        Side("the file", lambda: unix.stat().st_size / MB),
        rounds=min(rounds, 3),
        goal=12,
        unit="MB",
        note="VmHWM of the process, less that of one with an empty file",
    )


def _slow(folder: Path) -> Iterator[Comparison]:
    """Yield the peers that would take minutes for 10 MB."""
    sections = inputs.of_size(MB)
    source = inputs.unix(sections)
    ours = _timed("confkit", lambda: parse(source).to_bytes())
    for side, _ in _others(folder, writes=True, sections=sections):
        yield in_turn("parse and write 1 MB", ours, side, rounds=1)


def _linear(rounds: int, folder: Path) -> Iterator[Comparison]:
    sizes = (1, 2, 4, 8, 16, 32, 64)
    files = {size: folder / f"{size}.conf" for size in sizes}
    for size, path in files.items():
        path.write_bytes(inputs.unix(inputs.of_size(size * MB)))
    for once, twice in pairwise(sizes):
        yield in_turn(
            f"parse and write {twice} MB against {once} MB",
            *(_child(f"{size} MB", _CONFKIT, files[size]) for size in (twice, once)),
            rounds=rounds,
            goal=2.2,
        )


def _child(name: str, work: str, path: Path) -> Side:
    return Side(name, lambda: _run(work, path)[0])


def _run(work: str, path: Path) -> tuple[float, float]:
    """Return the seconds that `work` takes for a file in a process of its own, and the peak memory of that in bytes."""
    command = [sys.executable, "-c", _CHILD, str(path), work]
    done = subprocess.run(command, check=True, capture_output=True, cwd=_REPOSITORY)
    elapsed, peak = map(float, done.stdout.split())
    return elapsed, peak * KB


def _others(
    folder: Path, *, writes: bool, sections: inputs.Sections = inputs.CLIENT
) -> Iterator[tuple[Side, float | None]]:
    """Yield ConfigUpdater, tomlkit and crossplane with their goals, over the same content in their own syntax."""
    updater, tomlkit, crossplane = map(importlib.import_module, ("configupdater", "tomlkit", "crossplane"))
    windows, toml = inputs.windows(sections).decode(), inputs.toml(sections).decode()
    path = folder / "nginx.conf"
    path.write_bytes(inputs.nginx(sections))

    def updated() -> object:
        parsed = updater.ConfigUpdater().read_string(windows)
        if writes:
            return str(parsed)
        return [(name, key, option.value) for name in parsed.sections() for key, option in parsed[name].items()]

    def tom() -> object:
        parsed = tomlkit.parse(toml)
        if writes:
            return tomlkit.dumps(parsed)
        return [(name, key, str(value)) for name, table in parsed.items() for key, value in table.items()]

    def crossed() -> object:
        parsed = crossplane.parse(str(path), single=True, check_ctx=False, check_args=False)["config"][0]["parsed"]
        if writes:
            return crossplane.build(parsed)
        return [
            (block["directive"], line["directive"], line["args"]) for block in parsed for line in block.get("block", ())
        ]

    repeats = 1 if writes else 10
    yield _timed(peers.named("ConfigUpdater"), updated, repeats), 0.2
    yield _timed(peers.named("tomlkit"), tom, repeats), None
    yield _timed(peers.named("crossplane"), crossed, repeats), None


def _timed(name: str, work: Callable[[], object], repeats: int = 1) -> Side:
    return Side(name, lambda: seconds(work, repeats))


def _read(source: bytes) -> Read:
    return [(entry.section, entry.name, entry.value) for found in parse(source).sections for entry in found.entries]


def _configparser() -> str:
    return f"configparser {platform.python_version()}"


def _configparser_parsed(source: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()  # the fastest of its kind: no interpolation
    parser.read_string(source)
    return parser


def _configparser_read(source: str) -> Read:
    parser = _configparser_parsed(source)
    return [(section, key, value) for section in parser.sections() for key, value in parser.items(section)]
