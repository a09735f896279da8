"""A simulation with a horizon: what follows the first motions too, so many days on. What was said by assumption comes
in as it would in life; steps that fall behind the horizon are not made."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import events as e
from domain.decisions import Decision, Followup, Item, Judgement
from domain.facts import Facts
from domain.lead import Lead
from domain.replies import ReplyKind
from domain.values import Action, Code
from policy import candidates, judgements, suppression
from policy.loaded import LoadedPolicy
from policy.motion import CALLS
from policy.refusal import Answer
from policy.whatif import moves
from policy.whatif.arrivals import Arrival
from policy.whatif.life import Life
from policy.whatif.moves import Moves
from policy.whatif.simulation import Scenario, Simulation

DISPOSED_AFTER = timedelta(days=1)
"""How long after a lead was reached its reason code comes: an assumption, said as one."""


@dataclass(slots=True)
class _Followed:
    """A lead that is followed until `ends`. `counted`: texts of its first motion, which are counted already; likewise
    `is_dialled` its call. `is_answered`: it has said to its first text what it will say."""

    arrival: Arrival
    life: Life
    ends: datetime
    counted: tuple[str, ...] = ()
    is_dialled: bool = False
    is_answered: bool = False


class Course(Simulation):
    """One run. First motions are counted as they are decided, all else as it happens."""

    def __init__(self, loaded: LoadedPolicy, scenario: Scenario, horizon: timedelta) -> None:
        super().__init__(loaded, scenario)
        self._horizon = horizon
        self._followed: dict[str, _Followed] = {}  # by lead id

    def _follow(self, arrival: Arrival, decision: Decision, made: Moves, now: datetime) -> None:
        facts = self._world.standing[arrival.person].facts
        followed = self._followed.get(facts.lead_id)
        if followed is None:
            lead = Lead(tenant=facts.tenant, lead_id=facts.lead_id, source=facts.source, opened_at=now)
            followed = _Followed(arrival, Life(lead, self), now + self._horizon)
            self._followed[facts.lead_id] = followed
        else:
            source, cycle = facts.source, facts.cycle
            started = e.CycleStarted(at=now, cycle=cycle, because="news", source=source, woken=True)
            followed.life.record(started)
            followed.life.is_left = False
        followed.arrival, followed.is_dialled, followed.is_answered = arrival, bool(made.dials), False
        followed.counted = tuple(f"{facts.cycle}:{item.key}" for item in made.texts)
        followed.life.record(e.Decided(at=now, decision=decision, cycle=facts.cycle))
        self._go_on(followed, now)

    def _go_on(self, followed: _Followed, now: datetime) -> None:
        due = followed.life.live(now)
        lead = followed.life.lead
        if lead.closed is not None:
            self._world.closed(followed.arrival.person, lead.closed)
        if due is not None and due <= followed.ends:
            self.plan(due, lambda later: self._go_on(followed, later))

    def _say(self, followed: _Followed, said: str, now: datetime) -> None:
        lead, row = followed.life.lead, f"reply-{followed.arrival.number}"
        if not lead.is_open:
            return
        if said == "opt_out":
            followed.life.record(e.OptedOut(at=now, row_id=row))
            self._world.opted_out(followed.arrival.person)
        elif said == ReplyKind.OUT_OF_OFFICE:
            followed.life.record(e.AutoReplied(at=now, row_id=row))
        else:
            followed.life.record(e.Replied(at=now, row_id=row, said=ReplyKind(said)))
        self.happened(followed.life, f"said {said}")
        followed.life.is_left = False
        self._go_on(followed, now)

    def _dispose(self, followed: _Followed, code: Code, now: datetime) -> None:
        lead = followed.life.lead
        if lead.is_open:
            followed.life.record(e.Disposed(at=now, code=code, by=lead.owner or "simulated"))
            self.happened(followed.life, f"disposed {code}")
            followed.life.is_left = False
            self._go_on(followed, now)

    # --- what a life asks ---------------------------------------------------------------------------------------------

    def judge(self, life: Life, asked: Followup | None, decision_id: str, now: datetime) -> Judgement:
        """The answer of policy to a lead that goes on."""
        judgement = judgements.of(self._facts(life, now), asked, self._loaded, now, decision_id)
        decision, followed = judgement.decision, self._of(life)
        if asked is None:
            made = moves.first(judgement, self._loaded, followed.arrival.words)
            self._world.went_on(followed.arrival.person, self._facts(life, now), decision)
            followed.is_dialled = False
            self.happened(life, f"again {decision.motion}" if decision.motion else "again")
            followed.is_answered = not made.texts
        self._world.assigned(judgement.trace.assignment, now)
        return judgement

    def why_not(self, life: Life, text: Item, now: datetime) -> Answer | None:
        """Why the text may not go now: the guard right before it is sent."""
        return suppression.why_not_text(self._facts(life, now), self._loaded, now, text.purpose, text.template)

    def texted(self, life: Life, text: Item, now: datetime) -> None:
        """A text goes out."""
        followed = self._of(life)
        sent = text.model_copy(update={"at": now})
        made = moves.text(sent, life.lead.owner, self._loaded, followed.arrival.words)
        if text.key not in followed.counted:
            self._world.touched(followed.arrival.person, made)
            motion = life.lead.plan.motion if life.lead.plan else None
            self.tally.followed(followed.arrival.facts.source, motion, made)
            self.happened(life, "rescue" if text.action is Action.RESCUE else "later text")
        if not followed.is_answered:
            followed.is_answered = True
            if (answer := self.answer(followed.arrival, now)) is not None:
                self.plan(answer[0], lambda later: self._say(followed, answer[1], later))

    def connect(self, life: Life, rep: str, now: datetime) -> bool:
        """A rep has taken the lead; where a call is on, it is made. Whether the person was reached."""
        followed, plan, source = self._of(life), life.lead.plan, life.lead.source
        is_call = plan is not None and any(motion in CALLS for motion in (plan.motion, *plan.fallbacks))
        if is_call and not followed.is_dialled:
            self.tally.followed(followed.arrival.facts.source, plan.motion if plan else None, Moves(now, dials=1))
        followed.is_dialled = False
        if is_call and self.deals.is_unanswered(source):
            self.happened(life, "not answered")
            if plan is not None and (made := moves.fallback(plan, self._loaded, followed.arrival.words, now)).texts:
                self._world.touched(followed.arrival.person, made)
                self.tally.followed(source, plan.motion, made)
            return False
        self._world.reached(followed.arrival.person, rep, now)
        if (code := self.deals.outcome(source)) is not None:
            self.plan(now + DISPOSED_AFTER, lambda later: self._dispose(followed, Code(code), later))
        return True

    def claimer(self, life: Life, now: datetime) -> str | None:
        """The first of the team who is there."""
        able = candidates.of(self._facts(life, now), self._loaded, now).able
        return able[0].handle if able else None

    def happened(self, life: Life, what: str) -> None:
        """Counts what a lead went through."""
        self.tally.events[what] += 1

    def _of(self, life: Life) -> _Followed:
        return self._followed[life.lead.lead_id]

    def _facts(self, life: Life, now: datetime) -> Facts:
        person = self._of(life).arrival.person
        known, lead = self._world.standing[person].facts, life.lead
        history = known.history.model_copy(update={"handoffs": lead.cycle - 1, "woken": lead.woken})
        changes = {"cycle": lead.cycle, "prompted": lead.prompted, "source": lead.source, "history": history}
        return self._world.facts(person, known.model_copy(update=changes), now)
