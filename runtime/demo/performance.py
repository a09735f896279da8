"""One performance on a running stack, from first lead to verdict. How it is shown is for the audience to say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from adapters.postgres.pool import open_pool
from domain.errors import Unavailable
from domain.views import Stats
from policy.load import read_policy
from policy.loaded import LoadedPolicy
from runtime.demo import calls, checks, script
from runtime.demo.lines import AT_ONCE, Tempo
from runtime.demo.patience import CALL_LIMIT, DemoError, PatientViews
from runtime.demo.player import Player
from runtime.demo.timeline import Line, Timeline
from runtime.demo.world import World
from runtime.embedded.addresses import Urls
from runtime.embedded.skipping import Skipping, open_skipping
from runtime.embedded.stack import Stack

LOOK_EVERY = 0.3
"""Seconds of real time between two looks at what is new."""


class Audience(Protocol):
    """Who watches. `pace` and `linger` say how long they need to follow, in seconds."""

    is_watching: bool

    def sees(self, timeline: Timeline, lines: list[Line], now: datetime) -> None:
        """New lines, oldest first."""

    def pace(self, number: int) -> float:
        """After the n-th lead of the morning."""

    async def linger(self, moment: datetime) -> None:
        """After each step of time."""


class Summary(BaseModel):
    """`held`: first texts or calls put off to a permitted hour. `calls`: rings of people's phones; `connected`: talks
    that came of them. Latencies in real time, of texts due at once, to the vendor."""

    model_config = ConfigDict(frozen=True)

    leads: int
    held: int
    lost: int
    duplicate_touches: int
    first_touch_p50_ms: float | None
    first_touch_p99_ms: float | None
    calls: int = 0
    connected: int = 0


class Ended(BaseModel):
    """One lead of the script. `ok` when nothing differs from it."""

    model_config = ConfigDict(frozen=True)

    lead: str
    lead_id: str | None
    source: str
    expected: str
    ended: str
    ok: bool
    faults: tuple[str, ...]


class Report(BaseModel):
    """What `baton demo --once --json` prints."""

    model_config = ConfigDict(frozen=True)

    summary: Summary
    leads: tuple[Ended, ...]
    urls: Urls
    clock: tuple[datetime, datetime]  # where the embedded clock began and ended

    @property
    def is_as_scripted(self) -> bool:
        """Whether every lead ended as it should, none is lost and nobody was touched twice."""
        whole = self.summary.lost == 0 and self.summary.duplicate_touches == 0
        return whole and self.summary.leads == len(script.PARTS) and all(each.ok for each in self.leads)


class Performance:
    """The parts put together. Use as a context; `report` once it is over."""

    def __init__(self, stack: Stack, audience: Audience, tempo: Tempo = AT_ONCE) -> None:
        self._stack = stack
        self._audience = audience
        self._exit = AsyncExitStack()
        self._looking = asyncio.Lock()
        self._tempo = tempo
        self._policy: LoadedPolicy = read_policy(stack.options.policy)

    async def __aenter__(self) -> "Performance":
        self._world = await self._exit.enter_async_context(World(self._stack))
        opened = open_skipping(self._stack.temporal_address, self._stack.database_url)
        self._skipping: Skipping = await self._exit.enter_async_context(opened)
        pool = await open_pool(self._stack.database_url, size=4)
        self._exit.push_async_callback(pool.close)
        self._skipping.views = PatientViews(pool)
        self._skipping.call_limit = CALL_LIMIT
        people = {part.person.phone: part.person.name for part in script.PARTS if part.person.phone}
        named = {phone: name or phone for phone, name in people.items()}
        self.timeline = Timeline(self._world, self._skipping.views, self._policy.policy, named)
        self.player = Player(self._world, self._skipping, self._policy.policy.team, self._herald, self._tempo)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exit.aclose()

    async def is_fresh(self) -> bool:
        """Whether nobody has come yet: the script is played on an empty stage only."""
        return (await self._skipping.views.stats("main")).leads == 0

    async def play(self) -> Report:
        """The morning, then the days, then the verdict."""
        await self.player.prepare()
        async with self._watched():
            await self.player.morning(self._pause)
            await self.look()
            await self.player.days(self._after)
        return await self.report()

    async def look(self) -> None:
        """Show what is new, if anybody watches; what a part of the stack that is away keeps back is shown later."""
        if not self._audience.is_watching:
            return
        async with self._looking:
            try:
                news = await self.timeline.news()
            except (Unavailable, DemoError):
                return
            self._audience.sees(self.timeline, news, self.player.clockwork.now)

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[None]:
        """What happens is shown as it happens, also while something is waited for: a call takes seconds."""

        async def watch() -> None:
            while True:
                await asyncio.sleep(LOOK_EVERY)
                await self.look()

        watching = asyncio.create_task(watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def report(self) -> Report:
        """How everything ended, by the simulator's log and the leads as they stand."""
        happened = await self._happened(await self._skipping.views.stats("main"))
        rings = [each for part in script.PARTS for each in calls.to_person(happened.log, part.person.phone)]
        timings = checks.first_touch_ms(happened, script.PARTS)
        summary = Summary(
            leads=happened.stats.leads,
            held=checks.held(happened),
            lost=checks.lost(happened, script.PARTS),
            duplicate_touches=checks.duplicate_touches(happened, script.PARTS),
            first_touch_p50_ms=checks.percentile(timings, 0.5),
            first_touch_p99_ms=checks.percentile(timings, 0.99),
            calls=len(rings),
            connected=sum(ring.came_to == "connected" for ring in rings),
        )
        found = checks.verdicts(happened, script.PARTS)
        leads = tuple(map(_ended, found))
        return Report(
            summary=summary, leads=leads, urls=self._stack.urls, clock=(script.START, self.player.clockwork.now)
        )

    async def _happened(self, stats: Stats) -> checks.Happened:
        came = self.player.came
        traces = {each.lead_id: await self._skipping.views.lead_trace("main", each.lead_id) for each in came.values()}
        plans = {key: traces[each.lead_id][0].decision for key, each in came.items() if traces[each.lead_id]}
        return checks.Happened(
            came=came,
            leads=self.player.clockwork.leads,
            log=await self._world.log(),
            stats=stats,
            templates=self._policy.policy.texts,
            plans=plans,
            rung=calls.wanted(traces, self._policy.policy.team),
        )

    async def _herald(self, who: str, what: str) -> None:
        await self.look()
        now = self.player.clockwork.now
        self._audience.sees(self.timeline, [Line(now, "came", who, what)], now)

    async def _pause(self, number: int) -> None:
        """As long as the audience needs."""
        await self.look()
        await asyncio.sleep(self._audience.pace(number))

    async def _after(self, moment: datetime) -> None:
        await self.look()
        await self._audience.linger(moment)


_PARTS = {part.key: part for part in script.PARTS}


def _ended(verdict: checks.Verdict) -> Ended:
    part = _PARTS[verdict.key]
    return Ended(
        lead=verdict.key,
        lead_id=verdict.lead_id,
        source=part.source,
        expected=part.ending.in_words,
        ended=verdict.ended,
        ok=not verdict.faults,
        faults=verdict.faults,
    )
