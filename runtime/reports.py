"""Reports over a tenant's leads: read from PostgreSQL page by page, counted by policy in a thread of its own."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg

from activities.policies import Policies
from adapters.postgres.costs import LeadCosts
from adapters.postgres.fairness import Fairness
from adapters.postgres.speeds import By, LeadSpeeds
from adapters.postgres.views import Views
from domain.costs import By as CostBy
from domain.costs import CostReport, LeadCost, Spent
from domain.errors import BadInput, NotFound
from domain.fairness import FairnessReport
from domain.speeds import SpeedReport, Timed
from policy.pace import Paces
from policy.problems import near
from policy.spending import Spending, of_lead


class Reports:
    """Of one tenant, by the targets and calendars of its active policy. Raises Unavailable without PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool, tenant: str, policies: Policies) -> None:
        self._speeds = LeadSpeeds(pool)
        self._costs = LeadCosts(pool)
        self._fairness = Fairness(pool)
        self._views = Views(pool)
        self._tenant = tenant
        self._policies = policies

    async def speed(self, since: datetime | timedelta, by: By | None) -> SpeedReport:
        """How fast leads opened from a moment on, or within a length of time until now, were served."""
        loaded, start = self._policies.current, await self._start(since)
        paces = Paces(loaded, by)
        async for page in self._speeds.leads(self._tenant, start, by):
            await asyncio.to_thread(_take, paces, page)
        return SpeedReport(since=start, by=by, policy_hash=loaded.hash, groups=await asyncio.to_thread(paces.groups))

    async def cost(self, since: datetime | timedelta, by: CostBy | None) -> CostReport:
        """What leads opened from a moment on have cost, by vendors' prices where they are known."""
        loaded, start = self._policies.current, await self._start(since)
        spending = Spending(loaded.policy.costs, by)
        async for page in self._costs.leads(self._tenant, start, by):
            await asyncio.to_thread(_spend, spending, page)
        return CostReport(
            since=start, by=by, currency=spending.currency, policy_hash=loaded.hash, groups=spending.groups()
        )

    async def cost_of(self, lead_id: str) -> LeadCost:
        """What one lead has cost."""
        touches = await self._costs.touches(self._tenant, lead_id)
        return of_lead(touches, self._policies.current.policy.costs)

    async def fairness(self, since: datetime | timedelta, rep: str | None, lead_id: str | None) -> FairnessReport:
        """Who was offered how much from a moment on; who was passed over and why, of a rep or a lead. Raises NotFound
        for a lead that isn't here, and for a rep whom neither a policy nor any lead since then knows."""
        found = await self._fairness.report(self._tenant, await self._start(since), rep, lead_id)
        if not found.reps and not found.passed_over:
            await self._require(rep, lead_id)
        return found

    async def _require(self, rep: str | None, lead_id: str | None) -> None:
        known = [each.handle for loaded in self._policies.loaded for each in loaded.policy.team]
        if rep is not None and rep not in known:
            meant = near(rep, known)
            raise NotFound(f"There is no rep {rep}{f'; did you mean {meant}?' if meant else '.'}")
        if lead_id is not None:
            await self._views.require(self._tenant, lead_id)

    async def _start(self, since: datetime | timedelta) -> datetime:
        """Raises BadInput for a moment that is still to come here."""
        now = datetime.now(UTC) + await self._views.clock_offset()
        if isinstance(since, timedelta):
            return now - since
        if since > now:
            said = f"must not be later than now, which is {now:%Y-%m-%dT%H:%M:%SZ} here"
            raise BadInput("The report can't begin there.", (("query.since", said),))
        return since


def _spend(spending: Spending, page: tuple[Spent, ...]) -> None:
    for lead in page:
        spending.take(lead)


def _take(paces: Paces, page: tuple[Timed, ...]) -> None:
    for lead in page:
        paces.take(lead)
