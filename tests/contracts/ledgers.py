"""The two ledgers side by side: one bench for the suites that hold the fake and the real one to the same."""

from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from adapters.postgres.switches import PostgresSwitches
from domain.ledger import Intent
from domain.messages import Delivery
from domain.ports import Ledger
from domain.switches import Name, Throw
from tests.contracts.postgres.builders import TENANT
from tests.fake_ledger import FakeLedger

DEADLINE = timedelta(seconds=15)


@dataclass
class Bench:
    """A ledger under test, a touch to make, and a hand on its clock."""

    ledger: Ledger
    touch: Intent
    fake: FakeLedger | None = None
    pool: asyncpg.Pool | None = None

    async def a_minute_later(self) -> None:
        """As if the request had begun a minute ago."""
        if self.pool is not None:
            await self.pool.execute("update touch set sending_since = clock_timestamp() - interval '60 seconds'")
        elif self.fake is not None:
            row = self.fake.rows[self.touch.touch_id]
            row.since = self.fake.now - timedelta(seconds=60)

    async def switched(self, name: str, on: bool) -> None:
        """A switch of the tenant, turned."""
        if self.pool is not None:
            await PostgresSwitches(self.pool, TENANT).throw(Name(name), Throw(on=on, by="kim", because="a test"))
        elif self.fake is not None:
            setattr(self.fake, "stopped" if name == "kill_switch" else name, on)

    async def proven_absent(self) -> None:
        """Begun by "a" and twice not found at the vendor."""
        await self.ledger.claim(self.touch, "a")
        await self.ledger.begin(self.touch.touch_id, "a", DEADLINE)
        await self.a_minute_later()
        assert [await self.ledger.missed(self.touch.touch_id) for _ in range(2)] == [1, 2]

    def callback(self, status: str, error: str | None = None) -> Delivery:
        return Delivery(touch_id=self.touch.touch_id, vendor_id="SM1", status=status, vendor_status=status, error=error)
