"""CK417 directory-is-a-file: An entry for a directory names a file."""

from __future__ import annotations

import pytest

from testing.linting import codes, section


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
