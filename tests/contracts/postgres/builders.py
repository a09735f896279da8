"""Inquiries, people and a judge for the stores' tests: a judge that asks nothing but the rotation."""

from datetime import datetime, timedelta

import asyncpg

from domain.assignments import Assignment, Why
from domain.decisions import Decision, DecisionKind, Item, Judgement, Outcome, Reason, Trace
from domain.facts import Facts, PersonFacts, SignalFact
from domain.ledger import Intent
from domain.messages import Inquiry, Person
from domain.values import Action, Channel, Motion, Purpose

TENANT = "main"
PHONE = "+15125550142"
REPS = ("ana", "ben", "cy")


def inquiry(event: str = "form-1", source: str = "demo_request", **fields: object) -> Inquiry:
    given = {"source": source, "source_event_id": event, "person": {"name": "Dana Ortiz"}, **fields}
    return Inquiry.model_validate(given)


def person(phone: str | None = PHONE, email: str | None = None, **fields: object) -> PersonFacts:
    return PersonFacts.model_validate({"phone": phone, "email": email, **fields})


class RotationJudge:
    """Hands off to whoever was offered a lead longest ago; a request for a meeting opens a lead and is strong."""

    def __init__(self, active: str = "p1") -> None:
        self.active = active

    def triage(self, facts: Facts, now: datetime, decision_id: str) -> Judgement:
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
        reasons = (Reason(rule="always", because="Every lead is texted."),)
        turn = Assignment(why=Why.TURN, line="all", owner=owner, step=1)
        return Judgement(decision=decision, trace=Trace(reasons=reasons, assignment=turn))

    def is_strong(self, seen: SignalFact, before: tuple[SignalFact, ...], now: datetime) -> bool:
        return seen.kind == "meeting_request"

    def opens(self, seen: SignalFact, now: datetime) -> str | None:
        return "contact_sales" if seen.kind == "meeting_request" else None

    def makes_group(self, facts: Facts, before: tuple[SignalFact, ...], now: datetime) -> bool:
        return len(facts.colleagues) == 2

    def understood(self, meaning: str, opted_out: bool) -> str:
        return {"yes": "start" if opted_out else "reply"}.get(meaning, meaning)


class BrokenJudge(RotationJudge):
    """Can't decide."""

    def triage(self, facts: Facts, now: datetime, decision_id: str) -> Judgement:
        raise ZeroDivisionError(facts.person.phone)


judge, broken_judge = RotationJudge(), BrokenJudge()


def read(_given: Person) -> PersonFacts:
    """Whoever is given, it is this person."""
    return person()


async def count(pool: asyncpg.Pool, table: str, where: str = "true") -> int:
    """How many rows."""
    return int(await pool.fetchval(f"select count(*) from {table} where {where}"))


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
        "lead_now": "2026-11-24T15:00:00Z",
        **fields,
    }
    return Intent.model_validate(given)
