"""The truth of what reached people and systems, independent of Baton's tables; tests and the demo judge by it.

On the phone, `to` is the person's number, `from` the number that they see and `vendor_id` the call, and each of these
is an entry of its own: call_leg (dialled; `detail` if it didn't ring; `callback` is where its status goes, as whoever
placed it said; not accepted if it was refused), answered (not delivered: by a machine), heard (words, or
play:address; Twilio's own sounds are play:twilio:beep and play:twilio:hold-music), unheard (said over a machine's
greeting), pressed, bridged (now with somebody; `channel` is the conference, `detail` the label or the other number),
voicemail_left (said after the beep), recorded (words said), hung_up (how, and seconds of talk with a person),
inbound_call, twiml_error (Twilio's code and what was wrong).
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, field_serializer

from simulator.clock import EmbeddedClock, iso
from simulator.journal import Journal

Vendor = Literal["twilio", "slack", "hubspot", "enrichment"]


@dataclass(frozen=True, slots=True)
class Reached:
    """One thing that reached somebody, or was refused at the vendor's door (accepted False)."""

    vendor: Vendor
    kind: str
    to: str | None = None
    sender: str | None = None
    body: str | None = None
    vendor_id: str | None = None
    accepted: bool = True
    delivered: bool = True
    channel: str | None = None
    detail: str | None = None
    callback: str | None = None
    blocks: JsonValue = None


class Entry(BaseModel):
    """A line of GET /sim/log; `at` is the embedded clock, `real_at` the wall's."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    seq: int
    at: AwareDatetime
    real_at: AwareDatetime
    vendor: Vendor
    kind: str
    to: str | None
    sender: str | None = Field(alias="from")
    body: str | None
    vendor_id: str | None
    accepted: bool
    delivered: bool
    channel: str | None = None
    detail: str | None = None
    callback: str | None = None
    blocks: JsonValue = None

    @field_serializer("at", "real_at")
    def _as_text(self, moment: AwareDatetime) -> str:
        return iso(moment)


class DeliveryLog:
    """Entries in the order in which they happened; `seq` starts at 1 and has no gaps."""

    def __init__(self, clock: EmbeddedClock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._entries = [Entry.model_validate(value) for value in journal.read("entry").values()]

    def add(self, reached: Reached) -> Entry:
        entry = Entry(
            seq=len(self._entries) + 1,
            at=self._clock.now(),
            real_at=self._clock.real_now(),
            vendor=reached.vendor,
            kind=reached.kind,
            to=reached.to,
            sender=reached.sender,
            body=reached.body,
            vendor_id=reached.vendor_id,
            accepted=reached.accepted,
            delivered=reached.accepted and reached.delivered,
            channel=reached.channel,
            detail=reached.detail,
            callback=reached.callback,
            blocks=reached.blocks,
        )
        self._journal.put("entry", str(entry.seq), entry)
        self._entries.append(entry)
        return entry

    def since(self, seq: int) -> list[Entry]:
        return self._entries[max(seq, 0) :]

    def clear(self) -> None:
        self._entries.clear()
