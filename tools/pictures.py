"""Record the pictures of README.md from real runs: `python -m tools.pictures [--check | --report]`.

docs/pictures/terminal.svg shows commands on an emulated HA group. With --check they are run again and nothing is
written: exit code 1 if they print something else than the picture shows. Numbers of the live check differ from run to
run and do not count, and paths of this machine are shown without their directory. docs/pictures/report.png is the
report of a check as a web page, taken by Chromium (extra docs); --report makes it too, in about a minute.
"""

from __future__ import annotations

import argparse
import difflib
import html
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from confkit.emulator.group import running_group
from confkit.emulator.plans import MemberPlan
from tools.generate import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Sequence

PICTURES = REPOSITORY / "docs" / "pictures"
TERMINAL = PICTURES / "terminal.svg"
REPORT = PICTURES / "report.png"
_COLUMNS = 100
_BROKEN = b"   ReceiveTimeout = 20000"  # without the ; that the emulated group writes
# Text as rich writes it, one element for each piece of a line; the picture loads no font
_FONT = re.compile(r"@font-face \{\{.*?\}\}", re.DOTALL)
_PIECE = re.compile(r'<text [^>]*?\bx="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)"[^>]*>(?P<text>[^<]*)</text>')
_NUMBER = re.compile(r"#+|\d+(?:[.,]\d+)*x?")


class Command(NamedTuple):
    """A command of the recording; `varies` says that the numbers in its output do."""

    words: tuple[str, ...]
    exit_code: int
    varies: bool = False


COMMANDS = (
    Command(("lint",), 1),
    Command(("lint", "--fix"), 0),
    Command(("set-timeout", "10", "--diff"), 0),
    Command(("check",), 0, varies=True),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 written or current, 1 stale, or a command did not end as it should."""
    parser = argparse.ArgumentParser(prog="python -m tools.pictures", description="Record the pictures of README.md.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the recording is stale")
    parser.add_argument("--report", action="store_true", help="take the picture of the HTML report too")
    options = parser.parse_args(arguments)
    recording = record()
    if options.check:
        return _compare(recording)
    PICTURES.mkdir(exist_ok=True)
    TERMINAL.write_text(svg(recording), "utf-8", newline="\n")
    if options.report:
        take_report()
    return 0


def record() -> list[tuple[Command, str]]:
    """Run the commands on an emulated group; return what each printed, with colours. SystemExit where one fails."""
    with running_group(3, label="payments") as group:
        path = Path(group.config_path)
        path.write_bytes(path.read_bytes().replace(_BROKEN + b";", _BROKEN, 1))
        return [(command, _output(command, path)) for command in COMMANDS]


def _output(command: Command, configuration: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    environment |= {
        "ChrystokiConfigurationPath": str(configuration.parent),
        "FORCE_COLOR": "1",
        "COLUMNS": str(_COLUMNS),
    }
    done = subprocess.run(
        [sys.executable, "-m", "confkit", *command.words],
        cwd=configuration.parent,
        env={**environment, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != command.exit_code:
        sys.exit(f"confkit {' '.join(command.words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    # of a check, standard error has the progress, which a terminal shows as a bar and takes away
    printed = done.stdout if command.varies else done.stderr + done.stdout
    for directory in (f"{configuration.parent}/", f"{REPOSITORY}/"):
        printed = printed.replace(directory, "")
    return printed


def svg(recording: Sequence[tuple[Command, str]]) -> str:
    """Return the recording as a picture of a terminal."""
    console = Console(record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True, color_system="standard")
    for command, printed in recording:
        console.print(Text(f"$ confkit {' '.join(command.words)}", "bold"))
        console.print(Text.from_ansi(printed.rstrip("\n")))
        console.print()
    drawn = console.export_svg(title="confkit", code_format=_FONT.sub("", CONSOLE_SVG_FORMAT), unique_id="confkit")
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def shown(picture: str) -> list[str]:
    """Return the lines of text that a picture shows, without numbers of the check, and spacing of tables."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for piece in _PIECE.finditer(picture):
        text = html.unescape(piece["text"]).replace("\xa0", " ")
        lines.setdefault(float(piece["y"]), []).append((float(piece["x"]), text))
    found = ["".join(text for _, text in sorted(pieces)) for _, pieces in sorted(lines.items())]
    varying = next((at for at, line in enumerate(found) if line.startswith("$ confkit check")), len(found))
    return [" ".join((_NUMBER.sub("", line) if at > varying else line).split()) for at, line in enumerate(found)]


def _compare(recording: Sequence[tuple[Command, str]]) -> int:
    old = shown(TERMINAL.read_text("utf-8")) if TERMINAL.is_file() else []
    new = shown(svg(recording))
    if old == new:
        return 0
    print("\n".join(difflib.unified_diff(old, new, str(TERMINAL.relative_to(REPOSITORY)), "now", lineterm="")))
    print("Run: python -m tools.pictures", file=sys.stderr)
    return 1


def take_report() -> None:
    """Check a group with a slow member, and take the report as Chromium shows it. SystemExit where that fails."""
    from testing.site import chromium  # noqa: PLC0415 - of the extra docs

    plans = [MemberPlan((milliseconds,)) for milliseconds in (400, 600, 3400)]
    with running_group(plans, label="payments") as group, tempfile.TemporaryDirectory() as place:
        words = ["check", "-c", group.config_path, "--format", "html"]
        done = subprocess.run([sys.executable, "-m", "confkit", *words], capture_output=True, check=False)
        if not done.stdout:
            sys.exit(done.stderr.decode())
        page = Path(place) / "report.html"
        text = done.stdout.decode()
        for directory in (f"{Path(group.config_path).parent}/", f"{REPOSITORY}/"):
            text = text.replace(directory, "")
        page.write_text(text, "utf-8")
        with chromium() as browser:
            opened = browser.new_page(viewport={"width": 900, "height": 700}, color_scheme="light")
            opened.goto(page.as_uri())
            opened.screenshot(path=str(REPORT), full_page=True)


if __name__ == "__main__":
    sys.exit(main())
