"""What the exporter knows after each step, from rounds that are made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.exporter.metrics import metrics_of
from confkit.exporter.rounds import Round
from confkit.exporter.state import State, after_check, after_round, is_news
from confkit.live.calls import ProbeFailure
from testing.exporter_states import ALL_CLEAN, B_DOWN, B_FAILS, B_SLOW, CLEAN, made
from testing.runs import DEVICE_ERROR, TOKEN_NOT_PRESENT, A, B, C, clean, failing, hung, without_list

if TYPE_CHECKING:
    from confkit.reports.check.models import CheckView

FAILED = ProbeFailure("call 2", "The library crashed (SIGSEGV) during CA_GetCurrentHAState.")


START = State()


def after(*rounds: Round, state: State = START) -> State:
    for finished, one in enumerate(rounds, 100):
        state = after_round(state, one, float(finished))
    return state


def test_before_the_first_round_nothing_is_known() -> None:
    assert [metric.name for metric in metrics_of(State()) if metric.samples] == ["luna_ha_rounds_total"]
    assert not is_news(State())


def test_a_clean_round() -> None:
    state = after(CLEAN)
    assert state.members == {A: "up", B: "up", C: "up"}
    assert (state.answered, state.group_up, state.finished, state.rounds) == (True, True, 100.0, 1)
    assert state.statuses == {(serial, "CKR_OK"): 3 for serial in (A, B, C)}
    assert state.codes == {"CKR_OK": 3}
    assert state.times is not None
    assert sum(state.times.counts) == 3


def test_one_failed_call_is_enough_not_to_be_up() -> None:
    state = after(made([clean(), failing(B), clean()]))
    assert state.members == {A: "up", B: "unknown", C: "up"}
    assert state.statuses[B, "CKR_TIMEOUT"] == 1


def test_a_member_missing_from_a_list_fails() -> None:
    assert after(made([clean(), clean(group=(A, B)), clean()])).members[C] == "unknown"


@pytest.mark.parametrize(("view", "word"), [(B_DOWN, "down"), (B_SLOW, "slow")])
def test_the_check_tells_slow_from_down_until_the_member_answers(view: CheckView, word: str) -> None:
    state = after_check(after(B_FAILS), view, ())
    assert state.members == {A: "up", B: word, C: "up"}
    assert after(B_FAILS, state=state).members[B] == word
    back = after(CLEAN, state=state)
    assert back.members[B] == "up"
    assert after(B_FAILS, state=back).members[B] == "unknown"  # of a new failure nothing is known yet


def test_a_check_never_makes_a_member_fail_that_just_answered() -> None:
    assert after_check(after(CLEAN), B_DOWN, ()).members[B] == "up"


def test_a_failed_round_says_nothing_about_members_and_forgets_nothing() -> None:
    state = after_check(after(B_FAILS), B_DOWN, ())
    failed = after(made([clean(), hung()], FAILED), state=state)
    assert failed.members == {A: "unknown", B: "unknown", C: "unknown"}
    assert (failed.answered, failed.rounds_failed) == (False, {"call": 1})
    assert failed.codes == {"CKR_OK": 4, "killed": 1}
    again = after(B_FAILS, state=failed)
    assert again.members == {A: "up", B: "down", C: "up"}


def test_a_lost_group_fails_whole() -> None:
    state = after(CLEAN, made([without_list(TOKEN_NOT_PRESENT)] * 3))
    assert set(state.members.values()) == {"unknown"}
    assert (state.answered, state.group_up) == (True, False)
    everybody = after(made([failing(A, B, C, status=DEVICE_ERROR)] * 3))
    assert everybody.group_up is False


def test_when_no_call_came_back_nobody_knows_whether_the_group_is_lost() -> None:
    assert after(CLEAN, made([], FAILED)).group_up is None
    assert after(CLEAN, made([hung()], FAILED)).group_up is None


def test_members_that_left_the_group_go() -> None:
    assert set(after(CLEAN, made([clean(group=(A, C))] * 3)).members) == {A, C}


def test_the_edges_follow_the_timeout_and_the_counts_start_anew() -> None:
    first = after(CLEAN)
    assert first.times is not None
    assert {3.0, 2.5} <= set(first.times.edges)
    other = after(made([clean()] * 3, seconds=10), state=first)
    assert other.times is not None
    assert {10.0, 10 / 1.2} <= set(other.times.edges)
    assert sum(other.times.counts) == 3
    unreadable = after(made([], ProbeFailure("configuration", "gone"), None), state=first)
    assert unreadable.times == first.times
    assert unreadable.configured_seconds is None


def test_what_only_a_check_can_explain_is_news() -> None:
    checked = after_check(after(CLEAN), ALL_CLEAN, ())
    assert not is_news(after(CLEAN, state=checked))
    fails = after(B_FAILS, state=checked)
    assert is_news(fails)
    assert not is_news(after_check(fails, B_DOWN, ()))
    assert not is_news(after_check(fails, ALL_CLEAN, ()))  # it came back meanwhile: another check would say no more
    assert is_news(after(made([clean()] * 3, seconds=10), state=checked))
    assert not is_news(after(made([], FAILED), state=checked))


CALLS = st.lists(
    st.one_of(
        st.just(clean()), st.just(failing(B)), st.just(failing(A, B, C)), st.just(without_list(0x30)), st.just(hung())
    ),
    max_size=4,
)
ROUNDS = st.builds(made, CALLS, st.sampled_from([None, FAILED]), st.sampled_from([3, 10]))
STEPS = st.lists(st.one_of(ROUNDS, st.sampled_from([B_DOWN, B_SLOW, ALL_CLEAN])), max_size=12)


@given(STEPS)
def test_counters_only_grow_and_every_member_has_one_state(steps: list[Round | CheckView]) -> None:
    state = State()
    for step in steps:
        before = state
        if isinstance(step, Round):
            state = after_round(before, step, 1.0)
            assert state.rounds == before.rounds + 1
        else:
            state = after_check(before, step, ())
        for counts, earlier in (
            (state.codes, before.codes),
            (state.statuses, before.statuses),
            (state.rounds_failed, before.rounds_failed),
        ):
            assert all(counts[key] >= count for key, count in earlier.items())  # type: ignore[index]
        assert set(state.judged) <= set(state.members)
        shown = next(metric for metric in metrics_of(state) if metric.name == "luna_ha_member_state")
        for serial in state.members:
            assert sum(sample.value for sample in shown.samples if sample.labels["member"] == serial) == 1
