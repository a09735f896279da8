"""Two simulations of the same arrivals, lead by lead: whose first motion, owner or moment changes."""

from collections import Counter
from datetime import UTC
from typing import TypedDict

from policy.whatif.report import Simulated
from policy.whatif.simulation import Simulation
from policy.whatif.tally import Answer

TOLD = ("status", "outcome", "motion", "owner", "queue", "closed", "track", "send_at", "held_by")
"""What is compared of a lead."""


class First(TypedDict):
    """What one lead got first. Moments are UTC."""

    status: str
    outcome: str
    motion: str | None
    owner: str | None
    queue: str | None
    closed: str | None
    track: str | None
    send_at: str | None
    held_by: list[str]


class LeadChange(TypedDict):
    """A lead that would be treated otherwise."""

    number: int
    source_event_id: str
    source: str
    changes: list[str]
    before: First
    after: First


class Changes(TypedDict):
    """`differ` counts leads by what of them changes; `motions` by first motion before and after, as `a → b`; `figures`
    are after minus before."""

    leads: int
    differ: dict[str, int]
    motions: dict[str, int]
    figures: dict[str, int | str]
    each: list[LeadChange]


def between(before: tuple[Simulation, Simulated], after: tuple[Simulation, Simulated]) -> Changes:
    """What changes from one policy to the other. Both saw the same arrivals."""
    answers = {answer.number: answer for answer in before[0].tally.answers}
    each = [
        change
        for answer in sorted(after[0].tally.answers, key=lambda one: one.number)
        if (change := _change(answers[answer.number], answer)) is not None
    ]
    moved = Counter(
        f"{change['before']['motion']} → {change['after']['motion']}"
        for change in each
        if "motion" in change["changes"]
    )
    return Changes(
        leads=len(each),
        differ=dict(Counter(name for change in each for name in change["changes"])),
        motions=dict(sorted(moved.items(), key=lambda one: (-one[1], one[0]))),
        figures=_figures(before[1], after[1]),
        each=each,
    )


def _change(before: Answer, after: Answer) -> LeadChange | None:
    was, now = _first(before), _first(after)
    differ = [name for name in TOLD if was[name] != now[name]]  # type: ignore[literal-required]  # TOLD holds its keys
    if not differ:
        return None
    return LeadChange(
        number=after.number,
        source_event_id=after.event_id,
        source=after.source,
        changes=differ,
        before=was,
        after=now,
    )


def _first(answer: Answer) -> First:
    decision = answer.decision
    return First(
        status=answer.status,
        outcome=decision.outcome,
        motion=decision.motion,
        owner=decision.owner,
        queue=decision.queue,
        closed=decision.closed,
        track=decision.rest.track if decision.rest else None,
        send_at=answer.moves.at.astimezone(UTC).isoformat().replace("+00:00", "Z") if answer.moves.at else None,
        held_by=list(answer.moves.held_by),
    )


def _figures(before: Simulated, after: Simulated) -> dict[str, int | str]:
    names = ("dials", "texts", "emails", "segments", "held", "sla_due", "joined", "restarted")
    figures: dict[str, int | str] = {
        name: after[name] - before[name]  # type: ignore[literal-required]  # names are its keys
        for name in names
    }
    return figures
