"""Who takes a lead: whom they know, else whose turn it is in the first group for such leads, else a queue. Never nobody
(R33, N3, N5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.assignments import Assignment, PassedOver, Why
from domain.decisions import Decision, DecisionKind, Followup, Item, Judgement, Outcome
from domain.facts import Facts
from domain.values import Action, Motion, Until
from policy import accounts, candidates, decisions, matching, qualify, rotation
from policy.candidates import Candidates
from policy.conditions import Reading
from policy.loaded import LoadedPolicy
from policy.notes import Notes
from policy.roster import Group, Match, Rep


@dataclass(frozen=True, slots=True)
class Taker:
    """A rep's handle, or the queue where no rep can take the lead."""

    owner: str | None
    queue: str | None


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody is looked for. `tried` were offered this lead already; `missed` let the last offer run out.

    `reading` are the facts as conditions see them, read when they are needed if it isn't given. `by` also lets reps
    take it who are back before that moment, where nobody is there now.
    """

    facts: Facts
    loaded: LoadedPolicy
    now: datetime
    tried: tuple[str, ...] = ()
    missed: str | None = None
    reading: Reading | None = None
    by: datetime | None = None

    def read(self) -> Reading:
        """The facts under the names that conditions use."""
        return self.reading or qualify.standing(self.facts, self.loaded, self.now, Notes()).reading


def choose(search: Search, notes: Notes) -> Taker:
    """The next to take the lead, noting who was passed over and why."""
    everybody = candidates.of(search.facts, search.loaded, search.now, search.tried, search.missed)
    candidates.note_absences(everybody, search.loaded, notes)
    reading = search.read()
    groups = _groups(search.loaded, reading)
    asked = matching.wanted(search.facts, reading.values)
    taken = _known(search, everybody, asked, groups)
    taken = taken or _in_turn(everybody, asked, groups)
    taken = taken or (_in_turn(everybody.back_by(search.by), asked, groups, late=True) if search.by else None)
    return settle(taken or _nobody(search.loaded, everybody, asked, groups), notes)


@dataclass(frozen=True, slots=True)
class Choice:
    """Who takes it, under which rule, and the words for it."""

    assignment: Assignment
    rule: str
    because: str


def settle(choice: Choice, notes: Notes) -> Taker:
    """Note the choice."""
    notes.assignment = choice.assignment
    notes.fired(choice.rule, choice.because)
    return Taker(choice.assignment.owner, choice.assignment.queue)


def _groups(loaded: LoadedPolicy, reading: Reading) -> list[Group]:
    """The groups for such a lead, in the policy's order, up to the first that has a queue of its own."""
    found = []
    for group in loaded.policy.assign:
        if reading.holds(f"assign/{group.name}", group.when):
            found.append(group)
            if group.fallback_queue is not None:
                break
    return found


def _known(search: Search, everybody: Candidates, asked: matching.Wanted, groups: Sequence[Group]) -> Choice | None:
    for owner, because in _owners(search):
        rep = next((rep for rep in everybody.able if owner in (rep.handle, rep.hubspot_owner)), None)
        if rep is None or (groups and _is_unlicensed(rep, asked, groups[0])):
            continue
        considered = everybody.told(rep, PassedOver.OWNER_FIRST, f"{rep.handle} {because}")
        return Choice(
            Assignment(why=Why.OWNER, owner=rep.handle, considered=considered),
            "assign/known_owner",
            f"{rep.handle} {because}",
        )
    return None


def _is_unlicensed(rep: Rep, asked: matching.Wanted, group: Group) -> bool:
    return Match.LICENCE in group.match and matching.unlicensed(rep, asked) is not None


def _owners(search: Search) -> list[tuple[str, str]]:
    """Whom the person knows, the last owner first."""
    sticky, history = search.loaded.policy.sticky, search.facts.history
    found = []
    at = history.last_owner_at
    if history.last_owner and sticky.last_owner and (at is None or search.now - at <= sticky.within):
        found.append((history.last_owner, "owned this person before"))
    if history.crm_owner and sticky.crm_owner:
        found.append((history.crm_owner, "owns this person in the CRM"))
    if sticky.account_owner and (owner := accounts.owner_of(search.facts, search.loaded.policy.accounts)):
        found.append((owner, "owns their company's account"))
    return found


def _in_turn(
    everybody: Candidates, asked: matching.Wanted, groups: Sequence[Group], late: bool = False
) -> Choice | None:
    for group in groups:
        line = candidates.line_of(everybody, asked, group)
        if line is not None:
            return _first_of(everybody, line, late)
    return None


def _first_of(everybody: Candidates, line: candidates.Line, late: bool) -> Choice:
    group = line.group
    found = rotation.next_of(line.able, line.all, group.rotation)
    first = found.order[0].rep
    why = Why.BACK_IN_TIME if late else Why.MADE_UP if found.makes_up else Why.TURN
    assignment = Assignment(
        why=why,
        line=group.name,
        rotation=group.rotation,
        owner=first.handle,
        base=found.base,
        step=found.step,
        considered=everybody.in_line(line, found),
    )
    return Choice(assignment, f"assign/{group.name}", _turn(first, line, found, late))


