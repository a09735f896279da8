"""A person's word on a touch nobody knew the outcome of, kept for good. What it means for the lead is the lead's."""

import asyncpg
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.pool import connection, transaction
from domain.errors import NotFound, Refused
from domain.messages import RowRef
from domain.settling import Asking, Settled, Settlement
from domain.values import Stored

SQL = queries.load("settling")
_ASKING = TypeAdapter(tuple[Asking, ...])


class _Known(Stored):
    is_text: bool
    is_open: bool


class _Found(Stored):
    touch_id: str
    lead_id: str
    state: str
    by: str | None
    key: str | None
    ref: RowRef | None


class PostgresSettlements:
    """domain.settling.Settlements."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def settle(self, tenant: str, touch_id: str, settlement: Settlement, key: str) -> Settled:
        """Unknown -> sent or failed. Raises Refused for what is known already, or can't be sent again."""
        async with transaction(self._pool) as session:
            if settlement.again:
                await _refuse_again(session, tenant, touch_id)
            given = (settlement.as_, settlement.by, key, settlement.again)
            found = await session.fetchval(SQL["settle"], tenant, touch_id, *given)
        if found is None:
            raise _no_touch(touch_id)
        return _settled(_Found.model_validate_json(found), settlement, key)

    async def asking(self, tenant: str, touch_id: str) -> tuple[Asking, ...]:
        """The messages in the chat that ask for this touch."""
        async with connection(self._pool) as session:
            return _ASKING.validate_json(await session.fetchval(SQL["asking"], tenant, touch_id))

    async def unknown(self, tenant: str) -> int:
        """How many touches nobody knows the outcome of."""
        async with connection(self._pool) as session:
            return int(await session.fetchval(SQL["unknown"], tenant))


async def _refuse_again(session: asyncpg.Connection, tenant: str, touch_id: str) -> None:
    found = await session.fetchval(SQL["known"], tenant, touch_id)
    if found is None:
        raise _no_touch(touch_id)
    known = _Known.model_validate_json(found)
    if not known.is_text:
        raise Refused("Only a text to the person can be sent again: this touch is none.")
    if not known.is_open:
        raise Refused("The lead is closed, so nothing is sent again; say only that it did not arrive.")


def _settled(found: _Found, settlement: Settlement, key: str) -> Settled:
    if found.by is None or found.key != key:
        raise Refused(_known_already(found))
    words = "it arrived" if settlement.as_ == "sent" else "it did not arrive"
    again = "; its text is sent again" if settlement.again else ""
    return Settled(
        touch_id=found.touch_id,
        lead_id=found.lead_id,
        state=found.state,
        by=found.by,
        said=f"{found.by} says that {words}{again}",
        ref=found.ref,
    )


def _known_already(found: _Found) -> str:
    if found.by is not None:
        return f"{found.by} has settled this touch already, and it is {found.state}."
    if found.state == "sending":
        return "This touch is being looked for at the vendor just now; only one that stays unknown is yours to settle."
    return f"What became of this touch is known: it is {found.state}."


def _no_touch(touch_id: str) -> NotFound:
    return NotFound(f"There is no touch {touch_id}.")
