# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.confkit.luna.plugins.module_utils import hiding

SECRET = b"REST = {\n   AuthTokenClientSecret = geheim7;\n}\n"


def test_stars_have_the_length_of_the_secret() -> None:
    assert hiding.with_secrets_starred(SECRET) == SECRET.replace(b"geheim7", b"*******")


def test_a_file_without_secrets_is_left_alone() -> None:
    plain = b"Misc = {\n   ToolsDir = /bin;\n}\n"
    assert hiding.with_secrets_starred(plain) == plain


def test_a_change_of_a_secret_shows_as_a_change() -> None:
    other = SECRET.replace(b"geheim7", b"neues8")
    shown = hiding.difference("/x", SECRET, other)
    assert shown["before"] != shown["after"]
    assert "geheim7" not in str(shown)
    assert "neues8" not in str(shown)


def test_what_a_validator_prints_is_masked() -> None:
    assert hiding.hidden("line 2: geheim7 is bad\x1b[0m", SECRET) == "line 2: ******** is bad\\x1b[0m"
