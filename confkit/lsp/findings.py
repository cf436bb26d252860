"""The findings of the open files, each version linted once, and none that is out of date already."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from confkit.lsp.linting import linted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confkit.lint.results import LintedFile
    from confkit.lsp.open_file import OpenFile


_Answer = TypeVar("_Answer")


class OpenFiles:
    """The files that the editor has open, and what is found in them.

    One thread lints and works out fixes, so that the server goes on answering; of versions that come quickly only the
    last one is linted.
    """

    def __init__(self) -> None:
        self._files: dict[str, OpenFile] = {}
        self._results: dict[str, tuple[OpenFile, LintedFile]] = {}
        self._generation = 0  # of the settings: what was linted before they changed does not count
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lint")

    def __iter__(self) -> Iterator[OpenFile]:
        return iter(list(self._files.values()))

    def get(self, uri: str) -> OpenFile | None:
        """Return the last version of a file; None where it is not open."""
        return self._files.get(uri)

    def put(self, file: OpenFile) -> None:
        """Take a new file, or a new version."""
        self._files[file.uri] = file

    def close(self, uri: str) -> None:
        """Forget a file."""
        self._files.pop(uri, None)
        self._results.pop(uri, None)

    def forget_results(self) -> None:
        """Lint everything again when it is asked for: the settings may be others."""
        self._results.clear()
        self._generation += 1

    def known(self, uri: str) -> LintedFile | None:
        """Return what is found in the last version of a file, where it has been linted already."""
        file, result = self._results.get(uri, (None, None))
        return result if file is not None and file is self._files.get(uri) else None

    async def linted(self, uri: str) -> tuple[OpenFile, LintedFile] | None:
        """Return the last version of a file and what is found in it; None once it is closed."""
        while (file := self._files.get(uri)) is not None:
            known = self._results.get(uri)
            if known is not None and known[0] is file:
                return known
            generation = self._generation
            result = await asyncio.get_running_loop().run_in_executor(self._thread, self._lint, file)
            if result is not None and self._files.get(uri) is file and generation == self._generation:
                self._results[uri] = file, result
        return None

    async def answered(self, uri: str, answer: Callable[[OpenFile, LintedFile], _Answer]) -> _Answer | None:
        """Return what `answer` makes of the last version of a file and its findings; None once it is closed.

        It is made in the thread that lints, and again where the file has changed meanwhile.
        """
        while (found := await self.linted(uri)) is not None:
            made = await asyncio.get_running_loop().run_in_executor(self._thread, self._answer, answer, *found)
            if self._files.get(uri) is found[0]:
                return made
        return None

    def _answer(
        self, answer: Callable[[OpenFile, LintedFile], _Answer], file: OpenFile, result: LintedFile
    ) -> _Answer | None:
        return answer(file, result) if self._files.get(file.uri) is file else None

    def stop(self) -> None:
        """Wait for no lint any more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _lint(self, file: OpenFile) -> LintedFile | None:
        known = self._results.get(file.uri)  # two requests for one version: the second one finds it here
        if known is not None and known[0] is file:
            return known[1]
        return linted(file) if self._files.get(file.uri) is file else None
