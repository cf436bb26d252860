"""A group whose members are stopped, killed, slowed and cut off, and restored: the verdict follows the truth."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest

from testing.live_truth import OK, SLOW, TIGHT, allowed
from testing.programs import REPOSITORY, needs, needs_root, unmeasured

_HOUR = 3600
_SEED = 7
_CODES = {"sufficient": 0, "tight": 0, "insufficient": 1, "member_down": 1, "inconclusive": 3, "unavailable": 3}


def test_the_verdict_follows_the_truth(long_campaign: bool, capsys: pytest.CaptureFixture[str]) -> None:
    needs("gcc", "unshare", "ip", "iptables")
    needs_root("it makes a network namespace in which packets can be dropped")
    program = (
        f"ip link set lo up && exec {sys.executable} -m testing.live_chaos {_HOUR if long_campaign else 0} {_SEED}"
    )
    done = subprocess.run(
        ["unshare", "--net", "sh", "-c", program],
        cwd=REPOSITORY,
        env=unmeasured(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    checks = [json.loads(line) for line in done.stdout.splitlines()]
    with capsys.disabled():
        print(f"\n{len(checks)} checks under chaos: {dict(Counter(check['verdict'] for check in checks))}")
    assert len(checks) >= 20
    wrong = [check for check in checks if not follows_the_truth(check)]
    assert not wrong, "\n".join(map(json.dumps, wrong))


def follows_the_truth(check: dict[str, object]) -> bool:
    truth = allowed(tuple(check["before"]), tuple(check["after"]))  # type: ignore[arg-type]
    members = check["members"]
    assert isinstance(members, list)
    return (
        check["verdict"] in truth.group
        and check["code"] == _CODES[str(check["verdict"])]
        and all(member in right for member, right in zip(members, truth.members, strict=False))
    )


@pytest.mark.parametrize(
    ("before", "after", "verdicts"),
    [
        ((OK, OK), (OK, OK), {"sufficient"}),
        ((OK, TIGHT), (OK, TIGHT), {"tight"}),
        ((SLOW, "cut"), (SLOW, "cut"), {"insufficient"}),
        (("paused", TIGHT), ("paused", TIGHT), {"member_down"}),
        ((OK, "killed"), (OK, OK), {"member_down", "sufficient", "tight", "inconclusive"}),
        ((OK, SLOW), (OK, OK), {"insufficient", "sufficient", "tight", "inconclusive"}),
    ],
)
def test_the_truth_allows(before: tuple[str, ...], after: tuple[str, ...], verdicts: set[str]) -> None:
    assert allowed(before, after).group == verdicts
