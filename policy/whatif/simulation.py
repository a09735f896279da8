"""Many arrivals, one policy: what would have been done, in the order in which it happened.

The judgements are those of running leads. A person's second inquiry joins their open lead, or starts it over where
the news is hotter, as it would in life; nobody disposes of a lead, so it stays open until policy closes it.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from domain.decisions import Decision, DecisionKind, Followup, Outcome
from domain.facts import Facts, RepLoad
from domain.replies import ReplyKind
from domain.values import ClosedReason
from policy import news, sla
from policy.loaded import LoadedPolicy
from policy.triage import triage
from policy.whatif import moves
from policy.whatif.arrivals import Arrival
from policy.whatif.assumptions import Assumption, Deals
from policy.whatif.moves import Moves
from policy.whatif.tally import Answer, Status, Tally
from policy.whatif.world import Standing, World

ANSWERS_AFTER = timedelta(minutes=5)
"""How long after a text its answer comes: an assumption, said as one."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a simulation takes for granted besides the policy.

    `staff`: reps as they stand; without any, nobody is ever full. `horizon`: for how long a lead is followed; None
    counts first motions alone. `undated`: how many arrivals said nothing of when. `is_history`: they are stored ones.
    `has_companies`: there were figures of companies for those of a file.
    """

    assumptions: tuple[Assumption, ...] = ()
    staff: tuple[RepLoad, ...] = ()
    horizon: timedelta | None = None
    undated: int = 0
    is_history: bool = False
    has_companies: bool = False


class Simulation:
    """One run: `tally` is what it came to, `deals` whom the assumptions met."""

    def __init__(self, loaded: LoadedPolicy, scenario: Scenario) -> None:
        self.tally = Tally()
        self.deals = Deals(scenario.assumptions)
        self._loaded = loaded
        self._world = World(scenario.staff)
        self._heap: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._planned = 0

    def plan(self, at: datetime, step: Callable[[datetime], None]) -> None:
        """Lets `step` happen at that moment, after all that was planned for it before."""
        self._planned += 1
        heapq.heappush(self._heap, (at, self._planned, step))

    def run(self, arrivals: Sequence[Arrival]) -> None:
        """All arrivals, in the order of their moments, and what they lead to."""
        for arrival in arrivals:
            self.plan(arrival.at, partial(self.arrive, arrival))
        while self._heap:
            at, _, step = heapq.heappop(self._heap)
            step(at)

    def arrive(self, arrival: Arrival, now: datetime) -> None:
        """An inquiry comes in: it opens a lead, or joins its person's open one and may start it over."""
        standing = self._world.standing.get(arrival.person)
        if standing is None or standing.decision.outcome is Outcome.CLOSE:
            self._start(arrival, arrival.facts, "started", now)
            return
        said = {**standing.facts.answers, **arrival.facts.answers}
        joined = arrival.facts.model_copy(update={"lead_id": standing.facts.lead_id, "answers": said})
        if self._is_news(arrival, joined, standing, now):
            history = joined.history.model_copy(update={"woken": standing.woken + 1, "handoffs": standing.cycle})
            again = joined.model_copy(update={"cycle": standing.cycle + 1, "prompted": True, "history": history})
            self._start(arrival, again, "restarted", now)
        else:
            standing.facts = joined.model_copy(update={"source": standing.facts.source})
            self.tally.answered(_answer(arrival, "joined", standing.decision, Moves()))

    def _start(self, arrival: Arrival, known: Facts, status: Status, now: datetime) -> None:
        facts = self._world.facts(arrival.person, known, now)
        judgement = triage(facts, self._loaded, now, f"{facts.lead_id}:{facts.cycle}:triage:0")
        decision, made = judgement.decision, moves.first(judgement, self._loaded, arrival.words)
        self._world.started(arrival.person, known, decision)
        self._world.assigned(judgement.trace.assignment, now)
        self._world.touched(arrival.person, made)
        self.tally.answered(_answer(arrival, status, decision, made))
        self.tally.faulted(judgement.trace.faults)
        self._follow(arrival, decision, made, now)

    def _is_news(self, arrival: Arrival, joined: Facts, standing: Standing, now: datetime) -> bool:
        decision = standing.decision
        is_resting = decision.rest is not None and decision.rest.until > now
        ask = Followup(
            kind=DecisionKind.NEWS,
            decision_id=f"{joined.lead_id}:{standing.cycle}:news:{arrival.number}",
            cycle=standing.cycle,
            owner=decision.owner,
            route=None if is_resting else decision.route,
            motion=None if is_resting else decision.motion,
            news_source=arrival.facts.source,
        )
        facts = self._world.facts(arrival.person, joined, now)
        return news.on_news(facts, self._loaded, now, ask).decision.outcome is Outcome.RESTART

    def _follow(self, arrival: Arrival, decision: Decision, made: Moves, now: datetime) -> None:
        """What was assumed of the lead: whether it answers its first text, and whether its first call is answered."""
        answer = self.answer(arrival, made.texts[0].at) if made.texts else None
        if answer is not None:
            self.plan(answer[0], lambda then: self._reply(arrival, decision, answer[1], then))
        if made.dials and made.at is not None and self.deals.is_unanswered(arrival.facts.source):
            self.plan(made.at, lambda then: self._unanswered(arrival, decision, then))

    def answer(self, arrival: Arrival, text_at: datetime) -> tuple[datetime, str] | None:
        """What the person says to their first text, and when: as they really did, else as it is assumed."""
        if arrival.replies is not None:
            return arrival.reply_after(text_at)
        said = self.deals.reply(arrival.facts.source)
        return (text_at + ANSWERS_AFTER, said) if said is not None else None

    def _reply(self, arrival: Arrival, decision: Decision, said: str, now: datetime) -> None:
        standing = self._world.standing[arrival.person]
        if said == "opt_out":
            self._world.opted_out(arrival.person)
            self._world.closed(arrival.person, ClosedReason.OPTED_OUT)
            return
        ask = Followup(
            kind=DecisionKind.REPLY,
            decision_id=f"{standing.facts.lead_id}:{standing.cycle}:reply:{arrival.number}",
            cycle=standing.cycle,
            owner=decision.owner,
            route=decision.route,
            motion=decision.motion,
            said=ReplyKind(said),
            since=now,
        )
        facts = self._world.facts(arrival.person, standing.facts, now)
        judgement = sla.after_reply(facts, self._loaded, now, ask)
        made = moves.after_reply(judgement)
        self._world.assigned(judgement.trace.assignment, now)
        self._world.touched(arrival.person, made)
        self.tally.followed(arrival.facts.source, judgement.decision.motion, made)

    def _unanswered(self, arrival: Arrival, decision: Decision, now: datetime) -> None:
        """A call that reaches nobody falls back to a text, where the decision has one (R12)."""
        made = moves.fallback(decision, self._loaded, arrival.words, now)
        self._world.touched(arrival.person, made)
        self.tally.followed(arrival.facts.source, decision.motion, made)


def _answer(arrival: Arrival, status: Status, decision: Decision, made: Moves) -> Answer:
    return Answer(arrival.number, arrival.event_id, arrival.facts.source, status, arrival.at, decision, made)
