"""What is known of the catalogue without opening a file of it: its sections, and the entries that hold a secret."""

from __future__ import annotations

# In the order in which a reader meets them: libraries and time limits, network, HA, logs, cloud, the rest, old ones.
# A test holds both tuples against schemas/sections.
SECTION_NAMES = (
    "Chrystoki2",
    "Luna",
    "CardReader",
    "Misc",
    "LunaSA Client",
    "Secure Trusted Channel",
    "VirtualToken",
    "HASynchronize",
    "HAConfiguration",
    "HARecovery",
    "CkLog2",
    "REST",
    "XTC",
    "Toggles",
    "RBS",
    "Session",
    "Presentation",
    "GemEngine",
    "PedServer",
    "NBS",
    "PTA",
    "ViperClient",
)

# Their entries have the names of other sections' entries: a name belongs in one of these only if in no other.
NAMESAKE_SECTIONS = ("PedServer", "NBS", "PTA", "ViperClient")

# Other programs have sections of these names in their .ini and .conf files too.
SHARED_SECTIONS = frozenset({"Misc", "Session", "Presentation", "Toggles", "REST"})

EMULATOR_SECTION = "Emulator"  # what `confkit emulate` writes for its own library; the client never reads it

# Sections of pedServer.conf: the same syntax, read by the PED server and not by the client.
PED_SERVER_SECTIONS = ("Appliances",)

SECRET_NAMES = ("AuthTokenClientSecret", "CVAppSpecificData")


def section_names() -> tuple[str, ...]:
    """Return the name of every section in the catalogue; no file is opened."""
    return SECTION_NAMES


def secret_names() -> tuple[str, ...]:
    """Return the name of every entry whose value must never be shown; no file is opened."""
    return SECRET_NAMES


def known_section(name: str, *, windows: bool = False) -> str | None:
    """Return the catalogue's spelling of the section `name`, or None; letter case is ignored on Windows only."""
    if name in SECTION_NAMES:
        return name
    if windows:
        return next((known for known in SECTION_NAMES if known.lower() == name.lower()), None)
    return None
