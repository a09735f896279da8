"""`python -m bench.kill_matrix`: SIGKILL of the worker at each boundary of the ledger, for each kind of touch.

A round is one death: a touch of every cell is held at its own boundary, and then the worker kills itself. Judged at the
simulator's log alone (bench/kill_verdict.py). Exit status 1 when a touch was lost or made twice.
"""

import asyncio
import random
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from pydantic import BaseModel, ConfigDict

from bench import kill_cast, kill_verdict
from bench.arms import Arms, Cell
from bench.kill_cast import Comer
from bench.kill_verdict import Case, Round
from bench.outside import Json, Outside, eventually
from bench.report import say, write
from bench.rig import Rig, until
from runtime.failpoints import Boundary, Leg
from runtime.leaving import leave_after

FIVE = tuple(each for each in Boundary if each not in (Boundary.BEFORE_REQUEST, Boundary.AFTER_SETTLE))
REACH_LIMIT = 25.0
SETTLE_LIMIT = 120.0
QUIET = 2.0
"""Seconds to wait, when all is settled, for what shouldn't come."""

AWAY = 6.0
"""Seconds that a vendor keeps a request or its answer whose sender dies meanwhile."""

RECOVERY = 15.0
"""Seconds from the worker's restart to the next touch, at most (P7)."""

REQUESTS = {
    Leg.SMS: ("twilio", "/Messages.json"),
    Leg.REP: ("twilio", "/Calls.json"),
    Leg.PERSON: ("twilio", "/Participants.json"),
    Leg.CHAT: ("slack", "chat.postMessage"),
    Leg.CRM: ("hubspot", "/crm/v3/objects/"),
}
"""What makes a touch of each kind: the vendor, and a part of the request."""


class Report(BaseModel):
    """All rounds. `cells`: for each cell how often it was hit, and what became of those touches."""

    model_config = ConfigDict(frozen=True)

    seeds: int
    kills: int
    cells: dict[str, dict[str, int]]
    duplicate_touches: list[str]
    lost: list[str]
    unknown: int
    unknown_unshown: list[str]
    rounds: list[Round]
    took_s: float

    @property
    def recovery_s(self) -> float:
        """From a restart to the next touch, at most."""
        return max((each.next_touch_s or 0.0 for each in self.rounds), default=0.0)

    @property
    def good(self) -> bool:
        """Whether every touch was made once, or shown to a person."""
        return not (self.duplicate_touches or self.lost or self.unknown_unshown)


@dataclass(slots=True)
class Matrix:
    """Rounds on one stack. `forget`: the planted fault, a ledger that takes what is on its way for what never left."""

    rig: Rig
    outside: Outside
    cells: tuple[Cell, ...]
    forget: bool = False
    first: int = 0
    met: int = field(default=0)

    async def run(self, seed: int) -> Round:
        """One death."""
        began, chance, arms = time.monotonic(), random.Random(seed), Arms.of(self.rig.folder)
        since = len(await self.outside.log())
        people = await kill_cast.comers(self.outside, self.met, self._cast(), chance)
        self.met += len(people)
        arms.arm(self.cells)
        leads = await self._arrive(people, chance)
        await self._held(arms)
        await self._requests_leave(arms, chance)
        died, back = await self._die(arms, chance)
        await self._settle(leads)
        log = await self.outside.log(since)
        touches = {lead: (await self.outside.read(f"/v1/leads/{lead}/touches"))["touches"] for lead in leads}
        case = Case(seed, log, touches, leads, arms.taken(), died, back)
        return kill_verdict.judged(case, round(time.monotonic() - began, 1))

    def _cast(self) -> tuple[int, int]:
        """How many people to text and to call: one for each cell that needs one of their own, and some beside."""
        count = {leg: sum(cell.leg is leg for cell in self.cells) for leg in Leg}
        called = max(count[Leg.REP] + count[Leg.PERSON], count[Leg.CHAT], count[Leg.CRM])
        return count[Leg.SMS] + 1, called + 1

    async def _arrive(self, people: list[Comer], chance: random.Random) -> dict[str, Comer]:
        found = {}
        for each in people:
            found[str((await self.outside.insist(each.inquiry, REACH_LIMIT))["lead_id"])] = each
            await asyncio.sleep(chance.uniform(0.0, 0.1))
        return found

    async def _held(self, arms: Arms) -> None:
        """Every arm has its touch; one that none has come to is withdrawn, and its cell isn't counted."""
        try:
            await until(lambda: not arms.left(), REACH_LIMIT, "every touch is held")
        except TimeoutError:
            say(f"  not reached: {', '.join(map(str, arms.left()))}")
            arms.withdraw()

    async def _requests_leave(self, arms: Arms, chance: random.Random) -> None:
        """What is to be on its way goes, and the vendor keeps the request, or its answer."""
        legs = [cell.leg for cell in arms.taken() if cell.boundary is Boundary.REQUEST_SENT]
        for leg in legs:
            vendor, match = REQUESTS[leg]
            kind = chance.choice(("slow", "slow_answer"))
            fault: Json = {"vendor": vendor, "match": match, "kind": kind, "seconds": AWAY}
            (await self.outside.simulate("faults", fault)).raise_for_status()
        arms.send()
        await eventually(self._are_met, REACH_LIMIT, "the vendors have the requests")

    async def _are_met(self) -> bool:
        return not await self.outside.armed()

    async def _die(self, arms: Arms, chance: random.Random) -> tuple[datetime, datetime]:
        """The worker kills itself; when it did, and when it worked again."""
        await asyncio.sleep(chance.uniform(0.0, 0.5))
        gone = self.rig.pid("worker")
        arms.go()
        await until(lambda: self.rig.status().processes["worker"] != gone, REACH_LIMIT, "the worker is dead")
        died = datetime.now(UTC)
        if self.forget:
            await self._forget()
        await self.rig.until_back("worker", gone)
        return died, datetime.now(UTC)

    async def _forget(self) -> None:
        session = await asyncpg.connect(self.rig.status().database_url)
        try:
            await session.execute("update touch set state = 'claimed' where state = 'sending'")
        finally:
            await session.close()

    async def _settle(self, leads: dict[str, Comer]) -> None:
        """Every touch at its end and nobody on the phone, or the limit: what doesn't settle is counted."""
        try:
            await eventually(lambda: self._is_settled(leads), SETTLE_LIMIT, "all is settled")
        except TimeoutError:
            say("  not settled")
        await asyncio.sleep(QUIET)

    async def _is_settled(self, leads: dict[str, Comer]) -> bool:
        if await self._is_busy(list(leads)):
            return False
        await asyncio.sleep(1.0)  # between a touch and what follows from it nothing is open
        return not await self._is_busy(list(leads))

    async def _is_busy(self, leads: list[str]) -> bool:
        session = await asyncpg.connect(self.rig.status().database_url)
        try:
            busy: bool = await session.fetchval(
                "select exists (select from touch where lead_id = any($1) and state in ('planned','claimed','sending'))"
                " or exists (select from call where lead_id = any($1) and ended_at is null)"
                " or exists (select from unnest($1::text[]) l where not exists (select from touch where lead_id = l))",
                leads,
            )
        finally:
            await session.close()
        return busy


