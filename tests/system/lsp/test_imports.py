"""What the language server brings is imported by it alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from testing.programs import REPOSITORY, unmeasured

SAMPLE = str(REPOSITORY / "samples" / "ha-group" / "Chrystoki.conf")
PRINT = (
    "import sys; print(sorted({name.partition('.')[0] for name in sys.modules} & {'pygls', 'lsprotocol', 'asyncio'}))"
)
RUN = f"""
import sys, atexit
atexit.register(lambda: exec({PRINT!r}))
from confkit.cli.main import main
sys.argv = ['confkit', *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize("words", [["lint", SAMPLE], ["explain", "CK101"], ["lsp", "--help"]])
def test_other_commands_and_help_do_without_it(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words], capture_output=True, text=True, check=True, env=unmeasured()
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_missing_package_is_said_with_the_command_that_installs_it() -> None:
    without = "import sys; sys.modules['pygls'] = None\nfrom confkit.cli.main import main\nsys.argv = ['confkit', 'lsp']\nmain()"
    done = subprocess.run([sys.executable, "-c", without], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "confkit lsp needs the Python package pygls. Install it: pip install 'pygls" in done.stderr
