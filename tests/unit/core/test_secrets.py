from __future__ import annotations

import pytest

from confkit.core.redact import MASK, Secrets


def hidden(source: str, shown: str) -> str:
    return Secrets(source.encode().splitlines(keepends=True)).hide(shown)


@pytest.mark.parametrize(
    "source",
    [
        "AuthTokenClientSecret = abc/+def==;\n",
        '   AuthTokenClientSecret="abc/+def==" ;\r\n',
        "# authtokenclientsecret = abc/+def==; old\n",
        "AuthTokenClientSecret: abc/+def==\n",
        "AuthTokenClientSecret abc/+def== # note\n",
        "CVAppSpecificData =\n   abc/+def==;\n",
        "CVAppSpecificData\n\n= abc/+def==\n",
    ],
)
def test_a_secret_is_hidden_wherever_it_comes_up_again(source: str) -> None:
    assert "abc" not in hidden(source, "Typo is abc/+def==, which is wrong")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("AuthTokenClientSecret = ;\nAuthTokenClientId = my-id;\n", "AuthTokenClientId is my-id"),
        ("AuthTokenClientSecret =\nAuthTokenClientId = my-id\n", "AuthTokenClientId is my-id"),
        ("AuthTokenClientSecret =\n[Presentation]\n", "section Presentation"),
        ("AuthTokenClientSecret =\n}\n# the end\n", "the end"),
        ("# AuthTokenClientSecret must come from a vault\n", "statusTimeout must be a number"),
        ("AuthTokenClientSecret = 0;\n", "HAOnly is 0, not 1"),
        ("ServerName00 = host-1;\n", "host-1"),
    ],
)
def test_nothing_else_is_hidden(source: str, shown: str) -> None:
    assert hidden(source, shown) == shown


def test_the_longer_of_two_secrets_is_hidden_as_a_whole() -> None:
    source = "AuthTokenClientSecret = abcd;\nAuthTokenClientSecret2 = abcd-efgh;\n"
    assert hidden(source, "abcd-efgh abcd") == f"{MASK} {MASK}"


def test_a_short_secret_is_hidden_behind_its_name() -> None:
    assert hidden("AuthTokenClientSecret = 0;\n", "AuthTokenClientSecret = 0;") == f"AuthTokenClientSecret = {MASK};"


def test_an_endless_text_is_hidden_as_a_whole_in_a_file_with_secrets() -> None:
    assert hidden("AuthTokenClientSecret = 0;\n", "x" * 5000) == MASK
    assert hidden("HAOnly = 0;\n", "x" * 5000) == "x" * 5000
