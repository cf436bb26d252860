"""Manifests that are broken, hostile or not rendered: a clear message with the place, and everything else is linted."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
import yaml

from confkit.lint import inputs, lint_file
from confkit.lint.discover import Found, find_targets
from confkit.lint.environment import manifest_tree
from confkit.lint.lint_file import LintOptions, lint_source
from confkit.lint.results import LintedFile
from confkit.lint.rules import RULES
from confkit.lint.settings.ignores import Ignores
from testing.command import confkit

PLAN = LintOptions(RULES, Ignores("/", ()))
GOOD = "kind: ConfigMap\ndata:\n  Chrystoki.conf: |\n    HAConfiguration = {\n       statusTimeout = 2;\n    }\n"
TEMPLATE = 'kind: ConfigMap\ndata:\n  Chrystoki.conf: |\n{{ .Files.Get "Chrystoki.conf" | indent 4 }}\n'


def linted(manifest: str | bytes) -> LintedFile:
    return lint_source("x.yaml", manifest if isinstance(manifest, bytes) else manifest.encode(), PLAN)


def error_of(manifest: str | bytes) -> str:
    return linted(manifest).error or ""


@pytest.fixture(params=["fast", "slow"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both readers of PyYAML: the one of libyaml, and the one in Python where that is not there."""
    if request.param == "slow":
        monkeypatch.delattr(yaml, "CSafeLoader")
    return str(request.param)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("kind: 'ConfigMap\n", "line 1, column 18: this is not YAML: found unexpected end of stream. Fix it;"),
        ("a: b\n\tc: d\n", "line 2, column 1: this is not YAML: found "),
        ("a: *nowhere\n", "line 1, column 4: this is not YAML: an alias names no anchor. Fix it;"),
        ("a: b: c\n", "line 1, column 5: this is not YAML: mapping values are not allowed "),
        (b"a: b\nc: \xc3\xa9\xff\n", "line 2, column 5: this is not UTF-8, which YAML has to be. Fix it."),
        ("a: b".encode("utf-16"), "line 1, column 1: this is not UTF-8"),
        ("é\nb: é\x07\n", "line 2, column 5: YAML does not allow the character U+0007. Remove it."),
        (f"{GOOD}{{{{- end }}}}\n", "line 7, column 12: this is not YAML: could not find expected ':'. Render templates first"),
        ("[" * 900, "line 1, column 201: this stands in 200 levels of others. "),
        ("".join(f"{' ' * depth}a:\n" for depth in range(300)), "line 200, column 200: this stands in 200 levels of others."),
    ],
)  # fmt: skip
def test_what_is_no_yaml_is_said_with_its_place(manifest: str | bytes, said: str) -> None:
    assert error_of(manifest).startswith(said)


@pytest.mark.usefixtures("loader")
def test_what_is_nested_too_deeply_for_the_reader_itself_is_said_with_its_place() -> None:
    # The libyaml of PyYAML 6.0.4 reads ahead and refuses 1,000 levels before we see the 200th; others do not.
    said = error_of("[" * 2000)
    assert re.match(r"line 1, column \d+: this (stands in 200 levels|is not YAML: .*nesting depth)", said), said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("binaryData: {Chrystoki.conf: 'no base64'}", "line 2, column 30: ConfigMap c, Chrystoki.conf: the value is not base64."),
        ("binaryData: {Chrystoki.conf: YWJ}", "line 2, column 30: ConfigMap c, Chrystoki.conf: the value is not base64."),
        ("binaryData: {Chrystoki.conf: é}", "line 2, column 30: ConfigMap c, Chrystoki.conf: the value is not base64."),
        (
            f"binaryData: {{Chrystoki.conf: {base64.b64encode(bytes(9)).decode()}}}",
            "line 2, column 30: ConfigMap c, Chrystoki.conf: the value is base64 of something that is not text.",
        ),
        ("data: {Chrystoki.conf: {a: b}}", "line 2, column 24: ConfigMap c, Chrystoki.conf: the value is not text."),
        ("data: {Chrystoki.conf: }", "line 2, column 24: ConfigMap c, Chrystoki.conf: the value is not text."),
        ("data: {Chrystoki.conf: ~}", "line 2, column 24: ConfigMap c, Chrystoki.conf: the value is not text."),
        ("data: {Chrystoki.conf: '{{ .x }}'}", "line 2, column 24: ConfigMap c, Chrystoki.conf: it holds an action in braces. Render"),
        ("data: {crystoki.ini: '', crystoki.ini: ''}", "line 2, column 40: ConfigMap c, crystoki.ini: duplicate key."),
    ],
)  # fmt: skip
def test_a_value_that_is_no_file_is_said_and_the_others_are_linted(value: str, said: str) -> None:
    result = linted(f"{{kind: ConfigMap, metadata: {{name: c}},\n{value}}}\n---\n{GOOD}")
    assert (result.error or "").startswith(said)
    seen = [(each.code, each.message[:21]) for each in result.diagnostics if each.code != "CK161"]  # an empty file
    assert seen == [("CK314", "ConfigMap without a n")]


