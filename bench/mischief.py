"""What goes wrong in a chaos run: processes killed, vendors failing. Chosen by a seed: a run can be repeated."""

import random
from dataclasses import dataclass

from bench.outside import Json, Outside, eventually
from bench.rig import Rig, until

KILLS = ("worker", "worker", "worker", "api", "api", "temporal", "temporal", "postgres", "postgres", "simulator")
"""Whom a kill hits, by weight; "everything" comes on top of these."""

VENDORS: tuple[tuple[str, dict[str, float | str]], ...] = (
    ("twilio", {"kind": "429", "retry_after": 2, "match": "POST"}),
    ("twilio", {"kind": "500", "match": "POST"}),
    ("twilio", {"kind": "hang", "seconds": 2, "match": "POST"}),
    ("twilio", {"kind": "drop_after_accept"}),
    ("twilio", {"kind": "500_after_accept", "callbacks": "drop"}),
    ("twilio", {"kind": "drop_after_accept", "callbacks": "late", "seconds": 8}),
    ("twilio", {"callbacks": "reorder"}),
    ("twilio", {"callbacks": "duplicate"}),
    ("twilio", {"callbacks": "early"}),
    ("slack", {"kind": "429", "retry_after": 2}),
    ("slack", {"kind": "500"}),
    ("slack", {"kind": "drop_after_accept"}),
    ("hubspot", {"kind": "429"}),
    ("hubspot", {"kind": "500"}),
    ("hubspot", {"kind": "drop_after_accept"}),
)

SHARE_OF_KILLS = 0.6
STRIKE_LIMIT = 30.0


@dataclass(frozen=True, slots=True)
class Mischief:
    """One fault. `after` is how many leads have come before it, `late` how many seconds after the last of them."""

    after: int
    late: float
    victim: str
    fault: dict[str, float | str] | None = None
    count: int = 1

    def __str__(self) -> str:
        if self.fault is None:
            return f"kill {self.victim}"
        named = " and ".join(str(self.fault[key]) for key in ("kind", "callbacks") if key in self.fault)
        return f"{self.victim} {named} x{self.count}"

    async def strike(self, rig: Rig, outside: Outside) -> None:
        """Do it, whatever was killed a moment ago: a fault that hits nobody proves nothing.

        A killed child is started again by its supervisor; a killed everything by us, at once.
        """
        if self.fault is not None:
            fault = {"vendor": self.victim, "count": self.count, **self.fault}
            await eventually(lambda: _is_armed(outside, fault), STRIKE_LIMIT, "the simulator takes the fault")
        elif self.victim == "everything":
            await rig.kill_everything()
            await rig.start()
            outside.readdress()
        else:
            await until(lambda: rig.status().processes.get(self.victim) is not None, STRIKE_LIMIT, "the victim lives")
            rig.kill(self.victim)


async def _is_armed(outside: Outside, fault: Json) -> bool:
    return (await outside.simulate("faults", fault)).is_success


def plan(leads: int, faults: int, seed: int) -> list[Mischief]:
    """`faults` faults, in order; with two or more kills, the middle one kills everything.

    The last sixth of the leads comes after them, to be hit by what is still armed.
    """
    chance = random.Random(seed)
    moments = sorted(chance.sample(range(2, max(leads - leads // 6, faults + 2)), faults))
    planned = [_one(chance, moment) for moment in moments]
    kills = [place for place, each in enumerate(planned) if each.fault is None]
    if len(kills) > 1:
        middle = kills[len(kills) // 2]
        planned[middle] = Mischief(planned[middle].after, planned[middle].late, "everything")
    return planned


def _one(chance: random.Random, after: int) -> Mischief:
    late = chance.uniform(0.0, 0.15)
    if chance.random() < SHARE_OF_KILLS:
        return Mischief(after, late, chance.choice(KILLS))
    vendor, fault = chance.choice(VENDORS)
    return Mischief(after, late, vendor, fault, count=chance.randint(1, 3))
