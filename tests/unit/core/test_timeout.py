from __future__ import annotations

import pytest

from confkit.core import timeout
from confkit.core.catalogue.lookup import entry_facts
from confkit.core.errors import UsageError
from confkit.core.syntax import parse


@pytest.mark.parametrize("seconds", [3, 4, 10, 59, 60])
def test_whole_seconds_within_the_bounds(seconds: int) -> None:
    assert timeout.seconds_from(str(seconds)) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "61",
        "0",
        "-3",
        "+3",
        "03",
        " 3",
        "3 ",
        "3.0",
        "1e1",
        "3s",
        "0x3",
        "\uff11\uff10",
        "\u0663",
        "3\n",
        "True",
        "3_0",
    ],
)
def test_anything_else_is_refused_with_the_bounds(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        timeout.seconds_from(text)
    assert str(refused.value) == (
        "statusTimeout must be a whole number of seconds from 3 to 60, written in plain digits; "
        f"not {text!a}. Nothing was changed"
    )


@pytest.mark.parametrize(
    ("section", "key", "named"),
    [
        ("HAConfiguration", "statusTimeout", True),
        ("haconfiguration", "STATUSTIMEOUT", True),
        ("HACONFIGURATION", "statustimeout", True),
        ("HAConfiguration", "HAOnly", False),
        ("Misc", "statusTimeout", False),
        ("HAConfiguration ", "statusTimeout", False),
    ],
)
def test_no_spelling_escapes_the_bounds(section: str, key: str, named: bool) -> None:
    assert timeout.is_status_timeout(section, key) is named


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"", (3, None)),
        (b"HAConfiguration = {\n   HAOnly = 1;\n}\n", (3, None)),
        (b"HAConfiguration = {\n   HAOnly = 1;\n   statusTimeout = 10;\n}\n", (10, 3)),
        (b"HAConfiguration = {\n   statusTimeout = 61;\n}\n", (None, 2)),
        (b"HAConfiguration = {\n   statusTimeout = ;\n}\n", (None, 2)),
        (b"HAConfiguration = {\n   statusTimeout = 5;\n   statusTimeout = 7;\n}\n", (5, 2)),
        (b"[haconfiguration]\r\nSTATUSTIMEOUT=12\r\n", (12, 2)),
        (b"Misc = {\n   statusTimeout = 10;\n}\n", (3, None)),
    ],
)
def test_what_is_in_force_and_where_it_stands(source: bytes, expected: tuple[int | None, int | None]) -> None:
    assert timeout.configured(parse(source)) == expected


def test_the_constants_are_those_of_the_catalogue() -> None:
    facts = entry_facts(timeout.SECTION, timeout.KEY, windows=False)
    assert facts is not None
    assert (int(facts.default or 0), facts.minimum, facts.maximum) == (
        timeout.DEFAULT_SECONDS,
        timeout.MINIMUM_SECONDS,
        timeout.MAXIMUM_SECONDS,
    )
