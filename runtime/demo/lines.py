"""How the simulator is told of everybody's phone: what reps press once they hear who it is about, how people answer.
It judges nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from adapters.phones import parse_phone
from policy.roster import Rep
from runtime.demo.cast import Line, Part, Rung
from runtime.demo.world import Json

_KEYS = {"takes": "1", "passes": "2"}


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast calls are played, in real seconds. `pace`: so many seconds of a talk pass for one real one, which the
    stack's simulator is told too; `later`: each rep picks up so much later than the one before."""

    pace: float
    rings: float
    later: float
    listens: float


WATCHED = Tempo(pace=60, rings=1.5, later=0.4, listens=1.5)
AT_ONCE = Tempo(pace=240, rings=0.3, later=0.1, listens=0.8)


def of_reps(parts: Iterable[Part], team: Sequence[Rep], tempo: Tempo) -> Iterator[Json]:
    """Each rep's phone: one press for every part that they are to answer for, in the script's order."""
    told = [(part, rung) for part in parts for rung in part.rung]
    for place, rep in enumerate(team):
        presses: list[JsonValue] = [_press(part, rung, tempo) for part, rung in told if rep.handle in rung.by]
        rings = tempo.rings + place * tempo.later
        yield {"phone": rep.phone, "line": "answers", "rings_for": rings, "presses": presses}


def of_person(part: Part, tempo: Tempo) -> Iterator[Json]:
    """A person's own phone, where it is one that can be called."""
    phone = parse_phone(part.person.phone, "US").e164 if part.person.phone else None
    for line in part.line if phone is not None else ():
        yield _line(phone, line, tempo)


def _press(part: Part, rung: Rung, tempo: Tempo) -> Json:
    about = rung.heard or part.person.known_as
    return {"digits": _KEYS[rung.kind], "after": tempo.listens, "about": about, "times": rung.times}


def _line(phone: str | None, line: Line, tempo: Tempo) -> Json:
    talks = line.talks.total_seconds() / tempo.pace
    return {"phone": phone, "line": line.kind, "rings_for": tempo.rings, "talks_for": talks, "times": line.times}
