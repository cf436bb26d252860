"""Evidence that goes on: what comes back from the JSON output, and what is refused."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from confkit.check.earlier import Earlier
from confkit.check.request import CheckRequest, CheckResult
from confkit.check.results import plan_for
from confkit.check.verdict import judge
from confkit.core.errors import FileError, UsageError
from confkit.core.syntax import parse
from confkit.live.calls import Call, FoundGroup, MemberStatus
from confkit.live.session import LiveSession
from confkit.reports.check import models as check_models
from confkit.reports.check.resume import earlier_evidence
from testing.runs import DEVICE_ERROR, A, B, C, clean, cut_off, failing, hung, run, runs, spread, without_list

if TYPE_CHECKING:
    from pathlib import Path

    from confkit.live.calls import Run

DATA = b"HAConfiguration = {\n   statusTimeout = 3;\n}\nREST = {\n   AuthTokenClientSecret = hunter22;\n}\n"
SESSION = LiveSession("/etc/Chrystoki.conf", DATA, parse(DATA), 3, 2, "/lib/x.so")
GROUP = FoundGroup("signing", "01154438865287", 0)
PLAN = plan_for()


def saved(folder: Path, made: list[Run], **changes: Any) -> str:
    request = CheckRequest(SESSION.path, PLAN)
    result = CheckResult(
        3,
        2,
        SESSION.library,
        "serial20",
        GROUP,
        judge(PLAN, made),
        "",
        tuple(made),
        SESSION.path,
        SESSION.digest,
        "1 bytes, 2 ns",
        host=socket.gethostname(),
        started=1_700_000_000.0,
        began=made[0].calls[0].intended - 1.5,
    )
    seen = check_models.view(request, replace(result, **changes.pop("result", {}))).model_dump(mode="json")
    path = folder / "evidence.json"
    path.write_text(json.dumps({**seen, **changes}))
    return str(path)


def without_clock(made: tuple[Run, ...]) -> list[Any]:
    """Return all of the calls but when they were made; of the age of their process only whether it was settled."""
    return [(one.limit_seconds, one.purpose, one.session, [_kept(call) for call in one.calls]) for one in made]


def _kept(call: Call) -> list[Any]:
    elapsed = None if call.elapsed is None else round(call.elapsed, 5)
    return [elapsed, call.rv, call.members, call.censored, call.problem, call.age_seconds >= 5]


def test_all_that_a_verdict_rests_on_comes_back(tmp_path: Path) -> None:
    twice = MemberStatus(A, 0), MemberStatus(A, DEVICE_ERROR), MemberStatus(B, 0)
    odd = [
        Call(2000.0, 2000.0, 2000.5, 0, twice, censored=False, age_seconds=9.0),
        Call(2001.0, 2001.0, 2001.5, 0, (), censored=False, problem="half a status word"),
        Call(2002.0, 2002.0, 2002.5, 0x80000999, (), censored=False),
        Call(2003.0, 2003.0, 2003.5, 0, (MemberStatus(B, 0),), censored=False),
    ]
    first = run(3, [failing(A), *spread(20, failing(B)), hung(), cut_off(), without_list(0xE0)], ages=[0.0, 1.0, 6.0])
    made = [
        first,
        replace(run(60, [clean(3.5)] * 5, purpose="ceiling"), session=True),
        replace(first, calls=(*first.calls, *odd)),
    ]
    read = earlier_evidence(saved(tmp_path, made), PLAN, SESSION)
    assert without_clock(read.runs) == without_clock(tuple(made))
    assert (read.group, read.layout, read.library_state) == (GROUP, "serial20", "1 bytes, 2 ns")
    assert judge(PLAN, read.runs).verdict == judge(PLAN, made).verdict
    before = [call.intended for one in made for call in one.calls]
    after = [call.intended for one in read.runs for call in one.calls]
    assert [at - after[0] for at in after] == pytest.approx([at - before[0] for at in before], abs=1e-4)


def test_a_group_with_a_serial_number_listed_twice_keeps_it(tmp_path: Path) -> None:
    twice = tuple(MemberStatus(serial, 0) for serial in (A, A, B))
    made = [run(3, [clean()] * 3)]
    made = [replace(made[0], calls=tuple(replace(call, members=twice) for call in made[0].calls))]
    read = earlier_evidence(saved(tmp_path, made), PLAN, SESSION)
    assert without_clock(read.runs) == without_clock(tuple(made))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"host": "elsewhere"}, "the host was elsewhere, and is"),
        ({"configured_seconds": 5}, "the statusTimeout was 5, and is 3"),
        ({"config_path": "/b.conf"}, "the file was /b.conf, and is /etc/Chrystoki.conf"),
        ({"library": {"path": "/lib/y.so", "layout": None, "state": None}}, "the library was /lib/y.so, and is /lib/x"),
        ({"config_sha256": "0"}, "the content of /etc/Chrystoki.conf has changed"),
        ({"continuable": False}, "cannot be continued"),
    ],
)
def test_evidence_of_something_else_is_refused_and_said_so(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    path = saved(tmp_path, runs(3, spread(20)), **changes)
    with pytest.raises(UsageError) as raised:
        earlier_evidence(path, PLAN, SESSION)
    assert said in raised.value.message
    assert path in raised.value.message
    assert "Leave out --resume" in raised.value.message


@pytest.mark.parametrize("plan", [plan_for(0.1), plan_for(confidence=0.99)])
def test_evidence_of_another_question_is_refused(tmp_path: Path, plan: Any) -> None:
    with pytest.raises(UsageError, match=r"the (share tolerated|confidence) was 0\.\d+, and is 0\.\d+"):
        earlier_evidence(saved(tmp_path, runs(3, spread(20))), plan, SESSION)


def test_another_group_and_another_library_show_when_the_library_is_asked(tmp_path: Path) -> None:
    read = earlier_evidence(saved(tmp_path, runs(3, spread(20))), PLAN, SESSION)
    read.must_fit(FoundGroup("renamed", "1154438865287", 4), "1 bytes, 2 ns")  # zeros and slots are no difference
    read.must_fit(None, "")
    with pytest.raises(UsageError, match="the HA group was 1154438865287, and is 99"):
        read.must_fit(FoundGroup("signing", "99", 0), "")
    with pytest.raises(UsageError, match="the library file"):
        read.must_fit(GROUP, "1 bytes, 3 ns")
    Earlier().must_fit(GROUP, "1 bytes, 3 ns")


def test_a_check_whose_certainty_is_spent_or_whose_file_was_modified_is_not_continued(tmp_path: Path) -> None:
    for changes in ({"is_last": True}, {"modified": True}):
        with pytest.raises(UsageError, match="cannot be continued"):
            earlier_evidence(saved(tmp_path, runs(3, spread(20)), result=changes), PLAN, SESSION)


def damaged() -> list[tuple[str, Any]]:
    def change(key: str, value: Any) -> Any:
        return lambda seen: seen["runs"][0].update({key: value})

    return [
        ("another version", lambda seen: seen.update(version=1)),
        ("no runs", lambda seen: seen.pop("runs")),
        ("fewer times", change("times", [0.1])),
        ("fewer starts", change("starts", [])),
        ("a negative time", change("times", [-1.0] * 20)),
        ("times that are words", change("times", ["soon"] * 20)),
        ("a purpose", change("purpose", "fun")),
        ("a limit of zero", change("limit_seconds", 0)),
        ("lost calls that are clean", change("times", [None] * 20)),
        ("clean calls without members", change("members", [])),
        ("a failed call too many", lambda seen: seen["runs"][0]["failed"][0].update(call=20)),
        ("an unknown code", lambda seen: seen["runs"][0]["failed"][0].update(return_code="CKR_FUN")),
        ("an unknown status", lambda seen: seen["runs"][0]["failed"][0].update(statuses={A: "0xyz"})),
        ("a code of a lost call", lambda seen: seen["runs"][0]["times"].__setitem__(0, None)),
        ("no date", lambda seen: seen.update(started_at="soon")),
        ("something more", lambda seen: seen.update(more=1)),
    ]


@pytest.mark.parametrize(("name", "damage"), damaged(), ids=[name for name, _ in damaged()])
def test_a_damaged_file_is_one_error_that_names_it(tmp_path: Path, name: str, damage: Any) -> None:
    path = saved(tmp_path, [run(3, spread(20, failing(C)))])
    seen = json.loads((tmp_path / "evidence.json").read_text())
    damage(seen)
    (tmp_path / "evidence.json").write_text(json.dumps(seen))
    with pytest.raises(FileError, match="is not, or not wholly, the JSON output of confkit check") as raised:
        earlier_evidence(path, PLAN, SESSION)
    assert raised.value.path == path, name


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"[" * 100_000, b'{"version": 2}'])
def test_what_is_no_output_of_a_check_is_one_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "evidence.json"
    path.write_bytes(data)
    with pytest.raises(FileError, match="JSON output of confkit check"):
        earlier_evidence(str(path), PLAN, SESSION)


@pytest.mark.parametrize("size", [0.2, 0.5, 0.9])
def test_a_file_cut_short_is_one_error(tmp_path: Path, size: float) -> None:
    path = saved(tmp_path, runs(3, spread(20)))
    whole = (tmp_path / "evidence.json").read_bytes()
    (tmp_path / "evidence.json").write_bytes(whole[: int(size * len(whole))])
    with pytest.raises(FileError, match="JSON output of confkit check"):
        earlier_evidence(path, PLAN, SESSION)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file"):
        earlier_evidence(str(tmp_path / "none"), PLAN, SESSION)


def test_the_digest_changes_with_the_file_and_says_nothing_of_its_secrets() -> None:
    other = DATA.replace(b"hunter22", b"rosebud1")
    assert replace(SESSION, data=other).digest == SESSION.digest
    assert replace(SESSION, data=DATA.replace(b"= 3", b"= 4")).digest != SESSION.digest
