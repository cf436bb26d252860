"""CK161 nothing-configured: The file has no entry."""

from __future__ import annotations

import pytest

from testing.linting import LIBRARY, codes, diagnose, section


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "   \n\t\n",
        "# nothing\n",
        "// a\n# b\n",
        "CardReader = {\n}\n",
        "Luna = {\n}\nMisc = {\n}\n",
        "\ufeff\n",
    ],
)
def test_a_file_without_an_entry_is_an_error(text: str) -> None:
    seen = diagnose(text)
    assert [(each.code, each.severity) for each in seen if each.code in {"CK161", "CK162"}] == [("CK161", "error")]
    assert any("nothing is configured" in each.message for each in seen)


@pytest.mark.parametrize("text", ["", "; nothing\n", "[Luna]\n", "\r\n"])
def test_an_empty_file_of_the_windows_form_is_an_error_too(text: str) -> None:
    assert "CK161" in codes(text, "crystoki.ini")


@pytest.mark.parametrize(
    "text",
    [
        LIBRARY,
        section("Misc", "ToolsDir = /usr/bin"),
        section("Unheard", "x = 1"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK161" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "[Misc]\nToolsDir=C:\\Luna\n",
    ],
)
def test_good_forms_of_the_windows_form_are_not_found(text: str) -> None:
    assert "CK161" not in codes(text, "crystoki.ini")
