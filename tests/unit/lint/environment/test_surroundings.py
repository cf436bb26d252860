"""CK701 to CK705: what leads the client to its file, in workloads, compose files, Dockerfiles, units and scripts."""

from __future__ import annotations

import textwrap

import pytest

from confkit.lint.lint_file import LintOptions, lint_source
from confkit.lint.rules import RULES
from confkit.reports.lint.text import of_file

VARIABLE = "ChrystokiConfigurationPath"

CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: luna}
data:
  Chrystoki.conf: |
    Chrystoki2 = {
      LibUNIX64 = /usr/lib/libCryptoki2_64.so;
    }
---
"""


def findings(path: str, text: str) -> list[tuple[str, int, str]]:
    linted = lint_source(path, textwrap.dedent(text).encode(), LintOptions(RULES))
    assert linted.error is None, linted.error
    return [(each.code, each.line, each.message) for each in linted.diagnostics]


def codes(path: str, text: str) -> list[str]:
    return [code for code, _, _ in findings(path, text)]


def deployment(env: str = "", mounts: str = "", volumes: str = "", kind: str = "Deployment", more: str = "") -> str:
    pod = f"""\
containers:
- name: app
  image: app
{textwrap.indent(env, "  ")}
{textwrap.indent(mounts, "  ")}
{textwrap.indent(more, "  ")}
volumes:
{volumes or "- {name: luna, configMap: {name: luna}}"}
"""
    head = f"kind: {kind}\nmetadata: {{name: payments}}\n"
    if kind == "Pod":
        return CONFIG_MAP + "apiVersion: v1\n" + head + "spec:\n" + textwrap.indent(pod, "  ")
    if kind == "CronJob":
        spec = "spec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n" + textwrap.indent(pod, " " * 10)
        return CONFIG_MAP + "apiVersion: batch/v1\n" + head + spec
    return (
        CONFIG_MAP + "apiVersion: apps/v1\n" + head + "spec:\n  template:\n    spec:\n" + textwrap.indent(pod, " " * 6)
    )


def env(value: str) -> str:
    return f"env:\n- name: {VARIABLE}\n  value: {value}\n"


MOUNT = "volumeMounts:\n- {name: luna, mountPath: /etc/luna}\n"


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "Job", "Pod", "CronJob"])
def test_a_workload_whose_variable_names_the_file(kind: str) -> None:
    text = deployment(env("/etc/luna/Chrystoki.conf"), MOUNT, kind=kind)
    ((code, line, message),) = findings("deploy.yaml", text)
    assert code == "CK701"
    assert "/etc/luna/Chrystoki.conf" in text.splitlines()[line - 1]
    assert (
        message
        == f"{kind} payments, container app: {VARIABLE} names a file, and the client wants its directory: /etc/luna"
    )


@pytest.mark.parametrize(
    "value",
    [
        "/etc/luna/chrystoki.conf",
        '"/etc/luna/Chrystoki.conf"',
        "/opt/my.conf",
        r"C:\luna\crystoki.ini",
        "$(HOME)/Chrystoki.conf",
    ],
)
def test_other_values_that_name_a_file(value: str) -> None:
    assert "CK701" in codes("deploy.yaml", deployment(env(value), MOUNT))


@pytest.mark.parametrize(
    ("environment", "mounts"),
    [
        (env("/etc/luna"), MOUNT),
        (env("/etc/luna/"), MOUNT),
        (env("$(CONFIG_DIR)"), MOUNT),
        ("", "volumeMounts:\n- {name: luna, mountPath: /etc/Chrystoki.conf, subPath: Chrystoki.conf}\n"),
        (
            env("/opt/luna"),
            "volumeMounts:\n- {name: luna, mountPath: /opt/luna/Chrystoki.conf, subPath: Chrystoki.conf}\n",
        ),
        ("envFrom:\n- secretRef: {name: elsewhere}\n", MOUNT),
        ("env:\n- name: ChrystokiConfigurationPath\n  valueFrom: {configMapKeyRef: {name: other, key: path}}\n", MOUNT),
        ("command: [sh, -c, 'export ChrystokiConfigurationPath=/etc/luna; exec app']\n", MOUNT),
    ],
)
def test_a_workload_that_leads_to_the_file(environment: str, mounts: str) -> None:
    assert codes("deploy.yaml", deployment(environment, mounts)) == []


@pytest.mark.parametrize(
    ("environment", "mounts", "code"),
    [
        ("", "volumeMounts:\n- {name: luna, mountPath: /usr/local/luna/config}\n", "CK703"),
        ("", "volumeMounts:\n- {name: luna, mountPath: /opt/Chrystoki.conf, subPath: Chrystoki.conf}\n", "CK703"),
        (env("/opt/luna"), MOUNT, "CK702"),
        (env("/opt/luna"), "", "CK702"),
        (
            env("/etc/luna/config"),
            "volumeMounts:\n- {name: luna, mountPath: /etc/luna/Chrystoki.conf, subPath: Chrystoki.conf}\n",
            "CK702",
        ),
        (env("/etc/luna") + f"- name: {VARIABLE}\n  value: /opt/luna\n", MOUNT, "CK704"),
        ("command: [sh, -c, 'export ChrystokiConfigurationPath=/opt/luna; exec app']\n", MOUNT, "CK702"),
    ],
)
def test_a_workload_that_does_not(environment: str, mounts: str, code: str) -> None:
    assert code in codes("deploy.yaml", deployment(environment, mounts))


def test_items_and_projected_volumes_name_the_file() -> None:
    items = "- {name: luna, configMap: {name: other, items: [{key: a, path: Chrystoki.conf}]}}"
    projected = "- {name: luna, projected: {sources: [{configMap: {name: luna}}]}}"
    for volumes in (items, projected):
        assert codes("deploy.yaml", deployment("", MOUNT, volumes)) == ["CK703"]
        assert codes("deploy.yaml", deployment(env("/etc/luna"), MOUNT, volumes)) == []


def test_a_value_from_a_config_map_of_the_same_manifest() -> None:
    extra = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: vars}}\ndata:\n  {VARIABLE}: /etc/luna/Chrystoki.conf\n---\n"
    text = extra + deployment("envFrom:\n- configMapRef: {name: vars}\n", MOUNT)
    assert [(code, line) for code, line, _ in findings("deploy.yaml", text)] == [("CK701", 5)]


def test_an_init_container_that_copies_the_file_is_left_alone() -> None:
    text = deployment(
        env("/work"),
        "volumeMounts:\n- {name: work, mountPath: /work}\n",
        "- {name: luna, configMap: {name: luna}}\n- {name: work, emptyDir: {}}",
    )
    init = "      initContainers:\n      - name: copy\n        volumeMounts: [{name: luna, mountPath: /from}, {name: work, mountPath: /work}]\n"
    assert codes("deploy.yaml", text.replace("      containers:\n", init + "      containers:\n")) == []


COMPOSE = f"""
services:
  app:
    image: app
    environment:
      {VARIABLE}: {{value}}
    volumes:
      - ./Chrystoki.conf:/etc/luna/Chrystoki.conf:ro
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (COMPOSE.replace("{value}", "/etc/luna"), []),
        (COMPOSE.replace("{value}", "/etc/luna/Chrystoki.conf"), [("CK701", 6)]),
        (COMPOSE.replace("{value}", "/opt/luna"), [("CK702", 6)]),
        (COMPOSE.replace(f"      {VARIABLE}: {{value}}\n", "      A: b\n"), [("CK703", 8)]),
        (COMPOSE.replace(f"{VARIABLE}: {{value}}", f"- {VARIABLE}=/etc/luna/Chrystoki.conf"), [("CK701", 6)]),
        (COMPOSE.replace(f"    environment:\n      {VARIABLE}: {{value}}\n", "    env_file: luna.env\n"), []),
        (COMPOSE.replace("/etc/luna/", "/etc/").replace(f"    environment:\n      {VARIABLE}: {{value}}\n", ""), []),
        (
            "services:\n  app:\n    volumes:\n      - {type: bind, source: ./Chrystoki.conf, target: /opt/Chrystoki.conf}\n",
            [("CK703", 4)],
        ),
        (
            "configs:\n  luna: {file: ./Chrystoki.conf}\nservices:\n  app:\n    configs:\n      - source: luna\n        target: /opt/luna/Chrystoki.conf\n",
            [("CK703", 6)],
        ),
    ],
)
def test_compose(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(code, line) for code, line, _ in findings("compose.yaml", text)] == expected
    assert [(code, line) for code, line, _ in findings("deploy/stack.yml", text)] == expected


