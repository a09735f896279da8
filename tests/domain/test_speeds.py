"""The four speeds from what happened: each the earliest of its kind, whoever or whatever made it."""

from datetime import timedelta

import pytest

from domain import events as e
from domain import speeds, transitions
from domain.decisions import DecisionKind, Outcome
from domain.lead import Lead
from domain.speeds import Speeds
from domain.values import Action, Channel, Code, Stage
from tests.builders import NOON, a_decision, a_lead, an_item

LATER = NOON + timedelta(minutes=3)


def performed(action: Action) -> e.Performed:
    return e.Performed(at=LATER, item=an_item("1:x", action=action), channel=Channel.SMS)


def disposed(code: Code, by: str) -> e.Disposed:
    return e.Disposed(at=LATER, code=code, by=by)


AUTOMATION, ATTEMPT = {"first_automation_at": LATER}, {"first_human_attempt_at": LATER}


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (performed(Action.TEXT), AUTOMATION),
        (performed(Action.RESCUE), AUTOMATION),
        (performed(Action.OFFER), {}),
        (performed(Action.CRM), {}),
        (e.Held(at=LATER, item=an_item(action=Action.TEXT), until=LATER, because="window"), {}),
        (e.Accepted(at=LATER, rep="ada"), ATTEMPT),
        (e.Offered(at=LATER, owner="ada", number=1), {}),
        (disposed(Code.NO_RESPONSE, "ada"), ATTEMPT),
        (disposed(Code.NO_RESPONSE, "cli"), ATTEMPT),
        (disposed(Code.MEETING_SET, "ada"), {**ATTEMPT, "first_meeting_at": LATER}),
        (disposed(Code.MEETING_SET, "crm:hubspot"), {"first_meeting_at": LATER}),
        (disposed(Code.NOT_NOW, "reply"), {}),
        (e.Replied(at=LATER, row_id="r"), {}),
        (e.AutoReplied(at=LATER, row_id="r"), {}),
        (
            e.Decided(at=LATER, decision=a_decision(kind=DecisionKind.REPLY, contact_at=NOON)),
            {"first_two_way_contact_at": NOON},
        ),
        (e.Decided(at=LATER, decision=a_decision(kind=DecisionKind.REPLY)), {}),
    ],
)
def test_what_a_fact_says(fact: e.AnyFact, told: dict[str, object]) -> None:
    assert speeds.of([fact]) == Speeds.model_validate(told)


def test_the_earliest_of_each_counts_in_whatever_order_they_are_read() -> None:
    facts = [e.Accepted(at=NOON + timedelta(minutes=n), rep="ada") for n in (9, 2, 5)]
    assert speeds.of(facts).first_human_attempt_at == NOON + timedelta(minutes=2)
    assert speeds.of([]) == Speeds()


def under_way() -> Lead:
    lead = transitions.apply(a_lead(), e.Decided(at=NOON, decision=a_decision()))
    return transitions.apply(lead, e.HandedOff(at=NOON))


@pytest.mark.parametrize(
    "edit",
    [
        e.Joined(at=LATER, row_id="r", source="demo_request", strong=True),
        e.Decided(
            at=LATER, row_id="r", decision=a_decision(decision_id="n", kind=DecisionKind.NEWS, outcome=Outcome.KEEP)
        ),
        e.Declined(at=LATER, rep="ada"),
        e.Offered(at=LATER, owner="ben", number=2),
        e.Decided(at=LATER, decision=a_decision(decision_id="o", kind=DecisionKind.REOFFER, owner="ben")),
        e.Held(at=LATER, item=an_item("1:warn-1"), until=LATER + timedelta(hours=1), because="chat unavailable"),
    ],
    ids=lambda fact: fact.kind,
)
def test_no_edit_offer_or_news_restarts_the_clock_of_the_sla(edit: e.AnyFact) -> None:
    lead = under_way()
    due, stage = lead.sla_due_at, lead.stage
    after = transitions.apply(lead, edit)
    assert (after.sla_due_at, after.stage, due) == (due, stage, NOON + timedelta(minutes=5))
    assert stage is Stage.WAITING
    assert after.is_late(NOON + timedelta(minutes=5))
