"""What a member of an emulated group shall be like: how fast it answers, and what is wrong with it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from confkit.emulator.appliance import FAULTS
from confkit.live.returncodes import value_of

Law = Literal["list", "normal", "lognormal", "pareto", "bimodal"]

_VALUES_OF_LAW = {"normal": 2, "lognormal": 2, "pareto": 2, "bimodal": 3}
_VALUE_OF_FAULT = {"slow": "MS", "status": "CKR_NAME", "flap": "P"}
_FORMS = ", ".join(f"{kind}:{_VALUE_OF_FAULT[kind]}" if kind in _VALUE_OF_FAULT else kind for kind in FAULTS)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a member. `kind` is one of those that `confkit.emulator.appliance` lists.

    `value`: of slow the answer's delay in ms, of status the return code, of flap the probability that a request fails.
    """

    kind: str
    value: float = 0

    def __post_init__(self) -> None:
        if self.kind not in FAULTS:
            raise ValueError(f"{self.kind!r} is no fault; write one of: {_FORMS}")
        if not 0 <= self.value < 2**32 or (self.kind == "flap" and self.value > 1):
            raise ValueError(f"{self.value:g} is out of range for the fault {self.kind}")


@dataclass(frozen=True)
class MemberPlan:
    """How fast a member answers a request.

    `latency_ms` holds the values of `law`, in ms where not said otherwise: list (used one after the other, over and
    over), normal (mean, standard deviation), lognormal (median, sigma without unit), pareto (minimum, exponent without
    unit), bimodal (usual, other, share of the other). The same `seed` gives the same delays. ValueError: not so.
    """

    latency_ms: tuple[float, ...] = (20,)
    law: Law = "list"
    seed: int = 0
    fault: Fault | None = None

    def __post_init__(self) -> None:
        wanted = _VALUES_OF_LAW.get(self.law, max(1, len(self.latency_ms)))
        if self.law != "list" and self.law not in _VALUES_OF_LAW:
            raise ValueError(f"{self.law!r} is no law; write one of: list, {', '.join(_VALUES_OF_LAW)}")
        if len(self.latency_ms) != wanted:
            raise ValueError(f"the law {self.law} takes {wanted} values, not {len(self.latency_ms)}")
        if not all(math.isfinite(value) and value >= 0 for value in self.latency_ms):
            raise ValueError(f"a latency is a number from 0 up, unlike one of {self.latency_ms}")
        if self.law in {"lognormal", "pareto"} and 0 in self.latency_ms:
            raise ValueError(f"the values of the law {self.law} are greater than 0")

    def as_latency(self) -> dict[str, object]:
        """Return the latency as the appliance's control socket takes it."""
        return {"law": self.law, "values": list(self.latency_ms), "seed": self.seed}


def fault_from_text(text: str) -> Fault:
    """Read a fault such as "hang", "slow:800", "status:CKR_DEVICE_ERROR" or "flap:0.2".

    Raise ValueError, with the forms that there are, for anything else.
    """
    kind, colon, value = text.partition(":")
    if bool(colon and value) != (kind in _VALUE_OF_FAULT):
        raise ValueError(f"{text!r} is no fault; write one of: {_FORMS}")
    if kind == "status":
        return Fault(kind, value_of(value))
    try:
        number = float(value or 0)
    except ValueError as reason:
        raise ValueError(f"{text!r} is no fault; write one of: {_FORMS}") from reason
    return Fault(kind, number)


def parse_fault(text: str) -> tuple[int, Fault]:
    """Read a member's number, counted from 0 like ServerName00, and its fault: "1=slow:800".

    Raise ValueError for anything else.
    """
    number, equals, fault = text.partition("=")
    if not equals or not (number.isascii() and number.isdigit()):
        raise ValueError(f"{text!r} is not MEMBER=FAULT, such as 0=hang or 1=slow:800; the first member is 0")
    return int(number), fault_from_text(fault)
