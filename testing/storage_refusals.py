"""What tests of files share: names that files can have, refusals, and calls that must not wait."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st

from confkit.core.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE_NAMES = (
    st.binary(min_size=1, max_size=60)
    .filter(lambda name: not {0, ord("/")} & set(name) and name not in {b".", b".."})
    .map(os.fsdecode)
)


def refusal(function: Callable[[], object]) -> str:
    """Return the message of the FileError that `function` raises."""
    with pytest.raises(FileError) as caught:
        function()
    assert caught.value.message.count(". ") >= 1, "one sentence says what is wrong, one what to do"
    return str(caught.value)


@contextmanager
def not_hanging() -> Iterator[None]:
    """Interrupt a call that waits for somebody who never comes, as the opening of a FIFO does."""

    def interrupt(*_: object) -> None:
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.alarm(60)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
