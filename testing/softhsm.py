"""What tests with cryptography need: SoftHSM2."""

from __future__ import annotations

from confkit.emulator import softhsm
from testing.programs import unmet


def needs_softhsm() -> str:
    """Return the path of SoftHSM2; skip or fail as `testing.programs.unmet` does without it."""
    path = softhsm.find()
    if path is None:
        unmet("needs SoftHSM2", "apt-get install libsofthsm2")
    return path
