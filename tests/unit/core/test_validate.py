"""Which entries may be set to which values."""

from __future__ import annotations

import pytest

from confkit.core.errors import UsageError
from confkit.core.validate import warnings_about


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("HAConfiguration", "statustimeout"),
        ("HAConfiguration", "StatusTimeout"),
        ("haconfiguration", "statusTimeout"),
        ("HACONFIGURATION", "STATUSTIMEOUT"),
    ],
)
def test_another_spelling_of_status_timeout_is_an_unknown_entry_in_the_unix_form_alone(section: str, key: str) -> None:
    with pytest.raises(UsageError, match="did you mean"):
        warnings_about(section, key, "6", windows=False, force=False)
    assert warnings_about(section, key, "6", windows=True, force=False) == []
    assert warnings_about(section, key, "6", windows=False, force=True) == []
    for windows in (False, True):
        with pytest.raises(UsageError, match="from 3 to 60"):
            warnings_about(section, key, "61", windows=windows, force=True)


def test_status_timeout_itself_may_be_set_in_both_forms() -> None:
    for windows in (False, True):
        assert warnings_about("HAConfiguration", "statusTimeout", "6", windows=windows, force=False) == []
