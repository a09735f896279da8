"""`python -m bench.quiet`: from a person's text to the moment their phone stops ringing, on a fresh embedded stack.
Exit status 1 when the bar is missed.

Open loop: people ask for a demo when they do (Poisson, seeded), a rep takes the call, their phone rings, and while it
rings they write. Each is a whole call: three reps' phones, a whisper, the person's phone. Both moments are of one
machine, which holds people, stack and simulator. A phone that is not put down would ring for RINGS seconds and be
answered.
"""

import asyncio
import contextlib
import json
import random
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from bench.latency import Spread, spread
from bench.outside import Outside, Reached, eventually, inquiry
from bench.people import ENOUGH, someone
from bench.report import Rounds, say, write
from bench.rig import ROOT, Rig

BARS = {"p99": 1000.0}
"""Milliseconds from the text's leaving their phone to the call's end on it."""

RINGS = 12.0
SETTLE_LIMIT = 60.0
WARM_UP = 10
TEAM = 40
"""Reps: so many that one is always free, since what is measured is no queue for them."""

WORDS = ("What does it cost?", "Please stop texting me")


class Measured(BaseModel):
    """One round. `quiet_ms`: from the text to silence; `answered`: phones that rang on until they were picked up,
    though their person had written."""

    model_config = ConfigDict(frozen=True)

    rate: float
    people: int
    quiet_ms: Spread
    answered: int
    never_rang: int

    @property
    def meets_bars(self) -> bool:
        return self.quiet_ms.p99 < BARS["p99"] and not (self.answered or self.never_rang)


@dataclass(slots=True)
class People:
    """People numbered from `first` on, `rate` a second."""

    outside: Outside
    rate: float
    people: int
    first: int
    seed: int = 1
    wrote: dict[str, float] = field(default_factory=dict)
    happened: dict[tuple[str, str], Reached] = field(default_factory=dict)
    """What happened first of each kind on each phone."""

    async def run(self) -> Measured:
        """All ask, are called and write; waits until their phones are silent, counts."""
        chance, due = random.Random(self.seed), time.time() + 0.2
        log = await self.outside.log()
        looking = asyncio.create_task(self._look(log[-1].seq if log else 0))
        async with asyncio.TaskGroup() as group:
            for number in range(self.first, self.first + self.people):
                due += chance.expovariate(self.rate)
                await asyncio.sleep(max(due - time.time(), 0.0))
                group.create_task(self._ask(number, chance.uniform(0.1, 1.0)))
        looking.cancel()
        return self._count()

    async def _look(self, since: int) -> None:
        while True:
            for entry in await self.outside.log(since):
                self.happened.setdefault((str(entry.to), entry.kind), entry)
                since = entry.seq
            await asyncio.sleep(0.05)

    async def _ask(self, number: int, thinks_for: float) -> None:
        who = someone(number)
        line = {"phone": who.phone, "line": "answers", "rings_for": RINGS, "talks_for": 0.2}
        (await self.outside.simulate("personas", line)).raise_for_status()
        await self.outside.capture(inquiry(who, "demo_request"))
        with contextlib.suppress(TimeoutError):  # a phone that never rings is counted
            await eventually(lambda: self._has(who.phone, "call_leg"), SETTLE_LIMIT, "a phone rings")
            await asyncio.sleep(thinks_for)
            self.wrote[who.phone] = time.time()
            await self.outside.texts_us(who.phone, WORDS[number % len(WORDS)])
            await eventually(lambda: self._has(who.phone, "hung_up"), SETTLE_LIMIT, "a phone is silent")

    async def _has(self, phone: str, kind: str) -> bool:
        return (phone, kind) in self.happened

    def _count(self) -> Measured:
        down = {phone: self.happened.get((phone, "hung_up")) for phone in self.wrote}
        silent = {phone: entry for phone, entry in down.items() if entry is not None}
        picked_up = sum("canceled" not in (entry.detail or "") for entry in silent.values())
        return Measured(
            rate=self.rate,
            people=self.people,
            quiet_ms=spread([entry.real_at.timestamp() - self.wrote[phone] for phone, entry in silent.items()]),
            answered=picked_up + len(self.wrote) - len(silent),
            never_rang=self.people - len(self.wrote),
        )


def policy_in(folder: Path) -> Path:
    """As always_open.yaml, with a large team."""
    beside = shutil.copytree(ROOT / "policies", folder / "policies")
    team = [
        {"handle": f"rep{n}", "name": f"Rep {n}", "phone": phone_of(n), "slack": f"U0R{n}", "email": f"r{n}@b.example"}
        for n in range(TEAM)
    ]
    made = beside / "large_team.yaml"
    always = {"always_open": True, "business": {"hours": "24/7", "holidays": {"days": []}}}
    made.write_text(json.dumps({"extends": "default.yaml", "name": "large_team", **always, "team": team}))
    return made


def phone_of(rep: int) -> str:
    """A rep's phone: a number kept for fiction, and nobody's of bench.people."""
    return f"+15125550{900 + rep}"


def main(
    rate: Annotated[float, typer.Option(help="People a second.")] = 1.0,
    people: Annotated[int, typer.Option(help="People a round, the warm-up left out.")] = 200,
    rounds: int = 1,
    out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Where to; - is standard output.")] = None,
) -> None:
    """Measure reply -> quiet on the embedded stack."""
    if WARM_UP + people * rounds > ENOUGH:
        raise typer.BadParameter(f"there are only {ENOUGH} fictional numbers for people and warm-up")
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as folder:
        report = asyncio.run(_measure(Path(folder), rate, people, rounds))
    if out is not None:
        write(out, report)
    raise typer.Exit(0 if report.met else 1)


async def _measure(folder: Path, rate: float, people: int, rounds: int) -> Rounds[Measured]:
    rig = Rig(folder / "data", policy_in(folder))
    await rig.start()
    try:
        async with Outside(rig) as outside:
            press = [{"digits": "1", "after": 0.2}]
            line = {"line": "answers", "rings_for": 0.1, "presses": press, "talks_for": 0.2}
            await outside.simulate("personas", [{"phone": phone_of(rep), **line} for rep in range(TEAM)])
            say(f"warm-up: {WARM_UP} people")
            await People(outside, rate, WARM_UP, first=0).run()
            measured = []
            for number in range(rounds):
                first = WARM_UP + number * people
                measured.append(await People(outside, rate, people, first, seed=number).run())
                _show(measured[-1])
    finally:
        await rig.stop()
    return Rounds[Measured](bars_ms=BARS, met=all(each.meets_bars for each in measured), rounds=measured)


def _show(measured: Measured) -> None:
    say(f"{measured.people} people at {measured.rate:g}/s")
    say(f"  their text -> silence      {measured.quiet_ms}")
    verdict = "met" if measured.meets_bars else "MISSED"
    counted = f"answered all the same {measured.answered}, never rang {measured.never_rang}"
    say(f"  {counted}; bar (p99 < {BARS['p99']:g} ms): {verdict}")


if __name__ == "__main__":
    typer.run(main)
