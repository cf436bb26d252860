"""`confkit check --format prometheus` and `--format html` as a user runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan
from testing.command import confkit
from testing.programs import needs

if TYPE_CHECKING:
    from pathlib import Path

FEW = ("--calls", "5", "--tolerate", "0.5", "--quiet")


@pytest.fixture(autouse=True)
def _compiler() -> None:
    needs("gcc")


def test_metrics_and_page_of_a_group_with_a_member_that_is_down() -> None:
    with running_group(
        [MemberPlan(), MemberPlan(fault=Fault("refuse"))], second_ms=20, status_timeout=20, report_early=True
    ) as group:
        metrics = confkit("check", *FEW, "--format", "prometheus", "-c", group.config_path)
        page = confkit("check", *FEW, "--format", "html", "-c", group.config_path)
        serial = group.members[1].serial
    assert (metrics.code, metrics.err, page.code, page.err) == (1, "", 1, "")
    assert f'luna_ha_check_member_state{{group="emulated",member="{serial}",state="down"}} 1.0\n' in metrics.out
    assert page.out.startswith("<!DOCTYPE html>\n")
    assert page.out.endswith("</html>\n")
    assert f"<td>{serial}</td><td>down</td>" in page.out


@pytest.mark.parametrize(
    ("form", "text"), [("prometheus", 'verdict="unavailable"} 1'), ("html", ">unavailable</span>")]
)
def test_an_unusable_library_is_exit_code_3(tmp_path: Path, form: str, text: str) -> None:
    (tmp_path / "Chrystoki.conf").write_text("Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n")
    result = confkit("check", "-c", str(tmp_path), "--format", form)
    assert result.code == 3
    assert text in result.out
