"""Small valid values to start a test from."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.decisions import Decision, DecisionKind, Item, Outcome
from domain.lead import Lead
from domain.values import Action, Motion, Until

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
"""A Tuesday, noon in America/Chicago."""


def a_lead(**changes: Any) -> Lead:
    """A lead that has just been captured."""
    base = Lead(tenant="main", lead_id="lead-1", source="demo_request", opened_at=NOON)
    return base.model_copy(update=changes)


def an_item(key: str = "warn-1", minutes: float = 0, **changes: Any) -> Item:
    """An agenda item, due so many minutes after noon."""
    base = Item(key=key, at=NOON + timedelta(minutes=minutes), action=Action.WARN, until=Until.ACCEPTED)
    return base.model_copy(update=changes)


def a_decision(**changes: Any) -> Decision:
    """A triage that hands the lead to ada."""
    base = Decision(
        decision_id="lead-1:1:triage:0",
        kind=DecisionKind.TRIAGE,
        outcome=Outcome.HAND_OFF,
        decided_at=NOON,
        good_until=NOON + timedelta(minutes=2),
        policy_hash="abc",
        motion=Motion.LIVE_TRANSFER,
        owner="ada",
        sla_due_at=NOON + timedelta(minutes=5),
        agenda=(an_item("offer-1", action=Action.OFFER), an_item("warn-1", 2.5)),
    )
    return base.model_copy(update=changes)
