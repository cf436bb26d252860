"""How fast a member of an emulated group answers, and what is wrong with it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from confkit.emulator.appliance import FAULTS
from confkit.live.returncodes import value_of

Law = Literal["list", "normal", "lognormal", "pareto", "bimodal"]

_VALUES_OF_LAW = {"normal": 2, "lognormal": 2, "pareto": 2, "bimodal": 3}


def fault_forms() -> dict[str, str]:
    """Return every fault as it is written, such as "slow:MS", and what a member does that has it."""
    return {f"{kind}:{value}" if value else kind: effect for kind, (value, _, effect) in FAULTS.items()}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a member. `kind` is one of `confkit.emulator.appliance.FAULTS`.

    `value`: of slow the answer's delay in ms, of status the return code, of flap the probability that a request fails.
    ValueError: unknown kind, or a value out of range.
    """

    kind: str
    value: float = 0

    def __post_init__(self) -> None:
        if self.kind not in FAULTS:
            raise _unknown_fault(self.kind)
        _, greatest, _ = FAULTS[self.kind]
        if not 0 <= self.value <= greatest:
            raise ValueError(f"{self.value:g} is out of range for the fault {self.kind}: 0 to {greatest:g}")


@dataclass(frozen=True)
class MemberPlan:
    """How fast a member answers a request.

    `latency_ms` holds the values of `law`, in ms where not said otherwise: list (used one after the other, over and
    over), normal (mean, standard deviation), lognormal (median, sigma without unit), pareto (minimum, exponent without
    unit), bimodal (usual, other, share of the other). The same `seed` gives the same delays. ValueError: invalid.
    """

    latency_ms: tuple[float, ...] = (20,)
    law: Law = "list"
    seed: int = 0
    fault: Fault | None = None

    def __post_init__(self) -> None:
        wanted = _VALUES_OF_LAW.get(self.law, max(1, len(self.latency_ms)))
        if self.law != "list" and self.law not in _VALUES_OF_LAW:
            raise ValueError(f"unknown law: {self.law!r}. Known are list, {', '.join(_VALUES_OF_LAW)}")
        if len(self.latency_ms) != wanted:
            raise ValueError(f"the law {self.law} takes {wanted} values, not {len(self.latency_ms)}")
        if not all(math.isfinite(value) and value >= 0 for value in self.latency_ms):
            raise ValueError(f"invalid latency: {self.latency_ms}. Give finite numbers of milliseconds from 0 up")
        if self.law in {"lognormal", "pareto"} and 0 in self.latency_ms:
            raise ValueError(f"invalid latency: 0. The values of the law {self.law} have to be greater than 0")

    def as_latency(self) -> dict[str, object]:
        """Return the latency as the appliance's control socket takes it."""
        return {"law": self.law, "values": list(self.latency_ms), "seed": self.seed}


def fault_from_text(text: str) -> Fault:
    """Return the fault that a text such as "hang", "slow:800", "status:CKR_DEVICE_ERROR" or "flap:0.2" names.

    ValueError, with the known forms, for anything else.
    """
    kind, colon, value = text.partition(":")
    if kind not in FAULTS or bool(colon and value) != bool(FAULTS[kind][0]):
        raise _unknown_fault(text)
    if kind == "status":
        return Fault(kind, value_of(value))
    try:
        number = float(value or 0)
    except ValueError as reason:
        raise _unknown_fault(text) from reason
    return Fault(kind, number)


def _unknown_fault(text: str) -> ValueError:
    return ValueError(f"unknown fault: {text!r}. Known are {', '.join(fault_forms())}")


def parse_fault(text: str) -> tuple[int, Fault]:
    """Return the number of a member, from 0 like ServerName00, and its fault: "1=slow:800". ValueError otherwise."""
    number, equals, fault = text.partition("=")
    if not equals or not (number.isascii() and number.isdigit()):
        raise ValueError(
            f"{text!r} is not MEMBER=FAULT. Write, for example, 0=hang or 1=slow:800; the first member is 0"
        )
    return int(number), fault_from_text(fault)
