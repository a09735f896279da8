"""Records the decisions that test_decisions.py holds every change to. Run by hand, on purpose.

    python -m tests.replay.record_decisions --answers    today's answers to the questions that are recorded
    python -m tests.replay.record_decisions              new runs of the embedded stack, a play of the demo a policy

The first is for a judgement or a trace that is meant to change: read its diff. The second is for facts or a language of
policies that have changed, and for more kinds of leads.
"""

import asyncio
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from adapters.postgres.past import Past, Span
from adapters.postgres.policies import PostgresPolicies
from adapters.postgres.pool import open_pool
from policy.load import read_policy
from runtime.demo import script
from runtime.demo.lines import AT_ONCE
from runtime.demo.performance import Performance
from runtime.demo.screen import Nothing
from runtime.embedded.stack import DEFAULT_POLICY, Options, Stack
from runtime.leaving import leave
from tests.replay import kept as records
from tests.replay.kept import Recorded, answered

POLICIES = tuple(DEFAULT_POLICY.parent / f"{name}.yaml" for name in ("default", "always_open"))
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def played(policy: Path) -> Recorded:
    """The demo's leads under a policy: one decision of each way in which one came about."""
    name, loaded = policy.stem, read_policy(policy)
    with tempfile.TemporaryDirectory(prefix="baton-record-") as folder:
        options = Options(policy=policy, start_at=script.START, call_pace=AT_ONCE.pace)
        async with Stack(Path(folder), options) as stack, Performance(stack, Nothing()) as performance:
            await performance.play()
            pool = await open_pool(stack.database_url, size=2)
            try:
                span = Span(LONG_AGO, datetime.now(UTC))
                decisions = [kept async for kept in Past(pool).decisions("main", span)]
                found = await PostgresPolicies(pool, "main").text(loaded.hash)
            finally:
                await pool.close()
    assert found is not None, "the stack publishes the policy it runs"
    return Recorded(name, loaded.hash, found.text, found.packs, tuple(records.one_of_each(decisions)))


def record_answers() -> None:
    for name in records.names():
        recorded = records.read(name)
        policy = recorded.policy
        replace(recorded, decisions=tuple(answered(kept, policy) for kept in recorded.decisions)).write()


async def record_runs() -> None:
    for policy in POLICIES:
        (await played(policy)).write()


if __name__ == "__main__":
    if "--answers" in sys.argv[1:]:
        record_answers()
    else:
        asyncio.run(record_runs())
        leave(0)
