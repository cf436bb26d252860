from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.fieldreport.buffer_map import buffer_map
from confkit.live.abi import FILLINGS


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"", ""),
        (b"154\0\0\xa5\xa5  \x03", "3 digits, 2 nul, 2 untouched, 2 spaces, 1 other"),
        (b"\x5a", "1 other"),
    ],
)
def test_runs(written: bytes, shown: str) -> None:
    assert buffer_map(written, 0xA5) == shown


@given(st.binary(max_size=200), st.sampled_from(FILLINGS))
def test_every_byte_is_counted_and_none_is_told(written: bytes, filling: int) -> None:
    runs = [run.split() for run in buffer_map(written, filling).split(", ") if run]
    assert sum(int(count) for count, _kind in runs) == len(written)
    kinds = [kind for count, kind in runs for _ in range(int(count))]
    for byte, kind in zip(written, kinds, strict=True):
        assert (kind == "untouched") == (byte == filling)
    # two serial numbers of the same length have the same map
    other = bytes(0x30 if kind == "digits" else byte for byte, kind in zip(written, kinds, strict=True))
    assert buffer_map(other, filling) == buffer_map(written, filling)
