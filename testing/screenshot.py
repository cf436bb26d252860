"""A page as Chromium shows it, and the colours in it."""

from __future__ import annotations

import os
import signal
import subprocess
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from testing.programs import needs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Colour = tuple[int, int, int]
_LONGEST = 120.0  # seconds for a page; no more than a few are needed


class Screenshot(NamedTuple):
    """What was seen: every pixel by rows, and what the page made the browser write to its console."""

    rows: list[list[Colour]]
    console: str


def screenshot(page: Path, *, dark: bool, width: int = 600, height: int = 1500) -> Screenshot:
    """Open a local page in Chromium without a network, in the colours of a dark or a light system."""
    needs("chromium", "unshare")
    image = page.with_suffix(".png")
    options = [
        *("--headless", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr", "--force-color-profile=srgb"),
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
        f"--blink-settings=preferredColorScheme={0 if dark else 1}",
        f"--user-data-dir={page.parent / 'profile'}",
        f"--window-size={width},{height}",
        f"--screenshot={image}",
    ]
    log = page.with_suffix(".log")
    command = ["unshare", "--net", "--map-root-user", "chromium", *options, page.as_uri()]
    with log.open("wb") as output, subprocess.Popen(command, stderr=output, start_new_session=True) as browser:
        try:
            browser.wait(_LONGEST)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(browser.pid, signal.SIGKILL)  # its helpers, too
    written = log.read_text(errors="replace")
    assert image.exists(), written
    console = "\n".join(line for line in written.splitlines() if "CONSOLE" in line and page.as_uri() in line)
    return Screenshot(list(_rows(image.read_bytes())), console)


def _rows(png: bytes) -> Iterator[list[Colour]]:
    """Yield the rows of a PNG file of 8 bits a channel (https://www.w3.org/TR/png-3/, 7 and 9)."""
    width = int.from_bytes(png[16:20], "big")
    channels = {2: 3, 6: 4}[png[25]]
    place, packed = 8, b""
    while place < len(png):
        size = int.from_bytes(png[place : place + 4], "big")
        if png[place + 4 : place + 8] == b"IDAT":
            packed += png[place + 8 : place + 8 + size]
        place += 12 + size
    data, step = zlib.decompress(packed), width * channels
    above = bytearray(step)
    for start in range(0, len(data), step + 1):
        row = bytearray(data[start + 1 : start + 1 + step])
        _undo(data[start], row, above, channels)
        yield [(row[at], row[at + 1], row[at + 2]) for at in range(0, step, channels)]
        above = row


def _undo(method: int, row: bytearray, above: bytearray, channels: int) -> None:
    """Undo the filter of a row in place."""
    for at in range(len(row) if method else 0):
        left = row[at - channels] if at >= channels else 0
        up, corner = above[at], above[at - channels] if at >= channels else 0
        if method == 4:
            guess = left + up - corner
            near = min((left, up, corner), key=lambda one: abs(guess - one))
            row[at] = (row[at] + near) % 256
        else:
            row[at] = (row[at] + (0, left, up, (left + up) // 2)[method]) % 256
