from __future__ import annotations

import string
import time

import pytest

from confkit.core.catalogue.loader import all_entries
from confkit.core.catalogue.names import SECRET_NAMES
from confkit.core.redact import BY_CONTENT, MASK, Redactor
from confkit.core.secret_names import is_catalogue_secret, is_secret_entry, is_secret_name, may_name_secret
from confkit.core.syntax import parse


def hidden(source: str, shown: str) -> str:
    return Redactor(source.encode().splitlines(keepends=True)).hide(shown)


@pytest.mark.parametrize(
    "source",
    [
        "AuthTokenClientSecret = abc/+def==;\n",
        '   AuthTokenClientSecret="abc/+def==" ;\r\n',
        "# authtokenclientsecret = abc/+def==; old\n",
        "AuthTokenClientSecret: abc/+def==\n",
        "AuthTokenClientSecret abc/+def== # note\n",
        "CVAppSpecificData =\n   abc/+def==;\n",
        "CVAppSpecificData\n\n= abc/+def==\n",
        "CVAppSpecificData =;\n   abc/+def==;\n",
        'CVAppSpecificData = "" ;\n\n   abc/+def==;\n',
        "CVAppSpecificData =\n# from the vault\n   abc/+def==;\n",
        "CVAppSpecificData =;\n// from the vault\nabc/+def==\n",
    ],
)
def test_a_secret_is_hidden_wherever_it_comes_up_again(source: str) -> None:
    assert "abc" not in hidden(source, "Typo is abc/+def==, which is wrong")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("AuthTokenClientSecret = ;\nAuthTokenClientId = my-id;\n", "AuthTokenClientId is my-id"),
        ("AuthTokenClientSecret =\nAuthTokenClientId = my-id\n", "AuthTokenClientId is my-id"),
        ("AuthTokenClientSecret =\n[Presentation]\n", "section Presentation"),
        ("AuthTokenClientSecret =\n}\n# the end\n", "the end"),
        ("AuthTokenClientSecret =;\n}\nMisc = {\n   ToolsDir = /bin;\n}\n", "ToolsDir in section Misc is /bin"),
        ("# AuthTokenClientSecret =;\n# Never here\n", "Never here"),
        ("# AuthTokenClientSecret must come from a vault\n", "statusTimeout must be a number"),
        ("AuthTokenClientSecret = 0;\n", "HAOnly is 0, not 1"),
        ("ServerName00 = host-1;\n", "host-1"),
    ],
)
def test_nothing_else_is_hidden(source: str, shown: str) -> None:
    assert hidden(source, shown) == shown


def test_the_longer_of_two_secrets_is_hidden_as_a_whole() -> None:
    source = "AuthTokenClientSecret = abcd;\nAuthTokenClientSecret2 = abcd-efgh;\n"
    assert hidden(source, "abcd-efgh abcd") == f"{MASK} {MASK}"


def test_a_short_secret_is_hidden_behind_its_name() -> None:
    assert hidden("AuthTokenClientSecret = 0;\n", "AuthTokenClientSecret = 0;") == f"AuthTokenClientSecret = {MASK};"


def test_a_long_text_is_shown_where_it_holds_no_secret() -> None:
    assert hidden("AuthTokenClientSecret = 0;\n", "x" * 5000) == "x" * 5000


@pytest.mark.parametrize(
    "name",
    [
        *SECRET_NAMES,
        "authtokenclientsecret",
        "AuthTokenClientSecret_2",
        "AuthTokenClientSecert",
        "AuthTokenClintSecret",
        "AuthTokenClientSecre",
        "AutTokenClientSecret",
        "Auth_Token_Client_Secret",
        "CVAppSpecifcData",
        "CVAppSpecificDta2",
        "cvappspecifiicdata",
        "REST.CVAppSpecificData",
        "Password",
        "PASSWD",
        "Pasword",
        "DbPwd",
        "UserPin",
        "SO_PIN",
        "pin",
        "sopin",
        "ClientSecrt",
        "AccessToken",
        "credentials",
        "Credentail",
        "KeyMaterial",
        "ApiKey",
        "PrivateKey",
        "Passphrase",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            facts.name.replace("{NN}", "07").replace("{label}", "payroll")
            for facts in all_entries()
            if not facts.secret
        ),
        "statustimeout",
        "SpinCount",
        "Mapping",
        "KeySize",
        "TokenLabel",
        "PinPadTimeout",
        "Monkey",
        "MyServer",
        "HAOnyl",
        "secretName",
        "ServerName010",
    ],
)
def test_names_that_are_no_secrets(name: str) -> None:
    assert not is_secret_name(name)


