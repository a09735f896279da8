"""The touch ledger: each touch is claimed, begun and settled here, so that it is made once. It sends nothing itself."""

from datetime import datetime, timedelta

import asyncpg

from adapters.postgres import queries
from adapters.postgres.pool import TRIES, connection, transaction
from adapters.postgres.readable import scrubbed
from adapters.postgres.story import Story
from domain.decisions import Decision
from domain.errors import NotFound, Unavailable
from domain.ledger import Claim, Intent
from domain.messages import Delivery, RowRef
from domain.ports import Dossier
from domain.replies import Written
from domain.values import Stored

SQL = queries.load("ledger")
OPT_OUT = queries.load("captures")["opt_out"]


class _DossierRow(Stored):
    story: Story | None = None
    decision: Decision | None = None
    reasons: tuple[str, ...] = ()
    chat_thread: str | None = None
    prior: Claim | None = None


class _Delivered(Stored):
    touch_id: str
    state: str
    moved: bool
    tenant: str
    person_id: str
    recipient: str
    internal: bool
    at: datetime


class _Told(Stored):
    ref: RowRef
    lead_id: str


class PostgresLedger:
    """The Ledger port. Raises Unavailable without PostgreSQL, NotFound for a lead or touch that isn't there."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def dossier(self, tenant: str, lead_id: str, now: datetime, key: str) -> Dossier:
        """What a touch needs to know, and where its last attempt left it; one round trip."""
        async with connection(self._pool) as session:
            row = _DossierRow.model_validate_json(await session.fetchval(SQL["dossier"], tenant, lead_id, now, key))
        story = row.story
        if story is None:
            raise NotFound(f"There is no lead {lead_id}.")
        return Dossier(
            facts=story.facts(tenant),
            person_id=story.person_id,
            name=story.name,
            referrer=story.referrer,
            crm_id=story.crm_id,
            decision=row.decision,
            reasons=row.reasons,
            last_words=story.last_words,
            last_reply_at=story.last_reply_at,
            chat_thread=row.chat_thread,
            prior=row.prior,
        )

    async def claim(self, intent: Intent, claimer: str) -> Claim:
        """Makes the touch ours, in these words, unless it is on its way, settled or a later attempt's; then as it is.

        An earlier claimer is fenced from now on.
        """
        for _ in range(TRIES):
            async with connection(self._pool) as session:
                try:
                    found = await session.fetchval(SQL["claim"], intent.model_dump_json(), claimer)
                except asyncpg.UniqueViolationError:
                    continue  # two attempts wrote first at the same moment: now there is a row to find
            return Claim.model_validate_json(found) if found is not None else await self.current(intent.touch_id)
        raise Unavailable("The touch could not be claimed. Try again.")

    async def begin(self, touch_id: str, claimer: str, deadline: timedelta, counted: int | None = None) -> str | None:
        """Claimed -> sending, or why not: fenced, opted_out, refused, replied, cancelled, kill_switch, sandbox; or
        another_touch, where the person's touches are not as many as were `counted`. Call it before sending."""
        async with connection(self._pool) as session:
            why_not: str | None = await session.fetchval(SQL["begin"], touch_id, claimer, deadline, counted)
        if why_not == "missing":
            raise NotFound(f"There is no touch {touch_id}.")
        return why_not

    async def release(self, touch_id: str, claimer: str, error: str | None = None) -> None:
        """Sending -> claimed: only with the vendor's or the network's proof (`error`) that nothing was sent."""
        async with connection(self._pool) as session:
            await session.execute(SQL["release"], touch_id, claimer, error)

    async def settle(self, touch_id: str, state: str, vendor_id: str | None, error: str | None) -> None:
        """Moves the touch upwards; what is further stays."""
        async with connection(self._pool) as session:
            await session.execute(SQL["settle"], touch_id, state, vendor_id, error)

    async def unsubscribed(self, touch_id: str, error: str) -> None:
        """Failed, by the vendor's word that the person told it to stop: that holds here too, and the lead is told."""
        async with transaction(self._pool) as session:
            found = await session.fetchval(SQL["of_touch"], touch_id)
            if found is not None:
                touch = _Delivered.model_validate_json(found)
                await session.fetchval(SQL["hold_person"], touch.tenant, touch_id, None)
                await session.execute(SQL["settle"], touch_id, "failed", None, error)
                await _opt_out(session, touch)

    async def takes_no_texts(self, touch_id: str, error: str) -> None:
        """Failed, by the vendor's word that no text gets to that number: none is tried there again."""
        async with transaction(self._pool) as session:
            await session.execute(SQL["settle"], touch_id, "failed", None, error)
            await session.execute(SQL["takes_no_texts"], touch_id, error)

    async def current(self, touch_id: str) -> Claim:
        """The touch as it stands, callbacks included."""
        async with connection(self._pool) as session:
            found = await session.fetchval(SQL["current"], touch_id)
        if found is None:
            raise NotFound(f"There is no touch {touch_id}.")
        return Claim.model_validate_json(found)

    async def words(self, tenant: str, row_id: str) -> Written | None:
        """What a person sent in the text kept in this inbox row; None for a row that is no text."""
        async with connection(self._pool) as session:
            found: str | None = await session.fetchval(SQL["words"], tenant, row_id)
        return Written.model_validate_json(found) if found is not None else None

    async def missed(self, touch_id: str) -> int:
        """Notes a vendor listing without a match; how many count. None does until 30 s after the request's deadline."""
        async with connection(self._pool) as session:
            listings: int | None = await session.fetchval(SQL["missed"], touch_id)
        if listings is None:
            raise NotFound(f"There is no touch {touch_id}.")
        return listings

    async def reopen(self, touch_id: str, claimer: str) -> bool:
        """Claims a touch again that two listings have proven absent; False when they haven't, or a callback came."""
        async with connection(self._pool) as session:
            return bool(await session.fetchval(SQL["reopen"], touch_id, claimer))

    async def untaken(self, touch_id: str, vendor_ids: tuple[str, ...]) -> str | None:
        """The first of these that is no other touch's."""
        async with connection(self._pool) as session:
            found: str | None = await session.fetchval(SQL["untaken"], touch_id, list(vendor_ids))
        return found

    async def refuse(self, intent: Intent, because: str) -> None:
        """Writes down a touch that won't be made, and why; one under way is left alone."""
        async with connection(self._pool) as session:
            await session.execute(SQL["refuse"], intent.model_dump_json(), because)

    async def delivery(self, tenant: str, delivery: Delivery) -> tuple[str, RowRef | None, str | None]:
        """Settles a touch by a vendor's callback, in whatever order they come.

        Answers the touch's state, or "unmatched"; for a first failure also what its open lead is told, and its id.
        """
        given = (
            tenant,
            delivery.touch_id and scrubbed(delivery.touch_id),
            scrubbed(delivery.vendor_id),
            delivery.status,
            scrubbed(delivery.vendor_status),
            delivery.error and scrubbed(delivery.error),
            delivery.sender,
        )
        if delivery.status != "failed":
            async with connection(self._pool) as session:
                touch = _delivered(await session.fetchval(SQL["deliver"], *given))
                return (touch.state if touch else "unmatched"), None, None
        async with transaction(self._pool) as session:
            await session.fetchval(SQL["hold_person"], *given[:3])
            touch = _delivered(await session.fetchval(SQL["deliver"], *given))
            if touch is None:
                return "unmatched", None, None
            told = await _failed(session, touch, delivery) if touch.moved else None
            return touch.state, told.ref if told else None, told.lead_id if told else None


def _delivered(found: str | None) -> _Delivered | None:
    return _Delivered.model_validate_json(found) if found is not None else None


async def _failed(session: asyncpg.Connection, touch: _Delivered, delivery: Delivery) -> _Told | None:
    """What the lead hears of a touch that failed after it was taken; nothing of one to our own people."""
    if touch.internal:
        return None
    if delivery.takes_no_texts:
        await session.execute(SQL["takes_no_texts"], touch.touch_id, delivery.error)
    return await (_opt_out(session, touch) if delivery.opted_out else _tell(session, touch, "undelivered"))


async def _opt_out(session: asyncpg.Connection, touch: _Delivered) -> _Told | None:
    await session.execute(OPT_OUT, touch.tenant, touch.person_id, touch.recipient, None, touch.at)
    return await _tell(session, touch, "opted_out")


async def _tell(session: asyncpg.Connection, touch: _Delivered, kind: str) -> _Told | None:
    found = await session.fetchval(SQL["tell"], touch.touch_id, kind)
    return _Told.model_validate_json(found) if found is not None else None