FROM = "FROM registry.example.com/luna-client:10.7\n"
COPY = "COPY Chrystoki.conf /etc/luna/Chrystoki.conf\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FROM + COPY + f"ENV {VARIABLE}=/etc/luna\n", []),
        (FROM + COPY + f"ENV {VARIABLE} /etc/luna\n", []),
        (FROM + f"ENV {VARIABLE}=/etc/luna\n", []),
        (FROM + f"ENV {VARIABLE}=/etc/luna/Chrystoki.conf\n", [("CK701", 2)]),
        (FROM + f"ENV {VARIABLE} /etc/luna/Chrystoki.conf\n", [("CK701", 2)]),
        (FROM + f'ENV A=b \\\n    {VARIABLE}="/etc/luna/Chrystoki.conf" \\\n    C=d\n', [("CK701", 3)]),
        (FROM + COPY + f"ENV {VARIABLE}=/opt/luna\n", [("CK702", 3)]),
        (FROM + "COPY Chrystoki.conf /usr/local/luna/config/\n", [("CK703", 2)]),
        (FROM + 'COPY ["Chrystoki.conf", "/opt/luna/"]\n', [("CK703", 2)]),
        (FROM + "COPY --chown=1:1 Chrystoki.conf /etc/\n", []),
        (FROM + f"RUN export {VARIABLE}=/etc/luna\n", [("CK705", 2)]),
        (FROM + COPY + f"RUN export {VARIABLE}=/etc/luna && true\n", [("CK703", 2), ("CK705", 3)]),
        (FROM + COPY + f"CMD export {VARIABLE}=/etc/luna && app\n", []),
        ("FROM a AS build\n" + COPY + "FROM b\nCOPY --from=build /etc/luna/Chrystoki.conf /etc/Chrystoki.conf\n", []),
        (f"FROM a AS base\nENV {VARIABLE}=/etc/luna\nFROM base\n" + COPY, []),
        (FROM + f"ARG D=/etc/luna/Chrystoki.conf\nENV {VARIABLE}=$D\n", [("CK701", 3)]),
        (FROM + f'ARG D="/etc/luna/Chrystoki.conf"\nENV {VARIABLE}="${{D}}"\n', [("CK701", 3)]),
        (FROM + f"ARG D=/etc/luna\nENV {VARIABLE}=$D\n", []),
        (FROM + f"ARG D\nENV {VARIABLE}=$D\n", []),
        (FROM + "# ENV " + VARIABLE + "=/etc/luna/Chrystoki.conf\n", []),
    ],
)
def test_dockerfile(text: str, expected: list[tuple[str, int]]) -> None:
    for path in ("Dockerfile", "Dockerfile.prod", "build/app.dockerfile", "Containerfile"):
        assert [(code, line) for code, line, _ in findings(path, text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"[Service]\nEnvironment={VARIABLE}=/etc/luna\n", []),
        (f"[Service]\nEnvironment={VARIABLE}=/etc/luna/Chrystoki.conf\n", [("CK701", 2)]),
        (f'[Service]\nEnvironment="{VARIABLE}=/etc/luna/Chrystoki.conf" A=b\n', [("CK701", 2)]),
        (f"[Service]\nEnvironment=A=b \\\n  {VARIABLE}=/etc/luna/Chrystoki.conf\n", [("CK701", 3)]),
        (f"[Service]\nEnvironment={VARIABLE}=/etc/luna\nEnvironment={VARIABLE}=/opt/luna\n", [("CK704", 3)]),
        (f"[Service]\nEnvironment={VARIABLE}=/etc/luna\nEnvironment=\nEnvironment={VARIABLE}=/opt/luna\n", []),
        (f"[Service]\nExecStart=/usr/bin/env {VARIABLE}=/etc/luna/Chrystoki.conf /usr/bin/app\n", [("CK701", 2)]),
        ("[Service]\nBindReadOnlyPaths=/srv/Chrystoki.conf:/opt/luna/Chrystoki.conf\n", [("CK703", 2)]),
        ("[Service]\nEnvironmentFile=/etc/x\nBindReadOnlyPaths=/srv/Chrystoki.conf:/opt/luna/Chrystoki.conf\n", []),
    ],
)
def test_unit(text: str, expected: list[tuple[str, int]]) -> None:
    for path in ("app.service", "etc/systemd/system/app.service.d/luna.conf"):
        assert [(code, line) for code, line, _ in findings(path, text)] == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("etc/profile.d/luna.sh", f"export {VARIABLE}=/etc/luna\n", []),
        ("etc/profile.d/luna.sh", f"export {VARIABLE}=/etc/luna/Chrystoki.conf\n", [("CK701", 1)]),
        ("etc/profile.d/luna.sh", f'{VARIABLE}="/etc/luna/Chrystoki.conf"; export {VARIABLE}\n', [("CK701", 1)]),
        ("luna.env", f"{VARIABLE}=/etc/luna/Chrystoki.conf\n", [("CK701", 1)]),
        (".env", f"A=b\n{VARIABLE}='/etc/luna/Chrystoki.conf'\n", [("CK701", 2)]),
        ("etc/environment", f"{VARIABLE}=/etc/Chrystoki.conf\n", [("CK701", 1)]),
        ("etc/sysconfig/app", f"{VARIABLE}=/etc/Chrystoki.conf\n", [("CK701", 1)]),
        ("setenv.sh", f': "${{{VARIABLE}:=/etc/Chrystoki.conf}}"\n', [("CK701", 1)]),
        ("a.sh", f"export {VARIABLE}=/etc/luna\nexport {VARIABLE}=/opt/luna\n", [("CK704", 2)]),
        ("a.sh", f"if x; then\n  export {VARIABLE}=/a\nelse\n  export {VARIABLE}=/b\nfi\n", []),
        ("a.sh", f"# export {VARIABLE}=/etc/Chrystoki.conf\necho ${VARIABLE}\ncd ${{{VARIABLE}}}\n", []),
    ],
)
def test_script(path: str, text: str, expected: list[tuple[str, int]]) -> None:
    assert [(code, line) for code, line, _ in findings(path, text)] == expected


