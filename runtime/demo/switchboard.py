"""The log's entries of calls as lines for people: whose phone rings for whom, what a rep hears and presses, who talks.

Keeps what it has seen of each call, so that a line may be put together of several entries. It decides nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from runtime.demo.calls import Causes, Rung
from runtime.demo.world import Entry

Kind = Literal["calls", "rings", "hears", "takes", "passes", "talks", "machine"]

_TALK = re.compile(r", ([\d.]+) s of talk$")
_KEYS: dict[str | None, Kind] = {"1": "takes", "2": "passes"}
_ASKED = "Press 1"
_UNTOLD = ("play:", "Calling ", "Passed.")
"""What a rep hears that says no more than the lines around it."""

_NOT_REACHED = {"busy": "is busy", "no-answer": "nobody answers", "failed": "can't be reached"}


@dataclass(frozen=True, slots=True)
class Told:
    """One line."""

    at: datetime
    kind: Kind
    who: str
    what: str = ""


@dataclass(slots=True)
class _Leg:
    """What is known of one phone on one call. `began`: when somebody was first spoken to."""

    who: str
    is_rep: bool
    about: str = ""
    why: Rung | None = None
    room: str | None = None
    began: datetime | None = None
    asked: bool = False
    is_machine: bool = False
    calls_us: bool = False
    words: list[str] = field(default_factory=list)


class Switchboard:
    """`reps` and `people`: names by E.164 number."""

    def __init__(self, reps: Mapping[str, str], people: Mapping[str, str]) -> None:
        self._people = people
        self._names = {**people, **reps}
        self._ours = frozenset(reps)
        self._legs: dict[str, _Leg] = {}
        self._rooms: dict[str, list[str]] = {}
        self._whispered: set[Rung] = set()
        self._causes = Causes()
        self._tells: dict[str, Callable[[Entry, _Leg], list[Told]]] = {
            "call_leg": self._rings,
            "inbound_call": self._calls,
            "heard": self._hears,
            "pressed": self._presses,
            "answered": self._answers,
            "voicemail_left": lambda entry, leg: [Told(entry.at, "machine", leg.who, f"“{entry.body}”")],
            "bridged": self._meets,
            "hung_up": self._hangs_up,
        }

    def is_ringing(self, entries: Iterable[Entry]) -> bool:
        """Whether phones of ours begin to ring in these: then one needs to know what for."""
        return any(entry.kind == "call_leg" and entry.to in self._ours for entry in entries)

    def lines(self, entries: Sequence[Entry], rung: Sequence[Rung], leads: Mapping[str, str]) -> list[Told]:
        """What is new. `rung`: what our phones were to ring for; `leads`: names by the ids of leads."""
        found: list[Told] = []
        for entry in entries:
            if entry.vendor != "twilio" or entry.kind not in self._tells:
                continue
            leg = self._leg(entry, rung, leads)
            for line in self._tells[entry.kind](entry, leg):
                _put(found, line)
        return found

    def _leg(self, entry: Entry, rung: Sequence[Rung], leads: Mapping[str, str]) -> _Leg:
        key = entry.vendor_id or str(entry.seq)
        if key not in self._legs:
            phone = entry.sender if entry.kind == "inbound_call" else entry.to
            leg = self._legs[key] = _Leg(self._names.get(phone or "", phone or ""), phone in self._ours)
            if leg.is_rep and (caller := self._people.get(entry.sender or "")) is not None:
                leg.about = caller
            elif leg.is_rep and (why := self._causes.of(entry, rung)) is not None:
                leg.why, leg.about = why, leads.get(why.lead_id, "")
        return self._legs[key]

    def _calls(self, entry: Entry, leg: _Leg) -> list[Told]:
        leg.calls_us = True
        return [Told(entry.at, "calls", leg.who, "our number")]

    def _rings(self, entry: Entry, leg: _Leg) -> list[Told]:
        return [Told(entry.at, "rings", leg.who, f"for {leg.about}" if leg.about else "")]

    def _hears(self, entry: Entry, leg: _Leg) -> list[Told]:
        words = entry.body or ""
        if not leg.is_rep or words.startswith(_UNTOLD):
            return []
        if leg.asked:
            return [] if _ASKED in words else [Told(entry.at, "hears", leg.who, f"“{words}”")]
        leg.began = leg.began or entry.at
        leg.words.append(words.partition(_ASKED)[0].strip())
        return self._whisper(leg) if _ASKED in words else []

    def _presses(self, entry: Entry, leg: _Leg) -> list[Told]:
        kind = _KEYS.get(entry.body)
        if kind is None or not leg.is_rep:
            return []
        return [*self._whisper(leg), Told(entry.at, kind, leg.who, f"presses {entry.body}: {leg.about}")]

    def _whisper(self, leg: _Leg) -> list[Told]:
        """What reps are told before they decide, once for all who hear the same."""
        whisper, leg.asked = " ".join(filter(None, leg.words)), True
        leg.words.clear()
        if leg.began is None or not whisper or leg.why in self._whispered:
            return []
        if leg.why is not None:
            self._whispered.add(leg.why)
        return [Told(leg.began, "hears", leg.who, f"“{whisper}”")]

    def _answers(self, entry: Entry, leg: _Leg) -> list[Told]:
        leg.is_machine = not entry.delivered
        return [Told(entry.at, "machine", leg.who, "the voicemail answers")] if leg.is_machine else []

    def _meets(self, entry: Entry, leg: _Leg) -> list[Told]:
        leg.room = entry.channel or ""
        self._rooms.setdefault(leg.room, []).append(leg.who)
        return []

    def _hangs_up(self, entry: Entry, leg: _Leg) -> list[Told]:
        detail = entry.detail or ""
        talk = _TALK.search(detail)
        if leg.room is not None and not leg.is_rep and not leg.is_machine and talk:
            length = timedelta(seconds=round(float(talk[1])))
            return [Told(entry.at, "talks", " and ".join(self._rooms[leg.room]), _clock(length))]
        if leg.calls_us:
            return [Told(entry.at, "calls", leg.who, "hangs up: nobody has picked up")] if leg.room is None else []
        why = _NOT_REACHED.get(detail.partition(":")[0])
        return [Told(entry.at, "rings", leg.who, why)] if why and leg.room is None else []


def _put(found: list[Told], line: Told) -> None:
    """Phones that ring for the same person ring in one line."""
    last = found[-1] if found else None
    if last is not None and line.kind == last.kind == "rings" and line.what == last.what and line.what[:4] == "for ":
        found[-1] = Told(last.at, "rings", f"{last.who}, {line.who}", last.what)
    else:
        found.append(line)


def _clock(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"
