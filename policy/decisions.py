"""What every decision carries, in one place."""

from datetime import datetime
from typing import TypedDict

from domain.decisions import SHELF_LIFE, DecisionKind
from policy.loaded import LoadedPolicy


class Stamp(TypedDict):
    """Fields common to all decisions."""

    decision_id: str
    kind: DecisionKind
    decided_at: datetime
    good_until: datetime
    policy_hash: str
    contact_rules: str


def stamp(kind: DecisionKind, decision_id: str, loaded: LoadedPolicy, now: datetime) -> Stamp:
    """Which question, asked when, answered by which policy."""
    return Stamp(
        decision_id=decision_id,
        kind=kind,
        decided_at=now,
        good_until=now + SHELF_LIFE,
        policy_hash=loaded.hash,
        contact_rules=loaded.pack_version,
    )


def suffix(kind: DecisionKind, decision_id: str) -> str:
    """What makes the keys of a later answer differ from those of the triage, and of every other answer."""
    return f".{kind}-{''.join(letter for letter in decision_id if letter.isalnum())[-8:]}"
