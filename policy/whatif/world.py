"""What a simulation remembers between leads: whose turn it is, who was touched when, which lead a person has open.

Nobody's presence is known unless it is given, so reps have nothing open and take what their turn gives them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.assignments import Assignment, Why
from domain.decisions import Decision, Outcome
from domain.facts import LATELY_KNOWN, TOUCHES_KNOWN, Facts, PastTouch, RepLoad, Turn
from domain.values import Channel, ClosedReason
from policy.presence import HALF_HOUR
from policy.whatif.moves import Moves


@dataclass(slots=True)
class Standing:
    """A person's newest lead as the simulation left it: its facts as last known, and its newest triage."""

    facts: Facts
    decision: Decision

    @property
    def cycle(self) -> int:
        return self.facts.cycle

    @property
    def woken(self) -> int:
        return self.facts.history.woken


class World:
    """Filled as a simulation goes on."""

    def __init__(self, staff: Sequence[RepLoad] = ()) -> None:
        self._loads = {load.rep: load for load in staff}
        self._has_staff = bool(staff)
        self._offers = 0
        self._made: dict[str, list[datetime]] = {}
        self._touches: dict[str, list[PastTouch]] = {}
        self._learnt: dict[str, dict[str, object]] = {}
        self.standing: dict[str, Standing] = {}

    def facts(self, person: str, known: Facts, now: datetime) -> Facts:
        """What is known of a lead, as it stands at `now`: reps, and what was sent to its person."""
        made = [touch for touch in self._touches.get(person, ()) if now - TOUCHES_KNOWN < touch.at <= now]
        touches = tuple(sorted((*known.history.touches, *made), key=lambda touch: touch.at))
        history = known.history.model_copy(update={"touches": touches, **self._learnt.get(person, {})})
        return known.model_copy(update={"history": history, "reps": self._reps(now)})

    def _reps(self, now: datetime) -> tuple[RepLoad, ...]:
        if not self._has_staff:
            return tuple(self._loads.values())
        return tuple(
            load.model_copy(update={"lately": _by_half_hours(self._made.get(load.rep, []), now)})
            for load in self._loads.values()
        )

    def started(self, person: str, known: Facts, decision: Decision) -> None:
        """A lead was opened or started over."""
        self.standing[person] = Standing(known, decision)

    def went_on(self, person: str, known: Facts, decision: Decision) -> None:
        """A lead began its next cycle by itself."""
        self.standing[person] = Standing(known, decision)

    def closed(self, person: str, reason: ClosedReason) -> None:
        """A lead ended."""
        standing = self.standing[person]
        standing.decision = standing.decision.model_copy(update={"outcome": Outcome.CLOSE, "closed": reason})

    def opted_out(self, person: str) -> None:
        """The person wants to hear nothing more."""
        self._learnt.setdefault(person, {})["opted_out"] = True

    def reached(self, person: str, rep: str, now: datetime) -> None:
        """A rep spoke with the person."""
        self._learnt.setdefault(person, {}).update(last_contact_at=now, last_owner=rep)

    def touched(self, person: str, made: Moves) -> None:
        """Texts and calls of a person, each at its own moment."""
        touches = self._touches.setdefault(person, [])
        touches += [
            PastTouch(channel=Channel.SMS, purpose=item.purpose, at=item.at, template=item.template)
            for item in made.texts
        ]

    def assigned(self, found: Assignment | None, now: datetime) -> None:
        """Somebody was looked for: whoever took the lead has had a turn. Where staff is given, it is open with them."""
        if found is None or found.owner is None:
            return
        self._offers += 1
        load = self._loads.get(found.owner) or RepLoad(rep=found.owner)
        known = [turn for turn in load.turns if turn.line != found.line]
        more: dict[str, object] = {"turns": (*known, self._turn(load, found))} if found.line is not None else {}
        if self._has_staff:
            more |= {"open_leads": load.open_leads + 1}
            self._made.setdefault(found.owner, []).append(now)
        self._loads[found.owner] = load.model_copy(update={"last_offered": self._offers, **more})

    def _turn(self, load: RepLoad, found: Assignment) -> Turn:
        """The place after this turn, as function loads_of has it."""
        line = found.line or ""
        turn = next((turn for turn in load.turns if turn.line == line), Turn(line=line))
        return Turn(
            line=line,
            last=self._offers,
            offers=turn.offers + 1,
            owed=max(0, turn.owed - (found.why is Why.MADE_UP)),
            position=max(turn.position, found.base) + found.step,
        )


def _by_half_hours(made: list[datetime], now: datetime) -> tuple[int, ...]:
    """Offers by the half-hour, as RepLoad.lately has them."""
    running = now.timestamp() // HALF_HOUR.total_seconds()
    ago = [int(running - at.timestamp() // HALF_HOUR.total_seconds()) for at in made if now - at < LATELY_KNOWN]
    return tuple(ago.count(each) for each in range(max(ago, default=-1) + 1))
