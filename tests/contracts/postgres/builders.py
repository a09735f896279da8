"""Inquiries, people and a judge for the stores' tests: a judge that asks nothing but the rotation."""

from datetime import datetime, timedelta

from domain.decisions import Decision, DecisionKind, Item, Judgement, Outcome, Reason, Trace
from domain.facts import Facts, PersonFacts
from domain.ledger import Intent
from domain.messages import Inquiry
from domain.values import Action, Channel, Motion, Purpose

TENANT = "main"
PHONE = "+15125550142"
REPS = ("ana", "ben", "cy")


def inquiry(event: str = "form-1", source: str = "demo_request", **fields: object) -> Inquiry:
    given = {"source": source, "source_event_id": event, "person": {"name": "Dana Ortiz"}, **fields}
    return Inquiry.model_validate(given)


def person(phone: str | None = PHONE, email: str | None = None, **fields: object) -> PersonFacts:
    return PersonFacts.model_validate({"phone": phone, "email": email, **fields})


def judge(facts: Facts, now: datetime, decision_id: str) -> Judgement:
    """Hands off to whoever was offered a lead longest ago."""
    last = {load.rep: load.last_offered for load in facts.reps}
    owner = min(REPS, key=lambda rep: (last.get(rep, 0), rep))
    decision = Decision(
        decision_id=decision_id,
        kind=DecisionKind.TRIAGE,
        outcome=Outcome.HAND_OFF,
        decided_at=now,
        good_until=now + timedelta(minutes=2),
        policy_hash="p1",
        motion=Motion.TEXT_BACK,
        owner=owner,
        agenda=(Item(key="text-1", at=now, action=Action.TEXT),),
    )
    return Judgement(decision=decision, trace=Trace(reasons=(Reason(rule="always", because="Every lead is texted."),)))


def broken_judge(facts: Facts, now: datetime, decision_id: str) -> Judgement:
    raise ZeroDivisionError(facts.person.phone)


def intent(lead_id: str, person_id: str, key: str = "1", **fields: object) -> Intent:
    given = {
        "touch_id": f"touch-{lead_id}-{key}",
        "key": f"{lead_id}:1:text:{key}",
        "tenant": TENANT,
        "lead_id": lead_id,
        "person_id": person_id,
        "channel": Channel.SMS,
        "purpose": Purpose.RESPONSIVE,
        "recipient": PHONE,
        "sender": "+15125550100",
        "body": "Hello",
        "request_hash": "h1",
        "lead_now": "2026-11-24T15:00:00Z",
        **fields,
    }
    return Intent.model_validate(given)