def one_off(word: str) -> set[str]:
    """Return the word with one letter or digit missing, another one, one too many, or two exchanged."""
    places = range(len(word))
    letters = string.ascii_lowercase + string.digits
    return {
        *(word[:at] + word[at + 1 :] for at in places),
        *(f"{word[:at]}{letter}{word[at + 1 :]}" for at in places for letter in letters),
        *(f"{word[:at]}{letter}{word[at:]}" for at in range(len(word) + 1) for letter in letters),
        *(word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places[:-1]),
    }


MISSPELT = ["password", "passwd", "passphrase", "secret", "credential", "credentials", "token"]
WHOLE = ["pin", "pincode", "pwd", "psk", "otp", "jwt", "apikey", "bearer", "authorization", "passcode", "keyblob"]


@pytest.mark.parametrize("word", [*MISSPELT, *map(str.lower, SECRET_NAMES)])
def test_a_name_one_letter_off_is_recognised_by_the_quick_look_too(word: str) -> None:
    shown = [each for near in one_off(word) for each in (near, f"My{near.capitalize()}") if is_secret_name(each)]
    assert len(shown) > 20 * len(word)
    assert [each for each in shown if not may_name_secret(each)] == []
    filling = "x." * 200  # a long text is searched in another way
    assert [each for each in shown if not may_name_secret(f"{filling}\n{each}")] == []


@pytest.mark.parametrize("word", [*MISSPELT, *WHOLE, "tolen"])
@pytest.mark.parametrize("sign", ["_", "-", ".", "€"])
def test_signs_in_a_name_do_not_hide_it_from_the_quick_look(word: str, sign: str) -> None:
    for name in (f"{word[:at]}{sign}{word[at:]}" for at in range(1, len(word))):
        assert is_secret_name(name)
        assert may_name_secret(name)
        assert may_name_secret(f"{'x.' * 200}\n{name}")


@pytest.mark.parametrize("comment", ["# tolen: 4fd1ba99xx", "# to_jen = 4fd1ba99xx", "// p-wd: 4fd1ba99xx"])
def test_the_value_behind_such_a_name_is_hidden(comment: str) -> None:
    assert "4fd1ba99xx" not in Redactor([f"{comment}\n".encode()]).hide_line(comment)


GOOD = r"""
REST = {
   AuthTokenConfigURI = https://eu.example.com:8443/oauth/token/.well-known/openid-configuration;
   AuthTokenClientId = 7c2e-client;
   ServerName = eu.example.com;
   ServerPort = 443;
}
# the token of the first slot, its PIN pad and the password policy
# PrivateKey files belong to root
// statusTimeout = 5;
Chrystoki2 = {
   LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
   LibNT = C:\Program Files\SafeNet\LunaClient\cryptoki.dll;
}
VirtualToken = {
   VirtualToken00Label = key-token-1;
   VirtualToken00SN = 11238700701509;
   VirtualToken00Members = 1238700701509,1238700701510;
}
HASynchronize = {
   key-token-1 = 1;
}
HAConfiguration = {
   key-token-1StandbyMembers = 1238700701510;
   statusTimeout = 10;
   STATUSTIMEOUT = 3;
}
LunaSA Client = {
   ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/hostKey.pem;
   ServerName00 = token.example.com;
   ServerName01 = ::1;
   ServerPort00 = 1792;
   ReceiveTimeout = 20000;
   NewSwitch = 1;
}
Secure Trusted Channel = {
   SoftTokenDir = /usr/safenet/lunaclient/configData/token;
   ClientTokenLib = /usr/safenet/lunaclient/lib/libSoftToken.so;
}
"""


