"""Help texts as a terminal shows them: nothing in square brackets, which would be taken for markup and left out."""

from __future__ import annotations

import pytest
import typer.main
from typer.testing import CliRunner

from confkit.cli.application import VERBS, single


@pytest.mark.parametrize("verb", list(VERBS))
def test_no_part_of_a_help_text_is_taken_for_markup(verb: str) -> None:
    command = typer.main.get_command(single(verb))
    commands = list(getattr(command, "commands", {"": command}).values())
    texts = [str(getattr(each, "help", "")) for one in commands for each in one.params]
    assert texts or verb == "demo"  # it has no options
    assert [text for text in texts if "[" in text] == []


@pytest.mark.parametrize(
    ("words", "usage"),
    [
        (["set-timeout"], "set-timeout [OPTIONS] SECONDS"),
        (["set"], "set [OPTIONS] SECTION KEY VALUE"),
        (["lint"], "lint [OPTIONS] [PATH]..."),
        (["ha", "add-member"], "add-member [OPTIONS] LABEL N"),
        (["call-log"], "call-log [OPTIONS] {on|off}"),
    ],
)
def test_usage_names_arguments_without_braces(words: list[str], usage: str) -> None:
    result = CliRunner().invoke(single(words[0]), [*words[1:], "--help"], prog_name=words[0])
    assert usage in " ".join(result.output.split())


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e400", "-1", "-inf"])
def test_a_lock_timeout_is_a_finite_number(seconds: str) -> None:
    words = ["10", "-c", "/nowhere/Chrystoki.conf"]
    for result in (
        CliRunner().invoke(single("set-timeout"), [*words, f"--lock-timeout={seconds}"]),
        CliRunner().invoke(single("set-timeout"), words, env={"CONFKIT_LOCK_TIMEOUT": seconds}),
    ):
        assert result.exit_code == 2
        assert "--lock-timeout" in result.output


def test_brackets_in_a_docstring_reach_the_reader() -> None:
    command = typer.main.get_command(single("apply"))
    assert r'\[set."SECTION"]' in str(command.help)
    assert "\n" not in str(command.help).replace("\n\n", "")
