"""Build the wheels of all platforms: `python -m tools.packages.wheels --outdir dist [TARGET...]`.

Each is built by hatch_build.py with CONFKIT_TARGET, and checked: the libraries in it ask for no more than its tag says.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tools.packages import binaries
from tools.packages.targets import TARGETS, Target, named

REPOSITORY = Path(__file__).resolve().parent.parent.parent
LIBRARIES = tuple(f"confkit/emulator/native/libcryptoki_emulator{suffix}.so" for suffix in ("", "_old"))


def main() -> int:
    """Read the command line, build, and print what was built; 1 if a wheel is not what its name says."""
    parser = argparse.ArgumentParser(description="Build the wheels of all platforms.")
    parser.add_argument("--outdir", type=Path, default=Path("dist"))
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"one of {', '.join(TARGETS)} [default: all]")
    arguments = parser.parse_args()
    bad = 0
    for tag in arguments.targets or TARGETS:
        wheel = build(named(tag), arguments.outdir)
        wrong = faults(wheel, named(tag))
        print(f"{wheel.name}: {wheel.stat().st_size / 1000:.0f} kB" + "".join(f"\n    {each}" for each in wrong))
        bad += len(wrong)
    return 1 if bad else 0


def build(target: Target, outdir: Path) -> Path:
    """Build the wheel of a target into `outdir`, and return its path."""
    outdir.mkdir(parents=True, exist_ok=True)
    before = set(outdir.glob("*.whl"))
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(outdir.absolute())]
    environment = {**os.environ, "CONFKIT_TARGET": target.tag}
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"the wheel for {target.tag} could not be built:\n{done.stdout}{done.stderr}")
    built = [path for path in outdir.glob("*.whl") if path.stem.endswith(f"-py3-none-{target.tag}")]
    if len(built) != 1:
        raise SystemExit(f"{outdir} must hold one wheel for {target.tag}; it held {sorted(map(str, before))} before")
    return built[0]


def faults(wheel: Path, target: Target) -> list[str]:
    """Return what is wrong with a wheel: a library is missing or left over, or asks for more than its tag allows."""
    with zipfile.ZipFile(wheel) as archive:
        libraries = tuple(name for name in sorted(archive.namelist()) if name.endswith((".so", ".dll", ".pyd")))
        expected = LIBRARIES if target.triple else ()
        if libraries != expected:
            return [f"it carries {list(libraries)}, not {list(expected)}"]
        return [
            f"{name}: {fault}"
            for name in libraries
            for fault in binaries.faults(io.BytesIO(archive.read(name)), target)
        ]


if __name__ == "__main__":
    sys.exit(main())
