"""A rolling change of statusTimeout on eight hosts: over ssh, with a live check of an emulated HA group on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from testing.ansible_hosts import NAMES, OLD_PYTHON, OWNER
from testing.ansible_plays import ROLLING
from testing.ansible_site import Site
from testing.ansible_state import state, untouched

if TYPE_CHECKING:
    from testing.ansible_plays import Played

SLOW_MS = 3200  # answers within 10 s, and never within 3
SET = "Set statusTimeout"


def played(site: Site, *arguments: str, **variables: object) -> Played:
    return site.controller.run(ROLLING, *arguments, variables=variables)


def test_dry_run_then_change_then_nothing_left_to_change(site: Site) -> None:
    before = {host.name: untouched(host.file) for host in site.fleet.hosts}
    variables = {"status_timeout_seconds": 5, "rolling_serial": [4, 4]}

    dry = played(site, "--check", "--diff", **variables)

    assert dry.exit_code == 0, dry.output
    assert {host.name: untouched(host.file) for host in site.fleet.hosts} == before
    assert dry.hosts(changed=True) == set(NAMES)
    assert dry.output.count("+   statusTimeout = 5;") == len(NAMES)
    assert dry.output.count("-   statusTimeout = 10;") == len(NAMES)

    real = played(site, "--diff", **variables)

    assert real.exit_code == 0, real.output
    for host in site.fleet.hosts:
        old = before[host.name].state
        assert real.of(host.name, SET).result["diff"] == dry.of(host.name, SET).result["diff"]
        assert state(host.file) == old._replace(content=old.content.replace(b"Timeout = 10;", b"Timeout = 5;"))
        (backup,) = host.folder.glob("*.bak")
        assert state(backup) == old
        assert old.owner == OWNER
        assert "system.posix_acl_access" in old.extended
    assert site.used_old_python()
    changed = {host.name: untouched(host.file) for host in site.fleet.hosts}

    again = played(site, **variables)

    assert again.exit_code == 0, again.output
    assert again.hosts(changed=True) == set()
    assert {host.name: untouched(host.file) for host in site.fleet.hosts} == changed


def test_a_worse_verdict_is_rolled_back_and_stops_the_play(site: Site) -> None:
    before = {host.name: untouched(host.file) for host in site.fleet.hosts}
    site.host(OLD_PYTHON).group.set_latency(0, SLOW_MS)

    # four calls: two that fail, and after one at 60 s two more, which tell slow from down
    result = played(site, status_timeout_seconds=3, status_timeout_calls=4, rolling_serial=[1, 2, 5])

    assert result.exit_code != 0
    assert result.hosts(state="failed") == {OLD_PYTHON}
    back = untouched(site.host(OLD_PYTHON).file)
    assert back.state == before[OLD_PYTHON].state
    assert back.beside == before[OLD_PYTHON].beside  # the backup is the file again
    message = result.of(OLD_PYTHON, "Fail, for the change was taken back").result["msg"]
    assert "was sufficient before" in message
    assert "3 s it is insufficient" in message
    assert "Rolled back: /run/luna/Chrystoki.conf is byte for byte what it was" in message
    assert "NO MORE HOSTS LEFT" in result.output
    for name in ("h1", "h3"):  # their verdict stayed sufficient
        assert b"statusTimeout = 3;" in site.host(name).file.read_bytes()
    for name in NAMES[3:]:  # the next batch
        assert untouched(site.host(name).file) == before[name]
        assert [one for one in result.results if one.host == name] == []


def test_a_value_out_of_bounds_changes_nothing_anywhere(site: Site) -> None:
    before = {host.name: untouched(host.file) for host in site.fleet.hosts}

    result = played(site, status_timeout_seconds=61, rolling_serial=len(NAMES))

    assert result.exit_code != 0
    assert result.hosts(state="failed") == set(NAMES)
    for name in NAMES:
        message = result.of(name, "Ask whether the change can be made").result["msg"]
        assert "statusTimeout must be a whole number of seconds from 3 to 60" in message
        assert "'61'" in message
    assert {host.name: untouched(host.file) for host in site.fleet.hosts} == before
