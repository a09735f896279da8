"""The reps of a team as one lead finds them: who can take it, who can't and why, who stands in which line. It chooses
nobody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.assignments import Considered, PassedOver, WentAway
from domain.decisions import Item
from domain.facts import Facts, RepLoad
from domain.values import Action, Until
from policy import matching, presence, rotation
from policy.loaded import LoadedPolicy
from policy.matching import Refused, Wanted
from policy.notes import Notes
from policy.presence import Absence
from policy.roster import Group, Match, Rep
from policy.rotation import Next, Runner

SET_AWAY = "set_away"
"""What a rep is told who missed too many offers; in an item's template their handle follows."""

_ANYBODY = (Match.LANGUAGE, Match.LICENCE)
"""What even the last resort must have."""


Stands = tuple[str, Mapping[str, int]]
"""The name of a line, and who is where in it: empty where no line settled it."""
_NOWHERE: Stands = ("", {})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rep, what is known of their work, and what keeps them from the lead."""

    rep: Rep
    load: RepLoad
    absence: Absence | None


@dataclass(frozen=True, slots=True)
class Line:
    """Who can take the lead within a group, and all who belong to it; `whose` says in words what for."""

    group: Group
    able: tuple[Runner, ...]
    all: tuple[Runner, ...]
    asked: Wanted
    whose: str


@dataclass(frozen=True, slots=True)
class Candidates:
    """The team, in the order of the policy."""

    all: tuple[Candidate, ...]

    @property
    def able(self) -> list[Rep]:
        """Whom nothing keeps."""
        return [each.rep for each in self.all if each.absence is None]

    def back_by(self, moment: datetime) -> "Candidates":
        """The team as it will be by then."""
        return Candidates(tuple(replace(each, absence=None) if _is_back(each, moment) else each for each in self.all))

    def told(self, taken: Rep | None, reason: PassedOver, because: str) -> tuple[Considered, ...]:
        """The team where one reason settled it for all who are there."""
        return self._told(taken, lambda rep: (reason, because))

    def unfit(self, groups: Sequence[Group], asked: Wanted) -> tuple[Considered, ...]:
        """The team where nobody there fits the lead; why not the first of the groups."""
        return self._told(None, lambda rep: _unfit(rep, asked, groups[0] if groups else None))

    def in_line(self, line: Line, found: Next) -> tuple[Considered, ...]:
        """The team where a line settled it."""
        places = {each.rep.handle: number for number, each in enumerate(found.order, 1)}
        taken = found.order[0].rep

        def why(rep: Rep) -> Refused:
            if rep.handle in places:
                return PassedOver.LATER_TURN, f"it was {taken.handle}'s turn: {found.because}"
            return _unfit(rep, line.asked, line.group, taken)

        return self._told(taken, why, (line.group.name, places))

    def _told(
        self, taken: Rep | None, why: Callable[[Rep], Refused], stands: Stands = _NOWHERE
    ) -> tuple[Considered, ...]:
        return tuple(_considered(each, None if each.rep == taken else why(each.rep), stands) for each in self.all)


def of(
    facts: Facts, loaded: LoadedPolicy, now: datetime, tried: tuple[str, ...] = (), missed: str | None = None
) -> Candidates:
    """The team at this moment. `missed` is who let the lead's last offer run out."""
    found = []
    for rep in loaded.policy.team:
        load = presence.load_of(facts, rep)
        if rep.handle == missed:
            load = load.model_copy(update={"missed": load.missed + 1})
        absence = presence.absence(rep, facts, loaded, now)
        if rep.handle in tried and (absence is None or absence.back is not None):
            absence = Absence(PassedOver.TRIED, "was offered this lead already")
        found.append(Candidate(rep, load, absence))
    return Candidates(tuple(found))


def there_by(facts: Facts, loaded: LoadedPolicy, now: datetime, due: datetime) -> Candidates:
    """The team as it will have been there at some moment until `due`."""
    found = []
    for rep in loaded.policy.team:
        back = presence.back_at(rep, facts, loaded, now)
        late = (
            None
            if back is not None and back <= due
            else Absence(PassedOver.NOBODY_IN_TIME, "is not back in time", back)
        )
        found.append(Candidate(rep, presence.load_of(facts, rep), late))
    return Candidates(tuple(found))


