"""Who was offered what, and who was passed over: read for the fairness report. What it means is for policy.fairness."""

from datetime import datetime

import asyncpg
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.pool import connection
from domain.fairness import FairnessReport, Passed, Share

SQL = queries.load("fairness")
SHOWN = 200
"""Of who was passed over, the newest."""

_SHARES = TypeAdapter(tuple[Share, ...])
_PASSED = TypeAdapter(tuple[Passed, ...])


class Fairness:
    """Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def report(self, tenant: str, since: datetime, rep: str | None, lead_id: str | None) -> FairnessReport:
        """Shares of all, or of a rep or a lead; who was passed over where a rep or a lead is asked about."""
        async with connection(self._pool) as session:
            shares = _SHARES.validate_json(await session.fetchval(SQL["report"], tenant, since, rep, lead_id))
            passed: tuple[Passed, ...] = ()
            if rep is not None or lead_id is not None:
                given = (tenant, since, rep, lead_id, SHOWN + 1)
                passed = _PASSED.validate_json(await session.fetchval(SQL["passed_over"], *given))
        return FairnessReport(
            since=since,
            rep=rep,
            lead_id=lead_id,
            reps=shares,
            passed_over=passed[:SHOWN],
            more=len(passed) > SHOWN,
        )