@pytest.mark.parametrize(
    "line",
    [
        f"export {VARIABLE}=${{F%/Chrystoki.conf}}",
        f'export {VARIABLE}="${{F%/Chrystoki.conf}}"',
        f"export {VARIABLE}=$(dirname /etc/luna/Chrystoki.conf)",
        f'export {VARIABLE}="$(dirname "/etc/my luna/Chrystoki.conf")"',
        f"export {VARIABLE}=`dirname /etc/luna/Chrystoki.conf`",
        f"grep {VARIABLE} /etc/luna/Chrystoki.conf",
        f"grep -q {VARIABLE}=/etc/luna/Chrystoki.conf /etc/environment || exit 1",
        f"echo {VARIABLE} /etc/luna/Chrystoki.conf",
        f"unset {VARIABLE} /etc/luna/Chrystoki.conf",
        f"my_tool {VARIABLE} /etc/luna/Chrystoki.conf",
        f'echo "set {VARIABLE}=/etc/luna/Chrystoki.conf is wrong"',
        f"printf '%s' '{VARIABLE}=/etc/luna/Chrystoki.conf is wrong' >&2",
        f'test -d x || usage "never set {VARIABLE}=/etc/luna/Chrystoki.conf"',
        f"export {VARIABLE}=$(dirname /a)\nexport {VARIABLE}=`dirname /a`",
    ],
)
def test_what_is_right_or_no_assignment_is_left_alone(line: str) -> None:
    assert codes("a.sh", f"{line}\n") == []
    run = "".join(f"RUN {each}\n" for each in line.splitlines() if "export" not in each)
    assert codes("Dockerfile", f"FROM x\n{run}ENV {VARIABLE}=/etc\n") == []


