"""The platforms that confkit is packaged for, by the tag of the wheel."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """One platform. A wheel for it works with every Python 3: the library in it depends on no interpreter."""

    tag: str
    """Platform tag of the wheel (PEP 600, PEP 656)"""
    triple: str
    """What `zig cc -target` is told; empty where the wheel carries no compiled library"""
    python_platform: str
    """sysconfig.get_platform() of an interpreter there"""
    machine: str
    """platform.machine() there; empty: any"""


TARGETS = {
    target.tag: target
    for target in (
        Target("manylinux_2_17_x86_64", "x86_64-linux-gnu.2.17", "linux-x86_64", "x86_64"),
        Target("manylinux_2_17_aarch64", "aarch64-linux-gnu.2.17", "linux-aarch64", "aarch64"),
        Target("musllinux_1_2_x86_64", "x86_64-linux-musl", "linux-x86_64", "x86_64"),
        Target("musllinux_1_2_aarch64", "aarch64-linux-musl", "linux-aarch64", "aarch64"),
        Target("win_amd64", "", "win-amd64", "AMD64"),
        Target("any", "", "", ""),
    )
}


def named(tag: str) -> Target:
    """Return the target with this tag. ValueError, with the known ones, where there is none."""
    if tag not in TARGETS:
        raise ValueError(f"unknown target {tag!r}: use one of {', '.join(TARGETS)}")
    return TARGETS[tag]
