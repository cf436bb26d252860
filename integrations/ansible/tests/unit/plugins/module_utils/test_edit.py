# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.confkit.luna.plugins.module_utils import edit
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.errors import FileError


def test_messages_speak_of_the_module() -> None:
    error = FileError("there is none. Name a file with -c, or see --in-place or --create", path="/x -c")
    expected = (
        "/x -c: there is none. Name a file with the option path, or see confkit set --in-place or the option create"
    )
    assert edit.message_of(error) == expected