@pytest.mark.parametrize(
    "line",
    [
        f"setenv {VARIABLE} /etc/luna/Chrystoki.conf",
        f"export {VARIABLE}=${{DIR}}/Chrystoki.conf",
        f'export {VARIABLE}="$DIR"/Chrystoki.conf',
        f"export {VARIABLE}=${{F:-/etc/luna/Chrystoki.conf}}",
        f"export {VARIABLE}=/etc/luna/${{F}}.conf",
        f"export {VARIABLE}=$(pwd)/Chrystoki.conf",
        f"export {VARIABLE}=/etc/luna/Chrystoki.conf/",
        f'echo "export {VARIABLE}=/etc/luna/Chrystoki.conf" >> /etc/profile.d/luna.sh',
        f"echo {VARIABLE}=/etc/luna/Chrystoki.conf | sudo tee -a /etc/environment",
        f'bash -c "cd /x && {VARIABLE}=/etc/luna/Chrystoki.conf app"; echo "done"',
        f"docker run -e {VARIABLE}=/etc/luna/Chrystoki.conf app",
        f'docker run -e "{VARIABLE}=/etc/luna/Chrystoki.conf" app',
        f'sh -c "export {VARIABLE}=/etc/luna/Chrystoki.conf"; echo "b"',
    ],
)
def test_other_assignments_of_a_file(line: str) -> None:
    assert codes("a.sh", f"{line}\n") == ["CK701"]


