"""`python -m bench.chaos`: leads keep coming while processes die and vendors fail. Judged at the simulator alone.

Every sender repeats its event until it is taken, as good senders do. Some people say stop as soon as they are texted,
and send a form again later; they may not hear from us any more. Exit status 1 when anything was lost or doubled.
"""

import asyncio
import contextlib
import random
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import asyncpg
import httpx2
import typer
from pydantic import BaseModel, ConfigDict
from temporalio.client import Client

from bench import verdict
from bench.mischief import Mischief, plan
from bench.outside import Outside, Reached, eventually, inquiry
from bench.people import ENOUGH, Someone, someone
from bench.report import say, write
from bench.rig import Rig
from runtime.leaving import leave_after

SOURCES = ("paid_lead_form", "missed_call")
"""Both are texted at once; a missed call is offered to a rep as well."""

STOPPERS = 0.15
STOP_WORDS = "Please stop texting me"
TAKEN_LIMIT = 180.0
SETTLE_LIMIT = 240.0
CROWD = 3
"""Leads that come at once just before a fault, so that it hits work in flight."""

QUIET = 5.0
"""Seconds to wait, when all is settled, for what shouldn't come."""


class Struck(BaseModel):
    """One fault as it went. `in_flight`: leads sent in and not yet texted at that moment."""

    model_config = ConfigDict(frozen=True)

    what: str
    in_flight: int
    next_text_s: float | None


class Report(BaseModel):
    """Counts of a run: people at the simulator, `unfinished` touches in the ledger.

    `with_people`: leads whose text has no known fate and is, by rule, left to a person. `unspent`: armed faults that no
    request has met.
    """

    model_config = ConfigDict(frozen=True)

    seed: int
    leads: int
    lost: list[str]
    duplicate_touches: list[str]
    after_opt_out: list[str]
    without_offer: list[str]
    opted_out: int
    with_people: int
    unfinished: list[str]
    stuck: int
    failed: int
    faults: list[Struck]
    took_s: float

    @property
    def good(self) -> bool:
        people = (self.lost, self.duplicate_touches, self.after_opt_out, self.without_offer)
        return not any((*people, self.unfinished, self.stuck, self.failed))


