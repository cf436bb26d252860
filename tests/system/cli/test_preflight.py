"""confkit preflight as a user runs it: every format, the exit codes, and nothing secret in any of them."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan
from testing import pki, ports
from testing.command import confkit
from testing.host import Host
from testing.programs import REPOSITORY, needs

FORMATS = ["text", "json", "sarif", "junit", "github", "gitlab", "nagios"]
CANARY = "CANARY5ecret"


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


@pytest.fixture
def faulty(host: Host) -> Host:
    """An expired certificate, a certificate that expires soon, an encrypted key: an error, a warning and an info."""
    host.write("client.pem", pki.pem(pki.certificate("client", pki.CLIENT_KEY, begins=-9, ends=-2)))
    host.write("clientKey.pem", pki.key_pem(pki.CLIENT_KEY, password=b"a password"), 0o600)
    host.write("CAFile.pem", pki.pem(pki.certificate("hsm1.example", ends=3)))
    return host


def test_a_good_host_is_clean(host: Host) -> None:
    with ports.accepting() as port:
        host.sections["LunaSA Client"] |= {"ServerName00": ports.HOST, "ServerPort00": str(port)}
        host.write("CAFile.pem", pki.pem(pki.certificate(ports.HOST)))
        done = confkit("preflight", "-c", str(host.config()))
    assert done == (0, "1 file: 0 errors, 0 warnings, 0 infos\n", "")


def test_a_folder_and_the_variable_find_the_file(host: Host) -> None:
    folder = str(host.config().parent)
    assert confkit("preflight", "--offline", "-c", folder).code == 0
    assert confkit("preflight", "--offline", environment={"ChrystokiConfigurationPath": folder}).code == 0


def test_text(faulty: Host) -> None:
    done = confkit("preflight", "--offline", "-c", str(faulty.config()))
    assert (done.code, done.err) == (1, "")
    assert f"error CKP25 the certificate {faulty.path('client.pem')} expired on" in done.out
    assert f"   ClientCertFile = {faulty.path('client.pem')};\n" in done.out
    assert done.out.endswith("1 file: 1 error, 1 warning, 1 info\n")


@pytest.mark.parametrize(
    ("fail_on", "ends", "code"),
    [("error", 3, 0), ("warning", 3, 1), ("info", 3, 1), ("warning", 99, 0), ("info", 99, 1)],
)
def test_the_severity_that_fails(faulty: Host, fail_on: str, ends: int, code: int) -> None:
    faulty.write("client.pem", pki.pem(faulty.client))
    faulty.write("CAFile.pem", pki.pem(pki.certificate("hsm1.example", ends=ends)))
    assert confkit("preflight", "--offline", "--fail-on", fail_on, "-c", str(faulty.config())).code == code


def test_json_is_what_the_linter_s_schema_says(faulty: Host) -> None:
    done = confkit("preflight", "--offline", "--format", "json", "-c", str(faulty.config()))
    seen = json.loads(done.out)
    jsonschema.validate(seen, json.loads((REPOSITORY / "schemas" / "json" / "lint.json").read_text()))
    assert [each["code"] for each in seen["diagnostics"]] == ["CKP25", "CKP23", "CKP27"]
    assert seen["summary"] == {"files": 1, "errors": 1, "warnings": 1, "infos": 1}


def test_sarif_lists_every_check_with_its_page(faulty: Host) -> None:
    done = confkit("preflight", "--offline", "--format", "sarif", "-c", str(faulty.config()))
    run = json.loads(done.out)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == ["CKP25", "CKP23", "CKP27"]
    assert "CKP53" in {rule["id"] for rule in rules}
    assert all("## What to do" in rule["help"]["text"] for rule in rules)


def test_junit_github_and_gitlab(faulty: Host) -> None:
    path = str(faulty.config())
    outs = [confkit("preflight", "--offline", "--format", each, "-c", path) for each in ("junit", "github", "gitlab")]
    assert [done.code for done in outs] == [1, 1, 1]
    assert ET.fromstring(outs[0].out).get("failures") == "1"
    assert outs[1].out.startswith("::error file=")
    assert [each["check_name"] for each in json.loads(outs[2].out)] == ["CKP25", "CKP23", "CKP27"]


def test_nagios(faulty: Host) -> None:
    def line() -> tuple[int, str]:
        done = confkit("preflight", "--offline", "--format", "nagios", "-c", str(faulty.config()))
        assert done.err == ""
        return done.code, done.out

    code, out = line()
    assert (code, out.count("\n")) == (2, 1)
    assert out.startswith(f"LUNA PREFLIGHT CRITICAL - CKP25 the certificate {faulty.path('client.pem')} expired on ")
    assert out.endswith("| 'errors'=1;;0;0 'warnings'=1;0;;0 'infos'=1;;;0\n")
    faulty.write("client.pem", pki.pem(faulty.client))
    code, out = line()
    assert (code, out[:26]) == (1, "LUNA PREFLIGHT WARNING - C")
    faulty.write("CAFile.pem", pki.pem(pki.certificate("hsm1.example")))
    assert line() == (0, "LUNA PREFLIGHT OK - nothing found | 'errors'=0;;0;0 'warnings'=0;0;;0 'infos'=1;;;0\n")


def test_nagios_tells_the_gravest_first_and_counts_the_rest(host: Host) -> None:
    host.sections["LunaSA Client"] |= {
        "SSLConfigFile": "/none|x",
        "ClientCertFile": "/none",
        "ClientPrivKeyFile": "/none",
    }
    host.sections["Chrystoki2"]["LibUNIX64"] = "/none"
    out = confkit("preflight", "--offline", "--format", "nagios", "-c", str(host.config())).out
    assert out.count("CKP01") == 3
    assert "; and 1 more | 'errors'=3;;0;0 'warnings'=1;0;;0" in out
    host.sections["LunaSA Client"] |= {"ClientCertFile": host.path("client.pem")}
    out = confkit("preflight", "--offline", "--format", "nagios", "-c", str(host.config())).out
    assert "/none/x does not exist" in out  # a bar would start the performance data


def test_nagios_is_unknown_where_nothing_could_be_looked_at(host: Host) -> None:
    done = confkit("preflight", "--format", "nagios", "-c", host.path("none.conf"))
    assert (done.code, done.err) == (3, "")
    assert done.out.startswith(f"LUNA PREFLIGHT UNKNOWN - {host.path('none.conf')}: there is no such file.")
    assert confkit("preflight", "--format", "nagios", "--timeout", "0").code == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--timeout", "0"], "--timeout is 0. Give a number of seconds up to 600"),
        (["--timeout", "nan"], "--timeout is nan"),
        (["--timeout", "601"], "--timeout is 601"),
        (["--user", "no such user"], "there is no user 'no such user' on this host"),
        (["--root", "/none"], "--root /none: not a directory"),
        (["--warn-days", "-1"], "warn-days"),
        (["--format", "yaml"], "yaml"),
    ],
)
def test_wrong_usage(host: Host, arguments: list[str], words: str) -> None:
    done = confkit("preflight", "--offline", "-c", str(host.config()), *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_a_file_that_cannot_be_read(host: Host) -> None:
    done = confkit("preflight", "-c", host.path("none.conf"))
    assert (done.code, done.out) == (3, "")
    assert "none.conf: there is no such file." in done.err


def test_an_image(host: Host) -> None:
    (host.folder / "etc").mkdir()
    host.sections = {
        "Chrystoki2": {"LibUNIX64": "/lib.so"},
        "LunaSA Client": {"ClientCertFile": "/etc/../../../client.pem"},
    }
    host.config().rename(host.folder / "etc" / "Chrystoki.conf")
    assert confkit("preflight", "--offline", "--root", str(host.folder)) == (
        0,
        "1 file: 0 errors, 0 warnings, 0 infos\n",
        "",
    )
    host.write("client.pem", b"")
    done = confkit("preflight", "--offline", "--root", str(host.folder))
    assert done.code == 1
    assert f"{host.folder}/etc/Chrystoki.conf:5:" in done.out


def test_an_emulated_group_with_a_member_that_hangs_and_one_that_refuses() -> None:
    needs("gcc")
    plans = [MemberPlan(), MemberPlan(fault=Fault("hang")), MemberPlan(fault=Fault("refuse"))]
    with running_group(plans, report_early=True) as group:
        done = confkit("preflight", "-c", group.config_path, "--format", "json")
    assert done.code == 1
    assert [(each["code"], each["key"]) for each in json.loads(done.out)["diagnostics"]] == [("CKP52", "ServerName02")]


@pytest.mark.parametrize("output", FORMATS)
def test_no_format_shows_a_secret_or_a_key(host: Host, output: str) -> None:
    """The secret of the file, the key and the password next to it, whatever is wrong with them."""
    secret = pki.key_pem(pki.CLIENT_KEY, pki.PKCS1).decode()
    broken = secret.replace("-----END", f"{CANARY}\n-----END")
    host.write("clientKey.pem", broken.encode())
    host.write("client.pem", f"{CANARY}\n{secret}".encode())
    host.write("CAFile.pem", f"-----BEGIN CERTIFICATE-----\n{CANARY}\n-----END CERTIFICATE-----\n".encode())
    host.sections["REST"] = {"AuthTokenClientSecret": CANARY, "ServerName": CANARY + "y" * 64}
    host.config().chmod(0o666)
    done = confkit("preflight", "--format", output, "-c", str(host.config()), "--fail-on", "info", "--timeout", "0.2")
    assert done.code in {1, 2}
    assert "CKP32" in done.out or output == "nagios"
    assert not any(text in done.out + done.err for text in (CANARY, *secret.splitlines()[1:-1]))


def test_its_help_has_examples() -> None:
    done = confkit("preflight", "--help")
    assert done.code == 0
    assert "--warn-days" in done.out
    assert "confkit preflight --root ./image --offline" in " ".join(done.out.split())
