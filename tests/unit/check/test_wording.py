"""The reason of a verdict names what was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from confkit.check.results import plan_for
from confkit.check.verdict import judge
from testing.runs import DEVICE_ERROR, GROUP, A, B, Made, clean, cut_off, failing, runs, spread, without_list
from testing.verdict_cases import ALL_LATE, LARGE_GROUP, NOW_AND_THEN, NOW_AND_THEN_OTHERS

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAN = plan_for()
A_FAILS = failing(A)
A_FAILS_AT_60 = failing(A, duration=60.0)
LATE = clean(4.0)
LOST = failing(*GROUP, status=DEVICE_ERROR, duration=0.01)


def reason(*made: Made, limit: int = 3, ceiling: Sequence[Made] = (), head_room: Sequence[Made] = ()) -> str:
    if not ceiling:
        return judge(PLAN, runs(limit, made, head_room=head_room or None)).reason
    return judge(PLAN, runs(limit, made[:-2], ceiling, made[-2:], head_room or None)).reason


def reason_again(before: Sequence[Made], after: Sequence[Made], ceiling: Sequence[Made]) -> str:
    return judge(PLAN, runs(3, before, ceiling, after)).reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (reason(*[clean()] * 66), ["0 of 66", "3 s", "95 %", "4.44 %", "5 % tolerated", "head-room as well"]),
        (reason(*[clean()] * 65), ["1 further calls without a failure"]),
        (reason(*spread(66, cut_off())), ["1 of 66", "1 of them because they were cut off before that"]),
        (reason(*[clean(2.75)] * 66), ["66 of 66 calls took longer than 2.5 s", "not shown"]),
        (reason(*[clean(3.0)] * 66), ["head-room is unknown", "3 s is the minimum"]),
        (reason(*[clean(6.0)] * 66, limit=6), ["head-room is unknown", "no run at 5 s was made"]),
        (
            reason(*[clean(6.0)] * 66, limit=6, head_room=spread(66, failing(A, duration=5.0))),
            ["1 of 66 calls failed under a limit of 5 s"],
        ),
        (
            reason(*[A_FAILS] * 66, ceiling=[LATE] * 5),
            [f"Slow: {A} (failed in 66 of 66 calls at 3 s, 0 of 5 at 60 s)", "66 of 66 calls exceeded 3 s."],
        ),
        (
            reason(*[failing(A, B)] * 66, ceiling=[failing(A, duration=60.0)] * 5),
            [f"Slow: {B} (", f"Down: {A} (failed in 66 of 66 calls at 3 s, 5 of 5 at 60 s)"],
        ),
        (reason(*[clean(5.0)] * 66), ["Every member answered, but the calls took longer"]),
        (reason(*[A_FAILS] * 66, ceiling=[A_FAILS_AT_60] * 3), [f"Down: {A} (", "No verdict about 3 s"]),
        (reason(*[LOST] * 66, ceiling=[LOST] * 3), ["The group is lost"]),
        (reason(*[without_list(0xE0)] * 66, ceiling=[without_list(0x30)] * 2), ["The group is lost"]),
        (reason(*[without_list(0x54)] * 66), ["None of 66 calls gave a list of members"]),
        (reason(), ["No call was made: 66 calls without a failure"]),
        (reason(*[A_FAILS] * 66), ["cause is open", "Only a run at 60 s"]),
        (
            reason(*[LOST] * 66, ceiling=[LATE] * 66),
            ["which no limit causes", "CKR_DEVICE_ERROR", "initialising the library"],
        ),
        (reason(*spread(66, *[A_FAILS] * 12), ceiling=[clean()] * 3), ["answered at 60 s, and at once"]),
        (
            reason(*[A_FAILS] * 30, *[clean()] * 29, ceiling=[LATE] * 66),
            ["autocorrelation 0.95", "one in 24 counts", "counts: 3 of 59"],
        ),
        (
            reason(
                *[failing(*LARGE_GROUP, group=(*LARGE_GROUP, A))] * 66, ceiling=[clean(4.0, (*LARGE_GROUP, A))] * 66
            ),
            [f"{LARGE_GROUP[2]} (", "; and 29 more."],
        ),
        (
            reason_again([A_FAILS] * 7, [clean()] * 7, [LATE] * 66),
            [f"not the same before and after the run at 60 s ({A})", "down or came back"],
        ),
        (
            reason_again(NOW_AND_THEN, NOW_AND_THEN_OTHERS, ALL_LATE),
            [
                "No member is shown to be slow by itself; together they are. Unknown: ",
                "(failed in 1 of 52",
                "and 11 more",
            ],
        ),
    ],
)
def test_the_reason_says_the_numbers(text: str, words: list[str]) -> None:
    assert [word for word in words if word not in text] == [], text