def test_what_is_no_secret_is_shown_as_it_is() -> None:
    lines = GOOD.encode().splitlines(keepends=True)
    redactor = Redactor(lines)
    shown = [line.decode() for line in lines]
    assert [redactor.hide_line(line) for line in shown] == shown
    assert [redactor.hide(line) for line in shown] == shown
    for section in parse(GOOD.encode()).sections:
        for entry in section.entries:
            assert redactor.hide_value(entry.name, entry.value) == entry.value


@pytest.mark.parametrize(
    "message",
    [
        "AuthTokenClientSecret must not be empty",
        "REST/AuthTokenClientSecret: the value is a secret",
        "every user may read ClientPrivKeyFile: /x/hostKey.pem",
        "pycryptoki finds no LibUNIX64",
        "Secret luna-client, Chrystoki.conf, line 6: HAConfiguration/statusTimeout: not a number",
        "did you mean ServerPort?",
    ],
)
def test_messages_of_ours_are_shown_as_they_are(message: str) -> None:
    assert Redactor(GOOD.encode().splitlines(keepends=True)).hide(message) == message


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("https://me:hunter2@host.example/x", f"https://{MASK}@host.example/x"),
        ("ldap://hunter2@host, ldap://b", f"ldap://{MASK}@host, ldap://b"),
        ("https://host/?client_secret=hunter2", f"https://host/?client_secret={MASK}"),
        ("me; AuthTokenClientSecret = hunter2", f"me; AuthTokenClientSecret = {MASK}"),
        ("/bin/tool --password hunter2 --x", f"/bin/tool --password {MASK}"),
        ('{"password": "hunter2"}', f'{{"password": "{MASK}'),
        ("Bearer hunter2", f"Bearer {MASK}"),
        ("-----BEGIN RSA PRIVATE KEY-----hunter2", MASK),
    ],
)
def test_a_value_is_judged_by_its_content_too(value: str, shown: str) -> None:
    assert BY_CONTENT.hide_value("ToolsDir", value) == shown


def test_the_value_of_an_unknown_entry_is_hidden_in_a_line_and_nowhere_else() -> None:
    lines = [b"Docker = {\n", b"   Depot = b4-17;\n", b"# Depot = b4-17;\n", b"}\n"]
    redactor = Redactor(lines)
    assert [redactor.hide_line(line.decode()) for line in lines] == [
        "Docker = {\n",
        f"   Depot = {MASK};\n",
        f"# Depot = {MASK};\n",
        "}\n",
    ]
    assert redactor.hide_line("HAOnly = 1; Depot = b4-17; // x") == f"HAOnly = 1; Depot = {MASK};"
    assert redactor.hide_line("Docker = { Depot = b4-17; }") == f"Docker = {{ Depot = {MASK};"
    assert redactor.hide("b4-17") == redactor.hide_value("Depot", "b4-17") == "b4-17"


def test_the_secrets_of_all_files_are_hidden_in_all_of_them() -> None:
    redactor = Redactor([b"Password = hunter2;\n"], [b"CVAppSpecificData = hunter3\n"], values=["hunter-4"])
    assert redactor.hide("hunter2 hunter3 hunter-4") == f"{MASK} {MASK} {MASK}"


def test_a_short_secret_is_hidden_only_where_it_stands_alone() -> None:
    assert hidden("UserPin = 1792;\n", "1792, port 17920") == f"{MASK}, port 17920"


def test_words_that_are_no_secrets_are_not_hidden() -> None:
    assert hidden("PasswordRequired = true;\nApiKey = ServerPort;\n", "ServerPort is true") == "ServerPort is true"


def test_of_a_file_with_hundreds_of_secrets_nothing_is_shown() -> None:
    source = "".join(f"Password{number} = hunter-{number};\n" for number in range(1000))
    assert hidden(source, "hunter-999 or not") == MASK