def test_of_a_key_that_stands_twice_both_are_linted() -> None:
    block = GOOD.partition("data:\n")[2]
    result = linted(GOOD + block)
    assert [each.line for each in result.diagnostics] == [5, 9]
    assert (result.error or "").startswith("line 7, column 19: ConfigMap without a name, Chrystoki.conf: duplicate key")


def test_documents_before_the_fault_are_linted() -> None:
    result = linted(f"{GOOD}---\na: *nowhere\n---\n{GOOD}")
    assert [each.line for each in result.diagnostics] == [5]
    assert result.error == (
        "line 8, column 4: this is not YAML: an alias names no anchor. Fix it; from here on nothing is linted."
    )


def test_endless_faults_are_counted() -> None:
    documents = "---\n{kind: ConfigMap, data: {Chrystoki.conf: []}}\n" * 25
    assert error_of(documents).count("the value is not text") == 10
    assert error_of(documents).endswith(" And 15 more.")


def test_endless_findings_in_one_file_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint_file, "MAX_FINDINGS", 20)
    tabs = "kind: ConfigMap\ndata:\n  Chrystoki.conf: |\n    Luna = {\n" + "    \tx = 1;\n" * 20
    assert linted(f"{tabs}---\n{tabs}").error is None, "each file is counted by itself"
    assert (linted(tabs + "    \tx = 1;\n").error or "").startswith("more than 20 findings of CK")


def test_endless_names_are_cut() -> None:
    result = linted(GOOD.replace("kind: ConfigMap\n", f"kind: ConfigMap\nmetadata: {{name: {'n' * 10_000}}}\n"))
    (finding,) = result.diagnostics
    assert finding.message.startswith(f"ConfigMap {'n' * 80}..., Chrystoki.conf: statusTimeout is 2")


@pytest.mark.usefixtures("loader")
def test_a_bomb_of_aliases_does_not_grow() -> None:
    """2 ** 60 files, if anybody counted."""
    levels = "\n".join(f"- &a{level} {{kind: List, items: [*a{level - 1}, *a{level - 1}]}}" for level in range(1, 61))
    bomb = "kind: List\nitems:\n- &a0\n  kind: ConfigMap\n  data:\n    Chrystoki.conf: 'x'\n" + levels + "\n"
    assert [each.code for each in linted(bomb).diagnostics] == ["CK162"]
    merges = "\n".join(f"x{level}: &b{level} {{<<: [*b{level - 1}, *b{level - 1}]}}" for level in range(1, 61))
    holder = f"x0: &b0 {{Chrystoki.conf: x}}\n{merges}\nkind: Secret\nstringData: {{<<: *b60}}\n"
    assert [each.code for each in linted(holder).diagnostics] == ["CK162"]


def test_a_manifest_that_holds_itself_ends() -> None:
    assert error_of("&a\nkind: List\nitems: &b [*a, *b]\n").startswith("no ConfigMap")
    assert error_of("&a\nkind: ConfigMap\n<<: *a\ndata: &d {Chrystoki.conf: *d, <<: *d}\n").startswith("line 4")
    assert error_of("&a\nkind: Secret\ndata: *a\n").startswith("no ConfigMap")


def test_endless_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest_tree, "MOST_NODES", 100)
    assert error_of("[" + "a," * 200 + "]").startswith("line 1, column 196: there are more than 100 values. Split")


def test_without_pyyaml_the_message_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "stub").mkdir()
    (tmp_path / "stub" / "yaml.py").write_text(
        "raise ModuleNotFoundError('as if it were not installed', name='yaml')\n"
    )
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "luna.yaml").write_text(GOOD)
    (tmp_path / "deploy" / "other.yaml").write_text("kind: Service\n")
    (tmp_path / "deploy" / "Chrystoki.conf").write_text("HAConfiguration = {\n   statusTimeout = 2;\n}\n")
    result = confkit("lint", str(tmp_path / "deploy"), environment={"PYTHONPATH": str(tmp_path / "stub")})
    assert (result.code, result.out.count("CK314")) == (3, 1)
    assert (
        "luna.yaml: a Kubernetes manifest needs the Python package PyYAML. Install it: pip install 'PyYAML>=6.0'"
        in result.err
    )
    assert "other.yaml" not in result.err


