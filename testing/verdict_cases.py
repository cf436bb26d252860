"""The decision table of the verdict, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from testing.runs import (
    DEVICE_ERROR,
    GROUP,
    NOT_SUPPORTED,
    TOKEN_NOT_PRESENT,
    A,
    B,
    C,
    Made,
    clean,
    cut_off,
    delayed,
    failing,
    hung,
    spread,
    without_list,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGE_GROUP = tuple(str(154438865300 + i) for i in range(32))


class Case(NamedTuple):
    """A row: the runs, and the verdict, the members' verdicts and the further calls that they must give.

    `again`: the calls at T that were made after the ceiling run; None where T was not tried again.
    """

    name: str
    limit: int
    main: Sequence[Made]
    verdict: str
    members: str  # the first letter of each member's verdict: ok, slow, down, unknown
    further: int | None = 0
    ceiling: Sequence[Made] | None = None
    head_room: Sequence[Made] | None = None
    again: Sequence[Made] | None = None


A_FAILS = failing(A)
AT_ONCE = failing(A, duration=0.01)
A_FAILS_AT_60 = failing(A, duration=60.0)
LATE = clean(4.0)
LOST = failing(*GROUP, status=DEVICE_ERROR, duration=0.01)
ALL_TIMED_OUT = failing(*GROUP, status=DEVICE_ERROR, duration=3.0)
EMPTY = without_list(0)
SOME_CUT = spread(66, *[A_FAILS] * 12)
B_FAILS = failing(B)
LOST_ONCE = [clean(), clean(), *[A_FAILS] * 7]  # and not reconnected to
BACK_LATE = [*[A_FAILS_AT_60] * 7, *[clean()] * 8]
ALL_LATE = [clean(4.0, LARGE_GROUP)] * 66
NOW_AND_THEN, NOW_AND_THEN_OTHERS = (
    spread(26, *[failing(one, group=LARGE_GROUP) for one in some], good=clean(group=LARGE_GROUP))
    for some in (LARGE_GROUP[:7], LARGE_GROUP[7:14])
)
NOBODY = "u" * 14 + "o" * 18
MOSTLY_FULL = spread(66, *[clean()] * 20, good=clean(6.0))

CASES = [
    # The number of calls
    Case("66 clean calls", 3, [clean()] * 66, "sufficient", "ooo"),
    Case("one call too few", 3, [clean()] * 65, "inconclusive", "ooo", 1),
    Case("no calls", 3, [], "inconclusive", "", 66),
    Case("one failure, open", 3, spread(66, A_FAILS), "inconclusive", "uoo", 51),
    Case("one failure, tolerated", 3, spread(117, A_FAILS), "sufficient", "ooo"),
    # Slow or down
    Case("slow", 3, [A_FAILS] * 66, "insufficient", "soo", ceiling=[LATE] * 10),
    Case("slow, one ceiling call", 3, [A_FAILS] * 66, "inconclusive", "uoo", None, ceiling=[LATE]),
    Case("slow at times", 3, SOME_CUT, "insufficient", "soo", ceiling=[LATE] * 66, again=SOME_CUT),
    Case("slow at times, few ceiling calls", 3, SOME_CUT, "inconclusive", "uoo", None, [LATE] * 3),
    Case("slow, no ceiling run", 3, [A_FAILS] * 66, "inconclusive", "uoo", None),
    Case("slow, ceiling run hung", 3, [A_FAILS] * 66, "inconclusive", "uoo", None, [hung()]),
    Case("slow, ceiling run cut off", 3, [A_FAILS] * 66, "inconclusive", "uoo", None, [cut_off()]),
    Case("slow, ceiling run without list", 3, [A_FAILS] * 66, "inconclusive", "uoo", None, [without_list(3)] * 5),
    Case("one failure, cured or not", 3, spread(66, A_FAILS), "inconclusive", "uoo", 51, [LATE] * 66),
    Case("down", 3, [A_FAILS] * 66, "member_down", "doo", ceiling=[A_FAILS_AT_60] * 3),
    Case("missing from the list", 3, [clean(3.0, (B, C))] * 66, "insufficient", "soo", ceiling=[LATE] * 5),
    Case("missing at once", 3, [clean(group=(B, C))] * 66, "inconclusive", "uoo", None, ceiling=[LATE] * 5),
    Case("failed at once, not at 60 s", 3, [AT_ONCE] * 66, "inconclusive", "uoo", None, ceiling=[clean()] * 66),
    Case("cut once, then known", 3, [A_FAILS, *[AT_ONCE] * 65], "insufficient", "soo", ceiling=[LATE] * 66),
    Case(
        "two slow, one out once",
        3,
        [failing(*GROUP), *[failing(A, C)] * 65],
        "insufficient",
        "sus",
        ceiling=[LATE] * 10,
    ),
    Case(
        "two slow, one out at times",
        3,
        spread(66, *[failing(*GROUP)] * 30, good=failing(A, C)),
        "insufficient",
        "sss",
        ceiling=[LATE] * 66,
        again=spread(10, *[failing(*GROUP)] * 5, good=failing(A, C)),
    ),
    Case("one down, one slow", 3, [failing(A, B)] * 66, "insufficient", "dso", ceiling=[A_FAILS_AT_60] * 5),
    Case("one down, two clean but late", 3, [A_FAILS] * 66, "member_down", "doo", ceiling=[A_FAILS_AT_60] * 5),
    Case(
        "32 members, each fails twice",
        3,
        spread(299, *[failing(one, group=LARGE_GROUP) for one in LARGE_GROUP * 2], good=clean(group=LARGE_GROUP)),
        "insufficient",
        "s" * 32,
        ceiling=[clean(4.0, LARGE_GROUP)] * 66,
        again=spread(299, *[failing(one, group=LARGE_GROUP) for one in LARGE_GROUP * 2], good=clean(group=LARGE_GROUP)),
    ),
    Case(
        "one of 32 slow",
        3,
        [failing(LARGE_GROUP[7], group=LARGE_GROUP)] * 66,
        "insufficient",
        "o" * 7 + "s" + "o" * 24,
        ceiling=[clean(4.0, LARGE_GROUP)] * 5,
    ),
    # Flapping
    Case(
        "flapping",
        3,
        spread(66, *[A_FAILS] * 15),
        "member_down",
        "doo",
        ceiling=spread(66, *[A_FAILS_AT_60] * 12),
    ),
    Case(
        "flapping, few ceiling calls",
        3,
        spread(66, *[A_FAILS] * 15),
        "inconclusive",
        "uoo",
        None,
        ceiling=spread(5, A_FAILS_AT_60),
    ),
    Case(
        "mostly cured at 60 s",
        3,
        [A_FAILS] * 66,
        "insufficient",
        "soo",
        ceiling=spread(66, *[A_FAILS_AT_60] * 6),
    ),
    Case(
        "fails at times, tolerably, at 60 s too",
        3,
        spread(370, A_FAILS),
        "sufficient",
        "ooo",
        ceiling=spread(370, A_FAILS_AT_60),
    ),
    Case("cured, but for calls that hang", 3, SOME_CUT, "inconclusive", "uoo", None, [*[LATE] * 20, *[hung()] * 5]),
    Case("cured", 3, SOME_CUT, "insufficient", "soo", 0, [LATE] * 20, again=SOME_CUT),
    Case("down for one stretch", 3, [A_FAILS] * 30 + [clean()] * 29, "inconclusive", "uoo", None, [clean()] * 66),
    # T tried once more, after the ceiling run
    Case("slow, again", 3, [A_FAILS] * 7, "insufficient", "soo", 0, [LATE] * 66, again=[A_FAILS] * 7),
    Case("slow, again, few ceiling calls", 3, [A_FAILS] * 7, "insufficient", "soo", 0, [LATE] * 5, again=[A_FAILS] * 7),
    Case(
        "slow, again, too few of them", 3, [A_FAILS] * 7, "inconclusive", "uoo", None, [LATE] * 4, again=[A_FAILS] * 7
    ),
    Case("slow, the budget is spent", 3, [A_FAILS] * 7, "inconclusive", "uoo", None, [LATE] * 66, again=[]),
    Case("down at first", 3, [A_FAILS] * 7, "inconclusive", "uoo", None, [LATE] * 66, again=[clean()] * 7),
    Case("down at last", 3, [clean()] * 7, "inconclusive", "uoo", None, [LATE] * 66, again=[A_FAILS] * 7),
    Case(
        "one down at first, one slow",
        3,
        [failing(A, B)] * 7,
        "insufficient",
        "uso",
        0,
        [LATE] * 66,
        again=[B_FAILS] * 7,
    ),
    Case(
        "one down at last, one slow", 3, [B_FAILS] * 7, "insufficient", "uso", 0, [LATE] * 66, again=[failing(A, B)] * 7
    ),
    Case("one down, then the other", 3, [A_FAILS] * 7, "inconclusive", "uuo", None, [LATE] * 66, again=[B_FAILS] * 7),
    Case(
        "lost again and again",
        3,
        LOST_ONCE,
        "inconclusive",
        "uoo",
        None,
        spread(66, *[A_FAILS_AT_60] * 3),
        again=LOST_ONCE,
    ),
    Case("down, and down for long at 60 s", 3, [A_FAILS] * 7, "member_down", "doo", 0, BACK_LATE, again=[A_FAILS] * 7),
    Case("32 members, now and then", 3, NOW_AND_THEN, "insufficient", NOBODY, 0, ALL_LATE, again=NOW_AND_THEN_OTHERS),
    # The whole call
    Case("group lost at both", 3, [without_list(DEVICE_ERROR)] * 66, "member_down", "", 0, [without_list(0xE0)] * 3),
    Case("group lost, no ceiling run", 3, [without_list(TOKEN_NOT_PRESENT)] * 66, "inconclusive", "", None),
    Case("wrong function", 3, [without_list(NOT_SUPPORTED)] * 66, "inconclusive", "", None, [without_list(0x54)] * 3),
    Case("empty list at both", 3, [EMPTY] * 66, "member_down", "", 0, [EMPTY] * 3),
    Case("empty list at T", 3, [EMPTY] * 66, "inconclusive", "uuu", None, [clean()] * 66),
    Case("all members lost at both", 3, [LOST] * 66, "member_down", "ddd", ceiling=[LOST] * 3),
    Case("all members lost, cured by a new process", 3, [LOST] * 66, "inconclusive", "uuu", None, [clean()] * 66),
    Case("all members timed out at T", 3, [ALL_TIMED_OUT] * 66, "insufficient", "sss", ceiling=[LATE] * 66),
    Case("six cut, five lost", 3, spread(66, *[A_FAILS, LOST] * 5, A_FAILS), "inconclusive", "uuu", None, [LATE] * 66),
    Case("two cut, ten lost", 3, spread(66, A_FAILS, *[LOST] * 10, A_FAILS), "inconclusive", "uuu", None, [LATE] * 66),
    Case("hung at T", 3, [hung()] * 66, "insufficient", "sss", ceiling=[LATE] * 66),
    Case("hung at both", 3, [hung()] * 66, "inconclusive", "", None, [hung()] * 2),
    Case("cut off once, 65 clean", 3, spread(66, cut_off()), "inconclusive", "ooo", 51),
    Case("cut off once, 116 clean", 3, spread(117, cut_off()), "sufficient", "ooo"),
    Case(
        "six cut, five cut off",
        3,
        spread(66, *[A_FAILS, cut_off()] * 5, A_FAILS),
        "inconclusive",
        "uoo",
        442,
        [LATE] * 66,
    ),
    Case(
        "two cut, ten cut off",
        3,
        spread(66, A_FAILS, *[cut_off()] * 10, A_FAILS),
        "inconclusive",
        "uoo",
        474,
        [LATE] * 66,
    ),
    Case("at once, and one cut off", 3, [*[AT_ONCE] * 65, cut_off()], "inconclusive", "uoo", None, [clean()] * 66),
    Case("all cut off, ceiling clean", 3, [cut_off()] * 66, "inconclusive", "ooo", None, [LATE] * 66),
    # Time and head-room
    Case("clean and overlong", 3, [clean(5.0)] * 66, "insufficient", "ooo"),
    Case("clean, overlong at times", 3, spread(66, *[clean(5.0)] * 2), "inconclusive", "ooo", 104),
    Case("overlong with a member down", 3, [failing(A, duration=4.0)] * 66, "member_down", "doo", 0, [A_FAILS_AT_60]),
    Case("started late", 3, [delayed(4.0)] * 66, "insufficient", "ooo"),
    Case("exactly T/1.2", 3, [clean(2.5)] * 66, "sufficient", "ooo"),
    Case("above T/1.2", 3, [clean(2.625)] * 66, "tight", "ooo"),
    Case("one of 66 above T/1.2", 3, spread(66, clean(2.625)), "tight", "ooo"),
    Case("one of 117 above T/1.2", 3, spread(117, clean(2.625)), "sufficient", "ooo"),
    Case("returns when the time is over, T = 3", 3, [clean(3.0625)] * 66, "tight", "ooo"),
    Case("returns when the time is over", 6, [clean(6.0)] * 66, "tight", "ooo"),
    Case("the same, passes at 5 s", 6, [clean(6.0)] * 66, "sufficient", "ooo", head_room=[clean(5.0)] * 66),
    Case("the same, too few at 5 s", 6, [clean(6.0)] * 66, "tight", "ooo", head_room=[clean(5.0)] * 65),
    Case("the same, none at 5 s", 6, [clean(6.0)] * 66, "tight", "ooo", head_room=[]),
    Case(
        "the same, fails at 5 s",
        6,
        [clean(6.0)] * 66,
        "tight",
        "ooo",
        head_room=spread(66, failing(A, duration=5.0)),
    ),
    Case("the same, but for a third", 6, MOSTLY_FULL, "sufficient", "ooo", head_room=[clean(5.0)] * 66),
    Case("one of 117 takes the full time", 6, spread(117, clean(6.0)), "sufficient", "ooo"),
    Case("quick, none at 5 s", 6, [clean()] * 66, "sufficient", "ooo", head_room=[]),
    Case("quick, fails at 5 s", 6, [clean()] * 66, "tight", "ooo", head_room=spread(66, failing(A, duration=5.0))),
    # The longest limit
    Case("60 s, clean", 60, [clean()] * 66, "sufficient", "ooo"),
    Case("60 s, tight", 60, [clean(55.0)] * 66, "tight", "ooo"),
    Case("60 s, a member fails", 60, [A_FAILS_AT_60] * 66, "member_down", "doo"),
    Case("60 s, a member fails at times", 60, spread(66, *[A_FAILS_AT_60] * 15), "member_down", "doo"),
    Case("60 s, a member fails tolerably", 60, spread(117, A_FAILS_AT_60), "sufficient", "ooo"),
]
