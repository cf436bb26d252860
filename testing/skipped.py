"""What a run of the tests left out, as one line with how to enable it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SKIPPED = "Skipped: "


def skipped_line(reasons: Iterable[str]) -> str | None:
    """Return one line that names every reason with the number of tests it kept from running, None without any.

    A reason is what pytest.skip was called with, or pytest's own text for it ("Skipped: ...").
    """
    counted = Counter(reason.removeprefix(_SKIPPED).strip() for reason in reasons)
    if not counted:
        return None
    parts = [f"{number} {reason}" for reason, number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]
    return f"{sum(counted.values())} skipped: {'; '.join(parts)}"