# -- in folders


def found(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> Found:
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content)
    monkeypatch.chdir(folder)
    return find_targets(["."], str(folder))


def test_a_folder_is_searched_for_manifests_that_hold_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.YML").write_text(GOOD)
    (tmp_path / "not-searched-for.json").write_text(GOOD)
    seen = found(
        tmp_path,
        monkeypatch,
        deploy=GOOD,
        encoded="kind: Secret\ndata: {Chrystoki.conf: ''}\n",
        broken="kind: ConfigMap\ndata: {Chrystoki.conf: '\n",
        latin=GOOD.replace("2", "é"),
        mounts="kind: Pod\nenv: {x: Chrystoki.conf}\n---\nkind: ConfigMap\ndata: {a: b}\n",
        template=TEMPLATE,
        half=GOOD.replace("2", "{{ .Values.timeout }}"),
        unrelated="kind: ConfigMap\ndata: {nginx.conf: a}\n",
    )
    assert [target.path for target in seen.targets] == [
        "a.YML",
        "broken.yaml",
        "deploy.yaml",
        "encoded.yaml",
        "latin.yaml",
    ]
    assert sorted(seen.templates) == ["half.yaml", "template.yaml"]
    assert seen.unseen == ()


WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  template:
    spec:
      containers:
      - name: app
        {way}
      volumes: [{name: luna, configMap: {name: elsewhere}}]
"""
SET = WORKLOAD.replace("{way}", "env: [{name: ChrystokiConfigurationPath, value: /etc/luna/Chrystoki.conf}]")
MOUNTED = WORKLOAD.replace(
    "{way}", "volumeMounts: [{name: luna, mountPath: /opt/Chrystoki.conf, subPath: Chrystoki.conf}]"
)
SERVICE = "services:\n  app:\n    environment:\n      ChrystokiConfigurationPath: /etc/luna/Chrystoki.conf\n"


@pytest.mark.parametrize(
    ("name", "source", "code"),
    [
        ("deploy.yaml", SET, "CK701"),
        ("mounted.yml", MOUNTED, "CK703"),
        ("stack.yml", SERVICE, "CK701"),
        ("production.yaml", SERVICE, "CK701"),
        ("compose.yaml", SERVICE, "CK701"),
    ],
)
def test_a_folder_is_searched_for_what_leads_the_client_astray(
    tmp_path: Path, name: str, source: str, code: str
) -> None:
    (tmp_path / name).write_text(source)
    (tmp_path / "luna.conf").write_text("Chrystoki2 = {\n}\n")
    result = confkit("lint", str(tmp_path))
    assert code in result.out
    assert f"/{name}:" in result.out


def test_a_folder_is_searched_without_what_names_the_variable_in_passing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = "# see ChrystokiConfigurationPath, and mount Chrystoki.conf\nkind: Deployment\napiVersion: apps/v1\n"
    seen = found(tmp_path, monkeypatch, comment=comment, values="ChrystokiConfigurationPath: /a\n")
    assert [target.path for target in seen.targets if target.error is None] == []


def test_a_folder_of_templates_alone_is_no_success(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(TEMPLATE)
    result = confkit("lint", str(tmp_path))
    assert result.code == 3
    assert "no configuration file was found in this directory" in result.err
    assert "this and 1 more is a template, and not linted. Render templates first, as in `helm template" in result.err
    named = confkit("lint", str(tmp_path / "a.yaml"))
    assert (named.code, "a.yaml: line 4, column " in named.err, "Render templates first" in named.err) == (
        3,
        True,
        True,
    )


def test_a_manifest_too_large_to_look_at_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MAX_CONFIGURATION", 10)
    assert found(tmp_path, monkeypatch, large=GOOD).unseen == ("large.yaml",)


def test_the_other_files_are_linted_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("kind: ConfigMap\ndata: {Chrystoki.conf: '\n")
    (tmp_path / "b.yaml").write_text(GOOD)
    for form in ("text", "sarif"):
        result = confkit("lint", str(tmp_path), "--format", form)
        assert (result.code, "CK314" in result.out) == (3, True)
        assert "a.yaml: line 2, column 26: this is not YAML" in result.err
