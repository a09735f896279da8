"""Failed conditions in memory, held to the suite of the real store (tests/contracts/test_faults.py)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.faults import Fault


@dataclass
class FakeFaults:
    """domain.faults.Faults. `hour` is the one that counts; `taken` has when a fault was last taken."""

    rows: dict[tuple[str, str, str, int], Fault] = field(default_factory=dict)
    hour: int = 0
    taken: dict[str, datetime] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    def note(self, tenant: str, policy_hash: str, rule: str, lead_id: str) -> None:
        """What storing a decision does."""
        fresh = Fault(
            alert_id=f"fault-{len(self.rows)}",
            policy_hash=policy_hash,
            rule=rule,
            lead_id=lead_id,
            recorded_at=datetime.now(UTC),
            tries=0,
        )
        self.rows.setdefault((tenant, policy_hash, rule, self.hour), fresh)

    async def take(self, tenant: str, again: timedelta, limit: int) -> tuple[Fault, ...]:
        now = datetime.now(UTC)
        due = [key for key, row in self.rows.items() if key[0] == tenant and self.is_due(row, now - again)][:limit]
        for key in due:
            self.rows[key] = self.rows[key].model_copy(update={"tries": self.rows[key].tries + 1})
            self.taken[self.rows[key].alert_id] = now
        return tuple(self.rows[key] for key in due)

    def is_due(self, row: Fault, before: datetime) -> bool:
        return row.alert_id not in self.heard and self.taken.get(row.alert_id, before) <= before

    async def told(self, alert_id: str) -> None:
        self.heard.append(alert_id)
