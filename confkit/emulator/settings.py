"""The Chrystoki.conf of an emulated group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.emulator.softhsm import Tokens

Layout = Literal["serial20", "serial16", "ulong"]
Report = Literal["at-timeout", "early", "always-at-timeout"]
OutsideRange = Literal["clamp", "default", "as-is"]
Recovery = Literal["activeBasic", "activeEnhanced"]

_MAX_LABEL = 32  # CK_TOKEN_INFO has room for no more
_MAX_MEMBERS = 32  # CK_HA_MAX_MEMBERS
_MAX_EMPTY_SLOTS = 32  # EMPTY_SLOT_LIMIT in config.h
_FIRST_SERIAL = 154438865287  # as long as those of real partitions


class HAGroup(NamedTuple):
    """An HA group of the emulated client: its label, its own pseudo serial number and those of its members."""

    label: str
    serial: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class ClientSettings:
    """What the emulated client reads besides groups and servers; `running_group` explains each. ValueError: invalid."""

    layout: Layout
    report: Report
    timeout_outside_range: OutsideRange
    status_timeout: int | None
    ha_only: bool
    receive_timeout_ms: int
    reconnect_interval_ms: int | None
    second_ms: int
    other_slot_return: int
    all_down_return: int
    recovery: Recovery
    empty_ha_slots: int
    empty_slots: int

    def __post_init__(self) -> None:
        for slots in (self.empty_ha_slots, self.empty_slots):
            if not 0 <= slots <= _MAX_EMPTY_SLOTS:
                raise ValueError(f"0 to {_MAX_EMPTY_SLOTS} slots without a token can be emulated, not {slots}")


def ha_groups(label: str, members: int, count: int) -> tuple[HAGroup, ...]:
    """Return `count` groups over the same servers, each with a partition on every one.

    Every group but the first has its number in its label. The serial number of a group is "1" followed by that of its
    first member, as lunacm makes it. ValueError: invalid label, or too few or too many members or groups.
    """
    if not 1 <= members <= _MAX_MEMBERS:
        raise ValueError(f"an HA group has 1 to {_MAX_MEMBERS} members, not {members}")
    if not 1 <= count <= _MAX_MEMBERS:
        raise ValueError(f"1 to {_MAX_MEMBERS} groups can be emulated, not {count}")
    labels = [label, *(f"{label}-{number}" for number in range(2, count + 1))]
    if not label.strip() or len(labels[-1]) > _MAX_LABEL or not (label.isascii() and label.isprintable()):
        raise ValueError(
            f"invalid label: {label!r}. Give 1 to {_MAX_LABEL} printable ASCII characters, its number included"
        )
    if set(label) & set(";={}"):
        raise ValueError(f"invalid label: {label!r}. Leave out ; = {{ }}, which the client's file cannot hold")
    groups = []
    for number, name in enumerate(labels):
        serials = tuple(str(_FIRST_SERIAL + 1000 * number + member) for member in range(members))
        groups.append(HAGroup(name, f"1{serials[0]}", serials))
    return tuple(groups)


def chrystoki_conf(
    library: str, groups: Sequence[HAGroup], ports: Sequence[int], settings: ClientSettings, tokens: Tokens | None
) -> str:
    """Return the text of the file. The order of servers is that of every group's members."""
    sections = {
        "Chrystoki2": {"LibUNIX64": library},
        "LunaSA Client": _servers(ports, settings),
        "VirtualToken": _virtual_tokens(groups, settings),
        "HASynchronize": {group.label: "1" for group in groups},
        "HAConfiguration": _ha_configuration(settings),
        "Emulator": _emulator(settings, tokens),
    }
    return "\n".join(_section(name, entries) for name, entries in sections.items())


def _section(name: str, entries: dict[str, str]) -> str:
    lines = [f"   {key} = {value};\n" for key, value in entries.items()]
    return f"{name} = {{\n{''.join(lines)}}}\n"


def _servers(ports: Sequence[int], settings: ClientSettings) -> dict[str, str]:
    entries = {"NetClient": "1", "TCPKeepAlive": "1", "ReceiveTimeout": str(settings.receive_timeout_ms)}
    for number, port in enumerate(ports):
        entries[f"ServerName{number:02}"] = "127.0.0.1"
        entries[f"ServerPort{number:02}"] = str(port)
        entries[f"ServerHtl{number:02}"] = "0"
    return entries


def _virtual_tokens(groups: Sequence[HAGroup], settings: ClientSettings) -> dict[str, str]:
    entries = {}
    for number, group in enumerate(groups):
        entries[f"VirtualToken{number:02}Label"] = group.label
        entries[f"VirtualToken{number:02}SN"] = group.serial
        entries[f"VirtualToken{number:02}Members"] = ",".join(group.members)
    return {**entries, "VirtualTokenActiveRecovery": settings.recovery}


def _ha_configuration(settings: ClientSettings) -> dict[str, str]:
    entries = {"HAOnly": str(int(settings.ha_only)), "AutoReconnectInterval": "60", "reconnAtt": "-1"}
    if settings.status_timeout is not None:
        entries["statusTimeout"] = str(settings.status_timeout)
    return entries


def _emulator(settings: ClientSettings, tokens: Tokens | None) -> dict[str, str]:
    """Return the section that only the emulated library reads (config.c)."""
    entries = {
        "layout": settings.layout,
        "report": settings.report,
        "timeoutOutsideRange": settings.timeout_outside_range,
        "otherSlotReturn": hex(settings.other_slot_return),
        "allDownReturn": hex(settings.all_down_return),
        "secondMs": str(settings.second_ms),
        "emptyHASlots": str(settings.empty_ha_slots),
        "emptySlots": str(settings.empty_slots),
    }
    if tokens is not None:
        entries |= {"softhsm": tokens.library, "softhsmConfiguration": tokens.configuration}
    if settings.reconnect_interval_ms is not None:
        entries["reconnectIntervalMs"] = str(settings.reconnect_interval_ms)
    return entries
