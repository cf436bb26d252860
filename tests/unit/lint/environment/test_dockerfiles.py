"""What a Dockerfile says of the way to the client's file: its instructions, stages and copied files."""

from __future__ import annotations

import pytest

from testing.linting import diagnose_environment

FROM = "FROM registry.example.com/luna-client:10.7\n"
COPY = "COPY Chrystoki.conf /etc/luna/\n"
ENV = "ENV ChrystokiConfigurationPath=/etc/luna\n"


def codes(text: str) -> list[tuple[str, int]]:
    return [(each.code, each.line) for each in diagnose_environment("Dockerfile", text)]


@pytest.mark.parametrize("space", ["\t", "  ", " \t", "\t\t ", "\v", " \\\n  ", "\t\\\n\t"])
@pytest.mark.parametrize(
    "text",
    [
        "{FROM}COPY Chrystoki.conf /etc/luna/\nENV{S}ChrystokiConfigurationPath=/etc/luna\n",
        "{FROM}COPY Chrystoki.conf /etc/luna/\nONBUILD{S}ENV{S}ChrystokiConfigurationPath=/etc/luna\n",
        "{FROM}COPY Chrystoki.conf /etc/luna/\nenv{S}ChrystokiConfigurationPath{S}/etc/luna\n",
        "FROM{S}a AS base\nENV ChrystokiConfigurationPath=/etc/luna\nFROM{S}base\nCOPY Chrystoki.conf /etc/luna/\n",
        "{FROM}WORKDIR{S}/etc/luna\nCOPY{S}Chrystoki.conf{S}.\nENV ChrystokiConfigurationPath=/etc/luna\n",
        "{FROM}ARG{S}D=/etc\nCOPY Chrystoki.conf $D/\n",
        "{FROM}ENV{S}D{S}/etc\nCOPY Chrystoki.conf $D/\n",
        '{FROM}COPY Chrystoki.conf /etc/luna/\nENV{S}ChrystokiConfigurationPath{S}"/etc/luna"\n',
    ],
)
def test_any_white_space_ends_the_name_of_an_instruction(space: str, text: str) -> None:
    assert codes(text.replace("{FROM}", FROM).replace("{S}", space)) == []


def test_a_setting_over_two_lines_is_judged() -> None:
    assert codes(FROM + "ENV ChrystokiConfigurationPath \\\n  /etc/luna/Chrystoki.conf\n") == [("CK701", 2)]


def test_a_tab_after_onbuild_does_not_hide_a_fault() -> None:
    text = FROM + "ONBUILD\tCOPY\tChrystoki.conf\t/opt/luna/\n" + ENV
    assert codes(text) == [("CK702", 3)]
