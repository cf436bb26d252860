"""Which bytes of a file the text in an editor stands for: editors hide a byte order mark, and decode what is not UTF-8.

The linter judges bytes, and the editor hands over text. Where the file on the disk is not UTF-8, the text shows how the
editor decoded it: as Latin-1 or Windows-1252 (Neovim, Emacs), or with a replacement character for each bad byte (VS
Code). Lines that have one keep the bytes of the disk, so that the finding about them stays.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.syntax.document import BYTE_ORDER_MARK
from confkit.core.syntax.lines import split_lines
from confkit.lsp.text_lines import split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SINGLE_BYTE = ("latin-1", "cp1252")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class FileEncoding(NamedTuple):
    """How text becomes the bytes of the file. `bad_lines` are those with bytes that the editor could not decode."""

    codec: str = "utf-8"
    hidden_mark: bool = False
    bad_lines: Mapping[str, bytes] = {}

    def is_kept(self, line: str) -> bool:
        """Return whether a line stands for the bytes of the disk, which are not what its text says."""
        return _REPLACEMENT in line and line.rstrip("\r\n") in self.bad_lines

    def encode(self, line: str) -> bytes:
        """Return the bytes of a line, without a byte order mark that the editor hides."""
        shown = line.rstrip("\r\n")
        if self.is_kept(line):
            return self.bad_lines[shown] + line[len(shown) :].encode()
        if self.codec == "utf-8":
            return line.encode("utf-8", "surrogatepass")
        return line.encode(self.codec, "replace")

    def length_of(self, line: str, before: int) -> int:
        """Return how many bytes of a line stand for its first `before` characters."""
        if not self.is_kept(line):
            return len(self.encode(line[:before]))
        source = self.encode(line)
        return bisect_right(range(1, len(source) + 1), before, key=lambda end: len(self.decode(source[:end])))

    def decode(self, line: bytes) -> str:
        """Return the text of a line, as the editor would have it."""
        if self.codec != "utf-8":
            return line.decode(self.codec, "replace")
        try:
            return line.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return line.decode("utf-8", "replace")


UTF8 = FileEncoding()


def encoding_of(lines: Sequence[str], on_disk: bytes | None) -> FileEncoding:
    """Return the encoding in which an editor that shows `lines` has read the file; UTF-8 where that cannot be told."""
    if on_disk is None:
        return UTF8
    marked = on_disk.startswith(BYTE_ORDER_MARK)
    hidden = marked and not (lines and lines[0].startswith(BYTE_ORDER_MARK.decode()))
    source = on_disk.removeprefix(BYTE_ORDER_MARK) if hidden else on_disk
    try:
        source.decode()
    except UnicodeDecodeError:
        return _encoding_of_bad_bytes(lines, source)._replace(hidden_mark=hidden)
    return FileEncoding(hidden_mark=hidden)


def _encoding_of_bad_bytes(lines: Sequence[str], source: bytes) -> FileEncoding:
    shown = [line.rstrip("\r\n") for line in lines]
    for codec in _SINGLE_BYTE:
        if [line.rstrip("\r\n") for line in split(source.decode(codec, "replace"))] == shown:
            return FileEncoding(codec)
    stored = [line.rstrip(b"\r\n") for line in split_lines(source)]
    replaced = {line.decode("utf-8", "replace"): line for line in stored if not _is_utf8(line)}
    return FileEncoding(bad_lines=replaced)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
