"""What the inbox and the records know of messages and leads, whether or not a workflow runs: ports beside ports.py."""

from datetime import timedelta
from typing import Protocol

from domain.lead import Lead
from domain.messages import RowRef
from domain.values import Stored


class Unfinished(Stored):
    """A raw webhook that was kept and not yet worked through."""

    row_id: str
    tenant: str
    payload: str


class Standing(Stored):
    """A lead by the records: what its workflow starts from, the row that starts it, and the newest state written."""

    start: Lead
    ref: RowRef
    state: Lead


class Standings(Protocol):
    """How leads stand by the records, whether or not their workflows run."""

    async def standing(self, tenant: str, lead_id: str) -> Standing | None: ...


class Inbox(Protocol):
    """Raw webhooks: kept, and later dispatched (worked through) or refused (never to be)."""

    async def keep(self, tenant: str, channel: str, source_event_id: str, payload: str) -> str | None: ...

    async def unfinished(
        self, tenant: str, channel: str, older_than: timedelta, limit: int
    ) -> tuple[Unfinished, ...]: ...

    async def dispatched(self, row_id: str) -> None: ...

    async def refuse(self, row_id: str, because: str) -> None: ...
