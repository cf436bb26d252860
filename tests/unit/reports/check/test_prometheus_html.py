"""A check as metrics and as a page: from calls that are made up, so that every verdict and every gap comes up."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from confkit.check.request import CheckResult
from confkit.reports.check import html, prometheus
from testing.checks import DOWN, FINISHED, SLOW, SUFFICIENT, checked, unavailable
from testing.programs import needs
from testing.runs import A, B, clean, hung, run, spread

if TYPE_CHECKING:
    from confkit.reports.check.models import CheckView


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Return (name, values of all labels but the group) -> value."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = sorted((name, value) for name, value in sample.labels.items() if name != "group")
            found[sample.name, *(value for _name, value in labels)] = sample.value
    return found


def test_metrics_of_a_sufficient_timeout() -> None:
    found = samples(prometheus.page(*SUFFICIENT, FINISHED))
    assert found["luna_ha_check_verdict", "sufficient"] == 1
    assert sum(value for key, value in found.items() if key[0] == "luna_ha_check_verdict") == 1
    assert found["luna_ha_check_timestamp_seconds",] == FINISHED
    assert (found["luna_ha_check_configured_seconds",], found["luna_ha_check_recommended_seconds",]) == (10, 3)
    assert found["luna_ha_check_member_state", A, "up"] == 1
    assert found["luna_ha_check_member_statuses", "CKR_OK", A] == 66
    assert found["luna_ha_check_calls", "planned"] == 400
    assert found["luna_ha_check_exceeding_ratio", "upper"] <= found["luna_ha_check_tolerated_ratio",] == 0.05
    assert found["luna_ha_check_confidence_ratio",] == 0.95
    # the configured timeout and its 20 % bar are edges
    assert found["luna_ha_check_call_duration_seconds_bucket", "10.0"] == 66
    assert found["luna_ha_check_call_duration_seconds_bucket", repr(10 / 1.2)] == 66
    assert found["luna_ha_check_call_duration_seconds_bucket", "0.01"] == 0


def test_metrics_of_slow_members_and_of_members_that_are_down() -> None:
    slow = samples(prometheus.page(*SLOW, FINISHED))
    assert slow["luna_ha_check_verdict", "insufficient"] == 1
    assert [slow["luna_ha_check_member_state", B, state] for state in prometheus.MEMBER_STATES] == [0, 1, 0, 0, 0]
    down = samples(prometheus.page(*DOWN, FINISHED))
    assert down["luna_ha_check_verdict", "member_down"] == 1
    assert [down["luna_ha_check_member_state", B, state] for state in prometheus.MEMBER_STATES] == [0, 0, 1, 0, 0]
    assert ("luna_ha_check_recommended_seconds",) not in down


def test_metrics_of_a_check_that_could_not_be_made() -> None:
    found = samples(prometheus.page(*unavailable(), FINISHED))
    assert found["luna_ha_check_verdict", "unavailable"] == 1
    names = {key[0] for key in found}
    assert names == {"luna_ha_check_verdict", "luna_ha_check_timestamp_seconds", "luna_ha_check_calls"}


def test_a_killed_call_counts_above_the_timeout_and_one_cut_off_before_does_not_count() -> None:
    main = run(3, [*[clean()] * 5, hung()])
    assert prometheus.times_of(main.calls, 3)[5] == 6.0
    cut = run(3, [clean(), clean()._replace(duration=None, rv=None, statuses={}, censored=True)])
    assert len(prometheus.times_of(cut.calls, 3)) == 1


@pytest.mark.parametrize("made", [SUFFICIENT, SLOW, DOWN, unavailable()])
def test_promtool_has_nothing_to_say_against_the_metrics(made: tuple[CheckView, CheckResult]) -> None:
    needs("promtool")
    text = prometheus.page(*made, FINISHED)
    done = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


class Page(HTMLParser):
    """What a page shows, what it asks for, and whether its elements are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    return page


def test_the_page_has_verdict_members_and_histogram() -> None:
    page = read(html.page(SLOW[0]))
    shown = "\n".join(page.words)
    assert "insufficient" in shown
    assert SLOW[0].reason in shown
    assert "T/1.2 = 2.5" in shown
    assert "T = 3" in shown
    assert re.search(rf"{B}\nslow\nCKR_TIMEOUT 4x", shown)
    assert sum(tag == "svg" for tag in page.tags) == 1
    assert "confkit set-timeout 5" in shown
    assert "Calls under the maximum" in shown
    assert shown.count("seconds") >= 2  # the axes of both runs


@pytest.mark.parametrize(
    ("made", "commands"),
    [
        (SLOW, ["confkit check --thorough", "confkit set-timeout 5"]),
        (DOWN, ["confkit check"]),
        (SUFFICIENT, []),
    ],
)
def test_commands_of_the_advice_are_shown_as_such(made: tuple[CheckView, CheckResult], commands: list[str]) -> None:
    assert re.findall("<code>(.*?)</code>", html.page(made[0])) == commands


def test_the_page_needs_nothing_from_anywhere() -> None:
    page = read(html.page(DOWN[0]))
    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "object"})
    assert {name for name, _value in page.attributes}.isdisjoint({"src", "href", "srcset", "onload"})
    assert "default-src 'none'" in str(page.attributes)
    assert "url(" not in html.page(DOWN[0])


def test_the_page_of_a_check_that_could_not_be_made() -> None:
    page = read(html.page(unavailable()[0]))
    assert "svg" not in page.tags
    assert "no whole number" in "\n".join(page.words)
    assert "not found" in page.words


@given(st.text(max_size=40))
def test_no_label_breaks_out_of_the_page(label: str) -> None:
    view, _ = checked([run(3, spread(5))], label=label + "<script>alert(1)</script>\"'&")
    page = read(html.page(view))
    assert "script" not in page.tags
    assert "<script>alert(1)</script>\"'&" in "".join(page.words)