def note_absences(team: Candidates, loaded: LoadedPolicy, notes: Notes) -> None:
    """Who can't take it and why; who has missed so many offers that they are away from here on."""
    for each in team.all:
        if each.absence is not None:
            notes.passed_over(f"owner/{each.rep.handle}", each.absence.because)
        is_told = any(gone.rep == each.rep.handle for gone in notes.went_away)
        if presence.has_missed(each.load, loaded) and not (each.load.away or each.rep.away or is_told):
            because = f"missed {rotation.counted(each.load.missed, 'offer')} in a row"
            notes.went_away.append(WentAway(rep=each.rep.handle, because=because))


def farewells(notes: Notes, now: datetime) -> tuple[Item, ...]:
    """What tells reps that they are away from here on."""
    return tuple(
        Item(
            key=f"away-{each.rep}",
            at=now,
            action=Action.TELL,
            until=Until.NEVER,
            template=f"{SET_AWAY}:{each.rep}",
        )
        for each in notes.went_away
    )


def line_of(team: Candidates, asked: Wanted, group: Group) -> Line | None:
    """The line of a group for such a lead: those named for most of what it asks, else those who take any; None when
    nobody of it is there."""
    belongs = [each for each in _in_group(team, group) if matching.why_not(each.rep, asked, group) is None]
    there = [each for each in belongs if each.absence is None]
    if not there and group.anybody:
        last = group.model_copy(update={"match": tuple(each for each in group.match if each in _ANYBODY)})
        belongs = [each for each in _in_group(team, group) if matching.why_not(each.rep, asked, last) is None]
        there = [each for each in belongs if each.absence is None]
        return _line(group, there, belongs, asked, "left in the team") if there else None
    if not there:
        return None
    most = max(len(matching.named_for(each.rep, asked, group)) for each in there)
    named = [each for each in there if len(matching.named_for(each.rep, asked, group)) == most]
    values = matching.named_for(named[0].rep, asked, group)
    return _line(group, named, belongs, asked, _whose(values, asked, group))


def lines_of(team: Candidates, asked: Wanted, group: Group) -> tuple[Line, ...]:
    """The lines of a group for such a lead: those named for most of what it asks, then all who may take it."""
    first = line_of(team, asked, group)
    if first is None:
        return ()
    belongs = [each for each in _in_group(team, group) if matching.why_not(each.rep, asked, group) is None]
    there = [each for each in belongs if each.absence is None]
    return (first, _line(group, there, belongs, asked, "who take any")) if there else (first,)


def _line(group: Group, there: Sequence[Candidate], belongs: Sequence[Candidate], asked: Wanted, whose: str) -> Line:
    able, every = (
        tuple(rotation.runner(each.rep, each.load, group.name) for each in some) for some in (there, belongs)
    )
    return Line(group, able, every, asked, whose)


def _in_group(team: Candidates, group: Group) -> list[Candidate]:
    """Who takes turns in a group, in its order."""
    members = [each for each in team.all if each.rep.weight and (not group.reps or each.rep.handle in group.reps)]
    return sorted(members, key=lambda each: group.reps.index(each.rep.handle)) if group.reps else members


def _whose(values: tuple[str, ...], asked: Wanted, group: Group) -> str:
    if values:
        return f"for {', '.join(values)}"
    if Match.TERRITORY in group.match:
        return "without a territory" if asked.regions else "without a territory, as the state isn't known"
    return f"in group {group.name}"


def _unfit(rep: Rep, asked: Wanted, group: Group | None, taken: Rep | None = None) -> Refused:
    if group is None:
        return PassedOver.NOT_IN_GROUP, "no group of the policy takes such a lead"
    if not rep.weight:
        return PassedOver.OWN_LEADS_ONLY, "takes only leads of their own (weight 0)"
    refused = matching.why_not(rep, asked, group)
    if refused is not None:
        return refused
    values = ", ".join(matching.named_for(taken, asked, group)) if taken else ""
    return PassedOver.OTHERS_NAME_IT, f"takes any, and others who are free are named for {values or 'this'}"


def _is_back(each: Candidate, moment: datetime) -> bool:
    return each.absence is not None and each.absence.back is not None and each.absence.back <= moment


def _considered(each: Candidate, why: Refused | None, stands: Stands) -> Considered:
    if why is not None and each.absence is not None:
        why = each.absence.reason, each.absence.because
    line, places = stands
    runner = rotation.runner(each.rep, each.load, line)
    return Considered(
        rep=each.rep.handle,
        reason=why[0] if why else None,
        because=why[1] if why else "",
        weight=each.rep.weight,
        open_leads=each.load.open_leads,
        offers=runner.turn.offers,
        owed=runner.turn.owed,
        last_offered=each.load.last_offered,
        place=places.get(each.rep.handle),
    )
