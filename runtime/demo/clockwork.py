"""Lets time pass for a whole embedded stack, in bounded steps to the next moment at which anything happens.

A lead's clock and the world's are both real time plus an offset. Only leads that are due, or about to hear from
somebody, are moved on; the others lag behind and are brought along when they are needed. What is due in the meantime
is never jumped over: each step ends at the next due moment and waits until all is quiet again.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from domain.lead import Lead
from runtime.clock import real_now
from runtime.demo.patience import CALL_LIMIT, LIMIT, DemoError, patiently
from runtime.demo.world import Act, Entry, World
from runtime.embedded.skipping import Skipping

AT_ONCE = 6
"""Leads moved on side by side."""

QUIET_LIMIT = CALL_LIMIT + LIMIT
"""Seconds of real time after which a stack that isn't quiet is reported; calls, which live in it, are waited for."""

NEARBY = timedelta(seconds=5)
"""What is due this close to each other is taken in one step, where it is about different leads."""


class Clockwork:
    """The stack's clock, and every lead's. `leads` are those known; a lead that is closed stays where it ended."""

    def __init__(self, world: World, skipping: Skipping) -> None:
        self._world = world
        self._skipping = skipping
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._offset = timedelta()
        self._heard = 0
        self._by_phone: dict[str, str] = {}
        self.leads: dict[str, Lead] = {}

    async def begin(self) -> None:
        """Take over the stack's clock as it is."""
        self._offset = await self._skipping.views.clock_offset()

    @property
    def now(self) -> datetime:
        """The stack's clock: what a lead that comes now is given, and what people live by."""
        return real_now() + self._offset

    async def meet(self, lead_id: str, phone: str | None) -> None:
        """From now on this lead counts, and texts from `phone` are its."""
        if phone is not None:
            self._by_phone[phone] = lead_id
        await self.quiet([lead_id])

    async def step(self, until: datetime, at_latest: datetime) -> datetime | None:
        """Let time pass to the next moment at which a lead or a person acts, but not beyond `at_latest`.

        Returns that moment; `at_latest` when nothing happens before it, None when that is no sooner than `until`.
        """
        acts = await self._world.acts()
        act = acts[0] if acts else None
        dues = {lead_id: due for lead_id, lead in self.leads.items() if (due := _due(lead)) is not None}
        first_due = min(dues.values(), default=until)
        moment = min(first_due, act.due if act else until, at_latest)
        if moment >= until:
            return None
        if act is not None and act.due == moment:
            await self._act(_together(acts, min(first_due, at_latest, moment + NEARBY)))
        elif first_due == moment:
            last = min([moment + NEARBY, at_latest, *([act.due] if act else [])])
            await self._fall_due([lead_id for lead_id, due in dues.items() if due == moment or due < last], dues)
        else:
            await self.move(moment)
        return moment

    async def move(self, moment: datetime) -> None:
        """The stack's clock forward to `moment`; what lies behind is left alone."""
        if moment > self.now:
            self._offset = moment - real_now()
            await self._skipping.views.set_clock_offset(self._offset)
            await self._world.set_clock(self._offset)

    async def bring(self, lead_ids: Iterable[str], moment: datetime) -> None:
        """These leads' clocks forward to `moment`, whatever falls due on the way being done."""
        await asyncio.gather(*(self._bring(lead_id, moment) for lead_id in lead_ids))

    async def quiet(self, lead_ids: Iterable[str]) -> None:
        """Returns when these leads, and whoever else was heard from, have done what there is to do now."""
        concerned = set(lead_ids)
        try:
            async with asyncio.timeout(QUIET_LIMIT):
                while True:
                    await self._world.idle()
                    concerned |= self._leads_in(await self._fresh())
                    await asyncio.gather(*(self._settle(lead_id) for lead_id in concerned))
                    meanwhile = await self._fresh()
                    if not meanwhile and await self._world.is_idle():
                        return
                    concerned |= self._leads_in(meanwhile)
        except TimeoutError:
            raise DemoError(await self._why(concerned)) from None

    async def everybody_to(self, moment: datetime) -> None:
        """Clock and open leads to `moment`, for the end."""
        await self.move(moment)
        lagging = [lead_id for lead_id, lead in self.leads.items() if lead.is_open]
        await self.bring(lagging, moment)
        await self.quiet(lagging)

    async def _act(self, acts: Sequence[Act]) -> None:
        concerned = [lead_id for act in acts for lead_id in self._of_act(act)]
        await self.bring(concerned, acts[-1].due)
        await self.move(acts[-1].due)
        await self.quiet(concerned)

    async def _fall_due(self, lead_ids: Collection[str], dues: dict[str, datetime]) -> None:
        last = max(dues[lead_id] for lead_id in lead_ids)
        await self.move(last)  # the world first: no text may reach it before the time by its own clock
        await self.bring(lead_ids, last)
        await self.quiet(lead_ids)

    async def _bring(self, lead_id: str, moment: datetime) -> None:
        async with self._gate:
            try:
                self.leads[lead_id] = await patiently(lambda: self._skipping.to(lead_id, moment))
            except TimeoutError:
                raise DemoError(await self._skipping.why_not_settled(lead_id)) from None

    async def _settle(self, lead_id: str) -> None:
        async with self._gate:
            self.leads[lead_id] = await patiently(lambda: self._skipping.settled(lead_id))

    async def _fresh(self) -> tuple[Entry, ...]:
        fresh = await self._world.log(self._heard)
        self._heard = fresh[-1].seq if fresh else self._heard
        return fresh

    def _of_act(self, act: Act) -> list[str]:
        found = self._by_phone.get(act.phone or "", _whose(act))
        return [found] if found in self.leads else []

    def _leads_in(self, entries: Iterable[Entry]) -> set[str]:
        """Whom these entries of the log concern: texts and calls by their number, presses by the lead in the button."""
        texts = {self._by_phone.get(entry.sender or "") for entry in entries if entry.kind in _FROM_A_PERSON}
        pressed = (entry.body or "" for entry in entries if entry.kind == "press")
        presses = {words.partition(" ")[2].partition(":")[0] for words in pressed}
        return {found for found in texts | presses if found in self.leads}

    async def _why(self, lead_ids: Iterable[str]) -> str:
        for lead_id in lead_ids:
            try:
                async with asyncio.timeout(1):
                    await self._skipping.settled(lead_id)
            except TimeoutError:
                return await self._skipping.why_not_settled(lead_id)
        return f"All leads are settled, but the vendors' callbacks were not through within {QUIET_LIMIT:.0f} s."


_FROM_A_PERSON = ("inbound_sms", "inbound_call")


def _together(acts: Sequence[Act], limit: datetime) -> list[Act]:
    """The first act, and those soon after it and before `limit` that are about other leads."""
    found: list[Act] = []
    for act in acts:
        if found and (act.due >= limit or _whose(act) in map(_whose, found)):
            break
        found.append(act)
    return found


def _whose(act: Act) -> str:
    return act.phone or (act.value or "").partition(":")[0]


def _due(lead: Lead) -> datetime | None:
    return lead.next_due() if lead.is_open else None