def test_a_message_quotes_the_whole_value() -> None:
    text = f"export {VARIABLE}='/etc/my luna'\nexport {VARIABLE}=/opt/\\(luna\\)\n"
    ((_, _, message),) = findings("a.sh", text)
    assert "/etc/my luna" in message


def test_a_finding_marks_the_value_and_no_other_variable_of_the_line_is_quoted() -> None:
    source = f'ENV TOKEN=s3cr3t {VARIABLE}="/etc/Chrystoki.conf"\n'
    linted = lint_source("Dockerfile", (FROM + source).encode(), LintOptions(RULES))
    (found,) = linted.diagnostics
    assert source[found.column - 1 : found.end_column - 1] == '"/etc/Chrystoki.conf"'
    assert linted.document is not None
    assert b"s3cr3t" not in b"".join(linted.document.lines)


ASSIGNED = f"export {VARIABLE}=/etc/luna/Chrystoki.conf"
SECRETS = [
    "curl -u admin:S3CR3T https://h; {}",
    "docker login -p S3CR3T; {}",
    "{}; vault login S3CR3T",
    "mysql -pS3CR3T && {}",
    "sshpass -p 'S3CR3T' ssh x; {}",
    "echo S3CR3T | lunacm -f; {}",
    'app --pin "S3CR3T"; {} # S3CR3T',
    "TOKEN=S3CR3T {}",
]


