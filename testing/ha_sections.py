"""Sections of a file with HA groups: the groups, and the settings that go with a group named payments."""

from __future__ import annotations

from testing.linting import section

ONE, TWO, THREE = "154438865287", "154438865288", "154438865289"
SYNCHRONISED = section("HASynchronize", "payments = 1")
SETTINGS = section("HAConfiguration", "HAOnly = 1", "reconnAtt = -1")
REST = SYNCHRONISED + SETTINGS


def group(number: str = "00", label: str = "payments", serial: str = f"1{ONE}", members: str = f"{ONE},{TWO}") -> str:
    """Return the three entries of a group."""
    token = f"VirtualToken{number}"
    return f"  {token}Label = {label};\n  {token}SN = {serial};\n  {token}Members = {members};\n"


def groups(*parts: str) -> str:
    """Return section VirtualToken with these groups."""
    return "VirtualToken = {\n" + "".join(parts) + "}\n"
