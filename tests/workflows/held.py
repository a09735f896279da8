"""Answers of policy that take their time: what happens in between is the test's to say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.decisions import Decision, DecisionKind, Followup, Judgement
from domain.errors import Unavailable
from domain.facts import Facts
from tests.workflows.theatre import Theatre


@asynccontextmanager
async def answer_held(theatre: Theatre, kind: DecisionKind, nth: int = 1) -> AsyncIterator[asyncio.Event]:
    """The `nth` answer of this kind is made and kept back until the block ends; the event says it has been made."""
    made, free, real, count = asyncio.Event(), asyncio.Event(), theatre.decisions.store, 0

    async def store(facts: Facts, asked: Followup | None, judgement: Judgement) -> Decision:
        nonlocal count
        decision = await real(facts, asked, judgement)
        count += judgement.decision.kind is kind
        if judgement.decision.kind is kind and count == nth:
            made.set()
            await free.wait()
        return decision

    theatre.decisions.store = store  # type: ignore[method-assign]  # one instance of a fake
    yield made
    free.set()


@asynccontextmanager
async def away(theatre: Theatre, kind: DecisionKind) -> AsyncIterator[asyncio.Event]:
    """The database is gone when answers of this kind are to be kept, until the block ends; the event says somebody
    tried."""
    tried, real, gone = asyncio.Event(), theatre.decisions.store, True

    async def store(facts: Facts, asked: Followup | None, judgement: Judgement) -> Decision:
        if gone and judgement.decision.kind is kind:
            tried.set()
            raise Unavailable("The database is gone.")
        return await real(facts, asked, judgement)

    theatre.decisions.store = store  # type: ignore[method-assign]  # one instance of a fake
    yield tried
    gone = False