def _turn(first: Rep, line: candidates.Line, found: rotation.Next, late: bool) -> str:
    there = "back in time" if late else "free"
    if len(found.order) == 1:
        return f"{first.handle} is the only one {there} {line.whose}"
    return f"it is {first.handle}'s turn of the {len(found.order)} {there} {line.whose} ({found.because})"


def _nobody(loaded: LoadedPolicy, everybody: Candidates, asked: matching.Wanted, groups: Sequence[Group]) -> Choice:
    own = groups[-1].fallback_queue if groups else None
    queue = own or loaded.policy.fallback_queue
    return Choice(
        Assignment(why=Why.NOBODY, queue=queue, considered=everybody.unfit(groups, asked)),
        "assign/queue",
        f"nobody is free, so it waits in {queue} for the first to claim it",
    )


def to_queue(search: Search, why: Why, rule: str, because: str) -> Choice:
    """The fallback queue, whoever is there."""
    everybody = candidates.of(search.facts, search.loaded, search.now, search.tried, search.missed)
    reason = PassedOver.HOPS_USED if why is Why.HOPS else PassedOver.NOBODY_IN_TIME
    considered = everybody.told(None, reason, because)
    queue = search.loaded.policy.fallback_queue
    return Choice(Assignment(why=why, queue=queue, considered=considered), rule, because)


def nobody_in_time(search: Search) -> Choice:
    """The fallback queue, since nobody could make the SLA."""
    because = (
        f"nobody could make the SLA, so it waits in {search.loaded.policy.fallback_queue} for the first to claim it"
    )
    return to_queue(search, Why.NO_CAPACITY, "assign/queue", because)


def has_taker(search: Search, due: datetime) -> bool:
    """Whether anybody who fits is there with room before `due`: free now, or back on shift by then (R8)."""
    team = candidates.there_by(search.facts, search.loaded, search.now, due)
    reading = search.read()
    groups = _groups(search.loaded, reading)
    asked = matching.wanted(search.facts, reading.values)
    return (_known(search, team, asked, groups) or _in_turn(team, asked, groups)) is not None


def acquainted(search: Search) -> list[tuple[Rep, str]]:
    """Reps whom the person knows, free or not, the last owner first, and in words how they know them."""
    team = search.loaded.policy.team
    known = [
        (next((rep for rep in team if owner in (rep.handle, rep.hubspot_owner)), None), why)
        for owner, why in _owners(search)
    ]
    return [(rep, why) for rep, why in known if rep is not None]


def in_order(search: Search, only: str | None = None) -> list[Rep]:
    """All who are free for the lead in the first group that has any, or in the `only` one that is asked: whose turn it
    is first. Nobody's turn is taken."""
    everybody = candidates.of(search.facts, search.loaded, search.now, search.tried)
    reading = search.read()
    asked = matching.wanted(search.facts, reading.values)
    named = [group for group in search.loaded.policy.assign if group.name == only]
    for group in named or _groups(search.loaded, reading):
        lines = candidates.lines_of(everybody, asked, group)
        if lines:
            orders = [rotation.next_of(line.able, line.all, group.rotation).order for line in lines]
            return list(dict.fromkeys(each.rep for order in orders for each in order))
    return []


def reoffer(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> Judgement:
    """Who is next after a decline or a time-out: a rep not tried yet, or the queue once the hops are used up."""
    notes = Notes()
    ran_out = None if ask.passed or ask.accepted else ask.owner
    search = Search(facts, loaded, now, ask.tried, ran_out)
    if ask.hop > _hops(loaded, ask):
        because = f"{ask.hop} offers were made; now it is first to claim"
        taker = settle(to_queue(search, Why.HOPS, "assign/hops", because), notes)
    else:
        taker = choose(search, notes)
    action = Action.OFFER if taker.owner else Action.POOL
    item = Item(key=f"{action}-hop-{ask.hop + 1}", at=now, action=action, until=Until.ACCEPTED, rule=notes.rules[-1])
    decision = Decision(
        **decisions.stamp(DecisionKind.REOFFER, ask.decision_id, loaded, now),
        outcome=Outcome.HAND_OFF,
        motion=ask.motion or Motion.HUMAN_TASK,
        owner=taker.owner,
        queue=taker.queue,
        agenda=(item, *candidates.farewells(notes, now)),
        rules=tuple(notes.rules),
    )
    return Judgement(decision=decision, trace=notes.trace(ladder=(item,)))


def _hops(loaded: LoadedPolicy, ask: Followup) -> int:
    """How many offers may follow the first: the class of the lead's route says, else the policy."""
    routes = (*loaded.policy.routes, loaded.policy.fallback)
    name = next((route.sla for route in routes if route.name == ask.route), None)
    own = loaded.policy.sla[name].hops if name else None
    return loaded.policy.hops if own is None else own
