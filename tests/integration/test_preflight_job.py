"""The Job in samples/kubernetes: valid for Kubernetes, and its commands run as a pod would run them."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml

from confkit.emulator.group import EmulatedGroup, running_group
from confkit.emulator.plans import Fault, MemberPlan
from testing.programs import REPOSITORY, needs, needs_root, unmeasured

SAMPLES = REPOSITORY / "samples" / "kubernetes"
JOB = yaml.safe_load((SAMPLES / "preflight-job.yaml").read_text())
POD = JOB["spec"]["template"]["spec"]
PREFLIGHT, CHECK = POD["initContainers"][0], POD["containers"][0]
FEW = ("--calls", "5", "--tolerate", "0.5")

# What the kubelet does with readOnlyRootFilesystem and an emptyDir. An interpreter in a folder that is closed to others,
# as below /root, is first put where they can reach it; the image of a pod has it in such a place.
_CONFINED = """
set -e
if [ -n "$CLOSED" ]; then
    mount --bind "$PREFIX" "$POD/python"
    mount -t tmpfs -o mode=755 none "$CLOSED"
    mkdir -p "$PREFIX"
    mount --bind "$POD/python" "$PREFIX"
fi
mount -o remount,ro,bind /
mount -t tmpfs -o mode=1777 none "$POD/tmp"
exec "$@"
"""


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
@pytest.mark.parametrize("version", ["1.28", "1.34"])
def test_kubernetes_takes_the_samples(path: Path, version: str) -> None:
    documents = list(yaml.safe_load_all(path.read_text()))
    assert documents
    for document in documents:
        kubernetes_validate.validate(document, version, strict=True)


def test_a_misspelt_field_would_be_seen() -> None:
    spoilt = {**JOB, "spec": {**JOB["spec"], "backOffLimit": 0}}
    with pytest.raises(kubernetes_validate.ValidationError, match="backOffLimit"):
        kubernetes_validate.validate(spoilt, "1.34", strict=True)


def test_the_job_is_confined_and_its_exit_code_is_the_verdict() -> None:
    assert (JOB["spec"]["backoffLimit"], POD["restartPolicy"], POD["automountServiceAccountToken"]) == (
        0,
        "Never",
        False,
    )
    assert POD["securityContext"]["runAsNonRoot"]
    mounted = {volume["name"] for volume in POD["volumes"]}
    for container in (PREFLIGHT, CHECK):
        assert container["command"][0] == "confkit", "no shell in between: the exit code is confkit's own"
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert {mount["name"] for mount in container["volumeMounts"]} == mounted
    budget = float(CHECK["args"][CHECK["args"].index("--budget") + 1])
    assert budget + 60 < JOB["spec"]["activeDeadlineSeconds"]


@pytest.fixture
def pod() -> Iterator[Path]:
    """A folder that other users may enter; not one of pytest, which are closed to them."""
    needs("gcc", "unshare", "setpriv", "mount")
    needs_root("only root may make a file system read-only and become another user")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        (Path(folder) / "tmp").mkdir()
        (Path(folder) / "python").mkdir()
        yield Path(folder)


def within(pod: Path, group: EmulatedGroup) -> bytes:
    """Put a group's client library into the pod, as an image would have it, and return the file that names it there."""
    source = Path(group.config_path).read_bytes()
    (named,) = set(re.findall(rb"LibUNIX64 = (\S+);", source))
    (pod / "lib").mkdir()
    copy = shutil.copy(os.fsdecode(named), pod / "lib")
    return source.replace(named, os.fsencode(copy))


def mount_config_map(pod: Path, source: bytes) -> None:
    """Lay a file out as the kubelet does for a volume of a ConfigMap: behind two links, so that updates are atomic."""
    folder = pod / "etc" / "luna" / "..2026_11_23_00_00_00.1234567890"
    folder.mkdir(parents=True)
    (folder / "Chrystoki.conf").write_bytes(source)
    (folder.parent / "..data").symlink_to(folder.name)
    (folder.parent / "Chrystoki.conf").symlink_to("..data/Chrystoki.conf")


