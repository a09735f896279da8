"""One page of the nightly reconciliation at a time. Each can be done again: it settles upwards, and adopts nothing.

What no touch knows is told, never taken for one of ours; what stays unknown is a person's to settle.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from temporalio import activity

from activities.delivery import Wire
from activities.policies import Policies
from domain.errors import VendorError
from domain.ledger import Claim
from domain.messages import Delivery
from domain.orders import TouchState
from domain.ports import Chat, ChatMessage, Ledger
from domain.reconciling import MOST_NAMED, Books, Part, Statement, Sweep, VendorMessage
from domain.switches import SwitchBoard
from domain.twilio_codes import verdict_of
from domain.values import Channel
from domain.verdicts import Verdict

PAGE = 10
"""Touches looked for in one call; each may take as long as the vendor's deadline."""

UNDER_WAY = timedelta(minutes=10)
"""A message younger than this that no touch knows may be of one that is being made just now."""


class Reconcile:
    """Compares the ledger with what vendors say; `wires` finds touches by channel, `statements` lists what went out."""

    def __init__(self, books: Books, ledger: Ledger, wires: Mapping[Channel, Wire], outside: "Outside") -> None:
        self._books = books
        self._ledger = ledger
        self._wires = wires
        self._outside = outside

    @activity.defn(name="reconcile")
    async def step(self, sweep: Sweep) -> Sweep:
        """The sweep, one page further."""
        begun = sweep if sweep.began is not None else sweep.model_copy(update={"began": activity.info().started_time})
        steps = {Part.TOUCHES: self._touches, Part.STATEMENT: self._statement, Part.TELL: self._tell}
        done = await steps[begun.part](begun)
        return done.model_copy(update={"pages": begun.pages + 1})

    async def _touches(self, sweep: Sweep) -> Sweep:
        claims = await self._books.left_open(sweep.tenant, sweep.cursor, PAGE)
        for claim in claims:
            activity.heartbeat()
            sweep = await self._look_for(claim, sweep)
        if len(claims) == PAGE:
            return sweep.model_copy(update={"cursor": claims[-1].touch_id})
        waiting = await self._books.waiting(sweep.tenant)
        return sweep.model_copy(update={"part": Part.STATEMENT, "cursor": "", "waiting": waiting})

    async def _look_for(self, claim: Claim, sweep: Sweep) -> Sweep:
        wire, since = self._wires.get(claim.intent.channel), claim.sending_since
        if wire is None or since is None:
            return _one_more(sweep, "unasked")
        try:
            found = await wire.find(claim.intent, since)
        except VendorError:
            return _one_more(sweep, "unasked")
        ids = tuple(one.vendor_id for one in found)
        vendor_id = await self._ledger.untaken(claim.touch_id, ids) if ids else None
        if vendor_id is not None:
            await self._ledger.settle(claim.touch_id, TouchState.SENT, vendor_id, None)
            return _one_more(sweep, "found")
        await self._ledger.settle(claim.touch_id, TouchState.UNKNOWN, None, "no trace at the vendor")
        named = (*sweep.named_unknown, claim.touch_id)[:MOST_NAMED]
        return _one_more(sweep, "unknown").model_copy(update={"named_unknown": named})

    async def _statement(self, sweep: Sweep) -> Sweep:
        which, _, mark = sweep.cursor.partition(":")
        number = int(which or 0)
        if number >= len(self._outside.statements) or sweep.began is None:
            return sweep.model_copy(update={"part": Part.TELL, "cursor": ""})
        page = await self._outside.statements[number].page(sweep.began - sweep.window, mark or None)
        if page.messages:
            sweep = await self._compare(sweep, page.messages, sweep.began - UNDER_WAY)
        return sweep.model_copy(update={"cursor": f"{number}:{page.next}" if page.next else f"{number + 1}:"})

    async def _compare(self, sweep: Sweep, messages: tuple[VendorMessage, ...], under_way: datetime) -> Sweep:
        compared = await self._books.compare(sweep.tenant, messages)
        young = tuple(each.vendor_id for each in messages if each.created_at > under_way)
        strange = tuple(each for each in compared.strangers if each not in young)
        for message in (each for each in messages if each.vendor_id in compared.behind):
            activity.heartbeat()
            await self._ledger.delivery(sweep.tenant, _delivery(message))
            sweep = _one_more(sweep, message.status) if message.status in ("delivered", "failed") else sweep
        return sweep.model_copy(
            update={
                "priced": sweep.priced + compared.priced,
                "strangers": sweep.strangers + len(strange),
                "named_strangers": (*sweep.named_strangers, *strange)[:MOST_NAMED],
            }
        )

    async def _tell(self, sweep: Sweep) -> Sweep:
        run = activity.info().workflow_id or ""
        over = sweep.model_copy(update={"part": Part.OVER})
        await self._books.keep(run, over)
        if over.is_worth_telling:
            await self._outside.tell(run, over)
        return over


class Outside:
    """What a reconciliation reads from and speaks to, besides the ledger."""

    def __init__(
        self, statements: tuple[Statement, ...], chat: Chat, policies: Policies, switches: SwitchBoard
    ) -> None:
        self.statements = statements
        self._chat = chat
        self._policies = policies
        self._switches = switches

    async def tell(self, run: str, sweep: Sweep) -> None:
        """Post what was found to the supervisors, once; nothing leaves a sandbox."""
        sandbox = (await self._switches.standing()).sandbox
        if sandbox is not None and sandbox.is_on:
            return
        message = compose(sweep, self._policies.current.policy.channels.supervisors)
        info = activity.info()
        again = info.attempt > 1 and await self._chat.find(run, message, info.scheduled_time) is not None
        if not again:
            await self._chat.post(run, message)


def compose(sweep: Sweep, channel: str) -> ChatMessage:
    """What the supervisors read: counts, and ids to look up."""
    counts = (
        (sweep.found, "were found at the vendor: their outcome is known now"),
        (sweep.unknown, "stay unknown: look, then say what became of them (`baton lead settle`)"),
        (sweep.unasked, "could not be looked for: the vendor did not answer"),
        (sweep.delivered, "had been delivered without our hearing of it"),
        (sweep.failed, "had failed without our hearing of it; their leads are told"),
        (sweep.waiting, "have waited for over an hour to be sent"),
        (sweep.strangers, "messages of the vendor's are none of ours: sent by another hand from our account?"),
    )
    lines = [f"{count} {what}" for count, what in counts if count]
    if sweep.named_unknown:
        lines.append("Unknown: " + ", ".join(sweep.named_unknown))
    if sweep.named_strangers:
        lines.append("Not ours: " + ", ".join(sweep.named_strangers))
    hours = int(sweep.window.total_seconds() // 3600)
    return ChatMessage(
        channel=channel,
        text=f"Supervisors: touches of the last {hours} hours were compared with the vendors' own lists",
        alert="touches were compared with the vendors' lists",
        lines=tuple(lines),
    )


def _one_more(sweep: Sweep, what: str) -> Sweep:
    return sweep.model_copy(update={what: getattr(sweep, what) + 1})


def _delivery(message: VendorMessage) -> Delivery:
    """The vendor's list says what its callback would have."""
    verdict = verdict_of(message.error)
    return Delivery(
        touch_id=None,
        vendor_id=message.vendor_id,
        status=message.status,
        vendor_status=message.vendor_status,
        error=message.error,
        opted_out=message.status == "failed" and verdict is Verdict.OPT_OUT,
        takes_no_texts=message.status == "failed" and verdict is Verdict.FIX_DATA,
    )
