"""Messages on their way in as arrivals: under which channel and event id each is kept, and what a lead is told of it.

Pure: no statement, no judgement.
"""

import re

from adapters.postgres.entries import Arrival
from adapters.postgres.readable import bounded
from adapters.postgres.rows import KeptText, Opening
from domain.facts import PersonFacts
from domain.judge import Judge
from domain.messages import Inquiry, Person, RowRef, Signal
from domain.replies import Said
from domain.values import Source

E164 = re.compile(r"\+[1-9]\d{6,14}")


def ref(opening: Opening, kind: str, source: str | None = None, strong: bool = False, said: Said = None) -> RowRef:
    return RowRef(row_id=opening.row_id, kind=kind, at=opening.now, source=source, strong=strong, said=said)


def of_inquiry(tenant: str, inquiry: Inquiry, person: PersonFacts, judge: Judge, again: bool = False) -> Arrival:
    # The key is the sender's own, so two senders may use the same one for different people.
    channel = f"inquiry/{inquiry.source}"
    return Arrival(tenant, channel, inquiry.source_event_id, inquiry, person, judge, inquiry.person.name, again)


def of_signal(tenant: str, signal: Signal, person: PersonFacts, judge: Judge, again: bool = False) -> Arrival:
    return Arrival(tenant, "signal", signal.source_event_id, signal, person, judge, signal.person.name, again)


def of_text(tenant: str, kept: KeptText, person: PersonFacts, judge: Judge, again: bool = False) -> Arrival:
    sender = kept.text.sender if E164.fullmatch(kept.text.sender) else None
    event = bounded(kept.text.vendor_id)
    return Arrival(tenant, "sms", event, kept, person, judge, again=again, sender=sender)


def texted(arrival: Arrival) -> Inquiry:
    """The inquiry that a text out of the blue is. It says nothing of consent: what it allows is for policy to know."""
    return Inquiry(
        source=Source.INBOUND_SMS,
        source_event_id=arrival.source_event_id,
        person=Person(phone=arrival.person.phone),
    )
