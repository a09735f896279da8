"""api.services.Reports with a memory: what was asked, by whom nothing is counted."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from domain.costs import CostReport, LeadCost
from domain.errors import BatonError
from domain.fairness import FairnessReport
from domain.speeds import SpeedReport
from tests.fake_books import COSTS

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@dataclass
class FakeReports:
    """api.services.Reports: keeps what was asked."""

    why: list[tuple[datetime | timedelta, str | None, str | None]] = field(default_factory=list)
    asked: list[tuple[datetime | timedelta, str | None]] = field(default_factory=list)
    trouble: BatonError | None = None

    async def speed(
        self, since: datetime | timedelta, by: Literal["source", "segment", "band", "owner"] | None
    ) -> SpeedReport:
        if self.trouble is not None:
            raise self.trouble
        self.asked.append((since, by))
        moment = since if isinstance(since, datetime) else datetime.now(UTC) - since
        return SpeedReport(since=moment, by=by, policy_hash="abc", groups=())

    async def cost(self, since: datetime | timedelta, by: Literal["source", "motion", "outcome"] | None) -> CostReport:
        self.asked.append((since, by))
        return CostReport(since=NOW, by=by, currency="USD", policy_hash="abc", groups=COSTS)

    async def cost_of(self, lead_id: str) -> LeadCost:
        return LeadCost(estimate="0.04", actual="0.01", total="0.03", currency="USD", touches=2, unpriced=1)

    async def fairness(self, since: datetime | timedelta, rep: str | None, lead_id: str | None) -> FairnessReport:
        if self.trouble is not None:
            raise self.trouble
        self.why.append((since, rep, lead_id))
        return FairnessReport(since=NOW, rep=rep, lead_id=lead_id)
