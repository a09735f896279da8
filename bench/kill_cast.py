"""Who is on stage when the worker is killed: people with phones, reps with phones of their own, and a policy that rings
each rep alone."""

import random
from dataclasses import dataclass
from pathlib import Path

from bench.outside import Json, Outside, inquiry
from bench.people import AREAS, Someone, someone

ROOT = Path(__file__).parents[1]
REPS = 40
"""More than there are calls in a round, so that no phone is wanted by two calls at once."""

POLICY = """extends: {base}
name: kill_matrix
always_open: true
business:
  hours: 24/7
  holidays: {{days: []}}
calls: {{at_once: 1}}
team:
{team}
"""
_REP = '  - {{handle: rep{n}, name: Rep {n}, slack: U0REP{n}, email: rep{n}@brightside.example, phone: "{phone}"}}'


def rep_phone(number: int) -> str:
    """The phone of a rep; the lines below 110 are left to the business."""
    return f"+1{AREAS[number]}5550107"


def write_policy(folder: Path) -> Path:
    """policies/always_open.yaml, but with a rep for every call."""
    folder.mkdir(parents=True, exist_ok=True)
    team = "\n".join(_REP.format(n=number, phone=rep_phone(number)) for number in range(REPS))
    path = folder / "kill_matrix.yaml"
    path.write_text(POLICY.format(base=ROOT / "policies" / "default.yaml", team=team))
    return path


async def reps_answer(outside: Outside, chance: random.Random) -> None:
    """Every rep picks up and takes the call, each after a time of their own."""
    lines: list[Json] = [
        {
            "phone": rep_phone(number),
            "line": "answers",
            "rings_for": round(chance.uniform(0.1, 2.0), 2),
            "presses": [{"digits": "1", "after": round(chance.uniform(0.1, 1.0), 2)}],
        }
        for number in range(REPS)
    ]
    (await outside.simulate("personas", lines)).raise_for_status()


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who asks: for a text (an ad's form), or to be called by a rep at once (a demo)."""

    who: Someone
    source: str

    @property
    def is_called(self) -> bool:
        return self.source == "demo_request"

    @property
    def inquiry(self) -> Json:
        return inquiry(self.who, self.source)


async def comers(outside: Outside, first: int, wanted: tuple[int, int], chance: random.Random) -> list[Comer]:
    """So many people to text and to call, in an order of their own; those who are called answer and talk a second."""
    texted, called = wanted
    found = [Comer(someone(first + n), "paid_lead_form") for n in range(texted)]
    found += [Comer(someone(first + texted + n), "demo_request") for n in range(called)]
    lines: list[Json] = [
        {
            "phone": each.who.phone,
            "line": "answers",
            "rings_for": round(chance.uniform(0.1, 1.5), 2),
            "talks_for": 1.0,
        }
        for each in found
        if each.is_called
    ]
    if lines:
        (await outside.simulate("personas", lines)).raise_for_status()
    chance.shuffle(found)
    return found
