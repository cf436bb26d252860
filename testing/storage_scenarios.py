"""What is written in the campaign of errors, on which file systems, and the judgement of how it ended."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from confkit.config.edit import EditOptions, set_in_file
from confkit.core.errors import FileError
from testing.storage_child import among_private_mounts, mount
from testing.storage_edit import create_like, leave_journal
from testing.storage_state import ACL, Kept, acl, kept, names

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.storage_faults import Run

_REST = b"".join(b"Section%d = {\n   Entry = %d;\n}\n" % (number, number * number) for number in range(30))
OLD = b"HAConfiguration = {\n   statusTimeout = 3;\n}\n" + _REST
NEW = OLD.replace(b"= 3;", b"= 10;", 1)
NEXT = OLD.replace(b"= 3;", b"= 20;", 1)
SECTOR = 512  # what a disk writes whole or not at all
HALF = NEW[:SECTOR] + OLD[SECTOR:]
LONG_AGO = (10**9, 10**9)  # a file of just now is read twice, so that runs would not make the same calls
FILE, MADE = "Chrystoki.conf", "crystoki.ini"
TEMPORARY, JOURNAL = ".confkit-new", f".{FILE}.confkit-journal"

Result = TypeVar("Result")


def prepare(directory: Path) -> None:
    """Create a file that has something of everything an edit has to carry over."""
    directory.mkdir(parents=True)
    path = directory / FILE
    path.write_bytes(OLD)
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 1234, 2345)
    for name, value in (("user.origin", b"here"), (ACL, acl(1234))):
        try:
            os.setxattr(path, name, value)
        except OSError:  # then there is less to carry over
            continue
    os.utime(path, LONG_AGO)


def prepare_interrupted(directory: Path) -> None:
    """Create what an in-place edit leaves that was killed half way."""
    prepare(directory)
    (directory / FILE).write_bytes(HALF)
    os.utime(directory / FILE, LONG_AGO)
    leave_journal(str(directory / FILE), OLD, NEW)


def set_timeout(path: Path, seconds: int, *, backup: bool = False, in_place: bool = False) -> None:
    """Do what `confkit set-timeout` does."""
    options = EditOptions(backup=backup, in_place=in_place)
    set_in_file(str(path), "HAConfiguration", "statusTimeout", str(seconds), options)


def convert(path: Path) -> None:
    """Do what `confkit convert` does in the end."""
    create_like(str(path.with_name(MADE)), NEW, str(path))


class Scenario(NamedTuple):
    """One way to write; `written` is the file that changes, `in_place` whether it may be seen half."""

    name: str
    act: Callable[[Path], None]
    written: str = FILE
    in_place: bool = False
    prepare: Callable[[Path], None] = prepare


SCENARIOS = (
    Scenario("edit", lambda path: set_timeout(path, 10)),
    Scenario("backup", lambda path: set_timeout(path, 10, backup=True)),
    Scenario("create", convert, MADE),
    Scenario("in-place", lambda path: set_timeout(path, 10, in_place=True), in_place=True),
    Scenario("recover", lambda path: set_timeout(path, 10), in_place=True, prepare=prepare_interrupted),
)


def outcome(scenario: Scenario, directory: Path) -> tuple[int, str]:
    """Return the exit code and the message that the command ends with."""
    try:
        scenario.act(directory / FILE)
    except FileError as error:
        return 3, error.message
    return 0, ""


def on_file_system(kind: str, directory: Path, function: Callable[[Path], Result]) -> Result:
    """Call `function` with a directory: where the tests are ("disk"), or on a tmpfs that this process alone sees."""
    if kind == "disk":
        return function(directory)

    def mounted() -> Result:
        mount("-t", "tmpfs", "none", str(directory))
        return function(directory)

    return among_private_mounts(mounted)


def directories(kind: str, base: Path, count: int, prepare_one: Callable[[Path], None]) -> list[Path]:
    """Return `count` prepared directories below `base`, which is new; on an overlay they lie in its lower layer."""
    lower, upper, work, merged = (base / name for name in ("lower", "upper", "work", "merged"))
    for number in range(count):
        prepare_one(lower / str(number))
    if kind != "overlay":
        return [lower / str(number) for number in range(count)]
    for each in (upper, work, merged):
        each.mkdir()
    mount("-t", "overlay", "-o", f"lowerdir={lower},upperdir={upper},workdir={work}", "none", str(merged))
    return [merged / str(number) for number in range(count)]


def judge(scenario: Scenario, directory: Path, before: Kept, run: Run) -> None:
    """Assert that a run which something befell lost nothing and told the truth, and that the next run tidies up."""
    written = directory / scenario.written
    content = written.read_bytes() if written.exists() else None
    assert content in _possible(scenario, directory, run), "the file is neither the old nor the new one"
    for path in directory.iterdir():
        if not path.name.startswith("."):
            assert kept(path) == before, path
        if path.suffix == ".bak":
            assert path.read_bytes() == OLD
    _next_run(scenario, written)
    assert (written.read_bytes(), kept(written)) == (NEXT, before)
    assert {name for name in names(directory) if not name.endswith(".bak")} == {FILE, scenario.written}


def _possible(scenario: Scenario, directory: Path, run: Run) -> set[bytes | None]:
    """Return the contents that go with what the run said."""
    old = {None} if scenario.name == "create" else {OLD}
    half = {HALF} if scenario.name == "recover" else set()
    journal = os.path.lexists(directory / JOURNAL)
    if run.result is None:  # killed
        written = (directory / scenario.written).read_bytes() if journal else b""
        return {*old, NEW, *([written] if scenario.in_place and _is_mixture(written) else [])}
    assert isinstance(run.result, tuple), run.result
    code, message = run.result
    if code == 0:
        return {NEW}
    assert message.count(". ") >= 1, f"one sentence says what is wrong, one what to do: {message}"
    if "in place" in message.replace("in-place", "") and "Nothing was changed" not in message:
        return {NEW}
    if "may hold half" in message:
        assert scenario.in_place
        assert journal
        return {(directory / FILE).read_bytes()}
    return {*old, *(half if journal else ())}


def _is_mixture(data: bytes) -> bool:
    return any(data == NEW[:cut] + OLD[cut:] for cut in (0, *range(SECTOR, len(NEW), SECTOR), len(NEW)))


def _next_run(scenario: Scenario, written: Path) -> None:
    if not written.exists():
        scenario.act(written.with_name(FILE))
    set_timeout(written, 20)
