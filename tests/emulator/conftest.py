from __future__ import annotations

import itertools
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pytest

from confkit.emulator import build
from tests.emulator.application import OK, Application
from tests.programs import needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.emulator.group import Group

DRIVER = Path(__file__).parent / "driver.c"
ADDRESS = ("-g", "-O1", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
THREAD = ("-g", "-O1", "-fsanitize=thread")


class Built(NamedTuple):
    """The driver and the library, compiled with the same flags."""

    flags: tuple[str, ...]
    driver: str
    library: str


class StartApplication(Protocol):
    """Start an application that uses a group, the file in a folder, or (None) the file in /etc."""

    def __call__(
        self,
        where: Group | Path | None,
        *,
        initialised: bool = False,
        built: Built | None = None,
    ) -> Application: ...


def sanitizers_work(folder: Path, flags: tuple[str, ...]) -> bool:
    """Tell whether a program compiled with `flags` runs here: the sanitizer's run-time library is a package of its own."""
    source = folder / "empty.c"
    source.write_text("int main(void) { return 0; }\n")
    program = folder / "empty"
    command = [build.compiler(), *flags, "-pthread", "-o", str(program), str(source)]
    compiled = subprocess.run(command, capture_output=True, check=False)
    return compiled.returncode == 0 and subprocess.run([program], capture_output=True, check=False).returncode == 0


def build_all(folder: Path, flags: tuple[str, ...]) -> Built:
    built = Built(flags, str(folder / "driver"), str(folder / "library.so"))
    build.compile_library(built.library, extra_flags=flags)
    warnings = ("-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-pthread")
    subprocess.run(
        [build.compiler(), *warnings, *flags, "-o", built.driver, str(DRIVER), "-ldl"],
        check=True,
    )
    return built


@pytest.fixture(autouse=True)
def _measure_some_members_only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """To begin measuring its coverage takes a member longer than its whole work: not in the modules about the library."""
    if request.node.path.stem not in {"test_appliance", "test_fixture", "test_watcher"}:
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
            where: Group | Path | None,
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
