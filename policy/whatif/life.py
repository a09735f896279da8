"""What becomes of a lead after its first motion, without waiting: the order of workflows/lead.py, the transitions of a
running lead, and policy asked as it would ask. Sends nothing; says what it would have sent.

Every rep connects: whoever is offered a lead takes it at once and reaches the person, unless it is assumed otherwise.
What people do after that is theirs: a lead that was reached is left with its owner.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from domain import events as e
from domain import transitions
from domain.decisions import Decision, DecisionKind, Followup, Item, Judgement
from domain.lead import Lead
from domain.replies import ReplyKind
from domain.values import Action, Code, Stage
from policy.refusal import Answer

_TURNS = 100
"""More than any lead needs at one moment."""


class Around(Protocol):
    """The simulation that a life is part of."""

    def judge(self, life: "Life", asked: Followup | None, decision_id: str, now: datetime) -> Judgement: ...

    def why_not(self, life: "Life", text: Item, now: datetime) -> Answer | None: ...

    def texted(self, life: "Life", text: Item, now: datetime) -> None: ...

    def connect(self, life: "Life", rep: str, now: datetime) -> bool:
        """Whether the rep reached the person."""
        ...

    def claimer(self, life: "Life", now: datetime) -> str | None:
        """Who claims a lead that is open to everybody; None when nobody is there."""
        ...

    def happened(self, life: "Life", what: str) -> None: ...


class Life:
    """One lead. `is_left`: people have it from here on, as far as a simulation can tell."""

    def __init__(self, lead: Lead, around: Around) -> None:
        self.lead = lead
        self.is_left = False
        self._around = around
        self._does: Mapping[Action, Callable[[Item, datetime], None]] = {
            Action.TEXT: self._text,
            Action.RESCUE: self._text,
            Action.CALL: self._call,
            Action.OFFER: self._offer,
            Action.REOFFER: self._reoffer,
            Action.POOL: self._pool,
            Action.ALERT_REPLY: self._alert,
            Action.NURTURE: self._give_up,
        }

    def record(self, fact: e.AnyFact) -> None:
        """A fact of the lead's."""
        changed = transitions.apply(self.lead, fact)
        self.lead = transitions.written(changed, changed.seq)

    def live(self, now: datetime) -> datetime | None:
        """Everything that is due; the moment of the next thing, None when there is none."""
        for _ in range(_TURNS):
            before = self.lead
            if self.lead.is_open and not self.is_left:
                self._move(now)
            if self.lead is before:
                break
        if not self.lead.is_open or self.is_left:
            return None
        due = self.lead.next_due()
        return due if due is None or due > now else None

    def ask(
        self, kind: DecisionKind, now: datetime, code: Code | None = None, said: ReplyKind | None = None
    ) -> Decision:
        """Puts a question to policy and records the answer."""
        self.lead = transitions.asked(self.lead)
        lead = self.lead
        decision_id = f"{lead.lead_id}:{lead.cycle}:{kind}:{lead.asked}"
        asked = None if kind is DecisionKind.TRIAGE else self.followup(kind, decision_id, now, code, said)
        decision = self._around.judge(self, asked, decision_id, now).decision
        self.record(e.Decided(at=now, decision=decision, cycle=lead.cycle, code=code))
        return decision

    def followup(
        self, kind: DecisionKind, decision_id: str, now: datetime, code: Code | None, said: ReplyKind | None
    ) -> Followup:
        lead = self.lead
        plan = lead.plan if not lead.is_resting else None  # at rest nothing is under way
        return Followup(
            kind=kind,
            decision_id=decision_id,
            cycle=lead.cycle,
            owner=lead.owner,
            accepted=lead.accepted_at is not None,
            escalated=lead.escalated_at is not None,
            route=plan.route if plan else None,
            motion=plan.motion if plan else None,
            tried=lead.tried,
            hop=lead.hop,
            code=code,
            said=said,
            since=(lead.replied_at if kind is DecisionKind.REPLY else None) or now,
        )

    def _move(self, now: datetime) -> None:
        lead = self.lead
        if lead.starts_over(now):
            self.record(e.CycleStarted(at=now, cycle=lead.cycle + 1, because="rest is over"))
            self._around.happened(self, "cycle")
        elif lead.plan is None:
            self.ask(DecisionKind.TRIAGE, now)
        elif lead.handed_off_at is None and not lead.is_nurtured and lead.is_awaiting_contact:
            self._carry_out_due(now)
            self.record(e.HandedOff(at=now))
        elif lead.is_disposed:
            self.ask(DecisionKind.DISPOSE, now, code=lead.disposition)
        elif lead.is_being_worked and lead.working_since is None:
            self.record(e.WorkStarted(at=now))
            self.ask(DecisionKind.WORK, now)
        elif lead.is_left_alone:
            self.ask(DecisionKind.DISPOSE, now)
        elif lead.rest is not None and lead.stage is not Stage.RESTING:
            self.record(e.Rested(at=now, track=lead.rest.track, until=lead.rest.until))
            self._around.happened(self, "rest")
        else:
            self._carry_out_due(now)

    def _carry_out_due(self, now: datetime) -> None:
        if self.lead.is_late(now):
            self.record(e.SlaMissed(at=now))
            self._around.happened(self, "sla_missed")
        for item in self.lead.overtaken(now):
            self.record(e.Dropped(at=now, item=item, because="overtaken"))
        for item in self.lead.due(now):
            if not self.is_left and self.lead.wants(item):
                self._does.get(item.action, self._tell)(item, now)

    def _tell(self, item: Item, now: datetime) -> None:
        if item.action in (Action.WARN, Action.REMIND, Action.SUPERVISOR):
            self._around.happened(self, item.action)
        self.record(e.Performed(at=now, item=item))

    def _text(self, item: Item, now: datetime) -> None:
        refused = self._around.why_not(self, item, now)
        if refused is None:
            self.record(e.Performed(at=now, item=item))
            self._around.texted(self, item, now)
        elif refused[1] is not None:
            self.record(e.Held(at=now, item=item, until=refused[1], because=refused[2]))
        else:
            self.record(e.Dropped(at=now, item=item, because=refused[2], refusal=refused[0]))

    def _call(self, item: Item, now: datetime) -> None:
        """Phones ring with the offer: whether somebody is reached is told there, once."""
        self.record(e.Performed(at=now, item=item))

    def _offer(self, item: Item, now: datetime) -> None:
        self._offered(item, now, self.lead.owner, self.lead.queue)

    def _reoffer(self, item: Item, now: datetime) -> None:
        to = self.ask(DecisionKind.REOFFER, now)
        self._offered(item, now, to.owner, to.queue)

    def _pool(self, item: Item, now: datetime) -> None:
        self._around.happened(self, "pool")
        self._offered(item, now, None, item.template or self.lead.queue)

    def _offered(self, item: Item, now: datetime, owner: str | None, queue: str | None) -> None:
        self.record(e.Offered(at=now, owner=owner, queue=queue, number=self.lead.offer + 1))
        self.record(e.Performed(at=now, item=item))
        taker = owner or self._around.claimer(self, now)
        if taker is None:
            return
        self.record(e.Accepted(at=now, rep=taker))
        if self._around.connect(self, taker, now):
            self._around.happened(self, "reached")
            self.is_left = True

    def _alert(self, item: Item, now: datetime) -> None:
        self.ask(DecisionKind.REPLY, now, said=item.said)
        if self.lead.wants(item):
            self.record(e.Performed(at=now, item=item))

    def _give_up(self, item: Item, now: datetime) -> None:
        if item.code is not None:
            self.record(e.Disposed(at=now, code=item.code, by="reply"))
        else:
            self.ask(DecisionKind.DISPOSE, now)
        self.record(e.Performed(at=now, item=item))
