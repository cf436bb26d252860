"""Change one token of a module at a time, and see whether the unit tests that mirror it notice.

    python -m tools.mutants confkit/core/timeout.py [MODULE ...] [--jobs N] [--every N] [--json FILE]

Nothing on disk is changed: each mutant is compiled in a child process, in the place of the module, and pytest runs in
that child. The tests are tests/unit/PACKAGE/test_MODULE.py, or where there is no such file all of tests/unit/PACKAGE. A
mutant is killed where a test fails, or where the tests take ten times as long as without it.

Survivors are printed as they would stand in tests/mutants.toml, which lists those that no test can see, each with the
reason. Exit code 0 if every survivor is listed there and no more than allowed survive, 1 otherwise.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import signal
import sys
import time
import tokenize
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

REPOSITORY = Path(__file__).resolve().parent.parent
LISTED = REPOSITORY / "tests" / "mutants.toml"
# the share of mutants that has to be killed, in these packages and elsewhere
STRICT = ("core", "check", "live")
WANTED_STRICT, WANTED = 0.95, 0.90
_PATIENCE = 10  # times the duration of the tests without a change
_SWAPPED = {
    "==": "!=",
    "!=": "==",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "+": "-",
    "-": "+",
    "*": "+",
    "/": "*",
    "//": "*",
    "%": "*",
    "**": "*",
    "&": "|",
    "|": "&",
    "<<": ">>",
    ">>": "<<",
    "+=": "-=",
    "-=": "+=",
    "|=": "&=",
    "&=": "|=",
    "*=": "+=",
    "and": "or",
    "or": "and",
    "not": "",
    "in": "not in",
    "is": "is not",
    "True": "False",
    "False": "True",
    "None": "0",
    "break": "continue",
    "continue": "break",
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
}


class Mutant(NamedTuple):
    """One token changed: its line (from 1) and column (from 0), what stands there, and what comes in its place."""

    line: int
    column: int
    old: str
    new: str
    text: str  # the line without whitespace at its ends

    @property
    def change(self) -> str:
        """What tests/mutants.toml calls it."""
        return f"{self.old} -> {self.new or '(nothing)'}"


class Tally(NamedTuple):
    """What came of the mutants of one module."""

    module: str
    tried: int
    survivors: tuple[Mutant, ...]

    @property
    def killed(self) -> float:
        """The share of mutants that the tests noticed, from 0 to 1."""
        return 1 - len(self.survivors) / self.tried if self.tried else 1


def mutants(source: str) -> list[Mutant]:
    """Return every mutant of a module in the order of its text, without docstrings, annotations and imports."""
    left_alone = _left_alone(ast.parse(source))
    lines = source.splitlines()
    found = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if _inside(token.start, left_alone):
            continue
        new = _replacement(token)
        if new is not None and new != token.string:
            line, column = token.start
            found.append(Mutant(line, column, token.string, new, lines[line - 1].strip()))
    return [each for each in found if _compiles(apply(source, each))]


def apply(source: str, mutant: Mutant) -> str:
    """Return the source with the mutant's token in place of what stands there."""
    lines = source.splitlines(keepends=True)
    line = lines[mutant.line - 1]
    lines[mutant.line - 1] = line[: mutant.column] + mutant.new + line[mutant.column + len(mutant.old) :]
    return "".join(lines)


def tests_of(module: str) -> list[str]:
    """Return what mirrors confkit/PACKAGE/MODULE.py in tests/unit: its own file, else those of its package."""
    inside = Path(module).relative_to("confkit")
    directory = Path("tests", "unit", *inside.parts[:-1])
    own = directory / f"test_{inside.stem}.py"
    found = [REPOSITORY / own] if (REPOSITORY / own).exists() else sorted((REPOSITORY / directory).glob("test_*.py"))
    return [str(path.relative_to(REPOSITORY)) for path in found]


def listed(path: Path = LISTED) -> dict[tuple[str, str, str], str]:
    """Return the reasons of tests/mutants.toml by (module, text of the line, change)."""
    table = tomllib.loads(path.read_text())
    return {(each["module"], each["line"], each["change"]): each["reason"] for each in table.get("survivor", [])}


def _replacement(token: tokenize.TokenInfo) -> str | None:
    if token.type in {tokenize.OP, tokenize.NAME}:
        return _SWAPPED.get(token.string)
    if token.type == tokenize.NUMBER:
        value = ast.literal_eval(token.string)
        return repr(value + 1)
    if token.type == tokenize.STRING and "f" not in token.string.partition(token.string[-1])[0].lower():
        value = ast.literal_eval(token.string)
        return repr(value + (b"~" if isinstance(value, bytes) else "~"))
    return None


