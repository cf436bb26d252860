"""The self-contained tree, /opt/confkit: CPython, confkit with all extras, units, licences, bill of materials."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools.packages import binaries, interpreter, wheels
from tools.packages.sources import SOURCES
from tools.packages.targets import TARGETS

if TYPE_CHECKING:
    from tools.packages.targets import Target

PREFIX = "/opt/confkit"
MANUAL = wheels.REPOSITORY / "confkit" / "cli" / "man"
COMPLETIONS = wheels.REPOSITORY / "confkit" / "cli" / "completion" / "scripts"
UNITS = wheels.REPOSITORY / "integrations" / "monitoring" / "systemd"
LIBRARY = "python/lib/python3.13"
# Parts of the standard library that neither confkit nor what it depends on imports.
UNUSED = (
    *("__phello__", "curses", "dbm", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "sqlite3", "test", "tkinter"),
    *("turtledemo", "unittest", "venv", "__pycache__", "turtle.py", "pydoc.py", "doctest.py", "antigravity.py"),
)
_MACHINES_OF_PIP = ("manylinux_2_17", "manylinux2014")


def lay_out(target: Target, root: Path) -> None:
    """Make the tree for `target` as the directory `root`, which must not exist yet."""
    built = interpreter.build(target)
    shutil.copytree(built, root / "python", ignore=shutil.ignore_patterns(*UNUSED))
    for data in (root / LIBRARY).glob("_sysconfigdata_*.py"):
        data.write_text(data.read_text().replace(str(built.parent), "/build"))
    site = root / LIBRARY / "site-packages"
    _install(target, site)
    (root / "bin").mkdir()
    _compile_launcher(target, root / "bin" / "confkit")
    _compile_modules(root)
    add_share(root / "share")
    shutil.copytree(built.parent / "prefix", root / "licenses", ignore=shutil.ignore_patterns("lib", "include"))
    shutil.copy(wheels.REPOSITORY / "LICENSE", root / "licenses" / "LICENSE.confkit")
    (root / "share" / "luna-confkit.cdx.json").write_text(_bill(target, site))
    wrong = faults(root, target)
    if wrong:
        raise SystemExit("the tree would not run everywhere:\n    " + "\n    ".join(wrong))


def faults(root: Path, target: Target) -> list[str]:
    """Return which programs and libraries of a tree ask for more than `target` allows."""
    found = []
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    found += [f"{path.relative_to(root)}: {fault}" for fault in binaries.faults(file, target)]
    return found


def _install(target: Target, site: Path) -> None:
    """Install confkit's wheel and the locked versions of all it uses, for a machine that is not this one."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    platforms = [word for name in _MACHINES_OF_PIP for word in ("--platform", f"{name}_{target.machine}")]
    pip += ["--target", str(site), "--only-binary=:all:", "--implementation", "cp", "--python-version", "3.13"]
    locked = ["--require-hashes", "--requirement", str(wheels.REPOSITORY / "requirements" / "all.txt")]
    _run(*pip, *platforms, *locked)
    wheel = wheels.build(target, site.parent / "wheel")
    _run(*pip, *platforms, "--no-deps", "--upgrade", str(wheel))
    shutil.rmtree(wheel.parent)
    shutil.rmtree(site / "bin", ignore_errors=True)  # scripts that name this machine's interpreter


def _compile_launcher(target: Target, program: Path) -> None:
    source = Path(__file__).with_name("launcher.c")
    zig = [sys.executable, "-m", "ziglang", "cc", "-target", target.triple, "-O2", "-s", "-Wall", "-Wextra", "-Werror"]
    _run(*zig, "-o", str(program), str(source))


def _compile_modules(root: Path) -> None:
    """Compile all modules once and for all: the tree is read-only for those who run it."""
    own = TARGETS[f"manylinux_2_17_{os.uname().machine}"]
    python = str(interpreter.build(own) / interpreter.PROGRAM)
    options = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash", "-s", str(root), "-p", PREFIX]
    _run(python, "-I", "-m", "compileall", *options, str(root / LIBRARY))


def add_share(directory: Path) -> None:
    """Put units, manual pages and completions into `directory`, from where the system packages take them."""
    units = directory / "systemd"
    units.mkdir(parents=True)
    for unit in sorted(UNITS.iterdir()):
        (units / unit.name).write_text(unit.read_text().replace("/usr/local/bin/confkit", "/usr/bin/confkit"))
    for source, name in ((MANUAL, "man/man1"), (COMPLETIONS, "completions")):
        shutil.copytree(source, directory / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))


def _bill(target: Target, site: Path) -> str:
    """Return the bill of materials (CycloneDX): what is installed, and what was built from source."""
    components = [
        {
            "type": "library",
            "name": source.name,
            "version": source.version,
            "licenses": [{"license": {"id": source.licence}}],
            "hashes": [{"alg": "SHA-256", "content": source.sha256}],
            "externalReferences": [{"type": "source-distribution", "url": source.urls[0]}],
            "purl": f"pkg:generic/{source.name}@{source.version}",
            "bom-ref": f"{source.name}=={source.version}",
        }
        for source in SOURCES
    ]
    for metadata in sorted(site.glob("*.dist-info/METADATA")):
        fields = dict(
            line.split(": ", 1) for line in metadata.read_text().partition("\n\n")[0].splitlines() if ": " in line
        )
        name, version = fields["Name"], fields["Version"]
        purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
        components.append({"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl})
    whole = {
        "type": "application",
        "name": "confkit",
        "bom-ref": "confkit",
        "description": f"{PREFIX} for {target.tag}",
    }
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": whole},
        "components": components,
        "dependencies": [{"ref": "confkit", "dependsOn": [each["bom-ref"] for each in components]}],
    }
    return json.dumps(bill, indent=2) + "\n"


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
