"""Parse, read and write: against other parsers of the same content, against the floor, and at twice the size.

`parse and read` builds the tree and then takes section, name and value of every entry out of it, because a parser may
leave work to whoever looks. The others get text where they want text, so they decode nothing; ours gets bytes.
"""

from __future__ import annotations

import configparser
import importlib
import io
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import inputs, peers
from benchmarks.measure import Side, in_turn, seconds
from confkit.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.measure import Comparison

    Read = list[tuple[str, str, str]]

KB, MB = 1 << 10, 1 << 20
_PEAK = """
import resource, sys
from confkit.syntax import parse
with open(sys.argv[1], "rb") as file:
    parse(file.read()).to_bytes()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def comparisons(rounds: int) -> Iterator[Comparison]:
    """Yield small files, large files, linearity, memory."""
    peers.importable()
    with tempfile.TemporaryDirectory() as folder:
        yield from _small(rounds, Path(folder))
        yield from _large(rounds, Path(folder))
        yield from _linear(min(rounds, 3))
        yield _memory(min(rounds, 3), Path(folder))


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
    rounds = min(rounds, 5)
    sections = inputs.of_size(10 * MB)
    unix, windows = inputs.unix(sections), inputs.windows(sections).decode()
    ours = _timed("confkit", lambda: parse(unix).to_bytes())
    yield in_turn(
        "parse and write 10 MB",
        ours,
        _timed(_configparser(), lambda: _configparser_written(windows)),
        rounds=rounds,
        goal=0.5,
    )
    floor = _timed("bytes.splitlines", lambda: b"".join(unix.splitlines(keepends=True)))
    yield in_turn("parse and write 10 MB", ours, floor, rounds=rounds, note="the floor: lines alone, no tree")
    megabyte = inputs.of_size(MB)
    source = inputs.unix(megabyte)
    ours = _timed("confkit", lambda: parse(source).to_bytes())
    for side, goal in _others(folder, writes=True, sections=megabyte):
        yield in_turn("parse and write 1 MB", ours, side, rounds=1, goal=goal, note="1 MB: the other takes too long")


def _linear(rounds: int) -> Iterator[Comparison]:
    for megabytes in (1, 2, 4, 8, 16, 32):
        once, twice = (inputs.unix(inputs.of_size(size * MB)) for size in (megabytes, 2 * megabytes))
        yield in_turn(
            f"parse and write {2 * megabytes} MB against {megabytes} MB",
            _timed(f"{2 * megabytes} MB", lambda source=twice: parse(source).to_bytes()),  # type: ignore[misc]
            _timed(f"{megabytes} MB", lambda source=once: parse(source).to_bytes()),  # type: ignore[misc]
            rounds=rounds,
            goal=2.2,
        )


def _memory(rounds: int, folder: Path) -> Comparison:
    size = 10 * MB
    large, empty = folder / "Chrystoki.conf", folder / "empty.conf"
    large.write_bytes(inputs.unix(inputs.of_size(size)))
    empty.write_bytes(b"")
    return in_turn(
        "peak memory of parse and write 10 MB",
        Side("confkit", lambda: (_peak(large) - _peak(empty)) / MB),
        Side("the file", lambda: large.stat().st_size / MB),
        rounds=rounds,
        goal=12,
        unit="MB",
        note="ru_maxrss of a process, less that of one with an empty file",
    )


def _peak(path: Path) -> int:
    repository = Path(__file__).resolve().parent.parent
    command = [sys.executable, "-c", _PEAK, str(path)]
    return int(subprocess.run(command, check=True, capture_output=True, cwd=repository).stdout)


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

    yield _timed(peers.named("ConfigUpdater"), updated), 0.2
    yield _timed(peers.named("tomlkit"), tom), None
    yield _timed(peers.named("crossplane"), crossed), None


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


def _configparser_written(source: str) -> str:
    out = io.StringIO()
    _configparser_parsed(source).write(out)
    return out.getvalue()
