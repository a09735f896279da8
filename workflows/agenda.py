"""Carries out agenda items: item -> effect -> fact. Effects run beside the lead's loop, so a vendor that hangs holds
up nobody."""

import asyncio
from collections.abc import Awaitable, Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import call_agendas
    from domain import events as e
    from domain.decisions import CallPlan, DecisionKind, Item
    from domain.orders import Notice, Touched
    from domain.values import Action
    from workflows import effects
    from workflows.book import Book
    from workflows.calls import Calls

ONE_TEXT_AT_A_TIME = "one text at a time"
"""What runs of before it don't do: of the texts that are due, one is under way."""

_NOTICES = {Action.WARN: Notice.WARN, Action.REMIND: Notice.REMIND, Action.SUPERVISOR: Notice.SUPERVISOR}

_NOTES = {str(notice): notice for notice in Notice}


class Agenda:
    """Starts what is due and records how it went. At most one effect per item at a time."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._running: dict[str, asyncio.Task[None]] = {}
        self._calls = Calls(book)
        self._fault: Exception | None = None
        self._does: dict[Action, Callable[[Item], Awaitable[None]]] = {
            Action.TEXT: self._text,
            Action.RESCUE: self._text,
            Action.CALL: self._call,
            Action.OFFER: self._offer,
            Action.POOL: self._pool,
            Action.REOFFER: self._reoffer,
            Action.CRM: self._crm,
            Action.ALERT_REPLY: self._alert_reply,
            Action.NURTURE: self._give_up,
        }

    @property
    def busy(self) -> tuple[str, ...]:
        """Keys of the items being carried out now, or waiting for one of these."""
        running = tuple(self._running)
        texts = self._book.lead.texts_in_turn(self._book.now, running)
        # Only where it matters: a run that began two texts at once before goes on as it was recorded.
        if not texts or not workflow.patched(ONE_TEXT_AT_A_TIME):
            texts = ()
        calls = call_agendas.waiting(self._book.lead) if self._calls.is_under_way else ()
        return (*running, *self._book.lead.behind(running), *texts, *calls)

    @property
    def is_at_work(self) -> bool:
        """Whether an effect is under way."""
        return bool(self._running)

    def start_due(self) -> None:
        """Start every due item that isn't under way, save those that another has overtaken. Raises RuntimeError after a
        fault in an effect."""
        self._raise_fault()
        now = self._book.now
        self._book.notice_lateness(now)
        for item in self._book.lead.overtaken(now, self.busy):
            self._book.record(e.Dropped(at=now, item=item, because="overtaken"))
        for item in self._book.lead.due(now, self.busy):
            self._running[item.key] = asyncio.create_task(self._carry_out(item))

    async def finish(self) -> None:
        """Wait for effects under way; nothing is left behind when a lead ends."""
        await workflow.wait_condition(lambda: not self._running)
        self._raise_fault()

    def _raise_fault(self) -> None:
        # In the lead's own turn a fault holds the lead, seen and mended by the next deploy; in a task it is unseen.
        if self._fault is not None:
            raise RuntimeError("An effect failed where it can't.") from self._fault

    async def _carry_out(self, item: Item) -> None:
        try:
            await self._does.get(item.action, self._notify)(item)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the lead's turn raises it
            self._fault = self._fault or fault
        finally:
            del self._running[item.key]
            self._book.stirred = True

    async def _text(self, item: Item) -> None:
        self._settle(item, await effects.text(self._book.lead, item, self._book.now))

    async def _call(self, item: Item) -> None:
        decision = await self._book.ask(DecisionKind.CALL, item=item)
        if self._book.lead.wants(item):  # nobody moved while policy was asked
            await self._calls.make(item, decision.call or CallPlan())

    async def _crm(self, item: Item) -> None:
        self._settle(item, await effects.sync(self._book.lead, item, self._book.now))

    async def _notify(self, item: Item) -> None:
        notice = _NOTICES.get(item.action) or _NOTES.get((item.template or "").partition(":")[0], Notice.UNSETTLED)
        self._settle(item, await effects.tell(self._book.lead, item, notice, self._book.now))

    async def _offer(self, item: Item) -> None:
        if item.tries == 0:  # a second try is the same offer
            self._book.record(self._offered(self._book.lead.owner, self._book.lead.queue))
        await self._tell_offer(item)

    async def _pool(self, item: Item) -> None:
        if item.tries == 0:
            self._book.record(self._offered(None, item.template or self._book.lead.queue))
        await self._tell_offer(item)

    async def _tell_offer(self, item: Item) -> None:
        notice = Notice.OFFER if self._book.lead.owner else Notice.POOL
        self._settle(item, await effects.tell(self._book.lead, item, notice, self._book.now))

    def _offered(self, owner: str | None, queue: str | None) -> e.Offered:
        return e.Offered(at=self._book.now, owner=owner, queue=queue, number=self._book.lead.offer + 1)

    async def _reoffer(self, item: Item) -> None:
        if item.tries == 0:
            to = await self._book.ask(DecisionKind.REOFFER)
            if not self._book.lead.wants(item):  # somebody moved while policy was asked
                return
            self._book.record(self._offered(to.owner, to.queue))
        await self._tell_offer(item)

    async def _alert_reply(self, item: Item) -> None:
        if item.tries == 0:
            await self._book.ask(DecisionKind.REPLY, said=item.said)
            if not self._book.lead.wants(item):  # the lead ended while policy was asked
                return
        self._settle(item, await effects.tell(self._book.lead, item, Notice.REPLY, self._book.now))

    async def _give_up(self, item: Item) -> None:
        if item.code is not None:  # the person's own words are the reason
            self._book.record(e.Disposed(at=self._book.now, code=item.code, by="reply"))
        else:
            await self._book.ask(DecisionKind.DISPOSE)
        self._book.record(e.Performed(at=self._book.now, item=item))

    def _settle(self, item: Item, touched: Touched) -> None:
        now = self._book.now
        if touched.result == "sent":
            self._book.record(e.Performed(at=now, item=item, touch_id=touched.touch_id, channel=touched.channel))
        elif touched.result == "held":
            until = touched.retry_at or effects.retry_at(item, now)
            self._book.record(e.Held(at=now, item=item, until=until, because=touched.because))
        elif touched.result == "unknown":
            self._book.record(e.Unsettled(at=now, item=item, touch_id=touched.touch_id or ""))
        else:
            self._book.record(e.Dropped(at=now, item=item, because=touched.because, refusal=touched.refusal))