@dataclass(slots=True)
class Chaos:
    """One run on one stack."""

    rig: Rig
    outside: Outside
    leads: int
    seed: int
    rate: float
    planned: list[Mischief]
    sent: set[str] = field(default_factory=set)
    texted: set[str] = field(default_factory=set)
    taken: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    opted_out: dict[str, datetime] = field(default_factory=dict)
    struck: list[tuple[Mischief, int, datetime]] = field(default_factory=list)

    async def run(self) -> Report:
        """Load with faults, then settle, then count."""
        began, chance = time.monotonic(), random.Random(self.seed)
        crowded = {each.after - back for each in self.planned for back in range(CROWD + 1)}
        async with asyncio.TaskGroup() as group:
            for number in range(self.leads):
                who = someone(number)
                stops = chance.random() < STOPPERS
                group.create_task(self._live(who, chance.choice(SOURCES), stops))
                for each in self.planned:
                    if each.after == number:
                        await self._strike(each)
                pause = chance.expovariate(self.rate)
                await asyncio.sleep(0 if number in crowded else pause)
        await self._settle()
        return await self._count(time.monotonic() - began)

    async def _live(self, who: Someone, source: str, stops: bool) -> None:
        self.sent.add(who.phone)
        answer = await self.outside.insist(inquiry(who, source), TAKEN_LIMIT)
        self.taken[who.phone] = str(answer["lead_id"])
        self.sources[who.phone] = source
        if stops:
            await eventually(lambda: self._is_texted(who), SETTLE_LIMIT, "a text to stop")
            await eventually(lambda: self._says_stop(who), TAKEN_LIMIT, "the stop is acknowledged")

    async def _is_texted(self, who: Someone) -> bool:
        return bool(await self.outside.texts(who.phone))

    async def _says_stop(self, who: Someone) -> bool:
        if await self.outside.texts_us(who.phone, STOP_WORDS) != 200:
            return False
        self.opted_out[who.phone] = datetime.now(UTC)
        return True

    async def _strike(self, each: Mischief) -> None:
        await asyncio.sleep(each.late)
        with contextlib.suppress(httpx2.HTTPError):  # the simulator may be dead: what it said last still holds
            self.texted = {str(entry.to) for entry in await self.outside.texts()}
        self.struck.append((each, len(self.sent - self.texted), datetime.now(UTC)))
        say(f"  after {each.after:4d} leads: {each}, {self.struck[-1][1]} in flight")
        await each.strike(self.rig, self.outside)

    async def _settle(self) -> None:
        """The stack whole again, the stopped ones asking once more, every touch at its end."""
        await self.rig.until_up()
        await self.outside.disarm()
        for phone in self.opted_out:
            await self.outside.insist(inquiry(self._who(phone)), TAKEN_LIMIT)
        with contextlib.suppress(TimeoutError):  # what doesn't settle is counted
            await eventually(self._is_settled, SETTLE_LIMIT, "all is settled")
        await asyncio.sleep(QUIET)

    def _who(self, phone: str) -> Someone:
        return next(each for each in map(someone, range(self.leads)) if each.phone == phone)

    async def _is_settled(self) -> bool:
        log = await self.outside.log()
        unknown = await self._with_people()
        missing = verdict.untexted(log, self.taken.keys() - unknown) or self._without_offer(log)
        return not missing and not await self._unfinished()

    async def _unfinished(self) -> list[str]:
        """Touches that the ledger still holds open, or of unknown fate: channel and state."""
        session = await asyncpg.connect(self.rig.status().database_url)
        try:
            rows = await session.fetch(
                "select channel, state from touch where state in ('planned', 'claimed', 'sending', 'unknown')"
            )
        finally:
            await session.close()
        return sorted(f"{row['channel']} {row['state']}" for row in rows)

    def _without_offer(self, log: list[Reached]) -> list[str]:
        """Missed calls that no rep was told of; somebody who said stop needn't be offered any more."""
        shown = "".join(str(entry.blocks) for entry in log if entry.kind == "message" and entry.accepted)
        wanted = {phone for phone, source in self.sources.items() if source == "missed_call"} - self.opted_out.keys()
        return [lead for phone, lead in self.taken.items() if phone in wanted and f"'{lead}:1'" not in shown]

    async def _with_people(self) -> set[str]:
        """Phones whose text has no known fate, told to our people in Slack."""
        told = [entry for entry in await self.outside.log() if entry.kind == "message" and entry.accepted]
        asked = "".join(str(entry.blocks) for entry in told if "nobody knows whether" in (entry.body or ""))
        return {phone for phone, lead in self.taken.items() if f"'{lead}:" in asked}

    async def _count(self, took: float) -> Report:
        log, with_people = await self.outside.log(), await self._with_people()
        client = await Client.connect(str(self.rig.status().temporal_address))
        return Report(
            seed=self.seed,
            leads=self.leads,
            lost=sorted(verdict.untexted(log, self.taken.keys() - with_people)),
            duplicate_touches=verdict.doubled(log),
            after_opt_out=verdict.after_opt_out(log, self.opted_out),
            without_offer=self._without_offer(log),
            opted_out=len(self.opted_out),
            with_people=len(with_people),
            unfinished=await self._unfinished(),
            stuck=(await client.count_workflows("TemporalReportedProblems IS NOT NULL")).count,
            failed=(await client.count_workflows("ExecutionStatus = 'Failed'")).count,
            faults=[_struck(log, *each) for each in self.struck],
            took_s=round(took, 1),
        )


def _struck(log: list[Reached], what: Mischief, in_flight: int, at: datetime) -> Struck:
    later = (entry.real_at for entry in log if verdict.is_text(entry) and entry.real_at > at)
    following = next(later, None)
    return Struck(
        what=str(what),
        in_flight=in_flight,
        next_text_s=round((following - at).total_seconds(), 2) if following else None,
    )


async def run(folder: Path, leads: int, faults: int, seed: int, rate: float) -> Report:
    """A run on a fresh stack in `folder`."""
    rig = Rig(folder)
    await rig.start()
    try:
        async with Outside(rig) as outside:
            return await Chaos(rig, outside, leads, seed, rate, plan(leads, faults, seed)).run()
    finally:
        await rig.stop()


def main(  # noqa: PLR0913, PLR0917 - one a flag
    leads: Annotated[int, typer.Option(min=10, max=ENOUGH)] = 300,
    faults: Annotated[int, typer.Option(min=0)] = 15,
    seed: int = 1,
    rate: Annotated[float, typer.Option(help="Leads a second.")] = 5.0,
    out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Where to; - is standard output.")] = None,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the stack's data here.")] = None,
) -> None:
    """Kill and break things while leads come in; count at the simulator what reached people."""
    with tempfile.TemporaryDirectory(prefix="baton-chaos-") as folder:
        report = asyncio.run(run(data or Path(folder), leads, faults, seed, rate))
    if out is not None:
        write(out, report)
    say(
        f"{report.leads} leads, {len(report.faults)} faults, {report.opted_out} opted out, {report.took_s:g} s: "
        f"lost {len(report.lost)}, duplicate touches {len(report.duplicate_touches)}, "
        f"after an opt-out {len(report.after_opt_out)}, without an offer {len(report.without_offer)}, with people "
        f"{report.with_people}, unfinished {len(report.unfinished)}, stuck {report.stuck}, failed {report.failed}"
    )
    raise typer.Exit(0 if report.good else 1)


if __name__ == "__main__":
    leave_after(lambda: typer.run(main))
