"""The playground: a page that lints a file in the browser, by confkit's own modules in Pyodide.

Its JavaScript is in playground/, and bundled by esbuild; browser.py beside this module runs in Pyodide.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

from tools.generate import REPOSITORY

DIRECTORY = Path(__file__).resolve().parent / "playground"
MODULES = DIRECTORY / "node_modules"
INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
# What a lint of a text imports lies in these; the standard library is all that they need.
_PACKAGES = ("core", "config", "lint", "reports")
_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a zip holds times; without them the same code makes the same file


class NotBuiltError(Exception):
    """A program that builds the playground is missing, or failed."""


def write_playground(directory: Path) -> None:
    """Write everything of the playground into `directory`. NotBuiltError says what is missing or went wrong."""
    if not (MODULES / ".package-lock.json").is_file():
        _run(*INSTALL)
    (directory / "pyodide").mkdir(parents=True)
    shutil.copyfile(DIRECTORY / "README.md", directory / "README.md")
    shutil.copyfile(DIRECTORY / "playground.css", directory / "playground.css")
    for name in _PYODIDE:
        shutil.copyfile(MODULES / "pyodide" / name, directory / "pyodide" / name)
    (directory / "confkit.zip").write_bytes(archive())
    _run("npm", "run", "--silent", "build", "--", f"--outdir={directory}")


def archive(root: Path = REPOSITORY) -> bytes:
    """Return the modules that Pyodide runs, and the catalogue, as a zip."""
    files = {
        "browser.py": DIRECTORY.with_name("browser.py"),
        "confkit/schemas/catalogue.json": root / "schemas/catalogue.json",
    }
    package = root / "confkit"
    for path in (package / "__init__.py", *(each for name in _PACKAGES for each in (package / name).rglob("*.py"))):
        files[path.relative_to(root).as_posix()] = path
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, path in sorted(files.items()):
            made.writestr(zipfile.ZipInfo(name, _EPOCH), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _run(*command: str) -> None:
    try:
        subprocess.run(command, cwd=DIRECTORY, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    except FileNotFoundError as error:
        raise NotBuiltError(
            "The playground needs npm of Node 20 or newer. Install it (apt-get install npm), or build the site "
            "without: --without-playground"
        ) from error
    except subprocess.CalledProcessError as error:
        raise NotBuiltError(
            f"{' '.join(command)} failed in {DIRECTORY} (see above). If package.json changed, run npm install there "
            "and commit package-lock.json."
        ) from error