def _left_alone(tree: ast.Module) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the spans of what has no meaning when the program runs, or is checked by other means."""
    nodes: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            nodes.append(node)  # a docstring, or one of an attribute
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns:
            nodes.append(node.returns)
        if isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation:
            nodes.append(node.annotation)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            nodes.append(node)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            nodes.append(node)
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            nodes.append(node)
    return [
        ((node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0))
        for node in nodes
        if isinstance(node, (ast.stmt, ast.expr))
    ]


def _inside(position: tuple[int, int], spans: list[tuple[tuple[int, int], tuple[int, int]]]) -> bool:
    return any(begin <= position < end for begin, end in spans)


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Import one module from a text that is not on disk."""

    def __init__(self, name: str, path: str, source: str) -> None:
        self._name, self._path, self._source = name, path, source

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname != self._name:
            return None
        is_package = self._path.endswith("__init__.py")
        return importlib.util.spec_from_file_location(
            fullname,
            self._path,
            loader=self,
            submodule_search_locations=[os.path.dirname(self._path)] if is_package else None,
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._source, self._path, "exec"), module.__dict__)  # noqa: S102 - our own source, one token changed


def _run(module: str, source: str, tests: Sequence[str], longest: float) -> tuple[bool, float]:
    """Return whether the tests pass with this source of the module, and the seconds they took; a child runs them."""
    begin = time.monotonic()
    child = os.fork()
    if child == 0:
        os._exit(_child(module, source, tests))
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == 0, time.monotonic() - begin
        if time.monotonic() - begin > longest:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return False, time.monotonic() - begin
        time.sleep(0.02)


def _child(module: str, source: str, tests: Sequence[str]) -> int:
    import pytest  # noqa: PLC0415 - already imported by the parent

    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    # a change of what is imported already would not be in force, and would survive
    for loaded in [each for each in sys.modules if each.partition(".")[0] == "confkit"]:
        del sys.modules[loaded]
    name = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    sys.meta_path.insert(0, _Changed(name, str(REPOSITORY / module), source))
    try:
        importlib.import_module(name)  # now: pytest has a finder of its own, which comes first
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=--import-mode=importlib"]
        options += ["-p", "no:asyncio", "-p", "no:pytest-lsp"]  # as in pyproject.toml, whose options are replaced here
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of what the parent imported
        return int(pytest.main([*options, *tests]))
    except BaseException:  # noqa: BLE001 - whatever a mutant does, it was noticed
        return 1


def try_module(module: str, jobs: int, every: int) -> Tally:
    """Run the tests of a module against every `every`-th of its mutants, and return what survived."""
    source = (REPOSITORY / module).read_text()
    tests = tests_of(module)
    if not tests:
        raise SystemExit(f"mutants: tests/unit has nothing that mirrors {module}")
    passed, seconds = _run(module, source, tests, 600)
    if not passed:
        raise SystemExit(f"mutants: {' '.join(tests)} fail without any change")
    longest = _PATIENCE * seconds + 5
    chosen = mutants(source)[::every]
    with ThreadPoolExecutor(jobs) as pool:
        results = pool.map(lambda each: _run(module, apply(source, each), tests, longest)[0], chosen)
        survivors = tuple(each for each, survived in zip(chosen, results, strict=True) if survived)
    return Tally(module, len(chosen), survivors)


def report(tally: Tally, reasons: dict[tuple[str, str, str], str]) -> Iterator[str]:
    """Yield the line of a module, and its survivors that are not listed as tests/mutants.toml would have them."""
    yield f"{tally.module:50} {tally.tried - len(tally.survivors):4} of {tally.tried:4} killed, {tally.killed:6.1%}"
    for each in tally.survivors:
        if (tally.module, each.text, each.change) not in reasons:
            yield "[[survivor]]"
            yield f'module = "{tally.module}" # line {each.line}'
            yield f"line = {json.dumps(each.text, ensure_ascii=False)}"
            yield f"change = {json.dumps(each.change, ensure_ascii=False)}"
            yield 'reason = ""'


def enough(tally: Tally, reasons: dict[tuple[str, str, str], str]) -> bool:
    """Return whether as many mutants were killed as the package asks for, those left out that no test can see."""
    seen = [each for each in tally.survivors if (tally.module, each.text, each.change) not in reasons]
    wanted = WANTED_STRICT if Path(tally.module).parts[1] in STRICT else WANTED
    return not tally.tried or 1 - len(seen) / tally.tried >= wanted


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, try each module, and print what survived."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description="Mutation testing.")
    parser.add_argument("modules", nargs="+", metavar="MODULE", help="confkit/PACKAGE/MODULE.py")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants at a time [default: one a core]")
    parser.add_argument("--every", type=int, default=1, help="try every Nth mutant alone [default: 1]")
    parser.add_argument("--json", type=Path, help="append one line of JSON per module to this file")
    asked = parser.parse_args(arguments)
    os.chdir(REPOSITORY)
    sys.path.insert(0, str(REPOSITORY))
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    for name in ("pytest", "hypothesis", "hypothesis.strategies", "jsonschema", "yaml", "typer"):
        importlib.import_module(name)  # once, and not in every child
    reasons, good = listed(), True
    for module in asked.modules:
        tally = try_module(module, asked.jobs, asked.every)
        print(*report(tally, reasons), sep="\n", flush=True)
        good &= enough(tally, reasons)
        if asked.json:
            with asked.json.open("a") as file:
                file.write(json.dumps([tally.module, tally.tried, len(tally.survivors)]) + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
