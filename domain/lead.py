"""The whole state of one lead's workflow: what continues as new, what a query answers, what the workflow returns.

Pure data and questions about it. Only transitions.py builds a changed lead.
"""

from datetime import datetime

from domain.decisions import Decision, Item, Outcome, Rest
from domain.lasting import Lasting
from domain.messages import Accept, AdoptPolicy, Decline, Disposition
from domain.values import Action, ClosedReason, Code, Stage, Until

_TEXTS = (Action.TEXT, Action.RESCUE)


def _when(item: Item) -> tuple[datetime, bool]:
    return item.at, item.action not in _TEXTS


_HOPS = (Action.WARN, Action.OFFER, Action.REOFFER, Action.POOL)
"""Steps that look for somebody to take the lead, each going further than the one before: one at a time, never back."""


class Lead(Lasting):
    """One lead, carried whole. Every moment is in the lead's own clock, aware UTC."""

    stage: Stage = Stage.TRIAGE
    captured: Decision | None = None  # the decision made at capture, until triage takes it
    plan: Decision | None = None  # this cycle's triage
    owner: str | None = None
    queue: str | None = None
    tried: tuple[str, ...] = ()
    handed_off_at: datetime | None = None
    accepted_at: datetime | None = None
    contacted_at: datetime | None = None
    replied_at: datetime | None = None
    escalated_at: datetime | None = None  # a reply has put a call on offer that nobody has taken yet (R15)
    working_since: datetime | None = None
    disposition: Code | None = None
    disposed_at: datetime | None = None
    restart: str | None = None
    by_others: bool = False  # what it starts over for is what others at the person's company did
    prompted: bool = False  # news of the person's own began this cycle
    heard: str | None = None  # source of the newest inquiry that policy was asked about
    rest: Rest | None = None
    closed: ClosedReason | None = None
    sla_due_at: datetime | None = None
    breached: bool = False
    set_aside: tuple[str, ...] = ()  # keys that a policy adopted since took off the agenda: an older one may want them

    @property
    def is_open(self) -> bool:
        """Whether the lead's life goes on."""
        return self.closed is None

    @property
    def is_nurtured(self) -> bool:
        """Whether this cycle's first motion needs no person."""
        return self.plan is not None and self.plan.outcome is Outcome.NURTURE

    @property
    def is_under_way(self) -> bool:
        """Whether the cycle goes on: neither closed, at rest, disposed of, nor about to start over."""
        return self.closed is None and self.rest is None and self.restart is None and self.disposition is None

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has taken it up, reached the person, or said how it went, and its first ladder is not over."""
        moved = (self.accepted_at, self.contacted_at, self.disposed_at, self.working_since)
        return self.rest is None and moved == (None, None, None, None)

    @property
    def is_awaiting_contact(self) -> bool:
        """Whether nobody has reached the person, or disposed of them, in this cycle."""
        return self.is_under_way and self.contacted_at is None

    @property
    def has_rungs(self) -> bool:
        """Whether the agenda holds a step that waits for somebody to move, or an alert that brings such steps."""
        return any(item.until is not Until.NEVER or item.action is Action.ALERT_REPLY for item in self.agenda)

    @property
    def is_climbing(self) -> bool:
        """Whether the first ladder of the cycle goes on: no contact yet, and a rung left."""
        return self.is_awaiting_contact and self.has_rungs

    @property
    def is_being_worked(self) -> bool:
        """Whether an outcome is owed: contact was made, or the first ladder is over, and no final word was said."""
        return self.is_under_way and not self.is_climbing

    @property
    def is_left_alone(self) -> bool:
        """Whether it is worked in name only: nothing will ever ask for the outcome."""
        return self.is_being_worked and self.working_since is not None and not self.has_rungs

    @property
    def is_disposed(self) -> bool:
        """Whether a reason code was given that policy has not judged yet."""
        return self.closed is None and self.disposition is not None

    @property
    def is_resting(self) -> bool:
        """Whether the lead sleeps on a track."""
        return self.closed is None and self.rest is not None and self.restart is None

    @property
    def wakes_on_behaviour(self) -> bool:
        """Whether behaviour may make it start over: always, but for a rest that only a new inquiry ends (R57)."""
        return self.rest is None or self.rest.wake_on_intent

    def is_rested(self, now: datetime) -> bool:
        """Whether the rest has run out."""
        return self.closed is None and self.rest is not None and self.rest.until <= now

    def starts_over(self, now: datetime) -> bool:
        """Whether the next cycle begins: for news, or after a rest. A reason code is judged first."""
        return self.is_open and not self.is_disposed and (self.restart is not None or self.is_rested(now))

    @property
    def hop(self) -> int:
        """How many offers this cycle has had."""
        return self.offer - self.offers_before

    @property
    def policy_hash(self) -> str:
        """The policy this lead is pinned to; empty before its first decision."""
        return self.pinned or (self.captured.policy_hash if self.captured is not None else "")

    def next_item(self, busy: tuple[str, ...] = ()) -> Item | None:
        """The next agenda item to fall due, items being carried out (`busy`, by key) left out."""
        return min((item for item in self.agenda if item.key not in busy), key=_when, default=None)

    def next_due(self, busy: tuple[str, ...] = ()) -> datetime | None:
        """When the next agenda item, the SLA, or the end of a rest, falls due."""
        item = self.next_item(busy)
        sla = self.sla_due_at if self.may_be_late else None
        moments = (item.at if item is not None else None, sla, self.rest.until if self.rest is not None else None)
        return min((moment for moment in moments if moment is not None), default=None)

    def due(self, now: datetime, busy: tuple[str, ...] = ()) -> tuple[Item, ...]:
        """Agenda items due at `now` and not `busy`, oldest first; of the same moment, texts to the person first."""
        ready = [item for item in self.agenda if item.at <= now and item.key not in busy]
        return tuple(sorted(ready, key=_when))

    def behind(self, running: tuple[str, ...]) -> tuple[str, ...]:
        """Keys of items that wait for others: CRM entries for older ones, steps for a taker for one `running`."""
        entries = [item.key for item in self.agenda if item.action is Action.CRM]
        hops = [item.key for item in self.agenda if item.action in _HOPS]
        return (*entries[1:], *(hops if any(key in running for key in hops) else ()))

    def texts_in_turn(self, now: datetime, running: tuple[str, ...]) -> tuple[str, ...]:
        """Keys of texts due at `now` that wait for another of this lead, `running` or due before: each is judged by all
        that was sent."""
        texts = [item.key for item in self.due(now) if item.action in _TEXTS]
        first = next((key for key in texts if key in running), texts[0] if texts else None)
        return tuple(key for key in texts if key != first)

    def overtaken(self, now: datetime, busy: tuple[str, ...] = ()) -> tuple[Item, ...]:
        """Due steps for a taker that lead nowhere: one that goes further is due as well, as after an outage, or
        everybody has been asked already."""
        hops = [item for item in self.due(now, busy) if item.action in _HOPS]
        if self.is_pooled:
            return tuple(item for item in hops if item.action in (Action.REOFFER, Action.POOL) and item.tries == 0)
        furthest = max(hops, key=lambda item: (_HOPS.index(item.action), item.tries == 0, item.at), default=None)
        return tuple(item for item in hops if item is not furthest)

    @property
    def is_pooled(self) -> bool:
        """Whether the newest offer of this cycle went to everybody."""
        return self.hop > 0 and self.owner is None and self.accepted_at is None

    @property
    def sla(self) -> datetime | None:
        """By when somebody must move or had to; None while nothing is owed: at rest, closed, or about to start over."""
        return self.sla_due_at if self.is_under_way else None

    @property
    def may_be_late(self) -> bool:
        """Whether the SLA's clock runs: nobody took the lead, or answered its reply, and no breach is told yet."""
        answered = self.contacted_at is not None and self.replied_at is None
        is_moved = self.accepted_at is not None or self.disposition is not None or answered
        return not (self.breached or is_moved) and self.is_under_way

    def wants(self, item: Item) -> bool:
        """Whether the item is still on the agenda."""
        return any(known.key == item.key for known in self.agenda)

    def is_late(self, now: datetime) -> bool:
        """Whether the SLA has just been missed: due, nobody moved, not yet said."""
        return self.sla_due_at is not None and self.sla_due_at <= now and self.may_be_late

    def deadline(self, now: datetime) -> datetime | None:
        """By when whoever is asked now must move: while the SLA runs its end, then the next step for a taker."""
        if self.sla_due_at is not None and self.sla_due_at > now:
            return self.sla_due_at
        return min((item.at for item in self.agenda if item.action in _HOPS and item.at > now), default=None)

    def fresh_capture(self, now: datetime) -> Decision | None:
        """The decision made at capture, while it is on its shelf life."""
        return self.captured if self.captured is not None and now <= self.captured.good_until else None

    def has_seen(self, message_id: str) -> bool:
        """Whether this message (update id or inbox row) was already taken, in this run or an earlier one."""
        return message_id in self.seen

    def why_not_accept(self, message: Accept) -> str | None:
        """Why this rep can't take the lead now; None when they can."""
        if not self.is_open:
            return f"The lead is closed ({self.closed})."
        if self.accepted_at is not None:
            return f"{self.owner} has already accepted this lead." if self.owner != message.rep else None
        if message.offer is not None and message.offer != self.offer:
            return f"Offer {message.offer} has run out; the lead is on offer {self.offer}."
        if message.offer is not None and self.owner not in (None, message.rep):
            return f"The lead is on offer to {self.owner}."
        return None

    def why_not_decline(self, message: Decline) -> str | None:
        """Why this decline can't be taken; None when it can."""
        if not self.is_open:
            return f"The lead is closed ({self.closed})."
        if message.offer is not None and message.offer != self.offer:
            return f"Offer {message.offer} has run out; the lead is on offer {self.offer}."
        if not self.is_under_way:
            return "The lead is on offer to nobody now."
        if self.owner is None or message.rep != self.owner:
            return "The lead is not on offer to you."
        return "You have already accepted this lead; record a disposition instead." if self.accepted_at else None

    def why_not_dispose(self, message: Disposition) -> str | None:
        """Why this disposition can't be taken; None when it can."""
        if not self.is_open:
            return f"The lead is closed ({self.closed}); it can't be given the disposition {message.code}."
        return None

    def why_not_adopt(self, message: AdoptPolicy) -> str | None:
        """Why this policy can't be adopted; None when it can."""
        if not self.is_open:
            return f"The lead is closed ({self.closed})."
        if message.policy_hash == (self.adopting or self.policy_hash):
            return f"The lead follows policy {message.policy_hash} already."
        return None
