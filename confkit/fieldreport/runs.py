"""From what a worker said to what the report shows of it: every text through pseudonyms, every buffer as a map."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal

from confkit.core.errors import UnavailableError
from confkit.fieldreport.buffer_map import buffer_map
from confkit.fieldreport.models import (
    ReportedAnswer,
    ReportedCall,
    ReportedClient,
    ReportedRun,
    ReportedSlot,
    ReportedToken,
)
from confkit.live import abi
from confkit.live.returncodes import name_of

if TYPE_CHECKING:
    from confkit.fieldreport.observe import Observed
    from confkit.fieldreport.pseudonyms import Pseudonyms

_TEXTS = ("description", "manufacturer", "model")


def run_view(
    configuration: Literal["as it is", "a private copy with HAOnly = 0"], observed: Observed, names: Pseudonyms
) -> ReportedRun:
    """Return one run as the report shows it."""
    slots = tuple(_slot(slot, names) for slot in observed.slots)  # first: they name labels and serial numbers
    group = [answer for answer in observed.answers if answer["question"] == "group"]
    calls = tuple(_call(answer, names) for answer in group)
    return ReportedRun(
        configuration=configuration,
        ended=None if observed.ended is None else names.hide(observed.ended),
        client=ReportedClient(**_hidden(observed.client, names)) if observed.client else None,
        slots=slots,
        group_slot=observed.group,
        layout=_layout(group),
        every_member_up=_every_member_up(calls),
        calls=calls,
        answers=tuple(dict.fromkeys(_answer(answer, names) for answer in group)),
        wrong_slot=_other(observed, "wrong slot", names),
        other_slot=_other(observed, "other slot", names),
    )


def _slot(slot: dict[str, Any], names: Pseudonyms) -> ReportedSlot:
    token = dict(slot["token"])
    label, serial = names.of("label", token.pop("label")), names.of("serial", token.pop("serial"))
    view = ReportedToken(label=label, serial=serial, **_hidden(token, names))
    return ReportedSlot(**{**_hidden(slot, names), "token": view})


def _hidden(fields: dict[str, Any], names: Pseudonyms) -> dict[str, Any]:
    """Return the fields with free text hidden and a return code named."""
    shown: dict[str, Any] = {name: names.hide(value) if name in _TEXTS else value for name, value in fields.items()}
    if "rv" in shown:
        shown["returned"] = name_of(shown.pop("rv"))
    return shown


def _call(answer: dict[str, Any], names: Pseudonyms) -> ReportedCall:
    state = _read(answer)
    members = state.members if isinstance(state, abi.HaState) else ()
    return ReportedCall(
        seconds=round(answer["seconds"], 6),
        returned=name_of(answer["rv"]),
        members={names.of("serial", member.serial): name_of(member.status) for member in members},
    )


def _answer(answer: dict[str, Any], names: Pseudonyms) -> ReportedAnswer:
    state = _read(answer)
    filling, written = _written(answer)
    word = written[-abi.NATIVE.ulong_bytes :]
    last = int.from_bytes(word, sys.byteorder) if len(word) == abi.NATIVE.ulong_bytes else None
    return ReportedAnswer(
        slot=answer["slot"],
        returned=name_of(answer["rv"]),
        filling=filling,
        wrote=buffer_map(written, filling),
        last_word=last if last is not None and last <= abi.MAX_MEMBERS else None,
        problem=names.hide(state) if isinstance(state, str) else None,
    )


def _other(observed: Observed, question: str, names: Pseudonyms) -> ReportedAnswer | None:
    return next((_answer(answer, names) for answer in observed.answers if answer["question"] == question), None)


def _read(answer: dict[str, Any]) -> abi.HaState | str | None:
    """Read an answer: the state, or why it cannot be read; None where the call failed and the buffer is left open."""
    if answer["rv"] != 0:
        return None
    made = _written(answer)
    try:
        return abi.decode(made, abi.recognise(made))
    except UnavailableError as error:
        return error.message


def _written(answer: dict[str, Any]) -> abi.Answer:
    return abi.Answer(answer["filling"], bytes.fromhex(answer["written"]))


def _layout(answers: list[dict[str, Any]]) -> str | None:
    """Give the layout of the first answer that could be read."""
    readable = (_written(answer) for answer in answers if isinstance(_read(answer), abi.HaState))
    first = next(readable, None)
    return None if first is None else abi.recognise(first).name


def _every_member_up(calls: tuple[ReportedCall, ...]) -> bool | None:
    told = [call for call in calls if call.members]
    return all(status == "CKR_OK" for call in told for status in call.members.values()) if told else None