@pytest.mark.parametrize("command", SECRETS)
@pytest.mark.parametrize(
    ("path", "around"),
    [
        ("run.sh", "{}\n"),
        ("Dockerfile", "FROM x\nRUN {}\n"),
        ("app.service", "[Service]\nExecStart=/bin/sh -c {}\n"),
        ("compose.yaml", "services:\n  app:\n    command: {}\n"),
        ("compose.yaml", "services:\n  app:\n    command:\n    - {}\n"),
        ("deploy.yaml", "args"),
    ],
)
def test_nothing_but_the_assignment_is_quoted(path: str, around: str, command: str) -> None:
    line = command.format(ASSIGNED)
    text = deployment(f"args:\n- >-\n  {line}\n- {line}\n", MOUNT) if around == "args" else around.format(line)
    linted = lint_source(path, text.encode(), LintOptions(RULES))
    assert "CK701" in [each.code for each in linted.diagnostics]
    shown = of_file(linted)
    assert "S3CR3T" not in shown
    assert linted.document is not None
    assert f"{VARIABLE}=/etc/luna/Chrystoki.conf".encode() in b"".join(linted.document.lines)


def test_a_command_that_makes_the_value_is_not_quoted() -> None:
    text = f"export {VARIABLE}=$(curl -u admin:S3CR3T https://h)/Chrystoki.conf\n"
    linted = lint_source("a.sh", text.encode(), LintOptions(RULES))
    assert [each.code for each in linted.diagnostics] == ["CK701"]
    assert "S3CR3T" not in of_file(linted)
    assert "$(...)" in linted.diagnostics[0].message


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("run.sh", "#!/bin/sh\necho hello\n"),
        ("app.service", "[Service]\nExecStart=/bin/true\n"),
        ("Dockerfile", "FROM x\nRUN true\n"),
    ],
)
def test_a_file_that_has_nothing_to_do_with_the_client_is_not_called_clean(path: str, text: str) -> None:
    assert codes(path, text) == ["CK162"]


def test_a_compose_file_without_anything_of_the_client_is_not_called_clean() -> None:
    linted = lint_source("compose.yaml", b"services:\n  app:\n    image: app\n", LintOptions(RULES))
    assert linted.error is not None


