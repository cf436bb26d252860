"""Who may read and write: the answer of the system, and without root that of the mode bits, which must agree."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confkit.core.errors import UsageError
from confkit.preflight.observations import Account, Permission, Question
from confkit.preflight.probes import access
from confkit.preflight.probes.access import ask
from confkit.preflight.probes.accounts import account_of, own_account
from confkit.preflight.probes.tree import open_tree
from testing.host import OFFLINE, Host
from testing.programs import needs, needs_root

ACCOUNT = Account("application", 4321, 5432, (5432, 6543))
OWNERS = st.sampled_from([0, 4321, 999])
GROUPS = st.sampled_from([0, 5432, 6543, 999])
MODES = st.integers(0, 0o777)


@pytest.fixture
def as_root() -> None:
    needs_root("only root may become another user")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may search, from the root on; those of pytest are closed to others."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def answers(folder: Path, questions: list[Question], account: Account | None = ACCOUNT) -> list[Permission]:
    with open_tree(str(folder)) as tree:
        found = dict(ask(tree, account, questions))
    return [found.get(number, "unknown") for number in range(len(questions))]


def by_mode(folder: Path, question: Question, account: Account = ACCOUNT) -> Permission:
    """Permission as a process would that is neither root nor the user."""
    with open_tree(str(folder)) as tree:
        return access._answer(tree, question, may=access._by_mode_for(account), refused="unknown")


def give(path: Path, mode: int, owner: int, group: int) -> None:
    os.chown(path, owner, group)
    path.chmod(mode)


@pytest.mark.usefixtures("as_root")
@given(st.tuples(MODES, OWNERS, GROUPS), st.tuples(MODES, OWNERS, GROUPS), st.tuples(MODES, OWNERS, GROUPS))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mode_bits_and_the_system_agree(
    open_folder: Path, way: tuple[int, int, int], file: tuple[int, int, int], folder: tuple[int, int, int]
) -> None:
    top = open_folder / "way"
    (top / "folder").mkdir(parents=True)
    (top / "file").write_text("")
    try:
        give(top / "file", *file)
        give(top / "folder", *folder)
        give(top, *way)
        asked = [
            Question("/way/file", "read"),
            Question("/way/folder", "add"),
            Question("/way/file", "append"),
            Question("/way/folder/new", "append"),
            Question("/way/../way/./folder/../file", "read"),
        ]
        assert answers(open_folder, asked) == [by_mode(open_folder, question) for question in asked]
    finally:
        shutil.rmtree(top)


@pytest.mark.usefixtures("as_root")
def test_a_path_that_leads_nowhere_is_not_known_to_be_readable(open_folder: Path) -> None:
    asked = [Question("/none/file", "read"), Question("/none/file", "append")]
    assert answers(open_folder, asked) == ["unknown", "unknown"]
    assert [by_mode(open_folder, each) for each in asked] == ["unknown", "unknown"]


@pytest.mark.usefixtures("as_root")
def test_an_access_control_list_counts_for_root_and_is_unknown_without(open_folder: Path) -> None:
    needs("setfacl")
    file = open_folder / "key"
    file.write_text("")
    file.chmod(0o600)
    asked = Question("/key", "read")
    assert (answers(open_folder, [asked]), by_mode(open_folder, asked)) == (["no"], "no")
    subprocess.run(["setfacl", "-m", "u:4321:r", str(file)], check=True)
    assert (answers(open_folder, [asked]), by_mode(open_folder, asked)) == (["yes"], "unknown")


@pytest.mark.usefixtures("as_root")
def test_the_user_s_own_way_begins_at_the_root_of_the_image(tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.mkdir(mode=0o755)
    (image / "file").write_text("")
    tmp_path.chmod(0o700)  # the folders above an image are no matter of the user in it
    assert answers(image, [Question("/file", "read"), Question("/file", "append")]) == ["yes", "no"]


def test_this_process_asks_for_itself(tmp_path: Path) -> None:
    asked = [Question("/", "add"), Question("/new", "append"), Question("/none/x", "read")]
    assert answers(tmp_path, asked, None) == ["yes", "yes", "unknown"]
    assert answers(tmp_path, asked, own_account()) == ["yes", "yes", "unknown"]


def test_nothing_is_answered_where_nothing_is_asked(tmp_path: Path) -> None:
    assert answers(tmp_path, []) == []


@pytest.mark.usefixtures("as_root")
def test_a_child_that_cannot_become_the_user_knows_nothing(open_folder: Path) -> None:
    nobody = ACCOUNT._replace(uid=2**32)  # no uid: setuid fails
    assert answers(open_folder, [Question("/", "add")], nobody) == ["unknown"]
    assert set(get_args(Permission)) == {"yes", "no", "unknown"}


def test_root_is_granted_everything() -> None:
    status = os.stat("/")
    assert access._granted(ACCOUNT._replace(uid=0), status) == 7


def test_an_account_of_this_host_by_name_and_by_number() -> None:
    root = pwd.getpwuid(0)
    with open_tree(None) as tree:
        assert account_of(root.pw_name, tree)[:3] == (root.pw_name, 0, 0)
        assert account_of("0", tree) == account_of(root.pw_name, tree)
        assert account_of("3999999999", tree) == Account("3999999999", 3999999999, 0, (0,))


@pytest.mark.parametrize(
    "name", ["no such user", "", "-1", "4294967295", "99999999999999999999", "a\0b", "\udcff", "\u0661"]
)
def test_an_account_that_does_not_exist(tmp_path: Path, name: str) -> None:
    for root in (None, str(tmp_path)):
        with open_tree(root) as tree, pytest.raises(UsageError, match="there is no user"):
            account_of(name, tree)


def test_an_account_of_an_image(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").write_text("root:x:0:0\n# no user\nhsm:x:1000:2000:HSM:/:/bin/sh\nbad:x:one:2\n")
    (tmp_path / "etc" / "group").write_text("hsm:x:2000:\nhsmusers:x:3000:a,hsm\nodd:x:x:hsm\nother:x:4000:a\nshort\n")
    with open_tree(str(tmp_path)) as tree:
        assert account_of("hsm", tree) == Account("hsm", 1000, 2000, (2000, 3000))
        assert account_of("1000", tree).name == "hsm"
        assert account_of("77", tree) == Account("77", 77, 0, (0,))
        with pytest.raises(UsageError):
            account_of("bad", tree)
        (tmp_path / "etc" / "group").unlink()
        assert account_of("hsm", tree).groups == (2000,)


@pytest.mark.parametrize(
    ("user", "more", "gid", "groups"),
    [
        ("1001:986", (), 986, (986,)),
        ("1001:hsmusers", (), 3000, (3000,)),
        ("hsm", ("986", "hsmusers"), 2000, (2000, 3000, 986)),
        ("hsm:986", ("2000",), 986, (986, 2000)),
        ("1001", ("986",), 0, (0, 986)),
        ("1000:0", (), 0, (0,)),
    ],
)
def test_groups_as_containers_and_pods_give_them(
    tmp_path: Path, user: str, more: tuple[str, ...], gid: int, groups: tuple[int, ...]
) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").write_text("hsm:x:1000:2000:HSM:/:/bin/sh\n")
    (tmp_path / "etc" / "group").write_text("hsm:x:2000:\nhsmusers:x:3000:a,hsm\n")
    with open_tree(str(tmp_path)) as tree:
        account = account_of(user, tree, more)
    assert (account.gid, set(account.groups)) == (gid, set(groups))


@pytest.mark.parametrize(("user", "more"), [("0:no-such", ()), ("0:", ()), ("0", ("-1",)), ("0:0:0", ()), ("0", ("",))])
def test_a_group_that_does_not_exist(tmp_path: Path, user: str, more: tuple[str, ...]) -> None:
    for root in (None, str(tmp_path)):
        with open_tree(root) as tree, pytest.raises(UsageError, match="there is no group"):
            account_of(user, tree, more)


@pytest.mark.usefixtures("as_root")
def test_a_group_opens_what_a_user_alone_may_not_read(open_folder: Path) -> None:
    host = Host(open_folder)
    host.sections["HAConfiguration"].clear()
    host.sections["Misc"].clear()
    give(host.folder / "clientKey.pem", 0o640, 0, 986)
    denied = [("CKP03", "error", "ClientPrivKeyFile")]
    assert host.found(OFFLINE._replace(user="1001")) == denied
    assert host.found(OFFLINE._replace(user="1001:985")) == denied
    assert host.found(OFFLINE._replace(user="1001:986")) == []
    assert host.found(OFFLINE._replace(user="1001", groups=("985", "986"))) == []


@pytest.mark.usefixtures("as_root")
def test_a_process_whose_user_has_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 3999999999)
    assert own_account().name == "3999999999"


@pytest.mark.usefixtures("as_root")
def test_a_user_who_may_not_read_and_write(open_folder: Path) -> None:
    host = Host(open_folder)
    found = host.found(OFFLINE._replace(user="4321"))
    assert found == [
        ("CKP43", "warning", "MutexFolder"),
        ("CKP03", "error", "ClientPrivKeyFile"),
        ("CKP43", "error", "haLogPath"),
    ]
    give(host.folder / "clientKey.pem", 0o640, 0, 0)
    give(host.folder / "log", 0o770, 0, 0)
    give(host.folder / "lock", 0o700, 4321, 0)
    assert host.found(OFFLINE._replace(user="4321")) == []
    host.folder.joinpath("Chrystoki.conf").chmod(0o600)
    (finding,) = host.look(OFFLINE._replace(user="4321")).diagnostics
    assert (finding.code, finding.line, finding.key) == ("CKP03", 1, None)
