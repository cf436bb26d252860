"""CK422: the call log is a pair of Chrystoki2 and CkLog2; one finding for each pair that is none."""

from __future__ import annotations

import pytest

from testing.linting import diagnose, section

WRAPPER = "/usr/safenet/lunaclient/lib/libcklog2.so"
REAL = "/usr/safenet/lunaclient/lib/libCryptoki2_64.so"


def found(loaded: str, *log: str) -> list[tuple[int, str]]:
    text = section("Chrystoki2", f"LibUNIX64 = {loaded}") + (section("CkLog2", *log) if log else "")
    return [(each.line, each.message) for each in diagnose(text) if each.code == "CK422"]


@pytest.mark.parametrize(
    ("loaded", "log", "line", "part"),
    [
        (WRAPPER, (), 2, "no real library"),
        (WRAPPER, ("Enabled = 1",), 2, "no real library"),
        (WRAPPER, ("Enabled = 0",), 2, "no real library"),
        (WRAPPER, (f"LibUNIX64 = {REAL}",), 2, "which is off"),
        (WRAPPER, ("Enabled = 0", f"LibUNIX64 = {REAL}"), 2, "which is off"),
        (WRAPPER, ("Enabled = 1", f"LibUNIX64 = {WRAPPER}"), 6, "names the call log itself"),
        (WRAPPER, (f"LibUNIX64 = {WRAPPER}",), 5, "names the call log itself"),
        ("libs/64/libcklog2.so", ("Enabled = 1", "LibUNIX64 = libs/64/libcklog2.so"), 6, "names the call log itself"),
        (REAL, ("Enabled = 1", f"LibUNIX64 = {REAL}"), 5, "nothing is logged"),
    ],
)
def test_a_pair_that_is_none_is_one_finding(loaded: str, log: tuple[str, ...], line: int, part: str) -> None:
    (only,) = found(loaded, *log)
    assert only[0] == line
    assert part in only[1]


def test_a_pair_and_a_log_that_is_off_are_right() -> None:
    assert found(WRAPPER, "Enabled = 1", f"LibUNIX64 = {REAL}") == []
    assert found(REAL, "Enabled = 0", f"LibUNIX64 = {REAL}") == []
    assert found("/opt/cklog-test/lib/libCryptoki2_64.so") == []
