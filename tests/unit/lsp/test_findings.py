from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from confkit.lint.results import LintedFile
from confkit.lsp.findings import OpenFiles
from confkit.lsp.open_file import OpenFile
from testing.open_files import open_file

TEXT = "CardReader = {\n  RemoteCommand = 1 ;\n}\n"


@pytest.fixture
def files() -> Iterator[OpenFiles]:
    made = OpenFiles()
    yield made
    made.stop()


def codes(files: OpenFiles, file: OpenFile) -> set[str] | None:
    found = asyncio.run(files.linted(file.uri))
    return None if found is None else {each.code for each in found[1].diagnostics}


def test_a_version_is_linted_once(files: OpenFiles) -> None:
    file = open_file(TEXT)
    files.put(file)
    assert files.known(file.uri) is None
    first, second = (asyncio.run(files.linted(file.uri)) for _ in range(2))
    assert first is not None
    assert first is second
    assert files.known(file.uri) is first[1]


def test_a_new_version_is_linted_anew(files: OpenFiles) -> None:
    file = open_file(TEXT)
    files.put(file)
    assert "CK103" in (codes(files, file) or ())
    files.put(file.after(2, [TEXT.replace(" ;", ";")]))
    assert files.known(file.uri) is None
    assert "CK103" not in (codes(files, file) or ())


def test_of_many_versions_the_last_one_is_answered(files: OpenFiles) -> None:
    file = open_file(TEXT)

    async def ask() -> list[int | None]:
        asked = []
        for version in range(2, 20):
            files.put(file.after(version, [TEXT]))
            asked.append(asyncio.create_task(files.linted(file.uri)))
            await asyncio.sleep(0)
        return [each and each[0].version for each in await asyncio.gather(*asked)]

    assert set(asyncio.run(ask())) == {19}


def test_a_closed_file_has_no_findings(files: OpenFiles) -> None:
    file = open_file(TEXT)
    files.put(file)
    assert list(files) == [file]
    files.close(file.uri)
    assert codes(files, file) is None
    assert list(files) == []
    files.close(file.uri)


def test_other_settings_count_once_they_are_told_of(files: OpenFiles, tmp_path: Path) -> None:
    file = replace(open_file(TEXT), path=str(tmp_path / "Chrystoki.conf"))
    files.put(file)
    assert "CK103" in (codes(files, file) or ())
    (tmp_path / "confkit.toml").write_text('ignore = ["CK103"]\n')
    assert "CK103" in (codes(files, file) or ())
    files.forget_results()
    assert "CK103" not in (codes(files, file) or ())


def test_an_answer_is_made_beside_the_thread_that_serves_the_editor(files: OpenFiles) -> None:
    file = open_file(TEXT)
    files.put(file)
    served = threading.Event()

    async def ask() -> bool | None:
        answer = asyncio.create_task(files.answered(file.uri, lambda *_: served.wait(60)))
        await files.linted(file.uri)
        asyncio.get_running_loop().call_soon(served.set)
        return await answer

    assert asyncio.run(ask())


def test_an_answer_is_that_of_the_last_version(files: OpenFiles) -> None:
    file = open_file(TEXT)
    files.put(file)
    made = []

    def answer(version: OpenFile, _found: LintedFile) -> int:
        made.append(version.version)
        if version is file:
            files.put(file.after(2, [TEXT]))
        return version.version

    assert asyncio.run(files.answered(file.uri, answer)) == 2
    assert made == [1, 2]


def test_of_a_closed_file_nothing_is_answered(files: OpenFiles) -> None:
    file = open_file(TEXT)
    assert asyncio.run(files.answered(file.uri, lambda *_: 1)) is None
    files.put(file)
    assert asyncio.run(files.answered(file.uri, lambda *_: files.close(file.uri))) is None