HOSTILE = {
    "names": "token " * 40_000,
    "distinct names": " ".join(f"authtokenclient{number}" for number in range(20_000)),
    "assignments": "token = " * 30_000,
    "spaces": "Password" + " " * 240_000,
    "spaces before signs": ("Password" + " " * 70 + "= ;") * 3_000,
    "URLs": "x://a:" * 40_000,
    "unknown entries": "a=0;" * 60_000,
    "braces": "a={" * 80_000,
    "two words": "CVApp Specific " * 16_000,
    "statements": "a;" * 120_000,
    "semicolons": "Password = " + "ab;" * 80_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_takes_linear_time(name: str) -> None:
    def seconds(source: str) -> float:
        is_secret_name.cache_clear()
        is_catalogue_secret.cache_clear()
        started = time.process_time()
        redactor = Redactor([source.encode()])
        redactor.hide(source)
        redactor.hide_line(source)
        redactor.hide_value("ToolsDir", source)
        return time.process_time() - started

    quarter = HOSTILE[name][: len(HOSTILE[name]) // 4]
    seconds(quarter[:1000])
    best = min(seconds(quarter) for _ in range(2))
    assert seconds(HOSTILE[name]) < 8 * max(best, 0.02)  # quadratic is 16


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("# password is hunter", f"# password is {MASK}"),
        ("# the password was still: hunter2", f"# the password was still: {MASK}"),
        ("# password is needed for every slot", None),
        ("# the token is not stored here", None),
        ("# the key of hsm-a is in the safe", None),
        ("# hunter22 is the password", f"# {MASK}"),
        ("# PE1746Enabled and the password policy", None),
        ("# see /etc/luna10/x for the token of /srv/7a", None),
        (
            "   AuthTokenConfigURI = https://a.example/b?sig=abc;",
            f"   AuthTokenConfigURI = https://a.example/b?sig={MASK};",
        ),
        ("   ServerName = admin:hunter2@a.example;", f"   ServerName = admin:{MASK}@a.example;"),
        ("   ServerName = git@a.example:1792;", None),
        ("FROM luna/client:10.7@sha256:0123abcd", None),
        (r"   LibNT = C:\Users\me@work\cryptoki.dll;", None),
        ("ENV ChrystokiConfigurationPath=/etc/luna", None),
        ("Environment=ChrystokiConfigurationPath=/etc/luna", None),
        (
            "export ChrystokiConfigurationPath=/etc/luna; Foo=hunter2",
            f"export ChrystokiConfigurationPath=/etc/luna; Foo={MASK}",
        ),
        (
            "ENV ChrystokiConfigurationPath=/etc/luna Foo=hunter2",
            f"ENV ChrystokiConfigurationPath=/etc/luna Foo={MASK}",
        ),
    ],
)
def test_a_line_is_shown_without_its_secret_alone(line: str, shown: str | None) -> None:
    assert Redactor([line.encode()]).hide_line(line) == (line if shown is None else shown)


@pytest.mark.parametrize("text", ["why? because", "see https://a.example/b?)", "a ? b = c", "mail me@a.example: now"])
def test_a_sentence_with_these_signs_is_shown(text: str) -> None:
    assert BY_CONTENT.hide(text) == text


def test_the_value_of_an_unknown_entry_is_masked_in_a_list_and_not_where_it_was_asked_for() -> None:
    redactor = Redactor([b"VirtualToken00Label = payroll;"])
    assert (redactor.hide_entry("Foo", "bar"), redactor.hide_value("Foo", "bar")) == (MASK, "bar")
    assert (redactor.hide_entry("Foo", "1"), redactor.hide_entry("payroll", "x")) == ("1", "x")
    assert (redactor.hide_entry("ToolsDir", "/bin"), redactor.hide_entry("Password", "bar")) == ("/bin", None)


@pytest.mark.parametrize(
    ("name", "value", "holds"),
    [
        ("AuthTokenClientSecret", "x", True),
        ("AuthTokenClientSecret", "", False),
        ("AuthTokenClientSecret", '""', False),
        ("AuthTokenClintSecret", "/x/y", True),
        ("AuthTokenClientSecret02", "1", True),
        ("Password", "hunter2", True),
        ("Password", "1", False),
        ("UsePassword", "true", False),
        ("PrivateKey", "/etc/luna/key.pem", False),
        ("PrivateKey", r"C:\luna\key.pem", False),
        ("ApiKey", "/AbC+d/e==", True),
        ("AuthTokenClientId", "hunter2", False),
        ("ToolsDir", "/bin", False),
    ],
)
def test_entries_that_hold_a_secret_in_plain_text(name: str, value: str, holds: bool) -> None:
    assert is_secret_entry(name, value) is holds
