"""The reason of a verdict names what was counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from confkit.check.evidence import head_room_limit
from confkit.check.results import plan_for
from confkit.check.verdict import judge
from testing.runs import DEVICE_ERROR, GROUP, A, B, Made, clean, cut_off, failing, run, spread, without_list
from testing.verdict_cases import ALL_LATE, LARGE_GROUP, NOW_AND_THEN, NOW_AND_THEN_OTHERS

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAN = plan_for()
A_FAILS = failing(A)
A_FAILS_AT_60 = failing(A, duration=60.0)
LATE = clean(4.0)
LOST = failing(*GROUP, status=DEVICE_ERROR, duration=0.01)


def reason(*made: Made, limit: int = 3, ceiling: Sequence[Made] = (), head_room: Sequence[Made] = ()) -> str:
    shorter = run(head_room_limit(limit) or 0, head_room) if head_room else None
    return judge(PLAN, run(limit, made), run(60, ceiling) if ceiling else None, shorter).reason


def reason_again(before: Sequence[Made], after: Sequence[Made], ceiling: Sequence[Made]) -> str:
    main = replace(run(3, [*before, *after]), resumed_at=len(before))
    return judge(PLAN, main, run(60, ceiling)).reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (reason(*[clean()] * 59), ["0 of 59", "3 s", "95 %", "4.95 %", "5 % tolerated", "head-room as well"]),
        (reason(*[clean()] * 58), ["1 further clean calls", "a new run of 59"]),
        (reason(*spread(59, cut_off())), ["1 of 59", "cut off before that and counted as if they had: 1"]),
        (reason(*[clean(2.75)] * 59), ["59 of 59 calls took longer than 2.5 s", "not shown"]),
        (reason(*[clean(3.0)] * 59), ["head-room is unknown", "3 s being the least"]),
        (reason(*[clean(6.0)] * 59, limit=6), ["head-room is unknown", "no run at 5 s was made"]),
        (
            reason(*[clean(6.0)] * 59, limit=6, head_room=spread(59, failing(A, duration=5.0))),
            ["1 of 59 calls failed under a limit of 5 s"],
        ),
        (
            reason(*[A_FAILS] * 59, ceiling=[LATE] * 5),
            [f"Slow: {A} (failed in 59 of 59 calls at 3 s, 0 of 5 at 60 s)", "too short in 59 of 59"],
        ),
        (
            reason(*[failing(A, B)] * 59, ceiling=[failing(A, duration=60.0)] * 5),
            [f"Slow: {B} (", f"Down: {A} (failed in 59 of 59 calls at 3 s, 5 of 5 at 60 s)"],
        ),
        (reason(*[clean(5.0)] * 59), ["Every member answered, but the calls took longer"]),
        (reason(*[A_FAILS] * 59, ceiling=[A_FAILS_AT_60] * 3), [f"Down: {A} (", "No verdict about 3 s"]),
        (reason(*[LOST] * 59, ceiling=[LOST] * 3), ["The group is lost"]),
        (reason(*[without_list(0xE0)] * 59, ceiling=[without_list(0x30)]), ["The group is lost"]),
        (reason(*[without_list(0x54)] * 59), ["None of 59 calls gave a list of members"]),
        (reason(), ["No call was made: 59 clean calls"]),
        (reason(*[A_FAILS] * 59), ["cause is open", "Only a run at 60 s"]),
        (
            reason(*[LOST] * 59, ceiling=[LATE] * 59),
            ["which no limit causes", "CKR_DEVICE_ERROR", "initialising the library"],
        ),
        (reason(*spread(59, *[A_FAILS] * 12), ceiling=[LATE] * 3), ["too few or too clustered", "60 s (3) too few"]),
        (
            reason(*[A_FAILS] * 30, *[clean()] * 29, ceiling=[LATE] * 59),
            ["autocorrelation 0.95", "one in 24 counts", "leaves 3 of 59"],
        ),
        (
            reason(
                *[failing(*LARGE_GROUP, group=(*LARGE_GROUP, A))] * 59, ceiling=[clean(4.0, (*LARGE_GROUP, A))] * 59
            ),
            [f"{LARGE_GROUP[2]} (", "; and 29 more."],
        ),
        (
            reason_again([A_FAILS] * 7, [clean()] * 7, [LATE] * 59),
            [f"not the same before and after the run at 60 s ({A})", "down or came back", "Check again."],
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
