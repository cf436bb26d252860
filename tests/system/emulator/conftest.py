from __future__ import annotations

import itertools
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from testing.application import OK, Application
from testing.emulator import ADDRESS, Built, StartApplication, build_all, sanitizers_work
from testing.programs import needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.emulator.group import EmulatedGroup


@pytest.fixture(autouse=True)
def _measure_some_members_only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """To begin measuring its coverage takes a member longer than its whole work: not in the modules about the library."""
    if request.node.path.stem not in {"test_appliance", "test_fixture", "test_reaper"}:
        monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """With address and undefined-behaviour sanitizers in the program and the library, where they exist."""
    needs("cc")
    folder = tmp_path_factory.mktemp("emulator")
    return build_all(folder, ADDRESS if sanitizers_work(folder, ADDRESS) else ())


@pytest.fixture
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StartApplication]:
    """Start applications that are closed, and have to end well, when the test ends."""
    numbers = itertools.count()
    with ExitStack() as stack:

        def start(
            where: EmulatedGroup | Path | None,
            *,
            initialised: bool = False,
            built: Built | None = None,
        ) -> Application:
            chosen: Built = built or request.getfixturevalue("built")
            library = chosen.library
            if isinstance(where, Path) or where is None:
                environment = {"ChrystokiConfigurationPath": str(where or "")}
            else:
                environment = where.environment()
                if where.library.endswith("_old.so"):  # one test's: not worth another compilation
                    library = where.library
            application = Application(chosen.driver, library, environment, tmp_path / f"messages{next(numbers)}")
            stack.callback(application.close)
            if initialised:
                assert application.rv("initialize") == OK, application.messages()
            return application

        yield start
