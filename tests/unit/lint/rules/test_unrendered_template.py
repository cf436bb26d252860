"""CK163 unrendered-template: The file is a template."""

from __future__ import annotations

import pytest

from testing.linting import LIBRARY, client, codes, diagnose


@pytest.mark.parametrize(
    "path",
    ["Chrystoki.conf.template", "Chrystoki.conf.j2", "x/Chrystoki.conf.tmpl", "chrystoki.conf-base.erb", "a.conf.tpl"],
)
def test_a_template_is_told_as_one(path: str) -> None:
    text = client("ServerName00 = {{ a }}", "ServerPort00 = <%= b %>", "ReceiveTimeout = ${c}")
    seen = diagnose(text, path)
    assert [(each.code, each.severity) for each in seen] == [("CK163", "warning")]
    assert "template" in seen[0].message
    assert "3 places" in seen[0].message


@pytest.mark.parametrize(
    "line",
    [
        "{% if ha %}",
        "{%- for host in hosts %}",
        "<% hosts.each do |host| %>",
        "{{ range .Hosts }}",
        "{{- if .Values.ha }}",
        "{{#hosts}}",
        "<%- if @ha { -%>",
    ],
)
def test_a_template_under_the_name_of_the_file_was_not_rendered(line: str) -> None:
    text = LIBRARY + f"LunaSA Client = {{\n{line}\n  ServerName00 = {{{{ host }}}};\n}}\n"
    assert [(each.code, each.severity) for each in diagnose(text)] == [("CK163", "error")]


@pytest.mark.parametrize(
    "text",
    [
        LIBRARY,
        client("ServerName00 = hsm1", "ServerPort00 = 1792"),
        client("ServerName00 = {{ host }}", "ServerPort00 = 1792"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK163" not in codes(text)