@pytest.mark.parametrize(
    "text",
    [
        "COPY Chrystoki.conf /tmp/\nRUN mv /tmp/Chrystoki.conf /etc/luna/\nENV {V}=/etc/luna\n",
        "COPY Chrystoki.conf /tmp/x/\nRUN cp /tmp/x/* /etc/luna\nENV {V}=/etc/luna\n",
        "COPY Chrystoki.conf /home/a/\nRUN ln -s /home/a/Chrystoki.conf /etc/Chrystoki.conf\n",
        "WORKDIR /etc/luna\nCOPY Chrystoki.conf .\nENV {V}=/etc/luna\n",
        "WORKDIR /etc\nWORKDIR luna\nCOPY Chrystoki.conf ./\nENV {V}=/etc/luna\n",
        "WORKDIR /etc/luna\nCOPY Chrystoki.conf Chrystoki.conf\nENV {V}=/etc/luna\n",
        "COPY Chrystoki.conf conf/\nENV {V}=/etc/luna/conf\n",
        "ENV {V}=/etc/luna\nCOPY Chrystoki.conf ${V}/\n",
        "ENV {V}=/etc/luna\nCOPY Chrystoki.conf ${{{V}}}/Chrystoki.conf\n",
        "ENV D=/etc/luna {V}=/etc/luna\nCOPY Chrystoki.conf $D/\n",
        "ARG D=/etc\nENV {V}=${{D}}/luna\nCOPY Chrystoki.conf /etc/luna/\n",
        "ENV {V}=//etc/luna/\nCOPY Chrystoki.conf /etc/luna/\n",
        "COPY <<EOF /etc/luna/Chrystoki.conf\nENV {V}=/x/Chrystoki.conf\nEOF\nENV {V}=/etc/luna\n",
        'COPY Chrystoki.conf /opt/luna/\nENTRYPOINT ["/entrypoint.sh"]\n',
        'LABEL note="{V}=/etc/luna/Chrystoki.conf was wrong"\nENV {V}=/etc/luna\n',
    ],
)
def test_dockerfiles_that_lead_to_the_file(text: str) -> None:
    assert codes("Dockerfile", FROM + text.format(V=VARIABLE)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ARG D=/x/Chrystoki.conf\nFROM a\nARG D\nENV {V}=$D\n", [("CK701", 4)]),
        ("FROM a\nENV F=/x/Chrystoki.conf\nENV {V}=$F\n", [("CK701", 3)]),
        ("FROM a\nARG D=/opt\nENV {V}=${{D}}/luna\nCOPY Chrystoki.conf /etc/luna/\n", [("CK702", 3)]),
        ("FROM a\nRUN <<EOF\nexport {V}=/x/Chrystoki.conf\nEOF\n", [("CK701", 3), ("CK705", 3)]),
        ("# escape=`\nFROM a\nENV A=b `\n  {V}=/x/Chrystoki.conf\n", [("CK701", 4)]),
        ("FROM a\nONBUILD ENV {V}=/x/Chrystoki.conf\n", [("CK701", 2)]),
        ("FROM a\nWORKDIR /opt\nCOPY Chrystoki.conf .\nENV {V}=/etc/luna\n", [("CK702", 4)]),
    ],
)
def test_dockerfiles_with_variables_and_here_documents(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(code, line) for code, line, _ in findings("Dockerfile", text.format(V=VARIABLE))] == expected


@pytest.mark.parametrize(
    "text",
    [
        "export {V}=/a\nrun a\nexport {V}=/b\nrun b\n",
        "{V}=/a app1\n{V}=/b app2\n",
        "f() {{\nexport {V}=/a\n}}\ng() {{\nexport {V}=/b\n}}\n",
        "case x in\na) export {V}=/a;;\nb) export {V}=/b;;\nesac\n",
        'if [ -z "${V}" ]; then {V}=/etc; fi\n{V}=/opt\n',
        "if [ {V}=/x/Chrystoki.conf ]; then :; fi\n",
    ],
)
def test_assignments_of_which_each_has_its_use(text: str) -> None:
    assert codes("a.sh", text.format(V=VARIABLE)) == []


@pytest.mark.parametrize(
    "service",
    [
        "environment: [{V}]\n    volumes: ['./Chrystoki.conf:/x/Chrystoki.conf']",
        "environment: {{{V}: }}\n    volumes: ['./Chrystoki.conf:/x/Chrystoki.conf']",
        "build: .\n    volumes: ['./Chrystoki.conf:/x/Chrystoki.conf']",
        "environment: ['{V}=${{D:-/x}}']\n    volumes: ['./Chrystoki.conf:${{D:-/x}}/Chrystoki.conf']",
        "environment: ['{V}=${{D}}']\n    volumes: ['./Chrystoki.conf:${{D}}/Chrystoki.conf']",
        "environment: ['{V}=/y']\n    volumes: ['./Chrystoki.conf:/x/Chrystoki.conf']\n    command: sh -c 'cp /x/Chrystoki.conf /y; app'",
    ],
)
def test_compose_services_whose_variable_or_file_comes_from_elsewhere(service: str) -> None:
    assert codes("compose.yaml", f"services:\n  a:\n    {service.format(V=VARIABLE)}\n") == []


def test_a_config_map_alone_that_sets_the_variable() -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: vars}}\ndata:\n  {VARIABLE}: /etc/luna/Chrystoki.conf\n"
    assert [(code, line) for code, line, _ in findings("vars.yaml", text)] == [("CK701", 5)]