def run(pod: Path, container: dict[str, Any], *more: str) -> subprocess.CompletedProcess[str]:
    """Run the command of a container with its variables, as its user, without capabilities, on a read-only system."""
    program = [sys.executable, "-m", "confkit", *container["command"][1:], *container["args"], *more]
    return confined(pod, program, {each["name"]: f"{pod}{each['value']}" for each in container["env"]})


def confined(pod: Path, program: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    user, group = POD["securityContext"]["runAsUser"], POD["securityContext"]["runAsGroup"]
    identity = [f"--reuid={user}", f"--regid={group}", "--clear-groups", "--bounding-set=-all", "--no-new-privs"]
    closed = next((each for each in Path(sys.base_prefix).parents if not each.stat().st_mode & stat.S_IXOTH), "")
    prepared = {"POD": str(pod), "PREFIX": sys.base_prefix, "CLOSED": str(closed), "TMPDIR": str(pod / "tmp")}
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", _CONFINED, "sh", "setpriv", *identity, *program],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=pod,
        env={**unmeasured(), **prepared, **environment, "PYTHONPATH": str(REPOSITORY)},
    )


def test_it_is_confined_indeed(pod: Path) -> None:
    probe = "import os, tempfile; tempfile.mkdtemp(); print(os.getuid()); open('x', 'w')"
    done = confined(pod, [sys.executable, "-c", probe], {})
    assert (done.stdout, "Read-only file system" in done.stderr) == ("10001\n", True), done.stderr


def test_a_sound_group_lets_the_deployment_go_on(pod: Path) -> None:
    with running_group(2, status_timeout=5, report_early=True) as group:
        mount_config_map(pod, within(pod, group))
        preflight, check = run(pod, PREFLIGHT), run(pod, CHECK, *FEW)
    assert preflight.returncode == 0, preflight.stdout + preflight.stderr
    assert (check.returncode, "SUFFICIENT" in check.stdout) == (0, True), check.stdout + check.stderr


def test_a_member_without_its_partition_stops_it_and_the_private_copy_goes_to_the_empty_folder(pod: Path) -> None:
    """Preflight cannot see it: the port answers. Calls at 60 s are made with the private copy, or not at all."""
    plans = [MemberPlan(), MemberPlan(fault=Fault("removed"))]  # answers at once, so that no call lasts 60 s
    with running_group(plans, status_timeout=3, report_early=True) as group:
        mount_config_map(pod, within(pod, group))
        preflight, check = run(pod, PREFLIGHT), run(pod, CHECK, *FEW)
    assert preflight.returncode == 0, preflight.stdout + preflight.stderr
    assert (check.returncode, "MEMBER_DOWN" in check.stdout) == (1, True), check.stdout + check.stderr
    down = f"Down: {group.members[1].serial} (failed in 3 of 3 calls at 3 s, 2 of 2 at 60 s)."
    assert down in check.stdout, check.stdout


def test_a_member_that_is_down_is_seen_by_preflight_already(pod: Path) -> None:
    with running_group([MemberPlan(), MemberPlan()], status_timeout=3, report_early=True) as group:
        source = within(pod, group)
    mount_config_map(pod, source)
    preflight = run(pod, PREFLIGHT, "--timeout", "1")
    assert (preflight.returncode, "CKP52" in preflight.stdout) == (1, True), preflight.stdout + preflight.stderr


@pytest.mark.parametrize(
    ("source", "said"),
    [(b"Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n", "/no/such/lib.so"), (None, "Chrystoki.conf")],
)
def test_what_cannot_be_judged_stops_it_too(pod: Path, source: bytes | None, said: str) -> None:
    if source is None:
        (pod / "etc" / "luna").mkdir(parents=True)
    else:
        mount_config_map(pod, source)
    check = run(pod, CHECK)
    assert (check.returncode, said in check.stdout + check.stderr) == (3, True), check.stdout + check.stderr
