from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.live.returncodes import VENDOR_DEFINED, name_of, names, value_of


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (0x00, "CKR_OK"),
        (0x03, "CKR_SLOT_ID_INVALID"),
        (0x30, "CKR_DEVICE_ERROR"),
        (0x54, "CKR_FUNCTION_NOT_SUPPORTED"),
        (0xE0, "CKR_TOKEN_NOT_PRESENT"),
        (0x141, "CKR_INSERTION_CALLBACK_NOT_SUPPORTED"),
        (0x191, "CKR_CRYPTOKI_ALREADY_INITIALIZED"),
        (0x80000004, "CKR_RC_ERROR"),
        (0x80000024, "CKR_TIMEOUT"),
    ],
)
def test_codes_that_a_status_call_is_known_to_give(value: int, name: str) -> None:
    assert name_of(value) == name
    assert value_of(name) == value


def test_every_name_is_found_again() -> None:
    assert [name for name in names() if name_of(value_of(name)) != name] == []


def test_the_table_holds_all_published_codes() -> None:
    # 104 of PKCS#11 3.2, 3 of PKCS#11 1.0 that pycryptoki kept, and 166 of Luna's own.
    values = {value_of(name) for name in names()}
    assert len(names()) == len(values) == 273
    assert len({value for value in values if value >= VENDOR_DEFINED}) == 166


@pytest.mark.parametrize("offset", [0x6E, 0x70, *range(0x77, 0x7F), *range(0x80, 0x83), *range(0x88, 0x8F)])
def test_a_code_that_no_public_source_names_is_printed_as_a_number(offset: int) -> None:
    assert name_of(VENDOR_DEFINED + offset) == f"0x800000{offset:02X}"


@given(st.integers(0, 2**64 - 1))
def test_any_value_has_a_printable_name(value: int) -> None:
    name = name_of(value)

    assert value_of(name) == value if name.startswith("CKR_") else int(name, 16) == value


def test_an_unknown_value_is_eight_digits_wide_at_least() -> None:
    assert name_of(0x80000999) == "0x80000999"
    assert name_of(0x999) == "0x00000999"


def test_an_unknown_name_is_an_error_that_names_it() -> None:
    with pytest.raises(ValueError, match="CKR_NO_SUCH"):
        value_of("CKR_NO_SUCH")
