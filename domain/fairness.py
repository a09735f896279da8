"""The fairness report: who was offered how much, beside what was due to them, and what went to others and why. Handles
of reps and ids of leads only."""

from datetime import datetime

from domain.assignments import PassedOver, Why
from domain.values import Stored


class Share(Stored):
    """A rep over a period. `due` is what their weight comes to in the lines they stood in; `got` what came of those."""

    rep: str
    offered: int = 0
    accepted: int = 0
    passed: int = 0
    timed_out: int = 0
    taken_by_others: int = 0  # somebody else was faster
    ended: int = 0  # the lead closed, was laid to rest or began anew meanwhile
    waiting: int = 0
    credited: int = 0  # turns given back
    weight: int | None = None  # when they last stood in a line
    in_line: int = 0
    due: float = 0
    got: int = 0


class Passed(Stored):
    """A rep who was considered for a lead that went to somebody else, or to a queue, as they stood at that moment."""

    lead_id: str
    decision_id: str
    at: datetime
    rep: str
    owner: str | None
    queue: str | None
    line: str | None
    why: Why
    reason: PassedOver
    because: str
    weight: int
    open_leads: int
    offers: int
    owed: int = 0
    place: int | None = None


class FairnessReport(Stored):
    """Since when, about whom or which lead, each rep's share, and who was passed over, newest first. `more`: there are
    older ones, not shown."""

    since: datetime
    rep: str | None = None
    lead_id: str | None = None
    reps: tuple[Share, ...] = ()
    passed_over: tuple[Passed, ...] = ()
    more: bool = False
