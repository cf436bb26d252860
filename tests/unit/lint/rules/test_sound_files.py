"""What is shipped and works has no finding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.syntax import parse
from confkit.lint.linter import lint
from confkit.lint.rules import ha, layout
from testing.configuration_files import sound_files
from testing.ha_sections import ONE, REST, TWO, group, groups
from testing.linting import rows

A = "A = {\n"


NOT_FOUND = [
    A + "x=1;\n y   =   2;\n    z = 3;\n\n   w = -1;\n}\n",
    "LunaSA Client = {\n}\n\n\nA = {\n};\n",
    A.replace("\n", "\r\n") + " x = 1;\r\n}\r\n",
    A + " a-b-c = u:v@w = /x//y#z;\n}",
    "# B = {\n# x = 1;\n// }\n/*\ny = 2;\n*/\n#\ta\tb\n" + A + "}\n",
    A + " # the default = 3 s\n # see above; nothing is set\n // note\n}\n",
    A + ' EngineInit = "label":0:0:passdev=console;\n Engine2Init = "b":1:1;\n}\n',
    A + " x = bob's;\n y = ;\n}\n",
    "; x=1\n[A]\n; y=2\n# z=3\nw=4 \n",
    "A = { # note\n}  # note\n",
    "",
]


@pytest.mark.parametrize("source", NOT_FOUND)
def test_what_is_shipped_and_works_has_no_finding(source: str) -> None:
    assert lint(parse(source.encode()), "", layout.RULES) == []


@pytest.mark.parametrize("windows", [False, True])
@given(data=st.data())
def test_sound_files_have_no_finding(windows: bool, data: st.DataObject) -> None:
    name = "crystoki.ini" if windows else "Chrystoki.conf"
    source = data.draw(sound_files(windows=windows))
    assert lint(parse(source, name), name, layout.RULES) == []


def test_a_complete_group_has_no_finding() -> None:
    assert rows(groups(group()) + REST, ha.RULES) == []


def test_letter_case_in_a_group_of_the_windows_form_does_not_count() -> None:
    text = (
        f"[virtualtoken]\nVIRTUALTOKEN00LABEL=Payments\nvirtualtoken00sn=1{ONE}\nvirtualtoken00members={ONE},{TWO}\n"
        f"[HASynchronize]\npayments=1\n[haconfiguration]\nhaonly=1\nRECONNATT=-1\npaymentsstandbymembers={TWO}\n"
    )
    assert rows(text, ha.RULES, "crystoki.ini") == []
