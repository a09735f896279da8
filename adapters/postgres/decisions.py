"""Stored judgements of running leads: one answer a decision id, for good, beside what it was made from."""

from datetime import datetime

import asyncpg
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.build import build
from adapters.postgres.pool import connection
from adapters.postgres.story import Story
from domain.adoption import Answered
from domain.decisions import Decision, Followup, Judgement
from domain.errors import NotFound
from domain.facts import Facts

SQL = queries.load("decisions")
_ANSWERS = TypeAdapter(tuple[Answered, ...])


class PostgresDecisions:
    """The Decisions port. Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def find(self, decision_id: str) -> Decision | None:
        """The answer to this question, if it was ever asked."""
        async with connection(self._pool) as session:
            found = await session.fetchval(SQL["find"], decision_id)
        return Decision.model_validate_json(found) if found is not None else None

    async def facts(self, tenant: str, lead_id: str, now: datetime) -> Facts:
        """What is known of the lead at `now` (its own clock). Raises NotFound."""
        async with connection(self._pool) as session:
            found = await session.fetchval(SQL["facts"], tenant, lead_id, now)
        if found is None:
            raise NotFound(f"There is no lead {lead_id}.")
        return Story.model_validate_json(found).facts(tenant)

    async def cycle(self, tenant: str, lead_id: str, cycle: int) -> tuple[Answered, ...]:
        """The answers of one cycle of a lead, oldest first."""
        async with connection(self._pool) as session:
            return _ANSWERS.validate_json(await session.fetchval(SQL["cycle"], tenant, lead_id, str(cycle)))

    async def store(self, facts: Facts, asked: Followup | None, judgement: Judgement) -> Decision:
        """Keeps the judgement with all that it was made from; answers the one that was kept first, if one was."""
        decision = judgement.decision
        given = (
            decision.decision_id,
            facts.tenant,
            facts.lead_id,
            decision.kind,
            decision.decided_at,
            decision.policy_hash,
            facts.model_dump_json(),
            decision.model_dump_json(),
            judgement.trace.model_dump_json(),
            asked.model_dump_json() if asked is not None else None,
            build(),
        )
        async with connection(self._pool) as session:
            return Decision.model_validate_json(await session.fetchval(SQL["store"], *given))
