"""CK413, CK416 and CK417: paths of the other platform, files for directories and directories for files."""

from __future__ import annotations

import pytest

from testing.linting import client, codes, section


@pytest.mark.parametrize(
    "value",
    [
        r"\usr\x.pem",
        r"certs\x.pem",
        r".\x.pem",
        r"..\certs\x.pem",
        r"C:\Luna\x.pem",
        "C:/Luna/x.pem",
        r"\\server\share\x.pem",
        r"/usr\x.pem",
    ],
)
def test_separators_of_windows_in_the_unix_form(value: str) -> None:
    assert codes(section("LunaSA Client", f"ServerCAFile = {value}")) == ["CK416"]


@pytest.mark.parametrize("value", ["/usr/x.pem", "certs/x.pem", "./x.pem", "../x.pem", ".java/x.pem"])
def test_paths_of_unix_in_the_unix_form(value: str) -> None:
    assert codes(section("LunaSA Client", f"ServerCAFile = {value}")) == []


def test_a_path_from_the_root_in_the_windows_form() -> None:
    assert codes("[LunaSA Client]\nServerCAFile=/usr/x.pem\n", "crystoki.ini") == ["CK416"]
    assert codes("[LunaSA Client]\nServerCAFile=C:\\x.pem\n", "crystoki.ini") == []


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("HAConfiguration", "haLogPath = /var/log/haErrorLog.txt"),
        ("HAConfiguration", "haLogPath = /var/log/luna/ha.log"),
        ("HAConfiguration", "haLogPath = haErrorLog.txt"),
        ("Misc", "ToolsDir = /usr/safenet/lunaclient/bin/openssl.cnf"),
        ("Misc", "MutexFolder = /var/lock/luna.lock"),
        ("Secure Trusted Channel", "SoftTokenDir = /usr/safenet/lunaclient/configData/token/token.db"),
    ],
)
def test_a_file_where_a_directory_is_wanted(name: str, entry: str) -> None:
    assert "CK417" in codes(section(name, entry))


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("HAConfiguration", "haLogPath = /var/log"),
        ("HAConfiguration", "haLogPath = /var/log/luna-10.4"),
        ("HAConfiguration", "haLogPath = /var/log/luna.d/"),
        ("Misc", "ToolsDir = /opt/.java-buildpack"),
        ("XTC", "PartitionCertPath00 = /etc/luna/partition.pem"),
        ("GemEngine", "LibPath64 = /usr/lib/libCryptoki2_64.so"),
        ("Misc", "PluginModuleDir = /usr/safenet/lunaclient/plugins/libdpod.plugin"),
    ],
)
def test_a_directory_or_a_file_that_is_right(name: str, entry: str) -> None:
    assert "CK417" not in codes(section(name, entry))


OFF = ("NetClient = 0", "ClientCertFile = /c/new.pem", "ClientPrivKeyFile = /c/oldKey.pem", "ServerCAFile = /c/")


def test_nothing_is_said_of_certificates_that_are_not_used() -> None:
    on = section("LunaSA Client", "NetClient = 1", *OFF[1:])
    assert set(codes(on)) == {"CK412", "CK413"}
    assert codes(section("LunaSA Client", *OFF)) == []


@pytest.mark.parametrize(
    "text",
    [
        section("LunaSA Client", "NetClient = 0", "SSLConfigFile = /etc/Chrystoki.conf"),
        section("LunaSA Client", "NetClient = 0", "ServerCAFile = /tmp/CAFile.pem"),
        section("LunaSA Client", "NetClient = 0", "TCPKeepAlive = 0"),
        section("CkLog2", "Enabled = 0", "LibUNIX64 = /tmp/libCryptoki2_64.so"),
        section("REST", "RestClient = 0", r"SSLClientSideVerifyFile = C:\x.pem"),
        section("HAConfiguration", "haLogStatus = disabled", "logLen = 10"),
        client("NetClient = 0"),
    ],
)
def test_nor_of_anything_else_in_a_section_that_is_switched_off(text: str) -> None:
    assert codes(text) == []


def test_servers_that_are_listed_with_the_network_switched_off_are_one_warning() -> None:
    assert codes(client("NetClient = 0", "ServerName00 = hsm1", "ServerPort00 = 1792")) == ["CK404"]
