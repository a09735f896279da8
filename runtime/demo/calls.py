"""Calls as the simulator's log has them: whose phones rang, for whom, what came of it. Pure; it reads no table."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from domain.decisions import DecisionKind
from domain.views import TracedDecision
from policy.roster import Rep
from runtime.demo.world import Entry

AT_ONCE = timedelta(seconds=10)
"""Real time within which a call that was decided rings, on a busy machine too."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A person's phone rang. `came_to`: connected, voicemail, busy, no_answer or failed."""

    at: datetime
    came_to: str


@dataclass(frozen=True, slots=True)
class Rung:
    """Policy wanted these phones of ours to ring for a lead, once each. `decided`: real time."""

    lead_id: str
    phones: tuple[str, ...]
    decided: datetime


def wanted(traces: Mapping[str, Iterable[TracedDecision]], team: Sequence[Rep]) -> tuple[Rung, ...]:
    """What the decisions on these leads wanted of our phones, oldest first."""
    phones = {rep.handle: rep.phone for rep in team}
    found = [
        Rung(lead_id, tuple(phones[rep] for rep in call.reps if phones.get(rep)), each.recorded_at)
        for lead_id, trace in traces.items()
        for each in trace
        if each.decision.kind is DecisionKind.CALL and (call := each.decision.call) is not None and call.reps
    ]
    return tuple(sorted(found, key=lambda each: each.decided))


class Causes:
    """Why phones of ours ring: all that a call rings, it rings for one decision, and no other call rings for that."""

    def __init__(self) -> None:
        self._of_calls: dict[str, Rung] = {}

    def of(self, entry: Entry, rung: Iterable[Rung]) -> Rung | None:
        """What wanted a phone of ours to ring that rings in this entry; None when nothing is known of it. `rung`: all
        that is known to have been wanted, oldest first."""
        call = _call_of(entry)
        if call in self._of_calls:
            return self._of_calls[call]
        taken = self._of_calls.values()
        free = [each for each in rung if each not in taken and _may_be_why(entry, each)]
        # Two calls decided in one moment ring in either order; later, it is the newest that rings.
        found = next((each for each in free if entry.real_at - each.decided < AT_ONCE), free[-1] if free else None)
        if found is not None and call is not None:
            self._of_calls[call] = found
        return found


def _may_be_why(entry: Entry, wanted: Rung) -> bool:
    return entry.to in wanted.phones and wanted.decided <= entry.real_at


def _call_of(entry: Entry) -> str | None:
    """The call that a ring is one of, by the address that Baton gave for its status."""
    return parse_qs(urlsplit(entry.callback or "").query).get("call", [None])[0]


def rung_too_often(log: Iterable[Entry], rung: Sequence[Rung]) -> int:
    """Rings of our phones beyond the one that each decision, or each call to us, wanted of them."""
    ours, calling, causes = {phone for each in rung for phone in each.phones}, {}, Causes()
    counted: Counter[tuple[str | None, Rung | int | None]] = Counter()
    for entry in log:
        if entry.kind == "inbound_call":
            calling[entry.sender] = entry.seq
        elif entry.kind == "call_leg" and entry.accepted and (entry.to in ours or entry.sender in calling):
            counted[entry.to, calling.get(entry.sender) or causes.of(entry, rung)] += 1
    return sum(times - 1 if why is not None else times for (_, why), times in counted.items())


def to_person(log: Iterable[Entry], phone: str | None) -> list[Ring]:
    """The rings of a person's phone, in order."""
    of_phone = [entry for entry in log if phone is not None and entry.to == phone and entry.vendor == "twilio"]
    begun = [entry for entry in of_phone if entry.kind == "call_leg" and entry.accepted]
    return [Ring(leg.at, _came_to([e for e in of_phone if e.vendor_id == leg.vendor_id])) for leg in begun]


def _came_to(leg: Sequence[Entry]) -> str:
    answered = next((entry for entry in leg if entry.kind == "answered"), None)
    if answered is not None and not answered.delivered:
        return "voicemail"
    if any(entry.kind == "bridged" for entry in leg):
        return "connected"
    ended = next(((entry.detail or "").partition(":")[0] for entry in leg if entry.kind == "hung_up"), "no_answer")
    return {"busy": "busy", "failed": "failed"}.get(ended, "no_answer")
