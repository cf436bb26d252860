"""Options and arguments that are empty, contradict each other or name nothing: what is said, and exit code 2 or 3."""

from __future__ import annotations

from pathlib import Path

import pytest

from testing.command import confkit

CONFIGURATION = b"Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(CONFIGURATION)
    return path


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("check", "--library", ""), "--library"),
        (("check", "--resume", "", "--quick"), "--resume"),
        (("check", "--save", ""), "--save"),
        (("check", "--label", ""), "--label"),
        (("check", "-c", ""), "--config"),
        (("show", "--config="), "--config"),
        (("exporter", "--state", ""), "--state"),
        (("exporter", "--listen", ""), "--listen"),
        (("report", "--output", ""), "--output"),
        (("lint", "--baseline", ""), "--baseline"),
        (("lint", "--settings", ""), "--settings"),
        (("preflight", "--root", ""), "--root"),
        (("preflight", "--user", ""), "--user"),
        (("lsp", "--log-file", ""), "--log-file"),
        (("emulate", "--directory", "", "--", "true"), "--directory"),
        (("call-log", "on", "--file", ""), "--file"),
        (("diff", "--ignore", "", "a", "b"), "--ignore"),
        (("convert", "", "y.ini"), "SRC"),
        (("convert", "x.conf", ""), "DST"),
        (("redact", ""), "FILE"),
        (("diff", "", "a.conf"), "A"),
        (("diff", "a.conf", ""), "B"),
        (("lint", ""), "PATH"),
        (("apply", ""), "CHANGES"),
    ],
)
def test_an_empty_path_or_name_is_wrong_usage(words: tuple[str, ...], name: str) -> None:
    result = confkit(*words)
    assert (result.code, result.out) == (2, ""), result
    assert name in result.err
    assert "it is empty" in result.err


def test_an_empty_value_is_a_value(file: Path) -> None:
    where = ("-c", str(file))
    assert confkit("get", "Misc", "x", "--default", "", *where) == (0, "\n", "")
    assert "it is empty" not in confkit("set", "Misc", "ToolsDir", "", *where).err


@pytest.mark.parametrize("other", [("--thorough",), ("--over", "30m"), ("--calls", "3"), ("--resume", "none.json")])
def test_quick_takes_no_option_that_it_would_not_heed(file: Path, other: tuple[str, ...]) -> None:
    result = confkit("check", "--quick", *other, "-c", str(file))
    assert (result.code, result.out) == (2, "")
    assert f"--quick makes one call and takes no {other[0]}." in result.err


def test_commands_without_the_option_do_not_advise_it(file: Path) -> None:
    folder, absent = file.parent / "folder", str(file.parent / "absent")
    folder.mkdir()
    for name in (str(folder), absent, f"{file}/x"):
        for words in (
            ("diff", name, str(file)),
            ("diff", str(file), name),
            ("convert", name, "y.ini"),
            ("redact", name),
        ):
            result = confkit(*words)
            assert (result.code, result.out) == (3, ""), result
            assert "-c" not in result.err
            assert "Name" in result.err
    (folder / "Chrystoki.conf").write_bytes(CONFIGURATION)
    (folder / "crystoki.ini").write_bytes(b"")
    assert "Name one of them.\n" in confkit("redact", str(folder)).err


def test_the_latency_that_is_no_number_is_named_with_its_option() -> None:
    for text in ("abc", "20,,30"):
        result = confkit("emulate", "--latency", text, "--", "true")
        assert (result.code, f"--latency is {text!r}" in result.err) == (2, True), result


@pytest.mark.parametrize(
    ("host", "advice"), [("nope.invalid", "--listen"), ("a..b", "--listen"), ("192.0.2.1", "--listen")]
)
def test_a_host_that_nothing_can_listen_on(file: Path, host: str, advice: str) -> None:
    pytest.importorskip("prometheus_client")
    result = confkit("exporter", "--listen", host, "-c", str(file))
    assert (result.code, advice in result.err, "--port" in result.err) == (3, True, False), result
