"""Whatever way a secret stands in a file, no command shows it, in no format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from confkit.core.syntax import parse
from testing.command import confkit

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "hunter2-Canary"
OTHER = "hunter3-Canary"
NEW = "hunter4-Canary"
SHOWN = re.compile("unter[234]-C|h.{0,8}u.{0,8}n.{0,8}t.{0,8}e.{0,8}r.{0,8}2.{0,8}-.{0,8}C", re.IGNORECASE)


def unix(*lines: str) -> str:
    """Return a file in the UNIX form with these lines in its section REST."""
    inside = "".join(f"{line}\n" for line in lines)
    return f"REST = {{\n   ServerPort = 443;\n{inside}   ClientPoolSize = 4;\n}}\nMisc = {{\n   ToolsDir = /bin;\n}}\n"


# Each is the text of a file, of the Windows form where it holds a header in brackets.
LAYOUTS = {
    "entry": unix(f"   AuthTokenClientSecret = {CANARY};"),
    "quoted": unix(f'   AuthTokenClientSecret = "{CANARY}";'),
    "single quotes": unix(f"   AuthTokenClientSecret = '{CANARY}';"),
    "no spaces": unix(f"AuthTokenClientSecret={CANARY};"),
    "tabs": unix(f"\tAuthTokenClientSecret\t=\t{CANARY}\t;"),
    "wide spacing": unix(f"   AuthTokenClientSecret{' ' * 60}={' ' * 60}{CANARY};"),
    "lower case": unix(f"   authtokenclientsecret = {CANARY};"),
    "upper case": unix(f"   AUTHTOKENCLIENTSECRET = {CANARY};"),
    "numbered": unix(f"   AuthTokenClientSecret02 = {CANARY};"),
    "second of its name": unix("   AuthTokenClientSecret = x;", f"   AuthTokenClientSecret = {CANARY};"),
    "letter missing": unix(f"   AuthTokenClintSecret = {CANARY};"),
    "letter wrong": unix(f"   CVAppSpecificDaza = {CANARY};"),
    "letters exchanged": unix(f"   CVAppSpecifciData = {CANARY};"),
    "letter too many": unix(f"   CVAppSpecifficData = {CANARY};"),
    "misspelt secret": unix(f"   ClientSecrt = {CANARY};"),
    "separators": unix(f"   Auth_Token_Client_Secret = {CANARY};"),
    "spaces in the name": unix(f"   CVApp SpecificData = {CANARY};"),
    "password": unix(f"   Password = {CANARY};"),
    "passwd": unix(f"   dbpasswd = {CANARY};"),
    "misspelt password": unix(f"   Pasword = {CANARY};"),
    "PIN": unix(f"   UserPin = {CANARY};"),
    "token": unix(f"   AccessToken = {CANARY};"),
    "credential": unix(f"   Credentials = {CANARY};"),
    "key material": unix(f"   KeyMaterial = {CANARY};"),
    "API key": unix(f"   api-key = {CANARY};"),
    "comment": unix(f"   # AuthTokenClientSecret = {CANARY};"),
    "comment with slashes": unix(f"// AuthTokenClientSecret={CANARY}"),
    "comment in C": unix(f"/* AuthTokenClientSecret = {CANARY}; */"),
    "comment over lines": unix("/*", f"AuthTokenClientSecret = {CANARY};", "*/"),
    "comment without a sign": unix(f"# AuthTokenClientSecret {CANARY}"),
    "comment over two lines": unix("# AuthTokenClientSecret =", f"#    {CANARY};"),
    "comment behind an entry": unix(f"   AuthTokenClientId = me; // AuthTokenClientSecret = {CANARY}"),
    "password in a comment": unix(f"# old: Password = {CANARY}"),
    "colon": unix(f"   AuthTokenClientSecret: {CANARY}"),
    "no sign": unix(f"   AuthTokenClientSecret {CANARY};"),
    "no sign, no space": unix(f"   AuthTokenClientSecret{CANARY};"),
    "password without a sign": unix(f"   Password {CANARY};"),
    "two signs": unix(f"   AuthTokenClientSecret == {CANARY};"),
    "no semicolon": unix(f"   AuthTokenClientSecret = {CANARY}"),
    "on the next line": unix("   AuthTokenClientSecret =", f"      {CANARY};"),
    "below an ended line": unix("   AuthTokenClientSecret =;", f"      {CANARY};"),
    "below a comment": unix("   AuthTokenClientSecret =", "   # ours", f"      {CANARY};"),
    "sign on the next line": unix("   AuthTokenClientSecret", f"   = {CANARY};"),
    "after an empty line": unix("   AuthTokenClientSecret =", "", f"   {CANARY};"),
    "continued line": unix("   AuthTokenClientSecret = \\", f"   {CANARY};"),
    "open quote": unix('   AuthTokenClientSecret = "first', f'   {CANARY}";'),
    "two on a line": unix(f"   AuthTokenClientId = me; AuthTokenClientSecret = {CANARY};"),
    "joined line": unix(f"   AuthTokenClientId = me AuthTokenClientSecret = {CANARY};"),
    "three on a line": unix(f"   ServerName = a; Password = {CANARY}; Foo = 1;"),
    "semicolon inside": unix(f"   AuthTokenClientSecret = a;{CANARY};"),
    "behind the semicolon": unix(f"   AuthTokenClientSecret = abcdefgh; {CANARY}"),
    "on the line of a header": f"REST = {{ AuthTokenClientSecret = {CANARY};\n}}\n",
    "on one line with its section": f"REST = {{ AuthTokenClientSecret = {CANARY}; }}\n",
    "on the line of a brace": unix() + f"}} AuthTokenClientSecret = {CANARY};\n",
    "outside a section": f"AuthTokenClientSecret = {CANARY};\n" + unix(),
    "in another section": unix() + f"Misc = {{\n   AuthTokenClientSecret = {CANARY};\n}}\n",
    "in an unknown section": f"Docker = {{\n   Password = {CANARY};\n}}\n",
    "section not closed": f"REST = {{\n   AuthTokenClientSecret = {CANARY};\nMisc = {{\n   ToolsDir = /bin;\n}}\n",
    "as a section": f"AuthTokenClientSecret = {CANARY} {{\n   a = 1;\n}}\n",
    "in the name of a section": f"[AuthTokenClientSecret = {CANARY}]\na=1\n",
    "name inside a value": unix(f"   AuthTokenClientId = AuthTokenClientSecret={CANARY};"),
    "JSON in a value": unix(f'   AuthTokenClientId = ("client_secret": "{CANARY}");'),
    "option in a value": unix(f"   ServerName = tool --password {CANARY};"),
    "query of a URL": unix(f"   AuthTokenConfigURI = https://a.example/?client_secret={CANARY};"),
    "password in a URL": unix(f"   AuthTokenConfigURI = https://me:{CANARY}@a.example/;"),
    "user in a URL": unix(f"   AuthTokenConfigURI = https://{CANARY}@a.example/;"),
    "signature in the query of a URL": unix(f"   AuthTokenConfigURI = https://a.example/x?v=1&sig={CANARY}&e=2;"),
    "nothing but a secret in the query": unix(f"   AuthTokenConfigURI = https://a.example/x?{CANARY};"),
    "query without a scheme": unix(f"   AuthTokenConfigURI = a.example/x?sig={CANARY};"),
    "address without a scheme": unix(f"   ServerName = admin:{CANARY}@a.example;"),
    "address in a comment": unix(f"   # admin:{CANARY}@a.example is the old one"),
    "unknown entry, address": unix(f"   Endpoint = admin:{CANARY}@a.example:8443;"),
    "sentence in a comment": unix(f"   # password is {CANARY}"),
    "longer sentence in a comment": unix(f"   // the token that we still use is now: {CANARY}, for a while"),
    "secret before its name": unix(f"   # {CANARY} is the old password"),
    "secret behind other words": unix(f"   # password of the partition, {CANARY}, do not tell"),
    "bearer": unix(f"   AuthTokenClientId = Bearer {CANARY};"),
    "private key": unix("   CertPem = -----BEGIN PRIVATE KEY-----", f"   {CANARY}", "   -----END PRIVATE KEY-----;"),
    "Windows": f"[REST]\r\nServerPort=443\r\nAuthTokenClientSecret={CANARY}\r\n",
    "Windows, semicolon": f"[REST]\r\nAuthTokenClientSecret=abcdefgh;{CANARY}\r\n",
    "Windows, password": f"[REST]\r\nPassword = {CANARY} ; a note\r\n",
    "Windows, comment": f"[REST]\r\n; AuthTokenClientSecret={CANARY}\r\nServerPort=443\r\n",
    "byte order mark": "\ufeff" + f"AuthTokenClientSecret = {CANARY};\n" + unix(),
    "old line endings": unix(f"   AuthTokenClientSecret = {CANARY};").replace("\n", "\r"),
    "control characters": unix(f"   AuthTokenClientSecret = \x1b[31m{CANARY};"),
    "unknown bytes": unix(f"   AuthTokenClientSecret = \udcff{CANARY};"),
    "no line ending": f"[REST]\nAuthTokenClientSecret={CANARY}",
    "placeholder name": unix(f"   {{{{ AuthTokenClientSecret }}}} = {CANARY};"),
}
ENCODED = {
    **{name: text.encode("utf-8", "surrogateescape") for name, text in LAYOUTS.items()},
    "UTF-16": unix(f"   AuthTokenClientSecret = {CANARY};").encode("utf-16"),
}
LINT_FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab")


def commands_for(source: bytes, folder: Path) -> list[tuple[list[str], str]]:
    """Return the commands that can show something of a file, in each of their formats."""
    file, other = str(folder / "Chrystoki.conf"), str(folder / "other" / "Chrystoki.conf")
    at = ["-c", file]
    asked: list[tuple[list[str], str]] = [
        (["show", *at], ""),
        (["redact", file], ""),
        (["show", *at, "--format", "json"], ""),
        (["diff", file, other], ""),
        (["diff", file, other, "--format", "json"], ""),
        (["diff", file, str(folder / "plain.conf")], ""),
        (["set-timeout", "10", "--diff", "--dry-run", *at], ""),
        (["set", "Misc", "ToolsDir", "/x", "--diff", "--dry-run", *at], ""),
        (["set", "REST", "AuthTokenClientSecret", "-", "--diff", "--dry-run", *at], f"{NEW}\n"),
        (["set", "REST", "AuthTokenClientSecret", "-", "--dry-run", *at], f"{NEW};{{\n"),
        (["set", "REST", "Password", "-", "--force", "--diff", "--dry-run", *at], f"{NEW}\n"),
        (["convert", file, str(folder / "made.ini")], ""),
        (["lint", file, "--select", "ALL", "--fix", "--unsafe-fixes", "--diff"], ""),
        (["set-timeout", "11", "--diff", "-c", other], ""),
    ]
    asked += [(["lint", "--select", "ALL", "--format", name, file], "") for name in LINT_FORMATS]
    names = {(section.name, entry.name) for section in parse(source).sections for entry in section.entries}
    for section, key in sorted(names | {("REST", "AuthTokenClientSecret")}):
        if section.isprintable() and key.isprintable() and not key.startswith("-"):
            asked += [
                (["get", section, key, *at], ""),
                (["get", section, key, "--format", "json", *at], ""),
                (["unset", section, key, "--diff", "--dry-run", *at], ""),
            ]
    # these write, so they come last: what is shown of the file from then on holds the secret too
    asked += [
        (["lint", "--fix", file], ""),
        (["lint", "--fix", "--unsafe-fixes", "--select", "ALL", file], ""),
        (["set-timeout", "10", "--diff", *at], ""),
        (["lint", "--select", "ALL", file], ""),
    ]
    return [each for each in asked if not SHOWN.search(" ".join(each[0]))]


@pytest.mark.parametrize("name", ENCODED)
def test_no_command_shows_a_secret(tmp_path: Path, name: str) -> None:
    source = ENCODED[name]
    (tmp_path / "other").mkdir()
    (tmp_path / "Chrystoki.conf").write_bytes(source)
    (tmp_path / "other" / "Chrystoki.conf").write_bytes(source.replace(CANARY.encode(), OTHER.encode()))
    (tmp_path / "plain.conf").write_text(unix())
    asked = commands_for(source, tmp_path)
    for arguments, stdin in asked:
        result = confkit(*arguments, stdin=stdin)
        assert result.code in {0, 1, 2, 3}, (arguments, result)
        assert not SHOWN.search(result.out + result.err), (arguments, result.out, result.err)


def test_there_are_more_than_fifty_layouts() -> None:
    assert len(ENCODED) > 50
    assert all(b"anary" in source.replace(b"\0", b"") for source in ENCODED.values())
