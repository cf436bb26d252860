"""What a file holds, or is called, gives no command to a build server, in no output."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from testing.command import confkit

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ["::set-output name=a::b", "::add-mask::x", "##[group]x", "##vso[task.setvariable variable=a]b", "##VSO[x]y"]
# as the agents of Azure Pipelines and TeamCity look for them, and actions/runner for the old ones (ActionCommand.cs)
ANYWHERE = re.compile(r"##[a-z]*\[", re.IGNORECASE)
SERVERS = [{"GITHUB_ACTIONS": "true"}, {"TF_BUILD": "True"}, {"GITLAB_CI": "true"}, {"CI": "1"}]


def is_command(line: str) -> bool:
    """Return whether a build server takes a line for a command (actions/runner, ActionCommand.cs)."""
    stripped = line.lstrip()
    return (stripped.startswith("::") and "::" in stripped[2:]) or ANYWHERE.search(line) is not None


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("environment", SERVERS, ids=lambda environment: next(iter(environment)))
def test_no_line_is_a_command(tmp_path: Path, command: str, environment: dict[str, str]) -> None:
    file, other = tmp_path / f"{command.replace('/', '')}.conf", tmp_path / "other.conf"
    # as the value of an entry, in its name, of a section, as a comment, and as a line that is nothing
    file.write_text(
        f"Misc = {{\n   ToolsDir = {command};\n   {command} = 1;\n}}\n{command} = {{\n   {command} = {command};\n}}\n"
        f"{command}\n # x\n {command}\n#{command}\nVirtualToken = {{\n   VirtualToken00Label = {command};\n}}\n"
        f"HASynchronize = {{\n   {command} = 1;\n}}\nHAConfiguration = {{\n   HAOnly = 1;\n}}\n"
    )
    other.write_text("Misc = {\n   ToolsDir = /bin;\n}\n")
    name = str(file)
    asked = [
        ["show", "-c", name],
        ["show", "-c", name, "--format", "json"],
        ["diff", name, str(other)],
        ["diff", str(other), name],
        ["diff", name, str(other), "--format", "json"],
        ["get", "Misc", "ToolsDir", "-c", name],
        ["get", "Misc", "ToolsDir", "-c", name, "--format", "json"],
        ["get", "Misc", command, "-c", name],
        ["get", command, command, "-c", name],
        ["get", command, "x", "-c", name],
        ["set-timeout", "10", "--diff", "--dry-run", "-c", name],
        ["set", "Misc", "ToolsDir", "x", "--diff", "--dry-run", "-c", name],
        ["set", command, "ToolsDir", "x", "--diff", "--dry-run", "-c", name],
        ["set", "Misc", "ToolsDir", command, "--diff", "--dry-run", "-c", str(other)],
        ["unset", "Misc", command, "--diff", "--dry-run", "-c", name],
        ["convert", name, str(tmp_path / "x.ini")],
        ["lint", name, "--select", "ALL", "--fix", "--diff"],
        *(["lint", name, "--select", "ALL", "--format", each] for each in ("text", "json", "sarif", "junit", "gitlab")),
    ]
    for arguments in asked:
        result = confkit(*arguments, environment=environment)
        assert result.code in {0, 1, 2, 3}, (arguments, result)
        assert [line for line in (result.out + result.err).split("\n") if is_command(line)] == [], arguments


def test_json_says_the_same_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "Chrystoki.conf"
    file.write_text("Misc = {\n   ToolsDir = a##[group]x;\n}\n")
    shown = confkit("get", "Misc", "ToolsDir", "-c", str(file), "--format", "json", environment={"CI": "true"})
    assert json.loads(shown.out)["value"] == "a##[group]x"


def test_outside_of_a_build_server_get_is_byte_exact(tmp_path: Path) -> None:
    file = tmp_path / "Chrystoki.conf"
    file.write_text("Misc = {\n   ToolsDir = a##[group]x;\n}\n")
    none = dict.fromkeys(["CI", "GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "JENKINS_URL", "TEAMCITY_VERSION"], "")
    shown = confkit("get", "Misc", "ToolsDir", "-c", str(file), environment=none)
    assert shown.out == "a##[group]x\n"
