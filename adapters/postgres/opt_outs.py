"""What people said no to, told by somebody for them: one transaction, in force when it is over. It judges nothing."""

from datetime import datetime

import asyncpg

from adapters.postgres import queries
from adapters.postgres.pool import LOST_RACE, TRIES, transaction
from adapters.postgres.readable import refuse_unreadable
from domain.errors import NotFound, Refused, Unavailable
from domain.lead import Lead
from domain.messages import RowRef
from domain.opt_outs import EVERYTHING, OptOut
from domain.ports import Captured
from domain.values import Stored

SQL = queries.load("opt_outs")
OPT_OUT = queries.load("captures")["opt_out"]


class _Before(Stored):
    """What a key carried before."""

    row_id: str
    person_id: str
    message: OptOut
    lead_id: str | None = None


class _Opening(Stored):
    is_known: bool
    lead: Lead | None = None
    now: datetime
    row_id: str
    row: _Before | None = None


class PostgresOptOuts:
    """The OptOuts port. Raises Unavailable without PostgreSQL, BadInput for text that can't be stored."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def take(self, tenant: str, person_id: str, message: OptOut, key: str) -> Captured:
        """Takes a no, once a key; on all channels it is what a STOP by text is, and the open lead is told."""
        refuse_unreadable(message)
        for _ in range(TRIES):
            try:
                async with transaction(self._pool, turn=f"capture:{tenant}") as session:
                    found = await session.fetchval(SQL["open"], tenant, person_id, key)
                    return await _take(session, (tenant, person_id, key), message, _Opening.model_validate_json(found))
            except LOST_RACE:
                continue
        raise Unavailable("Too much happens to this person at once; nothing was accepted. Try again.")


async def _take(
    session: asyncpg.Connection, whose: tuple[str, str, str], message: OptOut, opening: _Opening
) -> Captured:
    tenant, person_id, key = whose
    if not opening.is_known:
        raise NotFound(f"There is no person {person_id}.")
    if (before := opening.row) is not None:
        if (before.person_id, before.message) != (person_id, message):
            raise Refused("This key has already carried another message; send this one with a key of its own.")
        return Captured(row_id=before.row_id, status="duplicate", lead_id=before.lead_id)
    lead = opening.lead if message.channel == EVERYTHING else None
    ref = RowRef(row_id=opening.row_id, kind="opted_out", at=opening.now) if lead else None
    kept = (opening.row_id, tenant, key, opening.now, message.model_dump_json())
    told = ("captured", ref.model_dump_json(), lead.lead_id) if ref and lead else ("kept", None, None)
    await session.execute(SQL["keep"], *kept, *told, person_id)
    if message.channel == EVERYTHING:
        await session.execute(OPT_OUT, tenant, person_id, None, opening.row_id, opening.now)
    else:
        await _refuse(session, tenant, person_id, message, opening)
    status = "joined" if ref else "kept"
    return Captured(row_id=opening.row_id, status=status, lead_id=lead.lead_id if lead else None, lead=lead, ref=ref)


async def _refuse(session: asyncpg.Connection, tenant: str, person_id: str, message: OptOut, opening: _Opening) -> None:
    # Statements of their own: each must see what was committed while the persons' rows were waited for.
    them = [row["person_id"] for row in await session.fetch(SQL["hold"], tenant, person_id)]
    said = (message.channel, message.kind, opening.row_id, opening.now)
    await session.execute(SQL["refuse"], tenant, person_id, *said, them)
    if message.kind == "asked":
        await session.execute(SQL["cancel"], tenant, message.channel, them)
