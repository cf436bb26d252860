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


def test_every_name_is_found_again_but_for_the_second_name_of_one_value() -> None:
    again = {name: name_of(value_of(name)) for name in names()}

    assert {name: other for name, other in again.items() if name != other} == {
        "CKR_STM_CMD_NON_TRANSPORT": "CKR_CMD_NOT_ALLOWED_HSM_IN_TRANSPORT"
    }


def test_the_table_holds_all_published_codes() -> None:
    values = {value_of(name) for name in names()}

    # 104 of PKCS#11 3.2 and 3 of PKCS#11 1.0 that Luna kept; 187 names of Luna's own for 186 values.
    assert len(names()) == 294
    assert len({value for value in values if value < VENDOR_DEFINED}) == 107
    assert len({value for value in values if value >= VENDOR_DEFINED}) == 186


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
