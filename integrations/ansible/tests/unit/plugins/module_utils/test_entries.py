# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.confkit.luna.plugins.module_utils import entries
from ansible_collections.confkit.luna.plugins.module_utils.confkit.errors import UsageError


@pytest.mark.parametrize("value", ["3", "10", "60"])
def test_the_bounds_of_status_timeout_are_within(value: str) -> None:
    assert entries.checked("HAConfiguration", "statusTimeout", value, windows=False, force=False) == []


@pytest.mark.parametrize("value", ["2", "61", "", "x", "03"])
@pytest.mark.parametrize("force", [False, True])
def test_what_is_beyond_them_is_refused(value: str, force: bool) -> None:
    with pytest.raises(UsageError, match="from 3 to 60"):
        entries.checked("HAConfiguration", "statusTimeout", value, windows=False, force=force)


def test_numbered_entries_and_letter_case() -> None:
    assert entries.facts_of("LunaSA Client", "ServerName07", windows=False)["type"] == "host"
    assert entries.facts_of("LunaSA Client", "servername07", windows=False) is None
    assert entries.facts_of("lunasa client", "servername07", windows=True)["type"] == "host"


def test_an_unknown_entry_needs_force() -> None:
    with pytest.raises(UsageError, match=r"did you mean HAOnly\?"):
        entries.checked("HAConfiguration", "HAOnli", "1", windows=False, force=False)
    assert entries.checked("HAConfiguration", "HAOnli", "1", windows=False, force=True) == []
