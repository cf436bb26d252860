"""What is said where SoftHSM2 is missing or wrong; everything that needs no cryptography works then."""

from __future__ import annotations

import ctypes.util
import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confkit.core.errors import UnavailableError
from confkit.core.syntax import chrystoki
from confkit.emulator import softhsm
from confkit.emulator.group import running_group
from confkit.emulator.plans import MemberPlan
from confkit.lint.linter import lint
from confkit.lint.rules import RULES
from testing.application import FUNCTION_NOT_SUPPORTED, OK, statuses
from testing.command import confkit
from testing.programs import needs
from testing.softhsm import needs_softhsm

if TYPE_CHECKING:
    from testing.emulator import StartApplication

QUICK = MemberPlan(latency_ms=(0,))
SERIAL_SESSION = 4
C_GENERATE_RANDOM = 64


def other_architecture(folder: Path) -> str:
    """Make a library of a 32-bit machine of the other byte order: its header suffices."""
    path = folder / "libsofthsm2.so"
    path.write_bytes(struct.pack(">4sBBBB8sHHI", b"\x7fELF", 1, 2, 1, 0, b"", 3, 20, 1).ljust(4096, b"\0"))
    return str(path)


def wrong_libraries(folder: Path) -> dict[str, str]:
    text = folder / "text.so"
    text.write_text("no library" * 1000)
    return {
        "cannot open shared object file": str(folder / "missing.so"),
        "invalid ELF header": str(text),
        "ELF": other_architecture(folder),
        "it has no C_InitToken": ctypes.util.find_library("m") or "libm.so.6",
    }


@pytest.mark.parametrize("index", range(4))
def test_a_library_that_is_not_softhsm2(tmp_path: Path, index: int) -> None:
    needs("cc")
    message, path = list(wrong_libraries(tmp_path).items())[index]
    result = confkit("emulate", "--softhsm", path, "--", "true")
    assert result.code == 3
    assert result.err.startswith("confkit: SoftHSM2 cannot be used: ")
    assert message in result.err
    assert "or name another libsofthsm2.so with --softhsm PATH or CONFKIT_SOFTHSM2" in result.err
    assert result.err.count("\n") == 1
    by_variable = confkit("emulate", "--crypto", "--", "true", environment={softhsm.VARIABLE: path})
    assert by_variable == result


def test_without_softhsm2_it_says_where_it_was_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(softhsm, "PLACES", ())
    monkeypatch.delenv(softhsm.VARIABLE, raising=False)
    with pytest.raises(UnavailableError, match=r"CONFKIT_SOFTHSM2 is not set.*Install it .*--softhsm PATH"):
        running_group(1, crypto=True).__enter__()
    with running_group(1, crypto="if-available") as group:
        assert (group.pin, group.so_pin) == ("", "")


@pytest.mark.parametrize("index", range(4))
def test_an_application_goes_on_without_cryptography(start: StartApplication, tmp_path: Path, index: int) -> None:
    """Chrystoki.conf names a library that cannot be used, for instance because it was removed since."""
    path = list(wrong_libraries(tmp_path).values())[index]
    with running_group([QUICK] * 2) as group:
        file = Path(group.config_path)
        lines = f"Emulator = {{\n   softhsm = {path};\n   softhsmConfiguration = /dev/null;"
        file.write_text(file.read_text().replace("Emulator = {", lines))
        application = start(group, initialised=True)
        assert "emulated Luna client: " in application.messages()
        assert "SoftHSM2" in application.messages()
        assert statuses(application.state()) == [OK, OK]
        rv, session = application.numbers("open", 0, SERIAL_SESSION)
        assert rv == OK
        assert application.rv("call-function", C_GENERATE_RANDOM, session) == FUNCTION_NOT_SUPPORTED


def test_tokens_and_pins_are_private_and_go_with_the_group() -> None:
    needs_softhsm()
    with running_group(2, label="payments", groups=2, crypto=True) as group, running_group(1, crypto=True) as other:
        document = chrystoki.parse(Path(group.config_path).read_bytes())
        values = {entry.name: entry.value for section in document.sections for entry in section.entries}
        private = Path(values["softhsmConfiguration"]).parent
        assert (private / "tokens").stat().st_mode & 0o077 == 0
        assert len(list((private / "tokens").iterdir())) == 2  # one for each HA group
        assert len({group.pin, group.so_pin, other.pin, other.so_pin}) == 4
        assert group.token_label == "payments"
        assert group.environment()["CONFKIT_PIN"] == group.pin
        assert list(lint(document, group.config_path, RULES)) == []
    assert not os.path.exists(private)


def test_the_command_gets_what_it_needs() -> None:
    needs_softhsm()
    result = confkit(
        "emulate", "--crypto", "--members", "1", "--", "sh", "-c", 'echo "$CONFKIT_TOKEN_LABEL $CONFKIT_PIN"'
    )
    label, pin = result.out.split()
    assert (label, len(pin), result.code) == ("emulated", 8, 0)
