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


STAGES = "FROM a AS base\n" + ENV + "FROM b AS other\nRUN true\n"


@pytest.mark.parametrize(
    ("arguments", "base"),
    [
        ("ARG BASE=base\n", "${BASE}"),
        ("ARG BASE=base\n", "$BASE"),
        ("ARG BASE=Base\n", '"${BASE}"'),
        ('ARG BASE="base"\n', "--platform=$BUILDPLATFORM ${BASE}"),
        ("ARG\tBASE=base\n", "${BASE:-other}"),
        ("ARG BASE\n", "${BASE:-base}"),
        ("", "${BASE:-base}"),
        ("ARG A=ba\nARG BASE=${A}se\n", "$BASE"),
        ("ARG A=ba B=se\n", "$A$B"),
        ("ARG REGISTRY=\n", "${REGISTRY}base"),
    ],
)
def test_from_takes_arguments_that_stand_before_it(arguments: str, base: str) -> None:
    assert codes(f"{arguments}{STAGES}FROM {base}\n{COPY}") == []


@pytest.mark.parametrize("arguments", ["ARG BASE=other\n", "ARG BASE=other\nARG A=base\n", "ARG BASE=\n"])
def test_a_base_without_the_variable_is_told_by_its_argument(arguments: str) -> None:
    line = arguments.count("\n") + STAGES.count("\n") + 2
    assert codes(f"{arguments}{STAGES}FROM ${{BASE}}\n{COPY}") == [("CK703", line)]


def test_an_argument_of_a_stage_is_none_of_from() -> None:
    assert codes(f"ARG BASE=other\nFROM a AS base\nARG BASE=base\n{ENV}FROM b AS other\nFROM $BASE\n{COPY}") == [
        ("CK703", 7)
    ]


@pytest.mark.parametrize("base", ["$BASE", "${BASE}", "base-${TARGETARCH}", "${A:-$B}", "${BASE%-slim}"])
def test_of_a_base_that_cannot_be_told_the_variable_may_come(base: str) -> None:
    assert codes(f"ARG BASE\n{STAGES}FROM {base}\n{COPY}") == []
    assert codes(f"FROM {base}\n{COPY}ENV ChrystokiConfigurationPath=/opt/luna\n") == [("CK702", 3)]


@pytest.mark.parametrize("text", ["ARG A=xx\n{}FROM $A\n", "FROM b\nENV A=xx\n{}", "FROM b\nARG A=xx\n{}"])
def test_a_value_that_doubles_each_time_stays_short(text: str) -> None:
    doubled = "ENV A=$A$A\n" if "ENV" in text else "ARG A=$A$A\n"
    assert codes(text.format(doubled * 25) + ENV + "COPY Chrystoki.conf /opt/$A/\n") == []


@pytest.mark.parametrize("target", ["/opt/luna-10.7", "/opt/luna.d", "/opt/v1.2", "/opt/.luna", "opt.d", "/opt/$V.1"])
def test_a_dot_in_the_last_name_of_a_target_proves_no_file(target: str) -> None:
    variable = target if target.startswith("/") else f"/{target}"
    text = f"{FROM}ARG V=1\nWORKDIR /\nCOPY Chrystoki.conf {target}\nENV ChrystokiConfigurationPath={variable}\n"
    assert codes(text) == []
    assert codes(text.replace("ENV Chr", "ENV A=b Chr").replace("COPY", "ADD")) == []
    assert codes(text.partition("ENV")[0]) == []


@pytest.mark.parametrize(
    ("copied", "home"),
    [
        ("COPY Chrystoki.conf /opt/luna-10.7/\n", "/opt/luna-10.7"),
        ("COPY Chrystoki.conf client.pem /opt/luna-10.7\n", "/opt/luna-10.7"),
        ("WORKDIR /opt/luna-10.7\nCOPY Chrystoki.conf /opt/luna-10.7\n", "/opt/luna-10.7"),
        ("WORKDIR /opt/luna-10.7/config\nCOPY Chrystoki.conf ..\n", "/opt/luna-10.7"),
        ("WORKDIR /opt/luna-10.7/config\nCOPY Chrystoki.conf ./..\n", "/opt/luna-10.7"),
        ("WORKDIR /opt/luna-10.7\nCOPY Chrystoki.conf ./.\n", "/opt/luna-10.7"),
        ("WORKDIR /opt/a.b/c\nCOPY Chrystoki.conf /opt/a.b\n", "/opt/a.b"),
        ("COPY site.conf /opt/luna-10.7/Chrystoki.conf\n", "/opt/luna-10.7"),
        ("COPY Chrystoki.conf /opt/luna\n", "/opt/luna"),
        ("COPY Chrystoki.conf /opt/luna-10.7/my.conf\n", "/opt/luna-10.7"),
    ],
)
def test_a_target_that_can_be_told(copied: str, home: str) -> None:
    right = f"{FROM}{copied}ENV ChrystokiConfigurationPath={home}\n"
    assert codes(right) == []
    assert codes(right.replace(f"Path={home}", "Path=/somewhere")) == [("CK702", right.count("\n"))]


def test_a_directory_beside_the_file_is_no_home_for_it() -> None:
    assert codes(FROM + "COPY Chrystoki.conf /opt/luna-10.7\nCOPY Chrystoki.conf /etc/luna/\n" + ENV) == []


@pytest.mark.parametrize(
    "run",
    [
        "RUN grep -q a <<<word\n",
        "RUN echo 'cat <<EOF'\n",
        "ENV A=<<EOF\n",
        "LABEL a='x' b=<<EOF\n",
        "RUN echo $((1<<2))\n",
    ],
)
def test_what_is_no_here_document_hides_nothing(run: str) -> None:
    assert codes(FROM + run + ENV + "COPY Chrystoki.conf /opt/luna/\nRUN <<EOF\ntrue\nEOF\n") == [("CK702", 3)]


def test_a_here_document_before_a_line_that_goes_on_is_no_instruction() -> None:
    body = "ENV ChrystokiConfigurationPath=/opt/luna\nCOPY Chrystoki.conf /opt/luna/\nFROM scratch\nEOF\n"
    assert codes(FROM + COPY + ENV + "RUN cat > /x <<EOF && \\\n  cat /x\n" + body) == []
    assert codes(FROM + COPY + ENV + "COPY --chmod=644 \\\n  <<EOF /x\n" + body) == []
