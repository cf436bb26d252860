"""Configuration files inside ConfigMaps and Secrets: which are found, where their faults are told, what is quoted."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from confkit.lint.environment.detect import is_manifest, may_hold_configuration
from confkit.lint.lint_file import LintOptions, lint_source
from confkit.lint.results import LintedFile
from confkit.lint.rules import RULES
from confkit.lint.settings.ignores import Ignore, Ignores
from confkit.reports.lint.formats import FORMATS
from testing.command import confkit
from testing.findings import reported
from testing.programs import REPOSITORY, needs

DATA = Path(__file__).parent / "data"
PLAN = LintOptions(RULES, Ignores("/", ()))
# One fault: 2 is out of bounds, on line 5, from column 20 on.
FAULTY = "Chrystoki2 = {\n   LibUNIX64 = /a.so;\n}\nHAConfiguration = {\n   statusTimeout = 2;\n}\n"
ENCODED = base64.b64encode(FAULTY.encode()).decode()
BLOCK = FAULTY.replace("\n", "\n    ")
DEEP = FAULTY.replace("\n", "\n      ")


def linted(manifest: str | bytes, path: str = "deploy.yaml", plan: LintOptions = PLAN) -> LintedFile:
    return lint_source(path, manifest if isinstance(manifest, bytes) else manifest.encode(), plan)


def found(manifest: str | bytes) -> list[tuple[str, int, int]]:
    """Return what each finding is about, and where; a fault fails the test."""
    result = linted(manifest)
    assert result.error is None
    return [(each.message.partition(": ")[0], each.line, each.column) for each in result.diagnostics]


def in_every_format(result: LintedFile) -> str:
    """Return the result as every report shows it, and as standard error tells it."""
    return "".join(reported(form, result, rules=RULES) for form in FORMATS) + (result.error or "")


def one(kind: str, fields: str) -> str:
    return f"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: luna\n{fields}"


@pytest.mark.parametrize(
    ("value", "where", "line", "column"),
    [
        (f"|\n    {BLOCK}", "", 11, 24),
        (f"|-\n    {BLOCK}", "", 11, 24),
        (f"|+ # a note\n    {BLOCK}\n\n", "", 11, 24),
        (f"|2\n    {BLOCK}", "", 11, 24),
        (f"&file |\n    {BLOCK}", "", 11, 24),
        (f"&file !!str\n    |\n    {BLOCK}", "", 12, 24),
        (f"|\n\n    {BLOCK}", "", 12, 24),
        ("HAConfiguration = { statusTimeout = 2; }", "", 6, 39),
        ("'HAConfiguration = { statusTimeout = 2; }'", "", 6, 40),
        (f">\n    {BLOCK}".replace("\n    ", "\n\n    "), ", line 9", 6, 19),
        ("|\n    \ufeffHAConfiguration = {\n       statusTimeout = 2;\n    }", ", line 2", 6, 19),
        # breaks of YAML 1.1 that are none of ours: the text has lines that the manifest has not
        ("|\n    HAConfiguration = {\x85       statusTimeout = 2;\x85    }", ", line 2", 6, 19),
        ("|\n    #\u2028    #\n    HAConfiguration = {\n       statusTimeout = 2;\n    }", ", line 3", 6, 19),
        (json.dumps(FAULTY), ", line 5", 6, 19),
        (f"&file {json.dumps(FAULTY)}", ", line 5", 6, 19),
    ],
)
def test_a_finding_stands_where_the_manifest_has_its_line(value: str, where: str, line: int, column: int) -> None:
    result = linted(one("ConfigMap", f"data:\n  Chrystoki.conf: {value}"))
    assert result.error is None
    timeouts = [each for each in result.diagnostics if each.code in {"CK314", "CK114"}]
    assert [(each.message.partition(": ")[0], each.line, each.column) for each in timeouts] == [
        (f"ConfigMap luna, Chrystoki.conf{where}", line, column)
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_of_the_manifest_are_not_the_files(end: str, mark: str) -> None:
    block = one("ConfigMap", f"data:\n  Chrystoki.conf: |\n    {BLOCK}")
    assert found((mark + block.replace("\n", end)).encode()) == [("ConfigMap luna, Chrystoki.conf", 11, 24)]
    flow = json.dumps({"kind": "ConfigMap", "metadata": {"name": "l"}, "data": {"Chrystoki.conf": FAULTY}})
    assert found((mark + flow + end).encode()) == [("ConfigMap l, Chrystoki.conf, line 5", 1, 77)]


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (
            one("ConfigMap", f"binaryData:\n  CHRYSTOKI.CONF: {ENCODED}"),
            [("ConfigMap luna, CHRYSTOKI.CONF, line 1", 6, 19), ("ConfigMap luna, CHRYSTOKI.CONF, line 5", 6, 19)],
        ),
        (
            one("Secret", f"data:\n  crystoki.conf: {ENCODED}"),
            [("Secret luna, crystoki.conf, line 1", 6, 18), ("Secret luna, crystoki.conf, line 5", 6, 18)],
        ),
        (
            one("Secret", f"data:\n  Chrystoki.conf: |\n    {ENCODED[:40]}\n    {ENCODED[40:]}"),
            [("Secret luna, Chrystoki.conf, line 5", 6, 19)],
        ),
        (one("Secret", f"stringData:\n  Chrystoki.conf: |\n    {BLOCK}"), [("Secret luna, Chrystoki.conf", 11, 24)]),
        (one("ConfigMap", f"data:\n  luna: |\n    {BLOCK}"), [("ConfigMap luna, luna", 11, 24)]),
        (one("ConfigMap", f"data:\n  my.conf: |\n    {BLOCK}"), [("ConfigMap luna, my.conf", 11, 24)]),
        (one("ConfigMap", f"data:\n  my.INI: {json.dumps('[LunaSA Client]')}\n"), [("ConfigMap luna, my.INI", 6, 12)]),
        (one("Secret", f"data:\n  luna: {ENCODED}"), [("Secret luna, luna, line 5", 6, 9)]),
        (
            f"kind: List\nitems:\n- kind: ConfigMap\n  data: {{crystoki.ini: x}}\n- kind: ConfigMap\n  data:\n    a.conf: |\n      {DEEP}",
            [("ConfigMap without a name, crystoki.ini", 4, 24), ("ConfigMap without a name, a.conf", 12, 26)],
        ),
        (
            f"kind: ConfigMapList\nitems:\n- metadata: {{name: a}}\n  data:\n    a.conf: |\n      {DEEP}",
            [("ConfigMap a, a.conf", 10, 26)],
        ),
        (
            "# a comment\n---\n---\n"
            + one("ConfigMap", "data: {b: c}\n---\n")
            + one("ConfigMap", f"data:\n  a.conf: |\n    {BLOCK}\n..."),
            [("ConfigMap luna, a.conf", 20, 24)],
        ),
        (
            f"base: &base\n  a.conf: |\n    {BLOCK}\nkind: ConfigMap\ndata: {{<<: *base, 1: 2, [x]: y}}\n",
            [("ConfigMap without a name, a.conf", 7, 24)],
        ),
        (
            f"base: &base\n  crystoki.ini: |\n    {BLOCK}\nkind: ConfigMap\ndata: {{<<: [*base, {{b: c}}], crystoki.ini: x}}\n",
            [("ConfigMap without a name, crystoki.ini", 11, 43)],
        ),
        (
            f"kind: List\nitems:\n- kind: ConfigMap\n  data: &d\n    a.conf: |\n      {DEEP}\n- kind: ConfigMap\n  data: *d\n",
            [("ConfigMap without a name, a.conf", 10, 26)],
        ),
    ],
)
def test_what_is_found(manifest: str, expected: list[tuple[str, int, int]]) -> None:
    assert found(manifest) == expected


@pytest.mark.parametrize(
    "manifest",
    [
        one("ConfigMap", f"data:\n  install.sh: |\n    {BLOCK}"),
        one("ConfigMap", f"data:\n  install: |\n    #!/bin/sh\n    cat > /etc/Chrystoki.conf <<E\n    {BLOCK}"),
        one("ConfigMap", "data:\n  nginx.conf: |\n    http {\n    }\n"),
        one("Secret", f"data:\n  my.conf: |\n    {BLOCK}"),
        one("ConfigMap", "binaryData:\n  my.conf: H4sIAAAAAAAAAwAAAP//\n"),
        one("Deployment", f"data:\n  Chrystoki.conf: |\n    {BLOCK}"),
        one("ConfigMap", "data:\n"),
        "kind: List\n",
        "- kind: ConfigMap\n",
        "text",
        "",
        "---\n# Source: a chart that renders to nothing\n",
    ],
)
def test_a_manifest_that_holds_none_is_no_success(manifest: str) -> None:
    result = linted(manifest)
    assert result.diagnostics == ()
    assert (result.error or "").startswith("no ConfigMap and no Secret in this manifest holds a configuration file")


def test_real_output_of_helm() -> None:
    """The chart in data/chart as Helm v4.2.3 renders it, for a release called `release`."""
    assert found((DATA / "rendered.yaml").read_bytes()) == [
        ("ConfigMap release-written, Chrystoki.conf", 14, 24),
        ("ConfigMap release-indented, Chrystoki.conf", 28, 24),
        ("ConfigMap release-quoted, Chrystoki.conf, line 6", 37, 19),
        ("ConfigMap release-as-config, Chrystoki.conf", 50, 24),
        ("Secret release-as-secret, Chrystoki.conf, line 6", 58, 19),
    ]


@pytest.mark.parametrize("form", ["yaml", "json"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("kind", [["configmap"], ["secret", "generic"]])
def test_real_output_of_kubectl(tmp_path: Path, kind: list[str], end: str, form: str) -> None:
    needs("kubectl")
    (tmp_path / "Chrystoki.conf").write_bytes(FAULTY.replace("\n", end).encode())
    arguments = ["create", *kind, "luna", f"--from-file={tmp_path}/Chrystoki.conf", "--dry-run=client", "-o", form]
    written = subprocess.run(["kubectl", *arguments], capture_output=True, check=True, timeout=60).stdout
    (message, line, _) = found(written)[0]
    holder = "ConfigMap" if kind == ["configmap"] else "Secret"
    exact = (holder, end, form) == ("ConfigMap", "\n", "yaml")
    assert message == f"{holder} luna, Chrystoki.conf{'' if exact else ', line 5'}"
    assert line == (8 if exact else 9 if form == "json" else 3)


def test_the_samples() -> None:
    good, broken = (REPOSITORY / "samples" / "kubernetes" / name for name in ("luna-client.yaml", "broken.yaml"))
    assert found(good.read_bytes()) == []
    assert [(each.code, each.line, each.severity) for each in linted(broken.read_bytes()).diagnostics] == [
        ("CK601", 9, "warning"),
        ("CK101", 9, "error"),
        ("CK314", 13, "error"),
        ("CK314", 21, "error"),
        ("CK208", 31, "error"),
        ("CK501", 32, "warning"),
        ("CK208", 34, "error"),
        ("CK501", 34, "warning"),
    ]


# -- secrets


HIDDEN = "q7Zt0pXw"
_LINES = st.lists(
    st.sampled_from(
        [
            f"{HIDDEN} = {{", "HAConfiguration = {", "VirtualToken = {", "LunaSA Client = {", "HASynchronize = {", "REST = {", "}",
            f"   statusTimeout = {HIDDEN};", f"   ServerName00 = {HIDDEN};", f"   {HIDDEN} = 1;", f"   LibUNIX64 = '{HIDDEN}';",
            f"   VirtualToken00Label = {HIDDEN};", f"   AuthTokenClientSecret00 = {HIDDEN}", f"   haLogStatus{HIDDEN} = {HIDDEN};",
            HIDDEN, f"# {HIDDEN} = 1;", f"   ServerPort00 = {HIDDEN}; {HIDDEN}", f"\t{HIDDEN}", f"[{HIDDEN}]", f"   HAOnly = 1;{HIDDEN}",
        ]
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=30)  # each is reported in six formats, of which SARIF lists all rules
@given(
    _LINES,
    st.sampled_from(["|", '"', "'", ">", None]),
    st.booleans(),
    st.sampled_from(["crystoki.ini", "Chrystoki.conf"]),
)
def test_nothing_of_a_secret_is_in_any_report(lines: list[str], style: str | None, encoded: bool, key: str) -> None:
    text = "\n".join(lines) + "\n"
    value = base64.b64encode(text.encode()).decode() if encoded else text
    fields = {"data" if encoded else "stringData": {key: value, "password": HIDDEN}}
    manifest = yaml.dump({"kind": "Secret", "metadata": {"name": "luna"}, **fields}, default_style=style)
    result = linted(manifest)
    assert result.error is None
    shown = in_every_format(result)
    assert HIDDEN not in shown
    assert not any(value[start : start + 8] in shown for start in range(0, len(value) - 8, 4) if encoded)


def test_what_a_secret_shares_by_an_alias_is_as_secret() -> None:
    holders = f"kind: List\nitems:\n- kind: ConfigMap\n  data: &d\n    a.conf: |\n     HAConfiguration = {{\n     {HIDDEN} = {HIDDEN}\n     }}\n"
    alone, shared = linted(holders), linted(holders + "- kind: Secret\n  stringData: *d\n")
    assert HIDDEN in in_every_format(alone)
    assert HIDDEN not in in_every_format(shared)
    assert [each.line for each in alone.diagnostics] == [each.line for each in shared.diagnostics]


@pytest.mark.parametrize("style", ["|", '"', ">", "base64", "json"])
def test_an_entry_that_is_secret_is_hidden_in_a_config_map_however_it_is_written(style: str) -> None:
    text = f"REST = {{\n   AuthTokenClientSecret00 = {HIDDEN}\n   AppLogLevel = {HIDDEN}\n}}\n"
    field, value = ("binaryData", base64.b64encode(text.encode()).decode()) if style == "base64" else ("data", text)
    holder = {"kind": "ConfigMap", field: {"Chrystoki.conf": value}}
    result = linted(
        json.dumps(holder)
        if style == "json"
        else yaml.dump(holder, default_style=style[0] if len(style) == 1 else None)
    )
    shown = in_every_format(result)
    assert "CK501" in shown
    assert HIDDEN not in shown
    assert base64.b64encode(HIDDEN.encode()).decode()[:8] not in shown


@pytest.mark.parametrize("loader", ["fast", "slow"])
@pytest.mark.parametrize(
    "fault",
    [f"*{HIDDEN}", f"'{HIDDEN}", f"!{HIDDEN}!x y", f"&{HIDDEN} &{HIDDEN} a", f"{HIDDEN}: {HIDDEN}: b", f"\n\t{HIDDEN}"],
)
def test_a_fault_quotes_nothing(fault: str, loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if loader == "slow":
        monkeypatch.delattr(yaml, "CSafeLoader")
    result = linted(one("Secret", f"stringData:\n  Chrystoki.conf: {fault}\n"))
    assert ": this is not YAML: " in (result.error or "")
    assert HIDDEN not in in_every_format(result)


# -- together with the rest of the linter


def test_ignores_of_the_settings_count() -> None:
    ignores = Ignores("/", (Ignore("*.yaml", ("CK314",), "on purpose"),))
    result = linted((DATA / "rendered.yaml").read_bytes(), plan=LintOptions(RULES, ignores))
    assert (result.diagnostics, len(result.suppressed), result.error) == ((), 5, None)


def test_a_manifest_is_never_fixed_and_that_is_said() -> None:
    manifest = one("ConfigMap", "data:\n  Chrystoki.conf: |\n    Luna = {\n       DefaultTimeOut = 500000\n    }\n")
    assert any(each.code == "CK101" for each in linted(manifest).diagnostics)
    assert all(each.fix is None for each in linted(manifest).diagnostics)
    refused = linted(manifest, plan=PLAN._replace(fix="write"))
    assert (refused.error or "").startswith("not fixed: confkit does not change manifests.")
    assert refused.diagnostics == linted(manifest).diagnostics
    assert linted(one("ConfigMap", "data: {Chrystoki.conf: ''}"), plan=PLAN._replace(fix="write")).error is None


def test_a_baseline_holds_when_the_manifest_grows(tmp_path: Path) -> None:
    manifest, baseline = tmp_path / "deploy.yaml", str(tmp_path / "baseline.json")
    manifest.write_bytes((DATA / "rendered.yaml").read_bytes())
    assert confkit("lint", str(manifest), "--write-baseline", baseline).code == 0
    manifest.write_bytes(b"# grown\n---\n" + manifest.read_bytes())
    assert confkit("lint", str(manifest), "--baseline", baseline).code == 0
    manifest.write_text(manifest.read_text().replace("statusTimeout = 90", "statusTimeout = 91"))
    assert confkit("lint", str(manifest), "--baseline", baseline).code == 1


def test_output_of_helm_is_recognised_on_standard_input() -> None:
    result = confkit("lint", "-", "--format", "github", stdin=(DATA / "rendered.yaml").read_bytes())
    assert (result.code, result.err) == (1, "")
    assert "::error file=<stdin>,line=14,col=24," in result.out
    named = confkit("lint", "-", "--stdin-filename", "x.yaml", stdin="")
    assert (named.code, "x.yaml: no ConfigMap and no Secret" in named.err) == (3, True)


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("a.yaml", b"", True),
        ("a.YML", b"", True),
        ("a.json", b"", True),
        ("a.conf", b"---\napiVersion: v1\nkind: List\n", False),
        ("a.ini", b"---", False),
        ("<stdin>", b"---\n", True),
        ("<stdin>", b"apiVersion: v1\nkind: List\n", True),
        ("<stdin>", b"# a\n'kind' : List\n'apiVersion' : v1\n", True),
        ("<stdin>", b'{"apiVersion":"v1","kind":"ConfigMap"}', True),
        ("<stdin>", b"- kind: x\n  apiVersion: v1\n", True),
        ("<stdin>", b"kind: x\n", False),
        ("<stdin>", b"Chrystoki2 = {\n # the kind: apiVersion: \n}\n", False),
        ("<stdin>", b"", False),
    ],
)
def test_what_is_a_manifest(path: str, source: bytes, expected: bool) -> None:
    assert is_manifest(path, source) is expected


def test_what_may_hold_one() -> None:
    assert may_hold_configuration((DATA / "rendered.yaml").read_bytes())
    assert may_hold_configuration(json.dumps({"kind": "ConfigMap", "data": {"x": FAULTY}}).encode())
    assert not may_hold_configuration(one("Deployment", f"data: |\n    {BLOCK}").encode())
    assert not may_hold_configuration(one("ConfigMap", "data: {a.txt: Luna}").encode())
