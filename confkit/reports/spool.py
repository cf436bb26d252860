"""Hold text until it is known what goes before it: in memory while it is short, then in a temporary file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO, Self

_MAX_HELD = 4 * 1024 * 1024  # characters in memory
_PIECE = 1 << 20


class Spool:
    """Text that is written in pieces and read once; a context manager. FileError where it cannot be held."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._held = 0
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def write(self, text: str) -> None:
        """Add a piece of text."""
        self._pieces.append(text)
        self._held += len(text)
        if self._held > _MAX_HELD:
            self._move_to_file()

    def pieces(self) -> Iterator[str]:
        """Yield the text in its order."""
        if self._file:
            self._move_to_file()
            self._file.seek(0)
            yield from iter(lambda: self._file.read(_PIECE) if self._file else "", "")
        else:
            yield from self._pieces

    def _move_to_file(self) -> None:
        from tempfile import TemporaryFile  # noqa: PLC0415 - most reports are short

        try:
            if self._file is None:
                # surrogatepass: a file or its name may hold what no encoding takes; it comes back as it was
                self._file = TemporaryFile("w+", encoding="utf-8", errors="surrogatepass", newline="")  # noqa: SIM115 - __exit__ closes it
            self._file.write("".join(self._pieces))
            self._file.flush()
        except OSError as error:
            raise FileError(
                f"a long report cannot be held in a temporary file ({error.strerror}). Make room, or set TMPDIR"
            ) from error
        self._pieces, self._held = [], 0
