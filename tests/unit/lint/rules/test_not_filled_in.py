"""CK216: one error for each place that was not filled in, and nothing else on its line."""

from __future__ import annotations

import pytest

from confkit.core.errors import UsageError
from confkit.core.validate import warnings_about
from testing.linting import LIBRARY, client, codes, diagnose, section


@pytest.mark.parametrize(
    "text",
    [
        section("Chrystoki2", "LibUNIX64 = $HOME/x.so"),
        client("ServerName00 = __HSM_HOST__", "ServerPort00 = 1792"),
        client("ServerName00 = hsm1", "ServerPort00 = ${PORT}"),
        client("ServerCAFile = <path>/x.pem"),
        client("ServerCAFile = ~/luna/CAFile.pem"),
        client("ClientCertFile = $(CERTS)/app.pem"),
        client("ServerName00 = {{ .Values.hsm.host }}", "ServerPort00 = 1792"),
        client("ServerName00 = @@HOST@@", "ServerPort00 = 1792"),
        client("ServerName00 = CHANGEME", "ServerPort00 = 1792"),
        client("ServerName00 = xxx.xxx.xxx.xxx", "ServerPort00 = 1792"),
        client('ServerName00 = "${HOST}"', "ServerPort00 = 1792"),
        client("ReceiveTimeout = %RECEIVE_TIMEOUT%"),
        section("Misc", r"ToolsDir = %ProgramFiles%\SafeNet"),
        section("HAConfiguration", "reconnAtt = @RECONN@"),
        section("HAConfiguration", "haLogPath = /var/log/$HOSTNAME/ha.log"),
        section("HAConfiguration", "unknownEntry = ${X}"),
        section("REST", "AuthTokenClientSecret = ${SECRET}", "RestClient = 1"),
    ],
)
def test_each_form_is_one_error_and_hides_its_consequences(text: str) -> None:
    found = diagnose(LIBRARY + text if not text.startswith("Chrystoki2") else text)
    assert [(each.code, each.severity) for each in found] == [("CK216", "error")]
    assert "was not filled in" in found[0].message


def test_two_places_are_two_errors_each_on_its_line() -> None:
    text = client("ServerName00 = ${A}", "ServerPort00 = 1792", "ServerName01 = ${A}", "ServerPort01 = 1792")
    found = [(each.code, each.line) for each in diagnose(text) if each.code != "CK323"]
    assert found == [("CK216", 7), ("CK216", 9)]


def test_the_label_of_a_group_may_not_be_filled_in_either() -> None:
    text = section("HASynchronize", "__LABEL__ = 1")
    assert codes(text) == ["CK216"]


def test_of_a_secret_nothing_is_quoted_and_a_real_one_with_a_sign_in_it_is_none() -> None:
    (found,) = diagnose(section("REST", "RestClient = 1", "AuthTokenClientSecret = {{ client_secret }}"))
    assert (found.code, "client_secret" in found.message) == ("CK216", False)
    real = section("REST", "RestClient = 1", "AuthTokenClientSecret = ab$cd{x}ef")
    assert set(codes(real)) == {"CK141", "CK501"}


@pytest.mark.parametrize("value", ["${HOST}", "__HOST__", "<host>", "CHANGEME", "$HOST", "%HOST%"])
def test_set_refuses_a_placeholder_unless_it_is_forced(value: str) -> None:
    with pytest.raises(UsageError, match="was not filled in"):
        warnings_about("LunaSA Client", "ServerName00", value, windows=False, force=False)


def test_set_says_a_wrong_unit_of_time_at_once() -> None:
    said = warnings_about("LunaSA Client", "ReceiveTimeout", "20", windows=False, force=False)
    assert said == ["LunaSA Client/ReceiveTimeout takes milliseconds, and 20 looks like seconds: write 20000"]
    assert warnings_about("LunaSA Client", "ReceiveTimeout", "20000", windows=False, force=False) == []
