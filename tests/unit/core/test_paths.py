"""Which platform a path belongs to, and what lies below a directory."""

from __future__ import annotations

import pytest

from confkit.core.paths import default_directory, is_of_other_platform, rest_below


@pytest.mark.parametrize("path", ["C:\\luna", "c:/luna", "\\\\server\\share", "luna\\lib", '"D:\\luna"', "'C:/x'"])
def test_a_path_of_windows_is_another_platforms_in_the_unix_form_alone(path: str) -> None:
    assert is_of_other_platform(path, windows=False)
    assert not is_of_other_platform(path, windows=True)


@pytest.mark.parametrize("path", ["/etc/luna", '"/etc/luna"', "/"])
def test_a_path_from_the_root_is_another_platforms_in_the_windows_form_alone(path: str) -> None:
    assert is_of_other_platform(path, windows=True)
    assert not is_of_other_platform(path, windows=False)


@pytest.mark.parametrize("path", ["", "luna.pem", "lib/x.so", "a:b"])
def test_a_relative_path_belongs_to_both(path: str) -> None:
    assert not is_of_other_platform(path, windows=False)
    assert not is_of_other_platform(path, windows=True)


def test_whole_components_lie_below_a_directory() -> None:
    assert rest_below("/usr/luna", "/usr/luna") == ""
    assert rest_below("/usr/luna/x", "/usr/luna") == "/x"
    assert rest_below("/usr/lunaclient/x", "/usr/luna") is None
    assert rest_below("/usr/Luna/x", "/usr/luna") is None
    assert rest_below("/usr", "/usr/luna") is None
    assert rest_below("c:/PROGRAM FILES/x", "C:\\Program Files") == "/x"


def test_each_platform_has_the_default_directory_of_its_current_installer() -> None:
    assert default_directory(windows=False) == "/usr/safenet/lunaclient"
    assert default_directory(windows=True) == "C:\\Program Files\\SafeNet\\LunaClient"