async def run(folder: Path, cells: tuple[Cell, ...], seeds: range, forget: bool = False) -> Report:
    """A run on a fresh stack in `folder`."""
    began, rig = time.monotonic(), Rig(folder, kill_cast.write_policy(folder))
    await rig.start()
    try:
        async with Outside(rig) as outside:
            await kill_cast.reps_answer(outside, random.Random(seeds.start))
            matrix, rounds = Matrix(rig, outside, cells, forget), []
            for seed in seeds:
                rounds.append(await matrix.run(seed))
                say(f"seed {seed}: {rounds[-1].in_words}")
    finally:
        await rig.stop()
    return _report(rounds, round(time.monotonic() - began, 1))


def _report(rounds: list[Round], took: float) -> Report:
    cells: dict[str, dict[str, int]] = {}
    for each in rounds:
        for cell, fate in each.hit.items():
            fates = cells.setdefault(cell, {})
            fates[fate] = fates.get(fate, 0) + 1
    return Report(
        seeds=len(rounds),
        kills=sum(len(each.hit) for each in rounds),
        cells=cells,
        duplicate_touches=[f"seed {each.seed}: {what}" for each in rounds for what in each.doubled],
        lost=[f"seed {each.seed}: {what}" for each in rounds for what in each.lost],
        unknown=sum(each.unknown for each in rounds),
        unknown_unshown=[f"seed {each.seed}: {what}" for each in rounds for what in each.unshown],
        rounds=rounds,
        took_s=took,
    )


def main(  # noqa: PLR0913, PLR0917 - one a flag
    seeds: Annotated[int, typer.Option(min=1, help="Rounds; each hits every cell once.")] = 3,
    first: Annotated[int, typer.Option(help="The first seed.")] = 1,
    every: Annotated[bool, typer.Option(help="The two boundaries beside the five, too.")] = False,
    forget: Annotated[bool, typer.Option(help="Plant the fault that reconciling is there for.")] = False,
    out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Where to; - is standard output.")] = None,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the stack's data here.")] = None,
) -> None:
    """Kill the worker at each boundary of the ledger, and count at the simulator what reached people."""
    cells = tuple(Cell(*pair) for pair in product(Boundary if every else FIVE, Leg))
    with tempfile.TemporaryDirectory(prefix="baton-kill-") as folder:
        report = asyncio.run(run(data or Path(folder), cells, range(first, first + seeds), forget))
    if out is not None:
        write(out, report)
    for cell, fates in sorted(report.cells.items()):
        say(f"  {cell:24} {', '.join(f'{fate} {times}' for fate, times in sorted(fates.items()))}")
    say(
        f"{report.kills} touches hit by {report.seeds} deaths, {report.took_s:g} s: "
        f"duplicate touches {len(report.duplicate_touches)}, lost {len(report.lost)}, unknown {report.unknown}, "
        f"of these not shown {len(report.unknown_unshown)}; restart to next touch at most {report.recovery_s:g} s "
        f"(bar {RECOVERY:g} s)"
    )
    raise typer.Exit(0 if report.good and report.recovery_s <= RECOVERY else 1)


if __name__ == "__main__":
    leave_after(lambda: typer.run(main))
