"""Files, folders and permissions: missing, of the wrong kind, closed to the application, open to everybody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from confkit.core.errors import FileError, UsageError
from confkit.lint.linter import lint
from confkit.preflight.checks.files import not_checked
from confkit.preflight.observations import FileContent, Status
from confkit.preflight.probes.host import observe
from confkit.preflight.probes.look import PreflightSettings
from confkit.preflight.run import CHECKS, RULES, preflight
from testing.host import OFFLINE, Host
from testing.programs import REPOSITORY

KEYS = {
    "lib.so": "LibUNIX64",
    "client.pem": "ClientCertFile",
    "clientKey.pem": "ClientPrivKeyFile",
    "CAFile.pem": "ServerCAFile",
}


@pytest.mark.parametrize(("name", "key"), KEYS.items())
def test_a_file_that_is_missing(host: Host, name: str, key: str) -> None:
    (host.folder / name).unlink()
    assert host.found() == [("CKP01", "error", key)]
    assert host.message("CKP01").endswith(f"{host.path(name)} does not exist: No such file or directory")


def test_a_link_that_leads_nowhere(host: Host) -> None:
    (host.folder / "client.pem").unlink()
    (host.folder / "client.pem").symlink_to("elsewhere.pem")
    assert host.found() == [("CKP01", "error", "ClientCertFile")]


@pytest.mark.parametrize(("name", "key"), KEYS.items())
def test_a_folder_in_the_place_of_a_file(host: Host, name: str, key: str) -> None:
    (host.folder / name).unlink()
    (host.folder / name).mkdir()
    assert host.found() == [("CKP02", "error", key)]
    assert "is a directory, not a file" in host.message("CKP02")


def test_a_fifo_in_the_place_of_a_file(host: Host) -> None:
    (host.folder / "client.pem").unlink()
    os.mkfifo(host.folder / "client.pem")
    assert host.found() == [("CKP02", "error", "ClientCertFile")]


def test_the_openssl_configuration_is_a_warning(host: Host) -> None:
    (host.folder / "openssl.cnf").unlink()
    assert host.found() == [("CKP01", "warning", "SSLConfigFile")]


def test_relative_paths_are_told_and_not_followed(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(host.folder)
    host.write("garbage.pem", b"")
    host.sections["LunaSA Client"]["ClientCertFile"] = "garbage.pem"
    host.sections["Chrystoki2"]["LibUNIX64"] = "./lib.so"
    host.sections["HAConfiguration"]["haLogPath"] = "."
    keys = ["LibUNIX64", "ClientCertFile", "haLogPath"]
    assert host.found() == [("CKP05", "info", key) for key in keys]


def test_a_windows_file_is_an_error_and_only_its_hosts_are_looked_for(host: Host) -> None:
    path = host.folder / "crystoki.ini"
    path.write_text(
        "[LunaSA Client]\nClientCertFile=C:\\none.pem\nserverNAME00=" + "y" * 64 + "\n[Chrystoki2]\nLibNT=C:\\x.dll\n"
    )
    found = preflight(str(path), {}, PreflightSettings()).diagnostics
    assert [(each.code, each.line) for each in found] == [("CKP06", 1), ("CKP51", 3)]


def test_an_empty_file_is_judged(host: Host) -> None:
    host.sections = {}
    assert host.found() == [("CKP07", "error", None)]


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", " \t\n", "# Chrystoki2 = {\n# LibUNIX64 = /x.so;\n# }\n", "Chrystoki2 = {\n}\n", "\ufeff", "\0\0\0"],
)
def test_a_file_that_configures_nothing_is_an_error(host: Host, text: str) -> None:
    path = host.config()
    path.write_text(text)
    (finding,) = preflight(str(path), {}, OFFLINE).diagnostics
    assert (finding.code, finding.severity, finding.line) == ("CKP07", "error", 1)
    assert "nothing is configured here" in finding.message


@pytest.mark.parametrize("text", ["[global]\nname=x\n", "Foo = {\n   a = 1;\n}\n", "Luna2 = {\n LibUNIX = /x;\n}\n"])
def test_a_file_without_a_section_of_the_client_is_an_error(host: Host, text: str) -> None:
    path = host.config()
    path.write_text(text)
    assert "CKP07" in {each.code for each in preflight(str(path), {}, OFFLINE).diagnostics}


def test_the_file_of_an_image_that_is_too_large_is_not_cut(host: Host) -> None:
    (host.folder / "etc").mkdir()
    path = host.folder / "etc" / "Chrystoki.conf"
    host.config().rename(path)
    with path.open("a") as file:
        file.truncate((1 << 26) + 1)
    with pytest.raises(FileError, match="larger than 64 MiB"):
        preflight(None, {}, OFFLINE._replace(root=str(host.folder)))


@pytest.mark.parametrize(("name", "noted"), [("chrystoki.conf", True), ("CHRYSTOKI.CONF", True), ("luna.conf", False)])
def test_a_name_that_the_client_does_not_read(host: Host, name: str, noted: bool) -> None:
    path = host.config().rename(host.folder / name)
    found = preflight(str(path), {}, OFFLINE).diagnostics
    assert [(each.code, each.severity) for each in found] == ([("CKP10", "info")] if noted else [])
    if noted:
        assert found[0].message == f"the client reads Chrystoki.conf, not {name}"
        assert preflight(str(host.folder), {}, OFFLINE).diagnostics == found


@pytest.mark.parametrize("name", ["haErrorLog.txt", "log/haErrorLog.txt", "ha.log", "HA.LOG"])
def test_a_log_path_that_names_a_file_wants_its_directory(host: Host, name: str) -> None:
    host.sections["HAConfiguration"]["haLogPath"] = host.path(name)
    assert host.found() == [("CKP42", "error", "haLogPath")]
    (finding,) = host.look().diagnostics
    assert "wants the directory" in finding.message
    assert finding.help == f"Name the directory: {os.path.dirname(host.path(name))}"
    (host.folder / "log").mkdir(exist_ok=True)
    host.write(name, b"")
    assert host.found() == [("CKP42", "error", "haLogPath")]


@pytest.mark.parametrize("enabled", [None, "0", "1"])
@pytest.mark.parametrize("key", ["LibUNIX64", "LibUNIX"])
def test_the_call_logger_needs_the_library_behind_it(host: Host, enabled: str | None, key: str) -> None:
    host.write("libcklog2.so", (host.folder / "lib.so").read_bytes())
    host.sections["Chrystoki2"] = {key: host.path("libcklog2.so")}
    log = host.sections["CkLog2"] = {} if enabled is None else {"Enabled": enabled}
    info = [("CKP13", "info", "LibUNIX")] if key == "LibUNIX" else []
    assert sorted(host.found()) == sorted([*info, ("CKP15", "error", key)])
    host.sections["Chrystoki2"] = {"LibUNIX64": host.path("libcklog2.so")}
    log["LibUNIX64"] = host.path("none.so")
    assert host.found() == [("CKP01", "error", "LibUNIX64")]
    log["LibUNIX64"] = host.path("libcklog2.so")
    assert host.found() == [("CKP15", "error", "LibUNIX64")]
    assert host.message("CKP15").endswith("libcklog2.so is the call logger itself")
    log["LibUNIX64"] = host.path("lib.so")
    assert host.found() == []


@pytest.mark.parametrize(
    ("mode", "wrong"), [(0o600, False), (0o640, False), (0o660, False), (0o644, True), (0o602, True)]
)
def test_a_private_key_that_is_open_to_everybody(host: Host, mode: int, wrong: bool) -> None:
    (host.folder / "clientKey.pem").chmod(mode)
    assert host.found() == ([("CKP31", "error", "ClientPrivKeyFile")] if wrong else [])
    if wrong:
        assert f"(mode {mode:04o})" in host.message("CKP31")


@pytest.mark.parametrize(("mode", "wrong"), [(0o600, False), (0o640, False), (0o644, True), (0o602, True)])
def test_a_configuration_with_a_secret_that_is_open_to_everybody(host: Host, mode: int, wrong: bool) -> None:
    host.sections["REST"] = {"AuthTokenClientSecret": "CANARY"}
    host.config().chmod(mode)
    assert host.found() == ([("CKP32", "warning", "AuthTokenClientSecret")] if wrong else [])
    if wrong:
        assert "CANARY" not in host.message("CKP32")


def test_a_configuration_without_a_secret_may_be_open(host: Host) -> None:
    host.sections["REST"] = {"AuthTokenClientSecret": ""}
    host.config().chmod(0o666)
    assert host.found() == []


@pytest.mark.parametrize(
    ("key", "name", "severity"), [("haLogPath", "log", "error"), ("MutexFolder", "lock", "warning")]
)
def test_a_folder_that_is_missing_or_none(host: Host, key: str, name: str, severity: str) -> None:
    (host.folder / name).rmdir()
    assert host.found() == [("CKP41", severity, key)]
    host.write(name, b"")
    assert host.found() == [("CKP42", severity, key)]


def test_the_files_of_the_call_log(host: Host) -> None:
    log = {
        "Enabled": "1",
        "LibUNIX64": host.path("lib.so"),
        "File": host.path("log/new.txt"),
        "Error": host.path("old.txt"),
    }
    host.write("old.txt", b"")
    host.sections["CkLog2"] = log
    assert host.found() == []
    log |= {"File": host.path("none/new.txt"), "Error": host.path("log")}
    assert host.found() == [("CKP41", "error", "File"), ("CKP42", "error", "Error")]
    assert host.message("CKP42") == f"{host.path('log')} is a directory"
    log |= {"File": host.path("old.txt/new.txt"), "Error": "/dev/stdout"}
    assert host.found() == [("CKP42", "error", "File")]
    log["Enabled"] = "0"
    assert host.found() == []


@pytest.mark.parametrize(
    "value", ["$HOME/x", "${X}/y", "/opt/<path>/z", "__X__", "@@X@@", "{{ x }}", "CHANGEME", "%X%", "~/x", "/a/$(X)"]
)
@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("Chrystoki2", "LibUNIX64"),
        ("LunaSA Client", "ClientCertFile"),
        ("LunaSA Client", "ServerName00"),
        ("LunaSA Client", "ServerPort00"),
        ("HAConfiguration", "haLogPath"),
    ],
)
def test_a_value_left_by_a_template_is_one_finding(host: Host, section: str, key: str, value: str) -> None:
    host.sections[section][key] = value
    assert host.found() == [("CKP09", "error", key)]


def test_a_secret_left_by_a_template_is_not_quoted(host: Host) -> None:
    host.sections["REST"] = {"AuthTokenClientSecret": "${CANARY}"}
    host.config().chmod(0o600)
    assert host.found() == []


def test_a_file_whose_reading_fails_is_not_passed(host: Host) -> None:
    host.sections["LunaSA Client"]["ClientCertFile"] = "/proc/self/mem"  # a regular file; its first byte is not there
    assert host.found() == [("CKP04", "warning", "ClientCertFile")]
    assert host.message("CKP04").endswith("was not read: Input/output error")


def test_what_could_not_be_asked_is_told(host: Host) -> None:
    """The checks alone, over what a process sees that may not search a folder."""
    seen = observe(str(host.config()), {}, OFFLINE)
    forbidden = FileContent(Status("forbidden"))
    unknown = seen._replace(
        host=seen.host._replace(answers={}),
        files=tuple(each._replace(content=forbidden) for each in seen.files),
        directories=tuple(each._replace(answer="unknown") for each in seen.directories),
    )
    found = [(each.key, each.severity) for each in not_checked(unknown)]
    keys = [
        "LibUNIX64",
        "ClientCertFile",
        "ClientPrivKeyFile",
        "ServerCAFile",
        "SSLConfigFile",
        "haLogPath",
        "MutexFolder",
    ]
    assert found == [(key, "info") for key in keys]
    refused = unknown._replace(
        files=tuple(each._replace(content=forbidden._replace(unread="Permission denied")) for each in unknown.files)
    )
    assert [each.severity for each in not_checked(refused)] == [None] * 5 + ["info"] * 2


def test_a_file_that_cannot_be_read_is_an_error(host: Host) -> None:
    with pytest.raises(FileError, match="no such file"):
        preflight(host.path("none.conf"), {}, OFFLINE)


def test_the_variable_names_the_folder(host: Host) -> None:
    host.config()
    result = preflight(None, {"ChrystokiConfigurationPath": str(host.folder)}, OFFLINE)
    assert (result.path, result.diagnostics) == (host.path("Chrystoki.conf"), ())


def test_the_file_of_an_image(host: Host) -> None:
    (host.folder / "etc").mkdir()
    host.sections = {"Chrystoki2": {"LibUNIX64": "/../lib.so"}, "LunaSA Client": {"ClientCertFile": "/none.pem"}}
    host.config().rename(host.folder / "etc" / "real.conf")
    (host.folder / "etc" / "Chrystoki.conf").symlink_to("/etc/real.conf")
    settings = OFFLINE._replace(root=str(host.folder))
    result = preflight(None, {"ChrystokiConfigurationPath": "/none"}, settings)
    assert result.path == host.path("etc/Chrystoki.conf")
    assert [(each.code, each.key) for each in result.diagnostics] == [("CKP01", "ClientCertFile")]


def test_an_image_without_a_file(host: Host) -> None:
    settings = OFFLINE._replace(root=str(host.folder))
    with pytest.raises(FileError, match="No such file"):
        preflight(None, {}, settings)
    with pytest.raises(UsageError):
        preflight(None, {}, OFFLINE._replace(root=host.path("none")))


def test_certificates_are_not_passed_unseen_without_cryptography(host: Host) -> None:
    code = "import sys; sys.modules['cryptography'] = None; from confkit.cli.main import main; main()"
    arguments = ["preflight", "--offline", "-c", str(host.config())]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "error CKP29 certificates and keys were not read" in done.stdout
    assert "1 file: 1 error, 0 warnings, 0 infos" in done.stdout


def test_every_check_has_a_code_of_its_own_and_a_page() -> None:
    codes = [check.code for check in CHECKS]
    assert codes == sorted(set(codes))
    assert len({check.name for check in CHECKS}) == len(codes)
    for rule, check in zip(RULES, CHECKS, strict=True):
        assert rule[:3] == check[:3]
        assert rule.find.__doc__ == check.find.__doc__
        assert "## Why" in (rule.find.__doc__ or "")
        assert "## What to do" in (rule.find.__doc__ or "")


def test_the_rules_find_nothing_without_a_host(host: Host) -> None:
    document = host.look().document
    assert lint(document, "Chrystoki.conf", RULES) == []


def test_paths_of_megabytes_are_cut_in_messages(host: Host) -> None:
    host.sections["LunaSA Client"]["ClientCertFile"] = "/" + "y" * 100_000
    assert len(host.message("CKP01")) < 300


def test_a_path_of_megabytes_is_refused_and_not_walked(host: Host) -> None:
    host.sections["LunaSA Client"]["ClientCertFile"] = "/" + "tmp/../" * 300_000 + "y.pem"
    assert host.message("CKP01").endswith("File name too long")  # where it was walked: No such file or directory


@pytest.mark.parametrize("sample", sorted(path.name for path in (REPOSITORY / "samples" / "broken").glob("*.conf")))
def test_the_broken_samples_are_looked_at(sample: str) -> None:
    result = preflight(str(REPOSITORY / "samples" / "broken" / sample), {}, OFFLINE)
    assert all(each.code.startswith("CKP") for each in result.diagnostics)


def test_the_path_of_the_file_may_be_a_folder(tmp_path: Path) -> None:
    host = Host(tmp_path)
    host.config()
    assert preflight(str(tmp_path), {}, OFFLINE).path == host.path("Chrystoki.conf")


def test_the_page_lists_every_check() -> None:
    page = (REPOSITORY / "docs" / "how-to" / "check-a-host.md").read_text()
    rows = [
        tuple(cell.strip() for cell in line.split("|")[1:4]) for line in page.splitlines() if line.startswith("| CKP")
    ]
    assert rows == [(check.code, check.name, check.severity) for check in CHECKS]
